"""What changes if: the plan computed with other settings, compared with what holds. Nothing is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..models import Calculation, PlanTrade, PlanUnit, SeatPlan
from ..reckoning import asked_of, reckon
from .matrix import Found

SHOWN = 60


@dataclass(frozen=True, slots=True)
class Changed:
    """A cell that changes."""

    unit: PlanUnit
    trade: PlanTrade | None
    now: int
    then: int

    @property
    def by(self) -> int:
        return self.then - self.now

    @property
    def size(self) -> int:
        return abs(self.then - self.now)


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial: its outcome, what it says, the cells that change."""

    outcome: str
    said: list[str]
    rows: list[Changed]
    more: int
    same: int
    totals: list[Changed]


def trial(
    plan: SeatPlan, units: Sequence[PlanUnit], trades: Sequence[PlanTrade], calc: Calculation | None, **change: Any
) -> Trial:
    """Compute the plan with `change` (seats, floor, weight_…) and compare cell by cell."""
    from .record import said_of

    asked = asked_of(plan, units, trades, **change)
    found = reckon(asked)
    then = Found(Calculation(document=found.document))
    said = said_of(Calculation(document=found.document))
    now = Found(calc)
    if not then.c.get("seats") or not now.c.get("seats"):
        return Trial(found.outcome, said, [], 0, 0, [])
    rows = [
        Changed(unit, trade, now.cell(i, j) or 0, then.cell(i, j) or 0)
        for i, unit in enumerate(units)
        for j, trade in enumerate(trades)
        if now.cell(i, j) != then.cell(i, j)
    ]
    totals = [
        Changed(unit, None, now.unit_seats(i) or 0, then.unit_seats(i) or 0)
        for i, unit in enumerate(units)
        if now.unit_seats(i) != then.unit_seats(i)
    ]
    same = len(units) * len(trades) - len(rows)
    return Trial(found.outcome, said, rows[:SHOWN], max(0, len(rows) - SHOWN), same, totals)
