"""Giving and ending posts: who may, what is refused, and that nothing changes then."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from lianxi.commons.people import services
from lianxi.commons.people.models import PersonEvent
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import Role
from lianxi.commons.refusals import BadInput, Blocked, NotFound, NotPermitted, Refusal

TODAY = dt.date(2026, 11, 16)


def state() -> Any:
    return list(Posting.objects.order_by("pk").values()), PersonEvent.objects.count()


def appoint(s: SimpleNamespace, by: str, who: str, role: str, unit: str, at: dt.datetime, **more: Any) -> Posting:
    return services.appoint(
        getattr(s, who), unit=getattr(s, unit), role=role,
        **({"since": TODAY, "reason": "望街任〔2026〕7号"} | more), actor=s.actor(getattr(s, by)), at=at,
    )  # fmt: skip


def test_an_organiser_gives_a_post_below_for_a_term(office: SimpleNamespace, at: dt.datetime) -> None:
    until = dt.date(2027, 11, 15)
    made = appoint(office, "organiser", "outsider", Role.HANDLER, "wanghuai_committee", at, until=until)
    assert (made.since, made.until) == (TODAY, until)
    assert office.actor(office.outsider).holds(Role.HANDLER)
    event = PersonEvent.objects.get(person=office.outsider)
    assert (event.verb, event.by_name, event.reason, event.number) == ("appoint", "顾明远", "望街任〔2026〕7号", 1)
    assert event.facts == {"role": "handler", "unit": "望槐社区居委会", "since": "2026-11-16", "until": "2027-11-15"}


@pytest.mark.parametrize(
    ("by", "who", "role", "unit", "refused"),
    [
        ("secretary", "outsider", Role.HANDLER, "wanghuai", NotPermitted),
        ("resident", "outsider", Role.HANDLER, "wanghuai", NotPermitted),
        ("far_organiser", "outsider", Role.HANDLER, "wanghuai_committee", NotPermitted),
        ("far_organiser", "outsider", Role.HANDLER, "top", NotPermitted),
        ("organiser", "outsider", Role.SYSTEM_ADMIN, "top", NotPermitted),
        ("system_admin", "outsider", Role.HANDLER, "top", NotPermitted),
        ("system_admin", "outsider", Role.AUDIT_ADMIN, "top", NotPermitted),
        ("audit_admin", "outsider", Role.HANDLER, "top", NotPermitted),
        ("security_admin", "outsider", Role.HANDLER, "top", NotPermitted),
        ("security_admin", "outsider", Role.SYSTEM_ADMIN, "district", NotPermitted),
        ("organiser", "organiser", Role.SUPERVISOR, "top", NotPermitted),
        ("security_admin", "security_admin", Role.AUDIT_ADMIN, "top", NotPermitted),
        ("organiser", "handler", Role.HANDLER, "wanghuai_committee", BadInput),
        ("organiser", "outsider", "emperor", "top", BadInput),
    ],
)
def test_others_give_none(
    office: SimpleNamespace, at: dt.datetime, by: str, who: str, role: str, unit: str, refused: type[Refusal]
) -> None:
    before = state()
    with pytest.raises(refused):
        appoint(office, by, who, role, unit, at)
    assert state() == before


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"until": dt.date(2026, 11, 15)}, "until"),
        ({"head": True}, "head"),
        ({"since": dt.date(1999, 12, 31)}, "since"),
        ({"reason": " "}, "reason"),
    ],
)
def test_a_term_makes_sense_and_has_a_reason(office: SimpleNamespace, at: dt.datetime, more: Any, field: str) -> None:
    before = state()
    with pytest.raises(BadInput) as refused:
        appoint(office, "organiser", "outsider", Role.HANDLER, "top", at, **more)
    assert set(refused.value.errors) == {field}
    assert state() == before


@pytest.mark.parametrize("held", [Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN])
def test_the_three_who_keep_the_system_are_three_persons(office: SimpleNamespace, at: dt.datetime, held: str) -> None:
    other = {Role.SYSTEM_ADMIN: "system_admin", Role.AUDIT_ADMIN: "audit_admin"}[held]  # type: ignore[index]
    wanted = Role.AUDIT_ADMIN if held == Role.SYSTEM_ADMIN else Role.SYSTEM_ADMIN
    before = state()
    with pytest.raises(Blocked) as refused:
        appoint(office, "security_admin", other, wanted, "top", at)
    assert refused.value.missing[0].rule.id == "Z-04"
    assert "GB/T 22239-2019" in str(refused.value) or "等级保护" in str(refused.value)
    assert state() == before


def test_one_after_the_other_they_may_be_one_person(office: SimpleNamespace, at: dt.datetime) -> None:
    Posting.objects.filter(person=office.audit_admin).update(until=dt.date(2026, 11, 15))
    made = appoint(office, "security_admin", "audit_admin", Role.SYSTEM_ADMIN, "top", at)
    assert made.role == Role.SYSTEM_ADMIN


def test_a_post_ends_with_its_last_day(office: SimpleNamespace, at: dt.datetime) -> None:
    post = Posting.objects.get(person=office.handler)
    ended = services.end_posting(post, last_day=TODAY, actor=office.actor(office.organiser), at=at, reason="调走")
    assert ended is not None
    assert ended.until == TODAY
    assert list(Posting.objects.held(TODAY).filter(person=office.handler)) == [ended]
    assert not Posting.objects.held(TODAY + dt.timedelta(days=1)).filter(person=office.handler).exists()


def test_a_post_of_today_is_taken_back_at_once(office: SimpleNamespace, at: dt.datetime) -> None:
    made = appoint(office, "organiser", "outsider", Role.SUPERVISOR, "top", at)
    gone = services.end_posting(
        made, last_day=TODAY - dt.timedelta(days=1), actor=office.actor(office.organiser), at=at, reason="选错了人"
    )
    assert gone is None
    assert not office.actor(office.outsider).posts
    assert [one.verb for one in PersonEvent.objects.filter(person=office.outsider)] == ["cancel", "appoint"]


@pytest.mark.parametrize(
    ("by", "who", "refused"),
    [
        ("resident", "handler", NotFound),
        ("secretary", "handler", NotFound),
        ("far_organiser", "handler", NotFound),
        ("system_admin", "handler", NotPermitted),
        ("security_admin", "handler", NotPermitted),
        ("organiser", "audit_admin", NotPermitted),
        ("organiser", "organiser", NotPermitted),
        ("security_admin", "security_admin", NotPermitted),
    ],
)
def test_others_end_none(office: SimpleNamespace, at: dt.datetime, by: str, who: str, refused: type[Refusal]) -> None:
    before = state()
    post = Posting.objects.get(person=getattr(office, who))
    with pytest.raises(refused):
        services.end_posting(post, last_day=TODAY, actor=office.actor(getattr(office, by)), at=at, reason="试试")
    assert state() == before


def test_the_past_is_not_rewritten(office: SimpleNamespace, at: dt.datetime) -> None:
    before = state()
    post = Posting.objects.get(person=office.handler)
    with pytest.raises(BadInput):
        services.end_posting(
            post, last_day=dt.date(2026, 6, 1), actor=office.actor(office.organiser), at=at, reason="补记"
        )
    assert state() == before
