"""Addresses of looks."""

from django.urls import path

from . import web

urlpatterns = [path("account/looks/", web.my_looks, name="my_looks")]
