"""Terms of elected bodies, E-01 to E-03."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from lianxi.commons.notices.models import Notice
from lianxi.commons.permissions import system
from lianxi.commons.refusals import BadInput, Blocked, NotOpenFromHere, NotPermitted
from lianxi.commons.units.models import Unit
from lianxi.commons.workflow.walk import every_forbidden
from lianxi.organization.units import clock, queries, services
from lianxi.organization.units.models import CommitteeTerm, Profile, TermEvent
from lianxi.organization.units.terms import TermState
from lianxi.organization.units.workflow import WALK

TODAY = dt.date(2026, 11, 16)


@pytest.fixture
def who(town: SimpleNamespace, at: dt.datetime) -> dict[str, Any]:
    return {"actor": town.actor(town.organiser), "at": at}


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (dt.date(2026, 8, 31), -6, dt.date(2026, 2, 28)),
        (dt.date(2028, 8, 31), -6, dt.date(2028, 2, 29)),
        (dt.date(2026, 1, 15), -6, dt.date(2025, 7, 15)),
        (dt.date(2024, 2, 29), 12, dt.date(2025, 2, 28)),
    ],
)
def test_months(day: dt.date, months: int, then: dt.date) -> None:
    assert clock.shifted(day, months=months) == then


def test_lengths_by_kind(town: SimpleNamespace, who: dict[str, Any]) -> None:
    """E-01: a community's committee and its branches five years, a firm's branch three, a primary committee five."""
    since = dt.date(2025, 3, 1)
    firm = Unit.objects.create(name="企业党支部", kind="branch", parent=town.wanghuai)
    Profile.objects.create(unit=firm, sector="private_firm")
    committee = Unit.objects.create(name="机关党委", kind="committee", parent=town.top)
    branch = Unit.objects.create(name="机关党支部", kind="branch", parent=committee)
    for body, years in ((town.wanghuai, 5), (town.first, 5), (firm, 3), (committee, 5), (branch, 3)):
        term = services.begin_term(body, since=since, **who)
        assert term.until == dt.date(2025 + years, 3, 1), body


def test_a_dispatched_committee_has_no_term(town: SimpleNamespace, who: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="没有任期"):
        services.begin_term(town.top, since=dt.date(2025, 3, 1), **who)
    assert not CommitteeTerm.objects.exists()


def test_one_running_term(town: SimpleNamespace, who: dict[str, Any]) -> None:
    services.begin_term(town.first, since=dt.date(2025, 3, 1), **who)
    with pytest.raises(BadInput, match="上一届"):
        services.begin_term(town.first, since=dt.date(2026, 3, 1), **who)
    assert CommitteeTerm.objects.count() == 1


def _term(town: SimpleNamespace, who: dict[str, Any], since: dt.date) -> CommitteeTerm:
    return services.begin_term(town.first, since=since, **who)


def test_on_time_in_the_month_of_the_end(town: SimpleNamespace, who: dict[str, Any]) -> None:
    term = _term(town, who, dt.date(2021, 11, 20))
    following = services.close_term(term, on=dt.date(2026, 11, 10), **who)
    assert (following.number, following.since, following.until) == (2, dt.date(2026, 11, 10), dt.date(2031, 11, 10))
    assert CommitteeTerm.objects.get(pk=term.pk).state == TermState.ENDED


@pytest.mark.parametrize("since", [dt.date(2022, 3, 1), dt.date(2021, 10, 20)])
def test_early_or_late_without_approval_is_refused(town: SimpleNamespace, who: dict[str, Any], since: dt.date) -> None:
    term = _term(town, who, since)
    with pytest.raises(Blocked) as refused:
        services.close_term(term, on=TODAY, **who)
    assert [check.rule.id for check in refused.value.missing] == ["E-02"]
    term.refresh_from_db()
    assert (term.ended_on, term.state, TermEvent.objects.filter(term=term).count()) == (None, TermState.RUNNING, 1)


def test_a_shift_is_approved_above_and_then_holds(town: SimpleNamespace, who: dict[str, Any], at: dt.datetime) -> None:
    term = _term(town, who, dt.date(2022, 3, 1))
    secretary = town.actor(town.branch_secretary)
    services.ask_shift(term, to=dt.date(2026, 11, 16), reason="书记调离", actor=secretary, at=at)
    with pytest.raises(NotPermitted):
        services.approve_shift(term, approval="组〔2026〕9号", actor=secretary, at=at)
    with pytest.raises(Blocked):
        services.approve_shift(term, approval=" ", actor=town.actor(town.secretary), at=at)
    approved = services.approve_shift(term, approval="组〔2026〕9号", actor=town.actor(town.secretary), at=at)
    assert (approved.state, approved.due) == (TermState.RUNNING, dt.date(2026, 11, 16))
    services.close_term(approved, on=TODAY, **who)
    assert CommitteeTerm.objects.get(pk=term.pk).ended_on == TODAY


@pytest.mark.parametrize("to", [dt.date(2026, 2, 28), dt.date(2028, 3, 2), dt.date(2027, 3, 1)])
def test_a_shift_beyond_a_year_is_not_even_asked_for(town: SimpleNamespace, who: dict[str, Any], to: dt.date) -> None:
    term = _term(town, who, dt.date(2022, 3, 1))
    with pytest.raises(Blocked):
        services.ask_shift(term, to=to, reason="书记调离", **who)
    assert TermEvent.objects.filter(term=term).count() == 1


def test_a_forgotten_election_is_written_down_from_above(
    town: SimpleNamespace, who: dict[str, Any], at: dt.datetime
) -> None:
    term = _term(town, who, dt.date(2018, 1, 10))
    with pytest.raises(NotPermitted):
        services.close_term(
            term, on=TODAY, late=True, approval="补记1号", actor=town.actor(town.branch_secretary), at=at
        )
    services.close_term(term, on=TODAY, late=True, approval="补记1号", **who)
    assert CommitteeTerm.objects.filter(body=town.first, ended_on=None).count() == 1


def test_the_chip(town: SimpleNamespace, who: dict[str, Any]) -> None:
    term = _term(town, who, dt.date(2021, 11, 4))
    assert queries.chip(term, on=TODAY) == {"kind": "late", "text": "任期已满12天"}
    assert queries.chip(term, on=dt.date(2026, 11, 4)) == {"kind": "today", "text": "任期还有0天"}
    assert (queries.chip(term, on=dt.date(2026, 5, 4)) or {})["kind"] == "today"
    assert (queries.chip(term, on=dt.date(2026, 5, 3)) or {})["kind"] == "later"


def test_reminded_once_six_months_before(town: SimpleNamespace, who: dict[str, Any], at: dt.datetime) -> None:
    actor = system("org_units.remind")
    term = _term(town, who, dt.date(2022, 5, 16))
    assert services.remind(actor=actor, at=at - dt.timedelta(days=1)) == []
    assert [one.pk for one in services.remind(actor=actor, at=at)] == [term.pk]
    told = {(one.person_id, one.kind) for one in Notice.objects.all()}
    assert told == {(who_.pk, "org_units.term_ends") for who_ in (town.branch_secretary, town.organiser)}
    assert services.remind(actor=actor, at=at + dt.timedelta(days=1)) == []
    with pytest.raises(NotPermitted):
        services.remind(actor=who["actor"], at=at)


@pytest.mark.parametrize(("verb", "state"), every_forbidden(WALK, TermState.values))
def test_every_forbidden_step(town: SimpleNamespace, who: dict[str, Any], verb: str, state: str) -> None:
    term = _term(town, who, dt.date(2021, 11, 20))
    change = {"state": state} | ({"ended_on": TODAY} if state == TermState.ENDED else {})
    CommitteeTerm.objects.filter(pk=term.pk).update(**change)
    with pytest.raises(NotOpenFromHere):
        WALK.take(verb, term, **who)
    assert CommitteeTerm.objects.get(pk=term.pk).version == 1
