from django.urls import path

from . import web

urlpatterns = [
    path("", web.notices, name="notices"),
    path("<int:pk>/", web.open_notice, name="notice"),
    path("read/", web.mark_read, name="notices_read"),
    path("settings/", web.settings, name="notice_settings"),
    path("undelivered/", web.undelivered, name="notices_undelivered"),
    path("stop/<str:token>/", web.stop, name="notices_stop"),
]
