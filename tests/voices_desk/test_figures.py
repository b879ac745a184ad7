"""Figures: exact for the desk, silent about what is kept away for everybody else."""

import datetime as dt
import random
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from lianxi.participation.voices import services
from lianxi.participation.voices.models import Voice
from lianxi.participation.voices.queries.figures import desk_figures, public_figures, rounded
from lianxi.participation.voices.terms import Kind, Topic

As = Callable[..., Client]


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_rounding_is_to_five_never_small_and_in_order(a: int, b: int) -> None:
    shown = rounded(a)
    assert (shown is None) == (a < 5)
    if shown is not None:
        assert shown % 5 == 0
        assert abs(shown - a) <= 2
        other = rounded(b)
        assert a > b or other is None or other >= shown


def _page(client: Client, path: str) -> str:
    """A page without what differs from one asking to the next: tokens of its forms."""
    return re.sub(r'(csrfmiddlewaretoken" value|data-csrf)="[^"]*"', "", client.get(path).content.decode())


class _Back(Exception):
    pass


@pytest.mark.parametrize("seed", range(6))
def test_a_voice_against_somebody_changes_neither_the_public_figures_nor_their_own_desks(
    street: SimpleNamespace, as_: As, walked: Callable[..., Voice], now: dt.datetime, seed: int
) -> None:
    s, lot = street, random.Random(seed)
    for _ in range(lot.randrange(3, 9)):
        walked(
            lot.choice(["received", "in_hand", "answered", "call_back"]),
            topic=lot.choice(Topic.values),
            kind=lot.choice(Kind.values),
        )
    paths = ["/public/figures/", "/voices/figures/", "/today/", "/voices/", "/voices/?view=all"]
    readers = [Client(), as_(s.works_head), as_(s.works_handler)]
    before = [[_page(reader, path) for path in paths] for reader in readers]
    state = lot.choice(["received", "accepted", "in_hand", "answered", "call_back", "unsatisfied"])
    sizes = []
    try:
        with transaction.atomic():
            for _ in range(lot.randrange(1, 7)):
                walked(state, accused_units=[s.works], topic=lot.choice(Topic.values), kind=lot.choice(Kind.values))
            after = [[_page(reader, path) for path in paths] for reader in readers]
            sizes.append(desk_figures(actor=s.actor(s.supervisor), at=now + dt.timedelta(minutes=1)).whole.received)
            raise _Back
    except _Back:
        pass
    assert after == before
    assert sizes[0] > desk_figures(actor=s.actor(s.supervisor), at=now + dt.timedelta(minutes=1)).whole.received


def test_the_desk_counts_exactly_with_denominators(
    street: SimpleNamespace, walked: Callable[..., Voice], now: dt.datetime
) -> None:
    for state in ("received", "in_hand", "answered", "unsatisfied"):
        walked(state)
    services.rate_by_call_back(
        walked("call_back"),
        solved="yes",
        satisfied="fairly",
        words="好了",
        actor=street.actor(street.supervisor),
        at=now,
    )
    found = desk_figures(actor=street.actor(street.supervisor), at=now + dt.timedelta(minutes=1))
    assert (found.whole.received, found.whole.closed) == (5, 1)
    assert (found.whole.response, found.whole.resolution, found.whole.satisfaction) == ((3, 3), (1, 2), (1, 2))
    assert sum(row.received or 0 for row in found.months) == sum(row.received or 0 for row in found.topics) == 5
    assert desk_figures(actor=street.actor(street.other_handler), at=now).whole.received == 0


def test_public_figures_leave_small_numbers_out(
    street: SimpleNamespace, walked: Callable[..., Voice], now: dt.datetime
) -> None:
    for n in range(8):
        walked("received", topic="noise" if n < 6 else "works")
    found = public_figures(at=now + dt.timedelta(minutes=1))
    topics: dict[Any, Any] = {row.key: row.received for row in found.topics}
    assert (found.whole.received, topics["noise"], topics["works"], topics["traffic"]) == (10, 5, None, None)
    assert found.whole.response is None
