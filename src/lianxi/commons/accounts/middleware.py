"""How long a log-in lasts, and the one-time password that must be changed first."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

SINCE, SEEN = "logged_in_at", "seen_at"
STEP = 60
"""Seconds between two notes of being there: a page writes nothing most of the time."""
UNNOTED = ("/api/", "/vote/")
"""Where being there leaves no note: programs have no session; and beside the ballot box a note of somebody at that moment, next to
the ballot that came in at that moment, would tell whose it is."""
OPEN_BEFORE_THE_CHANGE = frozenset({
    "account_change_password", "account_logout", "account_login", "account_reauthenticate",
})  # fmt: skip


class SessionMiddleware:
    """Ends a log-in after `SESSION_LASTS` seconds, or after `SESSION_IDLE` seconds without a page; then asks for a new
    password where one must be chosen. Stands after Django's AuthenticationMiddleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(UNNOTED) or not request.user.is_authenticated:
            return self.get_response(request)
        if said := self._over(request.session):
            logout(request)
            messages.info(request, said)
        elif getattr(request.user, "must_change_password", False) and not _open(request.path_info):
            return HttpResponseRedirect(reverse("account_change_password"))
        return self.get_response(request)

    def _over(self, session: Any) -> str:
        """Why the log-in has ended; empty if it has not."""
        now = int(timezone.now().timestamp())
        since, seen = session.setdefault(SINCE, now), session.setdefault(SEEN, now)
        if now - since > settings.SESSION_LASTS:
            return _("登录满八小时了，请再登录一次。")
        if now - seen > settings.SESSION_IDLE:
            return _("离开太久，已经替您退出。请再登录一次。")
        if now - seen >= STEP:
            session[SEEN] = now
        return ""


def _open(path: str) -> bool:
    try:
        return resolve(path).url_name in OPEN_BEFORE_THE_CHANGE
    except Resolver404:
        return False
