"""Addresses of secret votes for those who lead, keep a key or give out cards, under /polls/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
