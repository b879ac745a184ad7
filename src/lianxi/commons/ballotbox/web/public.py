"""What everybody sees of a poll who has its address, but for the voting itself: before, the hall, the check codes, the result."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from lianxi.commons.questions import Address
from lianxi.commons.refusals import NotFound

from .. import queries
from ..terms import State
from . import booth, receiving


@require_safe
def page(request: Any, uuid: str) -> HttpResponse:
    """What will be voted on; while the vote is open, the booth; afterwards the result and how to check it."""
    found = queries.public(uuid, actor=request.actor)
    if found.poll.state == State.OPEN:
        return booth.booth(request, found.poll)
    context = {
        "it": found,
        "poll": found.poll,
        "steps": queries.path_of(found.poll),
        "commands": queries.how_to_check(found) if found.shown else [],
    }
    return render(request, "ballotbox/public/page.html", context)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def ballots(request: Any, uuid: str) -> HttpResponseBase:
    """The check codes of the ballots that count; a ballot that is sent here is cast."""
    if request.method == "POST":
        return receiving.cast(request, uuid)
    found = queries.public(uuid, actor=request.actor)
    if not found.lists_codes:
        raise NotFound
    said = Address(request.GET)
    it = queries.codes_page(found.poll, q=said.text("q", 40), page=said.number("page", 1))
    return render(request, "ballotbox/public/ballots.html", {"it": it, "poll": found.poll})


@require_safe
def wall(request: Any, uuid: str) -> HttpResponse:
    """All check codes on paper, for the wall of the hall."""
    found = queries.public(uuid, actor=request.actor)
    if not found.lists_codes:
        raise NotFound
    it = queries.codes_page(found.poll, whole=True)
    context = {"it": it, "poll": found.poll, "fingerprint": "", "verify_url": _address(request, uuid)}
    return render(request, "ballotbox/public/wall.html", context)


@require_safe
def hall(request: Any, uuid: str) -> HttpResponse:
    """The screen of the hall: in large type how many have voted, and nothing else."""
    found = queries.public(uuid, actor=request.actor)
    context = {"it": found, "poll": found.poll, "voters": found.voters, "address": _address(request, uuid)}
    return render(request, "ballotbox/public/hall.html", context)


@require_safe
def count(request: Any, uuid: str) -> HttpResponse:
    """The number of the screen: a fragment that asks again by itself."""
    poll = queries.by_uuid(uuid, actor=request.actor)
    return render(request, "ballotbox/public/count.html", {"poll": poll, "voters": queries.voters(poll)})


def _address(request: Any, uuid: str) -> str:
    found: str = request.build_absolute_uri(reverse("vote_page", args=[uuid]))
    return found
