"""Addresses of a secret vote for everybody, under /vote/."""

from django.urls import path

from .web import booth, public, receiving, trustee

urlpatterns = [
    path("booth/", booth.fingerprints, name="vote_booth"),
    path("trustee/", trustee.alone, name="vote_trustee"),
    path("<str:uuid>/", public.page, name="vote_page"),
    path("<str:uuid>/ballots/", public.ballots, name="vote_ballots"),
    path("<str:uuid>/ballots/print/", public.wall, name="vote_wall"),
    path("<str:uuid>/hall/", public.hall, name="vote_hall"),
    path("<str:uuid>/hall/count/", public.count, name="vote_count"),
    path("<str:uuid>/test/", booth.test_page, name="vote_test"),
    path("<str:uuid>/election.json", receiving.election, name="vote_election"),
    path("<str:uuid>/poll.json", receiving.poll, name="vote_poll"),
    path("<str:uuid>/cards/<str:digest>", receiving.card, name="vote_card"),
    path("<str:uuid>/ballots", receiving.cast, name="vote_cast"),
    path("<str:uuid>/archive.bel", receiving.archive, name="vote_archive"),
    path("<str:uuid>/archive.hints", receiving.hints, name="vote_hints"),
]
