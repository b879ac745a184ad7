"""Every named person tries every step from the state out of which it leads: who may, who may only look, who finds nothing."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from lianxi.commons.ballotbox import policies, services
from lianxi.commons.ballotbox.models import Poll, PollEvent
from lianxi.commons.ballotbox.workflow import WALK
from lianxi.commons.people.services.postings import appoint
from lianxi.commons.permissions import system
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import ADMINS
from lianxi.commons.refusals import Blocked, NotFound, NotPermitted
from tests.commons_ballotbox.conftest import Vote
from tests.officers import add_officers
from tests.street import NOON

pytestmark = pytest.mark.django_db

STATES = {
    "draft": "draft",
    "preparing": "preparing",
    "poll_open": "poll_open",
    "poll_closed": "poll_closed",
    "counted": "counted",
}
LEADS = {"secretary", "organiser"}
TRUSTEES = {"director", "publisher", "works_head"}
GIVES = {"clerk"}
LOOKS = {"supervisor"}
MAY = {policies.RUN: LEADS, policies.TRUST: TRUSTEES, policies.GIVE: GIVES, policies.COUNT: set()}


@pytest.mark.parametrize("state", STATES)
def test_each_step_for_each_person(led: Callable[..., Vote], street: SimpleNamespace, state: str) -> None:
    vote = led(state)
    add_officers(street)
    inside = LEADS | TRUSTEES | GIVES | LOOKS
    rows = [row for row in WALK.rows if STATES[state] in row.source]
    assert rows
    for name, person in street.people.items():
        for row in rows:
            before = Poll._base_manager.values().get(pk=vote.poll.pk), PollEvent._base_manager.count()
            got = _tried(vote, row.verb, street.actor(person))
            wanted = "done" if name in MAY[row.may] else "not permitted" if name in inside else "not found"
            assert got == wanted, (name, row.verb, got)
            assert before == (Poll._base_manager.values().get(pk=vote.poll.pk), PollEvent._base_manager.count())


def _tried(vote: Vote, verb: str, actor: Any) -> str:
    """What came of it, taken back. Checks and triggers that refuse are for who may: the permission is asked before them."""
    point = transaction.savepoint()
    try:
        WALK.take(verb, vote.poll, actor=actor, at=NOON)
    except NotFound:
        return "not found"
    except NotPermitted:
        return "not permitted"
    except (Blocked, IntegrityError):
        return "done"
    finally:
        transaction.savepoint_rollback(point)
    return "done"


@pytest.mark.parametrize("role", ADMINS)
@pytest.mark.parametrize("state", ["preparing", "poll_open", "poll_closed"])
def test_who_begins_to_keep_the_system_has_neither_key_nor_cards(
    led: Callable[..., Vote], street: SimpleNamespace, state: str, role: str
) -> None:
    """V-03, V-04: no such post while the vote is not counted; and if there is one all the same, key and cards give nothing."""
    add_officers(street)
    vote = led(state)
    for person, article in ((street.works_head, "V-03"), (street.clerk, "V-04")):
        given = {"unit": street.top, "role": role, "since": NOON.date(), "reason": "轮岗", "at": NOON}
        with pytest.raises(Blocked) as blocked:
            appoint(person, actor=street.actor(street.security_admin), **given)
        assert {check.rule.id for check in blocked.value.missing} == {article}
        Posting.objects.create(person=person, unit=street.top, role=role, since=NOON.date())
        actor = street.actor(person)
        kept = (policies.VIEW, policies.ROLL, policies.TRUST, policies.GIVE, policies.RUN)
        assert not [one for one in kept if one.may(actor, vote.poll)]
    one = next(one for one in vote.trustees if one.person_id == street.works_head.pk)
    if state == "poll_closed":
        services.add_up(vote.poll.pk, **vote.job("add_up"))
        with pytest.raises(NotFound):
            vote.hand_in(one, "share", vote.share(one))


def test_who_keeps_a_key_does_not_lead_with_a_post_of_the_system(
    led: Callable[..., Vote], street: SimpleNamespace
) -> None:
    vote = led("poll_open")
    for unit, role in ((street.wanghuai, "secretary"), (street.top, ADMINS[0])):
        Posting.objects.create(person=street.works_head, unit=unit, role=role, since=NOON.date())
    assert not policies.RUN.may(street.actor(street.works_head), vote.poll)


def test_after_the_count_one_may_keep_the_system(led: Callable[..., Vote], street: SimpleNamespace) -> None:
    add_officers(street)
    led("counted")
    appoint(
        street.works_head, unit=street.top, role=ADMINS[0], since=NOON.date(), reason="轮岗", at=NOON,
        actor=street.actor(street.security_admin),
    )  # fmt: skip


def test_only_its_own_job_counts(led: Callable[..., Vote]) -> None:
    vote = led("poll_closed")
    assert _tried(vote, "add_up", system("ballotbox.add_up")) == "done"
    assert _tried(vote, "add_up", system("members.count")) == "not found"


def test_where_one_may_begin(street: SimpleNamespace) -> None:
    add_officers(street)
    may = {name for name, person in street.people.items() if policies.PLAN.may(street.actor(person), street.wanghuai)}
    assert may == LEADS
    nowhere = {name for name, person in street.people.items() if not policies.PLAN.anywhere(street.actor(person))}
    assert {"system_admin", "security_admin", "audit_admin", "resident", "outsider", "clerk", "handler"} <= nowhere


def test_a_trustee_of_one_vote_sees_no_other(led: Callable[..., Vote], street: SimpleNamespace) -> None:
    first, other = led("preparing"), led("draft")
    first.poll.refresh_from_db()
    from lianxi.commons.ballotbox.models import Trustee

    Trustee._base_manager.filter(poll=other.poll.pk).delete()
    Poll._base_manager.filter(pk=other.poll.pk).update(giver=None)
    for name in TRUSTEES | GIVES:
        seen = set(policies.VIEW.all(street.actor(street.people[name])).values_list("pk", flat=True))
        assert seen == {first.poll.pk}, name
