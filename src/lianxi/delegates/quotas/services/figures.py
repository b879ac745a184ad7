"""Figures of the units: counted in the register, typed, imported; and those nominated."""

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput
from lianxi.commons.rulebook import applies

from ..models import PlanAim, PlanTrade, PlanUnit, SeatPlan
from ..queries.sources import count, regions_of
from ..terms import MOST_UNITS, Aim
from ..workflow import WALK
from .plans import UNSETTLED


@applies("E-39", where=_("女代表的要求"))
@transaction.atomic
def freeze(plan: SeatPlan, *, on: dt.date, actor: Actor, at: dt.datetime, seen: int | None = None) -> SeatPlan:
    """冻结人数: count members, organisations, women, young and minorities in the register as of a day, by unit and trade.

    Units that came to stand below the body are added, those that ended go; typed population stays. The share asked of
    women is that of the members (E-39). Raises BadInput.
    """
    if on > timezone.localtime(at).date():
        raise BadInput({"on": _("截止日还没有到。")})
    done = WALK.take("freeze", plan, actor=actor, at=at, seen=seen, counted_on=on, figures_source="", **UNSETTLED)
    trades = list(done.trades.all())
    regions = regions_of(done.body, on=on)
    if not regions:
        raise BadInput({"on": _("这一天下面没有党组织，不能分名额。")})
    old = {one.unit_id: one for one in done.units.all()}
    PlanUnit.objects.filter(plan=done).exclude(unit__in=regions).delete()
    found = count(regions, trades, on=on)
    last = max((one.number for one in old.values()), default=-1)
    for region in regions:
        row = old.get(region.pk)
        if row is None:
            last += 1
            row = PlanUnit(
                plan=done, unit=region, number=last, name=region.short_name or region.name, name_en=region.name_en
            )
        figures = found[region.pk]
        for name in ("members", "organizations", "women", "young", "minority", "people"):
            setattr(row, name, getattr(figures, name))
        row.save()
    aim_at_women(done)
    return done


def aim_at_women(plan: SeatPlan) -> None:
    rows = list(plan.units.values_list("members", "women"))
    members, women = sum(row[0] for row in rows), sum(row[1] for row in rows)
    if members and women:
        PlanAim.objects.update_or_create(
            plan=plan, aim=Aim.WOMEN, defaults={"share": str(Fraction(women, members)), "rule_id": "E-39"}
        )


@transaction.atomic
def set_population(
    plan: SeatPlan,
    *,
    people: Mapping[int, int | None],
    source: str,
    actor: Actor,
    at: dt.datetime,
    seen: int | None = None,
) -> SeatPlan:
    """填人口数: plan unit (its key) → residents, with where the figures come from. Raises BadInput."""
    if len(source.strip()) < 2:
        raise BadInput({"source": _("请写人口数从哪里来，如街道统计台账。")})
    rows = {one.pk: one for one in PlanUnit.objects.filter(plan=plan)}
    if set(people) - set(rows):
        raise BadInput({"people": _("没有这个选举单位。")})
    if any(value is not None and not 0 <= value <= 10**8 for value in people.values()):
        raise BadInput({"people": _("人口数在0到一亿之间。")})
    done = WALK.take(
        "settle", plan, actor=actor, at=at, seen=seen, facts={"population": source.strip(), "units": len(people)}, **UNSETTLED
    )  # fmt: skip
    for key, value in people.items():
        row = rows[key]
        row.population, row.population_source = value, source.strip() if value is not None else ""
        row.save(update_fields=["population", "population_source"])
    return done


@transaction.atomic
def put_figures(
    plan: SeatPlan,
    *,
    on: dt.date,
    rows: list[dict[str, Any]],
    source: str = "",
    actor: Actor,
    at: dt.datetime,
    seen: int | None = None,
) -> SeatPlan:
    """录入数字: units with figures that the register here does not have (a district's streets, say), all at once.

    A row: name, name_en, members, organizations, population, people (by trade), women, young, minority. Raises BadInput.
    """
    trades = PlanTrade.objects.filter(plan=plan).count()
    names = [one["name"] for one in rows]
    if not rows or len(rows) > MOST_UNITS or len(set(names)) != len(names):
        raise BadInput({"rows": _("选举单位有1到%(most)d个，名称不重复。") % {"most": MOST_UNITS}})
    if any(len(one["people"]) != trades or sum(one["people"]) != one["members"] for one in rows):
        raise BadInput({"rows": _("各行业的人数加起来要等于党员数。")})
    done = WALK.take(
        "freeze", plan, actor=actor, at=at, seen=seen, counted_on=on, figures_source=source or "录入", facts={"typed": len(rows)}, **UNSETTLED
    )  # fmt: skip
    PlanUnit.objects.filter(plan=done).delete()
    PlanUnit.objects.bulk_create(PlanUnit(plan=done, number=n, **one) for n, one in enumerate(rows))
    aim_at_women(done)
    return done


@transaction.atomic
def count_named(
    plan: SeatPlan,
    *,
    named: Mapping[int, Mapping[str, int]],
    actor: Actor,
    at: dt.datetime,
    seen: int | None = None,
) -> SeatPlan:
    """登记提名人数: plan unit (its key) → aim → how many of those nominated. Never more than the unit has seats."""
    rows = {one.pk: one for one in PlanUnit.objects.filter(plan=plan)}
    seats = dict(zip((one.pk for one in sorted(rows.values(), key=lambda r: r.number)), (plan.current.seat("a") if plan.current else []), strict=False))  # fmt: skip
    for key, counts in named.items():
        if key not in rows:
            raise BadInput({"named": _("没有这个选举单位。")})
        if any(not 0 <= n <= seats.get(key, 0) for n in counts.values()):
            raise BadInput({f"named_{key}": _("%(unit)s只有%(n)d名，填的数不能更多。") % {"unit": rows[key], "n": seats.get(key, 0)}})  # fmt: skip
    done = WALK.take("count_named", plan, actor=actor, at=at, seen=seen, facts={"units": len(named)})
    for key, counts in named.items():
        for aim, n in counts.items():
            setattr(rows[key], f"{Aim(aim).value}_named", n)
        rows[key].save(update_fields=[f"{Aim(aim).value}_named" for aim in counts])
    return done
