"""Addresses of imports."""

from django.urls import path

from . import web

urlpatterns = [
    path("", web.mine, name="imports"),
    path("import/<slug:kind>/", web.start, name="import_start"),
    path("import/<slug:kind>/template.xlsx", web.template, name="import_template"),
    path("<int:pk>/", web.show, name="import"),
    path("<int:pk>/progress/", web.progress, name="import_progress"),
    path("<int:pk>/apply/", web.apply, name="import_apply"),
    path("<int:pk>/undo/", web.undo, name="import_undo"),
    path("<int:pk>/discard/", web.discard, name="import_discard"),
    path("<int:pk>/stop/", web.stop, name="import_stop"),
    path("<int:pk>/problems.xlsx", web.problems, name="import_problems"),
]
