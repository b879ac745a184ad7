"""Addresses of the register."""

from django.urls import path

from . import web

urlpatterns = [
    path("", web.members, name="members"),
    path("new/", web.new, name="member_new"),
    path("export/", web.export, name="members_export"),
    path("duplicates/", web.duplicates, name="duplicates"),
    path("mine/", web.my_record, name="my_record"),
    path("mine/looks/", web.my_looks, name="my_looks"),
    path("taking-part/", web.taking_part, name="taking_part"),
    path("taking-part/record/", web.take_part, name="take_part"),
    path("transfers/", web.transfers, name="transfers"),
    path("transfers/<int:pk>/", web.transfer, name="transfer"),
    path("transfers/<int:pk>/<slug:verb>/", web.transfer_act, name="transfer_act"),
    path("<int:pk>/", web.record, name="member"),
    path("<int:pk>/reveal/<slug:item>/", web.reveal, name="member_reveal"),
    path("<int:pk>/undo-merge/<int:merge>/", web.undo_merge, name="member_undo_merge"),
    path("<int:pk>/<slug:verb>/", web.act, name="member_act"),
]
