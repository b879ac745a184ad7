"""Branches and members on the small street, for the tests of the organization."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

from lianxi.engines.codes import identity_check_digit


def identity(born: dt.date, sex: str = "1", serial: int = 1) -> str:
    """An ID of an invented division that holds together."""
    order = serial * 2 - (1 if sex == "1" else 0)
    first = f"999001{born:%Y%m%d}{order % 1000:03d}"
    return first + identity_check_digit(first)


def items(born: dt.date = dt.date(1980, 5, 6), sex: str = "1", serial: int = 1, **more: Any) -> dict[str, Any]:
    """The items of a full member."""
    return {
        "sex": sex,
        "identity": identity(born, sex, serial),
        "nationality": "01",
        "born_on": born,
        "education": "21",
        "kind": "01",
        "joined_on": dt.date(2005, 7, 1),
        "full_on": dt.date(2006, 7, 1),
        "work": "教师",
        "address": "望槐路12号3号院",
    } | more


def grow(s: SimpleNamespace) -> SimpleNamespace:
    """Organisers, a general branch, branches, a group, and three members on the street."""
    from lianxi.commons.accounts.models import Person
    from lianxi.commons.permissions.models import Posting
    from lianxi.commons.permissions.terms import Role
    from lianxi.commons.units.models import Unit
    from lianxi.commons.units.terms import UnitKind as K
    from lianxi.organization.members import services

    def unit(key: str, name: str, kind: str, parent: Unit) -> None:
        made = Unit.objects.create(name=name, kind=kind, parent=parent)
        made.refresh_from_db()
        setattr(s, key, made)

    def person(key: str, name: str, role: str, where: Unit, head: bool = False) -> None:
        made = Person.objects.create(name=name)
        Posting.objects.create(person=made, unit=where, role=role, head=head, since=dt.date(2025, 1, 1))
        setattr(s, key, made)
        s.people[key] = made

    unit("first", "望槐社区第一党支部", K.BRANCH, s.wanghuai)
    unit("second", "望槐社区第二党支部", K.BRANCH, s.wanghuai)
    unit("group", "第一党小组", K.GROUP, s.first)
    unit("far", "听松社区第一党支部", K.BRANCH, s.tingsong)
    person("organiser", "顾明远", Role.ORGANISER, s.top)
    person("far_organiser", "傅云舒", Role.ORGANISER, s.tingsong)
    person("branch_secretary", "纪晚晴", Role.SECRETARY, s.first, head=True)
    person("far_secretary", "阮清扬", Role.SECRETARY, s.far, head=True)
    person("admin", "方如是", Role.SYSTEM_ADMIN, s.top)
    s.members = {}
    at = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
    for key, name, branch, more in (
        ("zhou", "周望舒", s.first, {}),
        ("gu", "顾怀瑾", s.first, {"sex": "2", "born": dt.date(1985, 3, 9), "serial": 2}),
        ("shen", "沈听澜", s.far, {"serial": 3}),
    ):
        s.members[key] = services.register(
            branch=branch, name=name, phone="", items=items(**more), actor=s.actor(s.organiser), at=at
        )
    return s
