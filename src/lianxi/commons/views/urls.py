"""Addresses of saved views."""

from django.urls import path

from . import web

urlpatterns = [
    path("<slug:room>/save/", web.save, name="view_save"),
    path("<int:pk>/rename/", web.rename, name="view_rename"),
    path("<int:pk>/delete/", web.delete, name="view_delete"),
    path("<int:pk>/restore/", web.restore, name="view_restore"),
]
