"""Addresses of the register."""

from django.urls import path

from . import web

urlpatterns = [
    path("", web.members, name="members"),
    path("<int:pk>/", web.record, name="member"),
]
