"""Figures of the units from a sheet 用表格填数字, and back to those before it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput

from ..models import PlanEvent, PlanUnit, SeatPlan
from ..terms import MOST_UNITS
from ..workflow import WALK
from .figures import aim_at_women
from .plans import UNSETTLED

_PAST: Any = apps.get_model("quotas", "PlanUnitEvent")
FIGURES = ("members", "organizations", "population", "population_source", "people", "women", "young", "minority")
"""What a sheet may change of a unit."""


@transaction.atomic
def import_figures(
    plan: SeatPlan, *, on: dt.date, source: str, rows: Sequence[dict[str, Any]], actor: Actor, at: dt.datetime
) -> list[PlanUnit]:
    """用表格填数字: figures of units, by their names; a name that the plan does not have is a new unit. Others stay.

    A row: name, name_en and some of `FIGURES`; `people` by trade, in their order. Returns the units in the order of the
    rows. Raises BadInput.
    """
    trades = plan.trades.count()
    units = {one.name: one for one in PlanUnit.objects.filter(plan=plan)}
    if len(units) + sum(row["name"] not in units for row in rows) > MOST_UNITS:
        raise BadInput({"rows": _("选举单位最多%(most)d个。") % {"most": MOST_UNITS}})
    if any(len(row["people"]) != trades or sum(row["people"]) != row["members"] for row in rows):
        raise BadInput({"rows": _("各行业的人数加起来要等于党员数。")})
    was = {
        "on": plan.counted_on.isoformat() if plan.counted_on else "", "source": plan.figures_source,
        "past": _PAST.objects.filter(plan=plan).aggregate(last=Max("pgh_id"))["last"] or 0,
    }  # fmt: skip
    done = WALK.take(
        "freeze", plan, actor=actor, at=at, counted_on=on, figures_source=source, facts={"sheet": len(rows), "before": was}, **UNSETTLED
    )  # fmt: skip
    last = max((one.number for one in units.values()), default=-1)
    made = []
    for row in rows:
        unit = units.get(row["name"])
        if unit is None:
            last += 1
            unit = PlanUnit(plan=done, number=last, name=row["name"])
        unit.name_en = row.get("name_en") or unit.name_en
        for name in FIGURES:
            if row.get(name) is not None:
                setattr(unit, name, row[name])
        made.append(unit)
    PlanUnit.objects.bulk_update([one for one in made if one.pk], ["name_en", *FIGURES], batch_size=500)
    for unit in made:
        if unit.pk is None:
            unit.save()
    aim_at_women(done)
    return made


def sheet_stands(plan: SeatPlan) -> bool:
    """Whether nothing has touched figures or trades since the last sheet: then it can be taken back."""
    for event in PlanEvent._base_manager.filter(plan=plan).order_by("-number"):
        if event.verb == "freeze":
            return "sheet" in event.facts
        if event.verb == "settle" and {"trade", "trades", "population"} & set(event.facts):
            return False
    return False


@transaction.atomic
def take_back_figures(plan: SeatPlan, *, units: Sequence[PlanUnit], actor: Actor, at: dt.datetime) -> SeatPlan:
    """撤销表格: the figures before the sheet, as the history of each unit has them; units that came with it go."""
    before = _before(plan)
    done = WALK.take(
        "freeze", plan, actor=actor, at=at, facts={"undone": len(units)}, figures_source=before["source"],
        counted_on=dt.date.fromisoformat(before["on"]) if before["on"] else None, **UNSETTLED,
    )  # fmt: skip
    kept: dict[int, Any] = {}
    for past in _PAST.objects.filter(pgh_obj__in=[one.pk for one in units], pgh_id__lte=before["past"]).order_by(
        "pgh_id"
    ):
        kept[past.pgh_obj_id] = past
    for unit in units:
        if unit.pk not in kept:
            unit.delete()
            continue
        for name in ("name_en", *FIGURES):
            setattr(unit, name, getattr(kept[unit.pk], name))
        unit.save()
    aim_at_women(done)
    return done


def _before(plan: SeatPlan) -> dict[str, Any]:
    """What stood before the last sheet. A long one is applied in parts, at the same moment: the first part knows."""
    found: dict[str, Any] = {"on": "", "source": "", "past": 0}
    moment = None
    for event in PlanEvent._base_manager.filter(plan=plan, verb="freeze").order_by("-number"):
        if "sheet" not in event.facts or moment not in (None, event.at):
            break
        moment, found = event.at, event.facts["before"]
    return found
