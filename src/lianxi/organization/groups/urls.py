"""Addresses of the rounds for the desk."""

from django.urls import path

from . import web

urlpatterns = [
    path("", web.rounds, name="group_rounds"),
    path("new/", web.new, name="group_round_new"),
    path("export/", web.export, name="group_rounds_export"),
    path("<int:pk>/", web.record, name="group_round"),
    path("<int:pk>/groups/new/", web.group_new, name="group_new"),
    path("<int:pk>/groups/<int:group>/", web.group, name="group_of_round"),
    path("<int:pk>/groups/<int:group>/<slug:verb>/", web.group_act, name="group_act"),
    path("<int:pk>/roll/", web.roll, name="group_roll"),
    path("<int:pk>/roll/export/", web.roll_export, name="group_roll_export"),
    path("<int:pk>/roll/<int:person>/", web.person, name="group_person"),
    path("<int:pk>/roll/<int:person>/slip/", web.slip, name="group_slip"),
    path("<int:pk>/roll/<int:person>/<slug:verb>/", web.person_act, name="group_person_act"),
    path("<int:pk>/objections/<int:objection>/", web.answer, name="group_objection"),
    path("<int:pk>/certificate/", web.certificate, name="group_certificate"),
    path("<int:pk>/check/", web.check, name="group_check"),
    path("<int:pk>/print/slips/", web.print_slips, name="group_print_slips"),
    path("<int:pk>/print/result/", web.print_result, name="group_print_result"),
    path("<int:pk>/<slug:verb>/", web.act, name="group_round_act"),
]
