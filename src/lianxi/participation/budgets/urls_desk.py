"""Addresses of the desk."""

from django.urls import path

from .web import desk

urlpatterns = [
    path("", desk.rounds, name="rounds"),
    path("new/", desk.new, name="round_new"),
    path("import/", desk.import_file, name="round_import"),
    path("<int:pk>/", desk.record, name="round"),
    path("<int:pk>/roll/", desk.roll, name="round_roll"),
    path("<int:pk>/slips/", desk.slips, name="round_slips"),
    path("<int:pk>/sheets/", desk.sheets, name="round_sheets"),
    path("<int:pk>/file.pb", desk.file, name="round_file"),
    path("<int:pk>/certificate.json", desk.certificate, name="round_certificate"),
    path("<int:pk>/<slug:verb>/", desk.act, name="round_act"),
    path("objections/<int:pk>/<slug:verb>/", desk.objection_act, name="objection_act"),
    path("proposals/<int:pk>/<slug:verb>/", desk.proposal_act, name="proposal_act"),
]
