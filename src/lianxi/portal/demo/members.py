"""The members of the demo street, written in bulk, and the terms of its committees: one about to end, one over."""

import datetime as dt
from collections.abc import Callable
from random import Random
from types import SimpleNamespace

from lianxi.commons.accounts.models import Person
from lianxi.commons.units.models import Unit
from lianxi.engines.worktime import add
from lianxi.organization.members.models import Affiliation, Member, TakingPart
from lianxi.organization.members.terms import Education, Kind, PartKind, Sex, Standing, WayIn
from lianxi.organization.units.models import CommitteeTerm

from .people import FAMILY, GIVEN

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
WORK = ("工人", "教师", "医生", "社区工作者", "工程师", "会计", "个体经营", "外卖员", "退休", "公务员", "学生", "护士")
STREETS = ("望槐路", "砚北街", "听松里", "栗园西区", "学前路", "汀兰里", "麦浦路", "湖滨路")


def identity_of(born: dt.date, number: int, sex: str) -> str:
    """An identity number of the invented division 999101 with its check character (GB 11643)."""
    order = (number % 499) * 2 + (1 if sex == Sex.MALE else 0)
    digits = f"999101{born:%Y%m%d}{order:03d}"
    return digits + "10X98765432"[sum(w * int(d) for w, d in zip(WEIGHTS, digits, strict=True)) % 11]


def build_members(
    branches: list[Unit],
    *,
    count: int,
    today: dt.date,
    lot: Random,
    told: Callable[[int, int], None] = lambda done, total: None,
    chunk: int = 1000,
) -> None:
    """Write `count` members, spread over the branches."""
    seen: set[str] = set()
    for first in range(0, count, chunk):
        numbers = range(first, min(first + chunk, count))
        people = Person.objects.bulk_create(
            [Person(name=lot.choice(FAMILY) + lot.choice(GIVEN), phone=f"1391{number:07d}") for number in numbers]
        )
        members = Member.objects.bulk_create(
            [
                _member(one, branches[n % len(branches)], n, today, seen, lot)
                for n, one in zip(numbers, people, strict=True)
            ]
        )
        Affiliation.objects.bulk_create(
            [
                Affiliation(member=one, unit_id=one.branch_id, since=one.joined_on, way_in=WayIn.REGISTERED)
                for one in members
            ]
        )
        told(numbers.stop, count)


def _member(person: Person, branch: Unit, number: int, today: dt.date, seen: set[str], lot: Random) -> Member:
    probationary = lot.random() < 0.04
    age = lot.choices((24, 33, 45, 58, 70), (12, 22, 24, 22, 20))[0] + lot.randrange(-4, 6)
    sex = Sex.FEMALE if lot.random() < 0.31 else Sex.MALE
    while True:
        born = dt.date(today.year - age, lot.randrange(1, 13), lot.randrange(1, 29))
        identity = identity_of(born, lot.randrange(499), sex)
        if identity not in seen:
            seen.add(identity)
            break
    joined = (
        add(today, months=-lot.randrange(1, 11))
        if probationary
        else dt.date(born.year + 18 + lot.randrange(1, max(2, min(20, age - 18))), lot.randrange(1, 13), 1)
    )
    joined = min(joined, today - dt.timedelta(days=20))
    full = None if probationary else min(add(joined, months=12), today)
    return Member(
        person=person, branch=branch, sex=sex, identity=identity, nationality="01" if lot.random() < 0.92 else lot.choice(("03", "05", "11", "15")),
        born_on=born, education=lot.choice(list(Education.values)), kind=Kind.PROBATIONARY if probationary else Kind.FULL, joined_on=joined,
        full_on=full, work=lot.choice(WORK), address=f"{lot.choice(STREETS)}{lot.randrange(1, 60)}号{lot.randrange(1, 7)}单元{lot.randrange(101, 604)}室",
        lost=lot.random() < 0.004, mobile=lot.random() < 0.03,
    )  # fmt: skip


def build_parts(branches: list[Unit], *, at: dt.datetime, today: dt.date, lot: Random) -> None:
    """Signs of taking part (B-05): most members lately, a few not for months; the last branch keeps no such records yet."""
    found = Member.objects.filter(branch__in=branches[:-1], standing=Standing.NORMAL).order_by("pk")
    signs = []
    for number, member in enumerate(found.only("pk", "branch_id", "joined_on")):
        quiet = number % 300 == 37
        day = today - dt.timedelta(days=lot.choice((128, 131, 158, 190, 245)) if quiet else lot.randrange(2, 70))
        kind = lot.choice(PartKind.values)
        signs.append(
            TakingPart(
                member=member, branch_id=member.branch_id, kind=kind, on=max(day, member.joined_on), at=at - dt.timedelta(days=200),
            )
        )  # fmt: skip
    TakingPart.objects.bulk_create(signs, batch_size=1000)


def build_terms(units: SimpleNamespace, today: dt.date) -> None:
    """Terms of five years (E-01) that end at different times; the first community's is nearly over, the third's is."""
    ends = (add(today, months=5), add(today, months=20), today - dt.timedelta(days=12), add(today, months=31))
    for number, body in enumerate((*units.communities, *units.branches)):
        until = ends[number % len(ends)] if number < len(units.communities) else add(today, months=14 + number % 30)
        CommitteeTerm.objects.create(body=body, since=add(until, months=-60) + dt.timedelta(days=1), until=until)
