"""Addresses of people, posts and accounts."""

from django.urls import path

from . import web

urlpatterns = [
    path("account/permissions/", web.my_permissions, name="my_permissions"),
    path("people/", web.people, name="people"),
    path("people/export/", web.export, name="people_export"),
    path("people/open/", web.open_account, name="open_account"),
    path("people/once/", web.once, name="people_once"),
    path("people/appoint/", web.appoint, name="appoint"),
    path("people/posts/<int:pk>/end/", web.end_posting, name="end_posting"),
    path("people/<int:pk>/", web.person, name="person"),
    path("people/<int:pk>/permissions/", web.permissions_of, name="permissions_of"),
    path("people/<int:pk>/password/", web.reset_password, name="reset_password"),
    path("people/<int:pk>/second-factor/", web.drop_second_factor, name="drop_second_factor"),
    path("people/<int:pk>/disable/", web.disable, name="disable_account"),
    path("people/<int:pk>/enable/", web.enable, name="enable_account"),
]
