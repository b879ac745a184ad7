"""Every kind of cure: with it that refusal is gone, with a seat less of it the refusal stays."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from lianxi.engines.apportionment import (
    Infeasible,
    PlanDemand,
    Trade,
    Unit,
    biproportional,
    divisor,
    hamilton,
    seat_plan,
)
from lianxi.engines.apportionment.sentences import SENTENCES
from tests.draws import draws

from .cases import best_tables, rows_of, small


def refused(asked: dict[str, Any]) -> Infeasible | None:
    try:
        biproportional(**asked)
    except Infeasible as error:
        return error
    return None


def cured(asked: dict[str, Any], cure: dict[str, Any], short: int = 0) -> dict[str, Any]:
    """The demand with the cure applied but for so many seats of it."""
    rows, columns = list(asked["row_seats"]), [list(pair) for pair in asked["col_seats"]]
    kind, by = cure["kind"], cure.get("by", 0) - short
    if kind in ("raise-row", "lower-row"):
        rows[int(cure["rows"][0]) - 1] += by if kind == "raise-row" else -by
    elif kind == "raise-all":
        columns[0][1] += by
    elif kind == "lower-all":
        for pair in columns:
            pair[0] -= (less := min(pair[0], by))
            by -= less
    else:
        assert kind == "bounds"
        steps = [(name, 1) for name, n in cure["raise"] for _ in range(n)]
        steps += [(name, 0) for name, n in cure["lower"] for _ in range(n)]
        assert len(steps) == cure["by"]
        for name, end in steps[short:]:
            columns[int(name) - 1][end] += 1 if end else -1
    return {**asked, "row_seats": rows, "col_seats": [tuple(pair) for pair in columns]}


def least_change(asked: dict[str, Any]) -> int:
    """By how many seats the bounds of the columns must move at least, by looking at every table."""
    choices = []
    for i, seats in enumerate(asked["row_seats"]):
        tops = [low if not w else seats if cap is None else cap
                for w, low, cap in zip(asked["weights"][i], asked["floor"][i], asked["cap"][i], strict=True)]  # fmt: skip
        choices.append(list(rows_of(seats, asked["floor"][i], tops)))
    return min(
        sum(max(n - high, low - n, 0) for n, (low, high) in zip(map(sum, zip(*table, strict=True)), asked["col_seats"], strict=True))
        for table in itertools.product(*choices)
    )  # fmt: skip


def test_cures_of_a_table_cure() -> None:
    lot = random.Random(404)
    seen: Counter[str] = Counter()
    for _ in range(draws(250, 10_000)):
        asked = small(lot)
        if lot.random() < 0.2:
            asked["col_seats"] = [(low + lot.randint(0, 2), high + 2) for low, high in asked["col_seats"]]
        elif lot.random() < 0.2:
            asked["col_seats"] = [(0, max(high - 1, 0)) for _, high in asked["col_seats"]]
        for _ in range(2 * len(asked["weights"]) + 3):  # one refusal may stand behind another
            error = refused(asked)
            if error is None:
                assert best_tables(asked)
                break
            assert error.cures
            for cure in error.cures:
                kind = cure["kind"]
                assert f"cure-{kind}" in SENTENCES
                seen[kind] += 1
                if kind == "bounds":
                    assert cure["by"] == least_change(asked), asked
                    assert refused(cured(asked, cure)) is None, asked
                still = refused(cured(asked, cure, short=1))
                assert still is not None, (asked, cure)
                after = refused(cured(asked, cure))
                if after is not None:
                    assert (after.code, after.facts["rows"], after.facts["cols"]) != (error.code, error.facts["rows"], error.facts["cols"])  # fmt: skip
            asked = cured(asked, error.cures[0])
        else:
            raise AssertionError(f"never cured: {asked}")
    assert set(seen) == {"bounds", "raise-row", "lower-row", "raise-all", "lower-all"}, seen
    assert min(seen.values()) >= 5, seen


@pytest.mark.parametrize("rule", [divisor, hamilton])
@pytest.mark.parametrize(
    ("seats", "bounds", "kind", "by"),
    [(3, {"floor": 2}, "seats", 1), (7, {"cap": 2}, "fewer-seats", 3), (5, {"cap": {"A": 1, "B": 2}, "floor": 1}, "fewer-seats", 2)],
)  # fmt: skip
def test_cures_of_a_line_cure(rule: Any, seats: int, bounds: dict[str, Any], kind: str, by: int) -> None:
    with pytest.raises(Infeasible) as found:
        rule({"A": 3, "B": 1}, seats, **bounds)
    assert found.value.cures == [{"kind": kind, "by": by}]
    step = 1 if kind == "seats" else -1
    assert sum(rule({"A": 3, "B": 1}, seats + step * by, **bounds).seats) == seats + step * by
    with pytest.raises(Infeasible):
        rule({"A": 3, "B": 1}, seats + step * (by - 1), **bounds)


@pytest.mark.parametrize(("people", "code", "floor", "by"), [(0, "no-members", 2, 2), (3, "row-cap", 5, 2)])
def test_a_unit_that_cannot_hold_its_least_seats(people: int, code: str, floor: int, by: int) -> None:
    def demand(least: int) -> PlanDemand:
        units = (Unit("A", 90, trades={"t": 90}), Unit("B", 10, trades={"t": people}, floor=least))
        return PlanDemand(units, (Trade("t"),), 20, cell_cap="members", unit_floor=0)

    with pytest.raises(Infeasible) as found:
        seat_plan(demand(floor))
    assert (found.value.code, found.value.facts["step"]) == (code, "A")
    assert found.value.cures == [{"kind": "lower-row", "rows": ["B"], "by": by}]
    assert seat_plan(demand(floor - by)).a["B"] <= floor - by
    with pytest.raises(Infeasible):
        seat_plan(demand(floor - by + 1))


@pytest.mark.filterwarnings("error")
def test_a_demand_that_no_scaling_can_meet_is_refused_without_a_warning() -> None:
    """Column multipliers run away here; what they scale must not leave the whole numbers."""
    with np.errstate(all="warn"), pytest.raises(Infeasible):
        biproportional([[1, 1], [1, 1]], [1, 4], [1, 4], cap=[[None, 2], [None, 0]], rounding=Fraction(1, 3))
