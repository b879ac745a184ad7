"""Addresses of secret votes for those who lead, keep a key or give out cards, under /polls/."""

from django.urls import path

from .web import receiving

urlpatterns = [
    path("<int:pk>/archive.bel", receiving.desk_archive, name="poll_archive"),
]
