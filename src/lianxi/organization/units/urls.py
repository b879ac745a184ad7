"""Addresses of the tree."""

from django.urls import path

from . import web

urlpatterns = [
    path("", web.tree, name="organization"),
    path("<int:pk>/below/", web.below, name="units_below"),
    path("<int:pk>/", web.unit, name="unit"),
]
