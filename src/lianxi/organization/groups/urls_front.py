"""Short addresses of the member's own pages."""

from django.urls import path

from . import web

urlpatterns = [
    path("", web.my_groups, name="my_groups"),
    path("<int:pk>/", web.my_round, name="my_group_round"),
    path("<int:pk>/object/", web.my_objection, name="my_group_objection"),
]
