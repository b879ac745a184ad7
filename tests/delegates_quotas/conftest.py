"""A town with a district above it, and a plan of its street with typed figures."""

import datetime as dt
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from tests.organization import grow

PEOPLE = (
    ("望槐", (62, 88, 71, 96, 141)), ("栗园", (38, 41, 83, 120, 97)), ("汀兰", (29, 64, 112, 74, 58)), ("东篱", (55, 102, 38, 41, 83)),
    ("听松", (47, 36, 29, 66, 124)), ("半亩", (18, 22, 96, 58, 31)), ("麦浦", (12, 19, 44, 131, 52)), ("砚池", (41, 57, 63, 39, 72)),
)  # fmt: skip
DAY = dt.date(2026, 10, 31)


def rows(people: Any = PEOPLE, population: int | None = 5000) -> list[dict[str, Any]]:
    return [
        {
            "name": name, "members": sum(counts), "organizations": 4 + n, "population": None if population is None else population + 311 * n,
            "people": list(counts), "women": sum(counts) * 2 // 5, "young": sum(counts) // 3, "minority": sum(counts) // 20,
        }
        for n, (name, counts) in enumerate(people)
    ]  # fmt: skip


@pytest.fixture
def town(street: SimpleNamespace) -> SimpleNamespace:
    """The street with organisers and members, and an organiser of the district."""
    from lianxi.commons.accounts.models import Person
    from lianxi.commons.permissions.models import Posting
    from lianxi.commons.permissions.terms import Role

    grow(street)
    made = Person.objects.create(name="尹书简")
    Posting.objects.create(person=made, unit=street.district, role=Role.ORGANISER, since=dt.date(2025, 1, 1))
    street.higher = street.people["higher"] = made
    return street


def begun(town: SimpleNamespace, at: dt.datetime, **more: Any) -> Any:
    from lianxi.delegates.quotas import services

    given: dict[str, Any] = {"title": "砚湖街道党员代表会议", "kind": "conference", "seats": 72} | more
    return services.begin(town.top, actor=town.actor(town.organiser), at=at, **given)


@pytest.fixture
def plan(town: SimpleNamespace, at: dt.datetime) -> Any:
    """A plan with typed figures, not yet computed."""
    from lianxi.delegates.quotas import services

    return services.put_figures(begun(town, at), on=DAY, rows=rows(), actor=town.actor(town.organiser), at=at)


@pytest.fixture
def computed(town: SimpleNamespace, plan: Any, at: dt.datetime) -> Any:
    from lianxi.delegates.quotas import services

    return services.compute(plan, actor=town.actor(town.organiser), at=at)


def tied(town: SimpleNamespace, at: dt.datetime) -> Any:
    """Three units alike, four seats: one more for one of them."""
    from lianxi.delegates.quotas import services

    plan = begun(town, at, seats=4, weight_members=Fraction(1), weight_organizations=Fraction(0), weight_population=Fraction(0))  # fmt: skip
    same = [
        {"name": name, "members": 60, "people": [12, 12, 12, 12, 12], "women": 24, "young": 10, "minority": 2}
        for name in ("甲", "乙", "丙")
    ]
    actor = town.actor(town.organiser)
    return services.compute(services.put_figures(plan, on=DAY, rows=same, actor=actor, at=at), actor=actor, at=at)
