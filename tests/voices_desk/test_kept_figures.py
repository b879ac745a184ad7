"""With many voices on record figures are kept for some minutes; they must be what counting afresh gives, for every reader."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.core.cache import cache

from lianxi.participation.voices.models import Voice
from lianxi.participation.voices.queries import figures

pytestmark = pytest.mark.django_db


def plain(found: figures.Figures) -> figures.Figures:
    found.as_of = None
    return found


def test_kept_figures_are_what_counting_afresh_gives_for_each_reader(
    street: SimpleNamespace, walked: Callable[..., Voice], now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    s, at = street, now + dt.timedelta(minutes=1)
    for state in ("received", "in_hand", "answered", "call_back", "unsatisfied"):
        walked(state)
        walked(state, accused_units=[s.works])
    readers = [s.actor(person) for person in (s.supervisor, s.works_head, s.works_handler)]
    afresh = [figures.desk_figures(actor=one, at=at) for one in readers], figures.public_figures(at=at)
    cache.clear()
    monkeypatch.setattr(figures, "LIVE_UP_TO", -2)
    for _again in range(2):
        kept = [figures.desk_figures(actor=one, at=at) for one in readers]
        public = figures.public_figures(at=at)
        assert [one.as_of for one in kept] == [at] * 3
        assert ([plain(one) for one in kept], plain(public)) == afresh


def test_what_is_kept_does_not_tell_the_accused_of_a_new_voice(
    street: SimpleNamespace, walked: Callable[..., Voice], now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    s, at = street, now + dt.timedelta(minutes=1)
    walked("in_hand")
    cache.clear()
    monkeypatch.setattr(figures, "LIVE_UP_TO", -2)
    accused, desk = s.actor(s.works_head), s.actor(s.supervisor)
    before = figures.desk_figures(actor=accused, at=at), figures.public_figures(at=at)
    whole = figures.desk_figures(actor=desk, at=at).whole.received
    walked("in_hand", accused_units=[s.works])
    assert (figures.desk_figures(actor=accused, at=at), figures.public_figures(at=at)) == before
    later = at + figures.KEPT
    assert figures.desk_figures(actor=desk, at=later).whole.received == (whole or 0) + 1
    assert figures.desk_figures(actor=accused, at=later).whole == before[0].whole
