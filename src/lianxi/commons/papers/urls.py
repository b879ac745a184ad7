"""Addresses of imports and exports."""

from django.urls import path

from . import web

urlpatterns = [
    path("", web.mine, name="imports"),
    path("import/<slug:kind>/", web.start, name="import_start"),
    path("import/<slug:kind>/template.xlsx", web.template, name="import_template"),
    path("exports/<int:pk>/", web.export_order, name="export"),
    path("exports/<int:pk>/progress/", web.export_progress, name="export_progress"),
    path("exports/<int:pk>/file/", web.export_file, name="export_file"),
    path("exports/<int:pk>/drop/", web.export_drop, name="export_drop"),
    path("<int:pk>/", web.show, name="import"),
    path("<int:pk>/progress/", web.progress, name="import_progress"),
    path("<int:pk>/apply/", web.apply, name="import_apply"),
    path("<int:pk>/undo/", web.undo, name="import_undo"),
    path("<int:pk>/discard/", web.discard, name="import_discard"),
    path("<int:pk>/stop/", web.stop, name="import_stop"),
    path("<int:pk>/problems.xlsx", web.problems, name="import_problems"),
]
