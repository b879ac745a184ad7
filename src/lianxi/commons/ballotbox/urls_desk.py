"""Addresses of secret votes for those who lead, keep a key or give out cards, under /polls/."""

from django.urls import path

from .web import cards, desk, receiving, roll, trustee

urlpatterns = [
    path("", desk.polls, name="polls"),
    path("new/", desk.new, name="poll_new"),
    path("export/", desk.export, name="poll_export"),
    path("<int:pk>/", desk.record, name="poll"),
    path("<int:pk>/question/", desk.question, name="poll_question"),
    path("<int:pk>/roll/", roll.roll, name="poll_roll"),
    path("<int:pk>/roll/sheet/", roll.sheet, name="poll_sheet"),
    path("<int:pk>/trustees/", desk.people, name="poll_trustees"),
    path("<int:pk>/attendance/", desk.attendance, name="poll_attendance"),
    path("<int:pk>/count/", desk.count, name="poll_count"),
    path("<int:pk>/work/", desk.work, name="poll_work"),
    path("<int:pk>/result/", desk.printed, name="poll_result"),
    path("<int:pk>/cards/", cards.cards, name="poll_cards"),
    path("<int:pk>/cards/names/", cards.names, name="poll_cards_names"),
    path("<int:pk>/cards/reissue/", cards.reissue, name="poll_cards_reissue"),
    path("<int:pk>/trustee/", trustee.page, name="poll_trustee"),
    path("<int:pk>/trustee/files/", trustee.files, name="poll_trustee_files"),
    path("<int:pk>/trustee/<slug:step>/", trustee.give, name="poll_trustee_give"),
    path("<int:pk>/archive.bel", receiving.desk_archive, name="poll_archive"),
    path("<int:pk>/<slug:verb>/", desk.act, name="poll_act"),
]
