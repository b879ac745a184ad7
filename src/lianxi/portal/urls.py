"""Every address of the house. One line a room, so that rooms do not get into each other's way."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from lianxi.participation.voices.web.figures import public as public_figures
from lianxi.portal import searching, today, web
from lianxi.portal.api import api

handler400 = web.bad_request
handler403 = web.permission_denied
handler404 = web.not_found
handler500 = web.server_error

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("lianxi.participation.voices.urls_front")),
    path("public/figures/", public_figures, name="public_figures"),
    path("today/", today.today, name="today"),
    path("today/print/", today.printed, name="today_print"),
    path("search/", searching.search, name="search"),
    path("views/", include("lianxi.commons.views.urls")),
    path("", include("lianxi.commons.people.urls")),
    path("", include("lianxi.commons.tokens.urls")),
    path("", include("lianxi.commons.protection.urls")),
    path("account/", include("allauth.account.urls")),
    path("account/mfa/", include("allauth.mfa.urls")),
    path("papers/", include("lianxi.commons.papers.urls")),
    path("api/v1/", api.urls),
    path("notices/", include("lianxi.commons.notices.urls")),
    path("voices/", include("lianxi.participation.voices.urls_desk")),
    path("rounds/", include("lianxi.participation.budgets.urls_desk")),
    path("projects/", include("lianxi.participation.budgets.urls_front")),
    path("polls/", include("lianxi.commons.ballotbox.urls_desk")),
    path("vote/", include("lianxi.commons.ballotbox.urls_front")),
    path("language/", set_language, name="set_language"),
    path("", include("lianxi.commons.rulebook.urls")),
    path("favicon.ico", web.favicon, name="favicon"),
    path("elder/", web.elder, name="elder"),
    path("parts/", web.parts, name="parts"),
    path("parts/front/", web.parts_front, name="parts_front"),
    path("parts/print/", web.parts_print, name="parts_print"),
    path("units/", include("lianxi.organization.units.urls")),
    path("members/", include("lianxi.organization.members.urls")),
    path("", include("lianxi.delegates.quotas.urls")),
    path("groups/", include("lianxi.organization.groups.urls")),
    path("g/", include("lianxi.organization.groups.urls_front")),
]
