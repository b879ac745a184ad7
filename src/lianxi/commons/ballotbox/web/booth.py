"""The voter's pages: the booth, the check of a test ballot, the fingerprints of what a voter's device runs.

The server gives out the page and learns nothing from it: the card's signs stand behind the # of the address, and what is
marked leaves the device only sealed.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lianxi.commons.refusals import NotFound

from .. import built
from ..queries.booth import has_roster
from ..queries.receiving import public_poll
from ..terms import ENDED, State
from .booth_words import words

View = Callable[..., HttpResponse]


def whole(view: View) -> View:
    """A page on which only what has its fingerprint runs; its worker comes out of the same file."""

    @wraps(view)
    def inner(*args: Any, **named: Any) -> HttpResponse:
        answer: HttpResponse = view(*args, **named)
        answer._csp_update = {"worker-src": ["blob:"]}  # type: ignore[attr-defined]
        answer.headers["Integrity-Policy"] = "blocked-destinations=(script)"
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return inner


@whole
def booth(request: HttpRequest, poll: Any) -> HttpResponse:
    """The booth of a poll that is open."""
    return render(request, "ballotbox/booth.html", _context(poll) | {"roster": has_roster(poll)})


@require_safe
@whole
def test_page(request: HttpRequest, uuid: str) -> HttpResponse:
    """Where a test ballot of another device is checked. Raises NotFound before the vote."""
    poll = public_poll(uuid)
    if poll.state not in (State.OPEN, *ENDED):
        raise NotFound
    return render(request, "ballotbox/test.html", _context(poll))


@require_safe
def fingerprints(request: HttpRequest) -> HttpResponse:
    """What runs in the booth, so that somebody else can compare it."""
    files = [file for file in (built.script(), built.styles()) if file is not None]
    return render(request, "ballotbox/fingerprints.html", {"files": files})


def _context(poll: Any) -> dict[str, Any]:
    digest = "0" * 64
    return {
        "poll": poll,
        "words": words(),
        "election_url": reverse("vote_election", args=[poll.uuid]),
        "cast_url": reverse("vote_cast", args=[poll.uuid]),
        "test_url": reverse("vote_test", args=[poll.uuid]),
        "cards_url": reverse("vote_card", args=[poll.uuid, digest]).removesuffix(digest),
    }
