"""Addresses of the tree."""

from django.urls import path

from . import web

urlpatterns = [
    path("", web.tree, name="organization"),
    path("terms/", web.terms, name="terms"),
    path("<int:pk>/", web.unit, name="unit"),
    path("<int:pk>/below/", web.below, name="units_below"),
    path("<int:pk>/moving/", web.moving, name="unit_moving"),
    path("<int:pk>/covers/<int:coverage>/", web.uncover, name="unit_uncover"),
    path("<int:pk>/term/<slug:verb>/", web.term_act, name="term_act"),
    path("<int:pk>/<slug:verb>/", web.act, name="unit_act"),
]
