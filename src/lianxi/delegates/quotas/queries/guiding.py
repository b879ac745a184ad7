"""Guidance for groups that overlap with units and trades: how many in each unit, who is asked next, and who equally could be."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from lianxi.engines.apportionment import Order

from ..models import Calculation, PlanAim, PlanUnit, SeatPlan
from ..terms import Aim, TieWay

FIRST = 4
"""So many units are named as the next ones."""


@dataclass(frozen=True, slots=True)
class Guide:
    """Guidance for one group: how many in all, how many each unit, who is asked next.

    `next`: units in the order in which they are asked; those in one list could equally be asked next, and nobody has
    decided among them. `tied`: every unit of which that is so. `open`: delegates of the target whose unit is not decided.
    """

    aim: PlanAim
    label: str
    total: int
    base: int
    rows: list[dict[str, Any]]
    named: int
    next: list[list[PlanUnit]]
    tied: list[PlanUnit]
    open: list[tuple[int, list[PlanUnit]]]

    @property
    def left(self) -> int:
        """How many of the target are not decided."""
        return sum(n for n, _some in self.open)

    @property
    def left_names(self) -> str:
        return _("、").join(str(unit) for _n, some in self.open for unit in some)


def guides(plan: SeatPlan, units: list[PlanUnit], calc: Calculation | None) -> list[Guide]:
    """Guidance as the calculation gives it, against those nominated; whoever is furthest behind is asked next.

    Equal claims are decided by what the body voted or drew, never by the order of the list.
    """
    result = []
    stored = (calc.document.get("guides") if calc else None) or {}
    for aim in plan.aims.all():
        found = stored.get(aim.aim) or {}
        targets = found.get("seats")
        if not targets or len(targets) != len(units):
            continue
        order = order_of(aim)
        targets, open_ = _decided(targets, found.get("ties", ()), units, order)
        rows = [
            {
                "unit": unit, "base": getattr(unit, aim.aim), "target": target, "named": getattr(unit, f"{aim.aim}_named"),
                "weight": Fraction(weight), "open": any(unit in some for _n, some in open_),
            }
            for unit, target, weight in zip(units, targets, found["weights"], strict=True)
        ]  # fmt: skip
        asked = _next(rows, order)
        tied = [unit for group in asked if len(group) > 1 for unit in group]
        tied += [unit for _n, some in open_ for unit in some if unit not in tied]
        result.append(
            Guide(
                aim, str(Aim(aim.aim).label), sum(found["seats"]), sum(row["base"] for row in rows), rows,
                sum(row["named"] for row in rows), asked, tied, open_,
            )
        )  # fmt: skip
    return result


def order_of(aim: PlanAim) -> Order | None:
    """What the body decided for the group."""
    if aim.tie_way == TieWay.DRAWN:
        return Order.lot(aim.tie_seed)
    return Order.vote(aim.tie_order) if aim.tie_way == TieWay.VOTED else None


def _ranked(units: Sequence[PlanUnit], order: Order | None) -> list[list[PlanUnit]]:
    """Units in the order that decides among them; those it leaves equal stand together."""
    if order is None:
        return [list(units)]
    if order.kind == "vote":
        places = {unit: n for n, (unit, _trade) in enumerate(order.listed)}
        ranked = sorted(units, key=lambda unit: places.get(unit.name, len(places)))
        return [list(group) for _place, group in groupby(ranked, key=lambda unit: places.get(unit.name, len(places)))]
    return [[units[place]] for place in order.sort([("", unit.name) for unit in units])]


def _decided(
    seats: Sequence[int], ties: Sequence[dict[str, Any]], units: Sequence[PlanUnit], order: Order | None
) -> tuple[list[int], list[tuple[int, list[PlanUnit]]]]:
    """Targets with the tied ones as decided, and what is still open: how many among which units."""
    targets, left = list(seats), []
    for tie in ties:
        for place in tie["held"]:
            targets[place] -= 1
        open_ = tie["open"]
        place_of = {units[place]: place for place in tie["units"]}
        for group in _ranked(list(place_of), order):
            if not open_:
                break
            if len(group) > open_:
                left.append((open_, group))
                break
            for unit in group:
                targets[place_of[unit]] += 1
            open_ -= len(group)
    return targets, left


def _next(rows: Sequence[dict[str, Any]], order: Order | None) -> list[list[PlanUnit]]:
    def claim(row: dict[str, Any]) -> Fraction:
        return row["weight"] / (2 * row["named"] + 1)  # type: ignore[no-any-return]

    behind = sorted((row for row in rows if row["named"] < row["target"]), key=claim, reverse=True)
    groups = [[row["unit"] for row in some] for _claim, some in groupby(behind, key=claim)]
    return [part for group in groups for part in _ranked(group, order)]
