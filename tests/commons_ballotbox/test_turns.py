"""Whose turn it is: My work today, and notices, of who leads, who gives out the cards, and each trustee."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from lianxi.commons.ballotbox import services
from lianxi.commons.ballotbox.models import PollEvent
from lianxi.commons.ballotbox.queries import today
from lianxi.commons.ballotbox.services.telling import tell_event
from lianxi.commons.notices.models import Notice
from lianxi.commons.permissions import system
from tests.commons_ballotbox.conftest import Vote
from tests.officers import add_officers
from tests.street import NOON

pytestmark = pytest.mark.django_db


def _acts(vote: Vote, person: Any) -> list[str]:
    from lianxi.commons.accounts.models import Account

    for one in (vote.street.secretary, vote.street.clerk, *(t.person for t in vote.trustees)):
        Account.objects.get_or_create(person=one, defaults={"username": f"u{one.pk}"})
    found = [one.act for one in today.waiting(actor=vote.street.actor(person), at=NOON)]
    counted = sum(rows.count() for rows in today.keys(actor=vote.street.actor(person), at=NOON))
    assert counted == len(found)
    return found


def test_the_turn_goes_from_hand_to_hand(led: Callable[..., Vote]) -> None:
    vote = led("draft")
    s = vote.street
    first, second, third = (one.person for one in vote.trustees)
    assert _acts(vote, s.secretary) == ["draft"]
    assert _acts(vote, s.clerk) == _acts(vote, first) == []
    services.prepare(vote.poll, **vote.organiser)
    vote.fresh()
    assert _acts(vote, s.secretary) == []
    assert _acts(vote, s.clerk) == ["cards"]
    assert [_acts(vote, one) for one in (first, second, third)] == [["key"]] * 3
    vote.make_key("certificate")
    assert [_acts(vote, one) for one in (first, second, third)] == [["key"]] * 3
    vote.hand_in(vote.trustees[0], "polynomial", vote.polynomial(vote.trustees[0]))
    assert [_acts(vote, one) for one in (first, second, third)] == [[], ["key"], ["key"]]
    for one in vote.trustees[1:]:
        vote.hand_in(one, "polynomial", vote.polynomial(one))
    assert _acts(vote, first) == ["key"]
    for one in vote.trustees:
        vote.hand_in(one, "output", vote.output(one))
    vote.make_cards(3)
    assert _acts(vote, s.secretary) == ["open"]
    assert _acts(vote, s.clerk) == _acts(vote, first) == []
    services.open_poll(vote.poll, **vote.organiser)
    assert _acts(vote, s.secretary) == ["close"]


def test_the_turn_after_the_end(led: Callable[..., Vote]) -> None:
    vote = led("poll_open")
    s, people = vote.street, [one.person for one in vote.trustees]
    for voter in range(3):
        vote.cast(voter)
    services.close_poll(vote.poll, **vote.organiser)
    assert _acts(vote, s.secretary) == ["attendance"]
    services.record_attendance(vote.poll, cards_given=3, attended=3, **vote.organiser)
    assert [_acts(vote, one) for one in people] == [[]] * 3  # the sum is not there yet
    services.add_up(vote.poll.pk, **vote.job("add_up"))
    vote.fresh()
    assert [_acts(vote, one) for one in people] == [["share"]] * 3
    vote.hand_in(vote.trustees[1], "share", vote.share(vote.trustees[1]))
    assert [_acts(vote, one) for one in people] == [["share"], [], ["share"]]
    vote.hand_in(vote.trustees[0], "share", vote.share(vote.trustees[0]))
    assert [_acts(vote, one) for one in people] == [[]] * 3  # enough of them
    services.count(vote.poll.pk, **vote.job("count"))
    assert _acts(vote, s.secretary) == ["publish"]


def test_more_ballots_than_people_wait_for_no_trustee(led: Callable[..., Vote]) -> None:
    vote = led("poll_open")
    for voter in range(3):
        vote.cast(voter)
    services.record_attendance(vote.poll, cards_given=1, attended=1, **vote.organiser)
    services.close_poll(vote.poll, **vote.organiser)
    services.add_up(vote.poll.pk, **vote.job("add_up"))
    assert [_acts(vote, one.person) for one in vote.trustees] == [[]] * 3


def test_administrators_and_strangers_have_no_turn(led: Callable[..., Vote]) -> None:
    vote = led("preparing")
    add_officers(vote.street)
    s = vote.street
    for one in (s.system_admin, s.security_admin, s.audit_admin, s.outsider, s.resident, s.dispatcher, s.supervisor):
        assert _acts(vote, one) == []


def _told(vote: Vote) -> dict[str, set[int]]:
    """What all events so far told: kind → persons. Told twice is told once."""
    for event in PollEvent._base_manager.filter(poll=vote.poll.pk).order_by("number"):
        tell_event(event.pk, at=NOON)
    before = Notice.objects.count()
    for event in PollEvent._base_manager.filter(poll=vote.poll.pk):
        assert tell_event(event.pk, at=NOON) == 0
    assert Notice.objects.count() == before
    found: dict[str, set[int]] = {}
    for notice in Notice.objects.filter(kind__startswith="ballotbox."):
        found.setdefault(notice.kind, set()).add(notice.person_id or 0)
    return found


def test_everybody_is_told_when_it_is_the_turn(led: Callable[..., Vote]) -> None:
    vote = led("preparing")
    trustees = {one.person_id for one in vote.trustees}
    assert _told(vote) == {"ballotbox.to_make_key": trustees, "ballotbox.to_make_cards": {vote.street.clerk.pk}}
    vote.make_key("certificate")
    assert _told(vote)["ballotbox.to_go_on"] == trustees
    assert Notice.objects.filter(kind="ballotbox.to_go_on").count() == 3
    for one in vote.trustees:
        vote.hand_in(one, "polynomial", vote.polynomial(one))
    assert _told(vote)["ballotbox.to_go_on"] == trustees
    assert Notice.objects.filter(kind="ballotbox.to_go_on").count() == 6
    for one in vote.trustees:
        vote.hand_in(one, "output", vote.output(one))
    assert "ballotbox.to_open" not in _told(vote)
    vote.make_cards(3)
    assert _told(vote)["ballotbox.to_open"] == {vote.street.secretary.pk}


def test_who_is_told_after_the_end(led: Callable[..., Vote]) -> None:
    vote = led("added_up")
    trustees = {one.person_id for one in vote.trustees}
    found = _told(vote)
    assert found["ballotbox.to_share"] == trustees
    for one in vote.trustees[:2]:
        vote.hand_in(one, "share", vote.share(one))
    services.count(vote.poll.pk, actor=system("ballotbox.count"), at=NOON)
    vote.fresh()
    assert _told(vote)["ballotbox.to_publish"] == {vote.street.secretary.pk}
    services.publish(vote.poll, **vote.organiser)
    vote.fresh()
    assert _told(vote)["ballotbox.published"] == trustees


def test_back_to_the_draft_is_told_to_whose_work_is_void(led: Callable[..., Vote]) -> None:
    vote = led("preparing")
    services.reopen_draft(vote.poll, reason="议题有错字", **vote.organiser)
    vote.fresh()
    found = _told(vote)
    assert found["ballotbox.again"] == {one.person_id for one in vote.trustees} | {vote.street.clerk.pk}
    notice = Notice.objects.filter(kind="ballotbox.again").first()
    assert notice is not None
    assert notice.at <= timezone.now() or notice.at == NOON
