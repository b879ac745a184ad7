"""Addresses of tokens."""

from django.urls import path

from . import web

urlpatterns = [
    path("account/tokens/", web.tokens, name="my_tokens"),
    path("account/tokens/<int:pk>/withdraw/", web.withdraw, name="withdraw_token"),
]
