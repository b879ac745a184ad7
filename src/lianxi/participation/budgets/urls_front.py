"""Addresses of the residents' pages. A voting code stands in the address only where it is scanned; it is posted in the body."""

from django.urls import path

from .web import front

urlpatterns = [
    path("", front.rounds, name="projects"),
    path("vote/", front.vote, name="vote"),
    path("vote/<str:code>/", front.vote, name="vote_scanned"),
    path("ballot/", front.ballot, name="cast_ballot"),
    path("receipt/", front.receipt, name="ballot_receipt"),
    path("follow/", front.follow_code, name="follow_project"),
    path("follow/<str:code>/", front.follow_code, name="follow_scanned"),
    path("verifier.py", front.verifier, name="equal_shares_verifier"),
    path("<int:pk>/", front.one, name="projects_round"),
    path("<int:pk>/propose/", front.propose, name="propose"),
    path("<int:pk>/follow/", front.follow, name="follow_round"),
    path("<int:pk>/share/", front.share, name="my_share"),
    path("<int:pk>/object/", front.object_to, name="object_to_result"),
    path("<int:pk>/former/<int:former>/certificate.json", front.certificate, name="former_certificate"),
    path("<int:pk>/former/<int:former>/ballots.pb", front.ballots, name="former_file"),
    path("<int:pk>/certificate.json", front.certificate, name="projects_certificate"),
    path("<int:pk>/ballots.pb", front.ballots, name="projects_file"),
]
