"""Who asks, and when: put on every request. Refusals become pages or problems here, in one place."""

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import ANYBODY, Actor, asking
from lianxi.commons.permissions.actor import actor_of
from lianxi.commons.refusals import BadInput, Refusal
from lianxi.commons.tokens.services import actor_with
from lianxi.portal.logs import without_codes
from lianxi.portal.nav import WROTE


class AskingMiddleware:
    """Sets `request.actor` and `request.at`, and opens the actor's eyes for the time of the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        request.at = now  # type: ignore[attr-defined]
        request.actor = ANYBODY  # type: ignore[attr-defined]
        try:
            _no_null(request)
            actor = _by_token(request, now) if _is_api(request) else _by_session(request, now)
        except Refusal as refusal:
            return problem(refusal) if _is_api(request) else render(request, "400.html", status=400)
        request.actor = actor  # type: ignore[attr-defined]
        with asking(actor, url=without_codes(request.path), method=request.method):
            answer = self.get_response(request)
        if actor.person_id is not None or request.user.is_authenticated:
            # What was shown to somebody stays in no cache: after logging out, the way back shows nothing of it.
            answer.headers.setdefault("Cache-Control", "private, no-store")
        if settings.COUNTS_KEPT and request.method not in ("GET", "HEAD", "OPTIONS") and not _is_api(request):
            answer.set_cookie(
                WROTE, "1", max_age=2 * settings.COUNTS_KEPT, httponly=True, samesite="Lax", secure=request.is_secure()
            )
        return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        if _is_api(request):
            return problem(exception)
        return render(request, "refusal.html", {"refusal": exception}, status=exception.status)


def problem(refusal: Refusal) -> JsonResponse:
    """The refusal as `application/problem+json` (RFC 9457)."""
    answer = JsonResponse(refusal.problem(), status=refusal.status, content_type="application/problem+json")
    if refusal.status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


def _no_null(request: HttpRequest) -> None:
    """An address with a null character is no address of ours, and no database takes it. Raises BadInput."""
    if "%00" in request.META.get("QUERY_STRING", "") or "\x00" in request.path_info:
        raise BadInput({"address": _("这个网址里有不能用的字符。")})


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _by_session(request: HttpRequest, now: dt.datetime) -> Actor:
    person_id = getattr(request.user, "person_id", None) if request.user.is_authenticated else None
    return actor_of(person_id, on=timezone.localtime(now).date()) if person_id else ANYBODY


def _by_token(request: HttpRequest, now: dt.datetime) -> Actor:
    """A program shows a token; the browser's session does not count here, so no other site can use it."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return actor_with(token.strip(), at=now) if scheme.lower() == "bearer" else ANYBODY
