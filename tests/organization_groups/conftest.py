"""A branch with fourteen members, one of them on probation, and a round for it."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from tests.organization import grow, items

NAMES = [
    "宋闻笛",
    "梁书砚",
    "何静姝",
    "方既明",
    "唐晚舟",
    "冯映雪",
    "董怀谷",
    "袁听雨",
    "蒋若水",
    "韩子衿",
    "曹行简",
    "谢未央",
]
AT = dt.datetime(2026, 11, 16, 1, 5, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def town(street: SimpleNamespace) -> SimpleNamespace:
    """The street with branches, organisers and fourteen members of the first branch; `o`: the acting organiser."""
    from lianxi.organization.members import services

    s = grow(street)
    at = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
    for n, name in enumerate(NAMES):
        more: dict[str, Any] = {}
        if n == 0:
            more = {"kind": "02", "joined_on": dt.date(2026, 6, 1), "full_on": None}
        s.members[f"m{n}"] = services.register(
            branch=s.first, name=name, phone="", items=items(serial=10 + n, **more), actor=s.actor(s.organiser), at=at
        )
    s.o = s.actor(s.organiser)
    s.sec = s.actor(s.branch_secretary)
    return s


def lay_out(s: SimpleNamespace, *, sizes: tuple[tuple[int, int], ...] = ((3, 5), (3, 6), (3, 6)), **more: Any) -> Any:
    """A draft with groups 甲, 乙, 丙 … of these sizes."""
    from lianxi.organization.groups import services

    values = {"title": "2026年编组", "closes_at": AT + 3 * DAY, "unit": s.first} | more
    unit = values.pop("unit")
    made = services.begin(unit, **values, actor=s.o, at=AT)
    for name, (lo, hi) in zip("甲乙丙丁", sizes, strict=False):
        services.add_group(made, name=f"{name}组", branch=s.first, lo=lo, hi=hi, theme="巡楼", actor=s.o, at=AT)
    return fresh(made)


def fresh(record: Any) -> Any:
    return type(record).objects.select_related("unit").get(pk=record.pk)


def people(record: Any) -> list[Any]:
    from lianxi.organization.groups.models import Participant

    rows = Participant.objects.filter(round=record).select_related("member__person", "round__unit", "designated")
    return list(rows.order_by("number"))


def groups(record: Any) -> list[Any]:
    from lianxi.organization.groups.models import RoundGroup

    return list(RoundGroup.objects.filter(round=record).select_related("round__unit", "branch").order_by("pk"))


def me(s: SimpleNamespace, person: Any) -> Any:
    """The member as an actor."""
    return s.actor(person.member.person)


def placed(
    s: SimpleNamespace, record: Any, *, wishes: dict[int, list[int]] | None = None, seed: str = "3-1-4-1"
) -> Any:
    """From a draft to the plan: `wishes` are numbers of members → positions of groups."""
    from lianxi.organization.groups import services

    record = services.open_round(record, actor=s.o, at=AT)
    keys = [one.pk for one in groups(record)]
    for one in people(record):
        if wishes and one.number in wishes:
            services.choose(one, wishes=[keys[n] for n in wishes[one.number]], actor=me(s, one), at=AT + DAY)
    record = services.close(record, actor=s.o, at=AT + 4 * DAY)
    record = services.draw(record, seed=seed, how="typed", witnesses="林岚", actor=s.o, at=AT + 4 * DAY)
    return services.place_all(record, actor=s.o, at=AT + 4 * DAY)


@pytest.fixture
def told(town: SimpleNamespace) -> Any:
    """A round whose members know their places: one moved by hand, one objection open."""
    from lianxi.organization.groups import services
    from lianxi.organization.groups.models import Seat

    record = placed(town, lay_out(town, sizes=((3, 6), (3, 7), (3, 7))), wishes={2: [0], 3: [0, 1], 4: [1], 5: []})
    record = services.publish(record, objections_until=(AT + 9 * DAY).date(), actor=town.o, at=AT + 4 * DAY)
    seat = Seat.objects.select_related("participant__round__unit").get(participant__number=2)
    other = groups(record)[1]
    services.move(seat.participant, group=other, reason="住得近", actor=town.o, at=AT + 5 * DAY)
    one = people(record)[4]
    services.object_to(one, text="想离家近", actor=me(town, one), at=AT + 5 * DAY)
    return record
