"""Who asks, and when: put on every request. Refusals become pages or problems here, in one place."""

import datetime as dt
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from lianxi.commons.permissions import ANYBODY, Actor, asking
from lianxi.commons.permissions.actor import actor_of
from lianxi.commons.refusals import Refusal


class Request(HttpRequest):
    """A request as our views see it."""

    actor: Actor
    at: dt.datetime


class AskingMiddleware:
    """Sets `request.actor` and `request.at`, and opens the actor's eyes for the time of the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        request.at = now  # type: ignore[attr-defined]
        account = request.user if request.user.is_authenticated else None
        person_id = getattr(account, "person_id", None)
        actor = actor_of(person_id, on=timezone.localtime(now).date()) if person_id else ANYBODY
        request.actor = actor  # type: ignore[attr-defined]
        with asking(actor, url=request.path, method=request.method):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        if request.path.startswith("/api/"):
            return JsonResponse(exception.problem(), status=exception.status, content_type="application/problem+json")
        return render(request, "refusal.html", {"refusal": exception}, status=exception.status)
