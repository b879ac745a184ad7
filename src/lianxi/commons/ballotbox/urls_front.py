"""Addresses of a secret vote for everybody, under /vote/."""

from django.urls import path

from .web import receiving

urlpatterns = [
    path("<str:uuid>/election.json", receiving.election, name="vote_election"),
    path("<str:uuid>/poll.json", receiving.poll, name="vote_poll"),
    path("<str:uuid>/cards/<str:digest>", receiving.card, name="vote_card"),
    path("<str:uuid>/ballots", receiving.cast, name="vote_cast"),
    path("<str:uuid>/archive.bel", receiving.archive, name="vote_archive"),
]
