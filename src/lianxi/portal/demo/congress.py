"""Seat plans of the demo street: one published, its successor waiting for approval, and those in work, tied and impossible."""

import datetime as dt
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from lianxi.commons.permissions import Actor
from lianxi.commons.permissions.actor import actor_of
from lianxi.delegates.quotas import queries, services

SOURCE = "街道统计台账，2026年9月末"
RESIDENTS = (9840, 8120, 7760, 6930, 7210, 6480, 5970, 7690)


def build_plans(units: SimpleNamespace, people: SimpleNamespace, at: dt.datetime) -> None:
    """Draw up the plans as their people would, through the services of the pages."""
    today = timezone.localtime(at).date()
    own, above = actor_of(people.zhuangwenxi.pk, on=today), actor_of(people.yinshujian.pk, on=today)
    month = at - dt.timedelta(days=30)
    old = _street(units.street, own, month)
    services.submit(old, actor=own, at=month + dt.timedelta(hours=2))
    services.approve(old, approval="砚组〔2026〕41号", actor=above, at=month + dt.timedelta(days=4))
    old = services.publish(old, actor=own, at=month + dt.timedelta(days=5))
    _nominate(old, own, at - dt.timedelta(days=9))
    new = services.revise(old, actor=own, at=at - dt.timedelta(days=3))
    services.settle(new, seats=76, due_on=today + dt.timedelta(days=3), reason="新就业群体党员多了", actor=own, at=at - dt.timedelta(days=3))  # fmt: skip
    new = services.compute(new, actor=own, at=at - dt.timedelta(days=2))
    services.submit(new, actor=own, at=at - dt.timedelta(days=2))
    _computed(units.communities[0], own, at, today)
    _tied(units.communities[4], own, at, today)
    _impossible(units.communities[5], own, at, today)
    services.freeze(
        services.begin(
            units.communities[1], title="听松社区党员代表会议", title_en="Tingsong conference of delegates", kind="conference",
            seats=60, due_on=today + dt.timedelta(days=12), actor=own, at=at,
        ),
        on=today, actor=own, at=at,
    )  # fmt: skip


def _street(street: Any, own: Actor, at: dt.datetime) -> Any:
    day = timezone.localtime(at).date()
    plan = services.begin(
        street, title="砚湖街道党员代表会议", title_en="Yanhu Street conference of delegates", kind="conference", seats=72,
        held_on=day + dt.timedelta(days=75), actor=own, at=at,
    )  # fmt: skip
    plan = services.freeze(plan, on=day, actor=own, at=at)
    return _counted(plan, own, at, RESIDENTS)


def _counted(plan: Any, own: Actor, at: dt.datetime, residents: tuple[int, ...]) -> Any:
    units, _trades = queries.loaded(plan)
    figures = {unit.pk: residents[n % len(residents)] for n, unit in enumerate(units)}
    plan = services.set_population(plan, people=figures, source=SOURCE, actor=own, at=at)
    return services.compute(plan, actor=own, at=at + dt.timedelta(hours=1))


def _nominate(plan: Any, own: Actor, at: dt.datetime) -> None:
    units, _trades = queries.loaded(plan)
    guides = queries.guides(plan, units, plan.current)
    named = {
        row["unit"].pk: {guide.aim.aim: max(0, row["target"] - (2 if n % 3 == 0 else 0))}
        for guide in guides
        for n, row in enumerate(guide.rows)
    }
    services.count_named(plan, named=named, actor=own, at=at)


def _computed(community: Any, own: Actor, at: dt.datetime, today: dt.date) -> None:
    """A community with a congress of its own, computed and not yet submitted; due tomorrow."""
    plan = services.begin(
        community, title="望槐社区党员代表大会", title_en="Wanghuai Party congress", kind="primary", seats=100,
        due_on=today + dt.timedelta(days=1), held_on=today + dt.timedelta(days=60), actor=own, at=at - dt.timedelta(days=6),
    )  # fmt: skip
    plan = services.freeze(plan, on=today - dt.timedelta(days=6), actor=own, at=at - dt.timedelta(days=6))
    _counted(plan, own, at - dt.timedelta(days=5), (2480, 2310, 2650, 2400))


def _alike(community: Any, own: Actor, at: dt.datetime, today: dt.date, title: str, english: str, seats: int) -> Any:
    plan = services.begin(
        community, title=title, title_en=english, kind="conference", seats=seats, due_on=today + dt.timedelta(days=9), actor=own, at=at,
        weight_members=Fraction(1), weight_organizations=Fraction(0), weight_population=Fraction(0),
    )  # fmt: skip
    rows = [
        {
            "name": f"{community.short_name}{number}党支部", "name_en": f"Branch {n + 1}", "members": 84, "organizations": 1,
            "people": [12, 18, 16, 22, 16], "women": 26, "young": 30, "minority": 5,
        }
        for n, number in enumerate(("第一", "第二", "第三"))
    ]  # fmt: skip
    return services.put_figures(plan, on=today - dt.timedelta(days=3), rows=rows, actor=own, at=at)


def _tied(community: Any, own: Actor, at: dt.datetime, today: dt.date) -> None:
    """Three branches alike and forty seats: one of them has one more, and nobody but the meeting says which."""
    plan = _alike(community, own, at - dt.timedelta(days=1), today, "半亩社区党员代表会议", "Banmu conference of delegates", 40)  # fmt: skip
    services.compute(plan, actor=own, at=at - dt.timedelta(days=1))


def _impossible(community: Any, own: Actor, at: dt.datetime, today: dt.date) -> None:
    """Every trade at most a sixth: five sixths of the seats have no trade to go to."""
    plan = _alike(community, own, at - dt.timedelta(days=2), today, "麦浦社区党员代表会议", "Maipu conference of delegates", 36)  # fmt: skip
    shares: dict[int, Any] = {one.pk: (None, Fraction(1, 6)) for one in plan.trades.all()}
    plan = services.set_bounds(plan, shares=shares, actor=own, at=at - dt.timedelta(days=2))
    services.compute(plan, actor=own, at=at - dt.timedelta(days=2))
