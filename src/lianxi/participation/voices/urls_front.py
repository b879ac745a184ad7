"""Addresses of the resident's pages, at the root. No address of a POST carries a code: addresses are logged and kept."""

from django.urls import path

from .web import follow, front, say

urlpatterns = [
    path("", front.front_door, name="front_door"),
    path("say/", say.say, name="say"),
    path("say/similar/", say.similar, name="say_similar"),
    path("say/map.json", front.street_map, name="street_map"),
    path("say/units/", say.units, name="say_units"),
    path("discipline/", say.discipline, name="discipline"),
    path("receipt/", say.receipt, name="receipt"),
    path("receipt/print/", say.receipt_print, name="receipt_print"),
    path("follow/", follow.follow, name="follow"),
    path("follow/rate/", follow.rate, name="follow_rate"),
    path("follow/add/", follow.add, name="follow_add"),
    path("follow/<str:code>/", follow.followed, name="followed"),
    path("photo/<uuid:key>/", follow.photo, name="photo"),
    path("my/voices/", follow.my_voices, name="my_voices"),
    path("my/voices/<int:pk>/", follow.my_voice, name="my_voice"),
    path("public/", front.public_list, name="public"),
    path("public/<int:pk>/", front.public_copy, name="public_copy"),
    path("accessibility/", front.accessibility, name="accessibility"),
    path("privacy/", front.privacy, name="privacy"),
]
