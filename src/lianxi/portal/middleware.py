"""Who asks, and when: put on every request. Refusals become pages or problems here, in one place."""

import datetime as dt
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from lianxi.commons.ballotbox.middleware import VOTES
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
            answer = back_to_the_form(request, self.get_response(request))
        if actor.person_id is not None or request.user.is_authenticated:
            # What was shown to somebody stays in no cache: after logging out, the way back shows nothing of it.
            answer.headers.setdefault("Cache-Control", "private, no-store")
        unseen = _is_api(request) or request.path.startswith(VOTES)
        if settings.COUNTS_KEPT and request.method not in ("GET", "HEAD", "OPTIONS") and not unseen:
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


def page_before(request: HttpRequest) -> str:
    """The path of our own page on which a form was sent, as the browser says; empty if it does not."""
    before = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(before, {request.get_host()}, require_https=request.is_secure()):
        return ""
    parts = urlsplit(before)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def back_to_the_form(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Where somebody was logged out meanwhile, logging in leads to the page with the form, which no address of a step is.

    A part of a page asked for by script is led there as a whole page; else the login would stand inside the page.
    """
    login = reverse(settings.LOGIN_URL)
    if not answer.has_header("Location") or urlsplit(answer["Location"]).path != login or request.user.is_authenticated:
        return answer
    part = request.headers.get("HX-Request")
    if request.method != "POST" and not part:
        return answer
    # The form inside a dialog has a page of its own, at the address to which it is sent.
    to = request.get_full_path() if part and request.method == "POST" else page_before(request)
    where = f"{login}?{urlencode({'next': to})}" if to else login
    if part:
        return HttpResponse(headers={"HX-Redirect": where, "X-Unsent": "1"})
    answer["Location"] = where
    return answer


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
