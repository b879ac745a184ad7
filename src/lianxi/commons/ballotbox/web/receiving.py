"""Addresses that the booth and every verifier call: the election, its numbers, cards, the box, the archive. Nobody is logged in here."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from lianxi.commons.refusals import NotFound, Refusal

from .. import services
from ..queries import receiving as queries
from ..terms import State
from .bodies import sent

HASH = re.compile(r"[0-9a-f]{64}")
BALLOT_AT_MOST = 4 * 1024 * 1024
"""Bytes of ballot and hints that are read at all; how long a ballot of an election may be, the service knows."""


def answered(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Refusals as problems (RFC 9457), kept by no cache and by no log."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        try:
            answer = view(request, *args, **named)
        except Refusal as refusal:
            said = refusal.problem() | {"code": refusal.code}
            answer = JsonResponse(said, status=refusal.status, content_type="application/problem+json")
        answer.headers["Cache-Control"] = "no-store"
        answer._has_been_logged = True  # type: ignore[attr-defined]
        return answer

    return inner


@csrf_exempt
@require_POST
@answered
def cast(request: HttpRequest, uuid: str) -> HttpResponseBase:
    """A ballot: 201 with its check code once the database has it. After a line break hints may follow, which spare the server
    work (`engines/ballots/hints.py`); the text of a ballot has no line break."""
    text, _break, hints = sent(request, BALLOT_AT_MOST).partition(b"\n")
    receipt = services.cast(uuid, text, hints)
    return JsonResponse({"code": receipt.code, "hash": receipt.hash, "repeated": receipt.repeated}, status=201)


@require_safe
@answered
def election(request: HttpRequest, uuid: str) -> HttpResponseBase:
    """The election, letter by letter."""
    return HttpResponse(queries.election_text(queries.public_poll(uuid)), content_type="application/json")


@require_safe
@answered
def poll(request: HttpRequest, uuid: str) -> HttpResponseBase:
    """The poll in numbers."""
    return JsonResponse(queries.told(queries.public_poll(uuid)))


@require_safe
@answered
def card(request: HttpRequest, uuid: str, digest: str) -> HttpResponseBase:
    """204 where the card may vote, else 404."""
    if not HASH.fullmatch(digest) or not queries.on_list(queries.public_poll(uuid), digest):
        raise NotFound
    return HttpResponse(status=204)


@require_safe
@answered
def archive(request: HttpRequest, uuid: str) -> HttpResponseBase:
    """The archive of a published poll."""
    found = queries.public_poll(uuid)
    if found.state != State.PUBLISHED:
        raise NotFound
    return _file(found)


@require_safe
@answered
def hints(request: HttpRequest, uuid: str) -> HttpResponseBase:
    """The hints beside the archive, once they are made."""
    found = queries.public_poll(uuid)
    if not found.hints_hash:
        raise NotFound
    answer = StreamingHttpResponse(services.hint_chunks(found), content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.uuid}.hints"'
    answer.headers["Content-Length"] = str(found.hints_size)
    return answer


@login_required
@require_safe
def desk_archive(request: Any, pk: int) -> HttpResponseBase:
    """The archive of a poll that has ended, for those who lead it or keep a key. Raises NotFound."""
    found = queries.ended_poll(pk, actor=request.actor)
    return _file(found)


def _file(poll: Any) -> HttpResponseBase:
    answer = StreamingHttpResponse(services.chunks(poll), content_type="application/x-tar")
    answer.headers["Content-Disposition"] = f'attachment; filename="{poll.uuid}.bel"'
    return answer
