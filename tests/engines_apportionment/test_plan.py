"""Seat plans: step B against looking at every total that a table can have, ties, skips, changes, other machines."""

from __future__ import annotations

import itertools
import json
import random
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from typing import Any

import pytest

from lianxi.engines.apportionment import (
    Cancelled,
    Infeasible,
    Order,
    Plan,
    PlanDemand,
    Trade,
    Unit,
    check,
    guidance,
    seat_plan,
    seat_plans,
)
from tests.draws import draws

from .cases import rows_of, worth


def demand(lot: random.Random) -> PlanDemand:
    """A small plan whose units often have nobody in a trade."""
    trades = [f"t{j}" for j in range(lot.choice([2, 3]))]
    top = lot.choice([2, 4, 30])
    units = []
    for i in range(lot.choice([2, 3])):
        counts = {code: 0 if lot.random() < 0.45 else lot.randint(1, top) for code in trades}
        counts[lot.choice(trades)] = lot.randint(1, top)
        units.append(Unit(f"u{i}", lot.randint(1, 9), lot.randint(1, 3), lot.randint(0, 50), counts))
    bounds = [Trade(code, lot.choice([None, None, None, "1/4"]), lot.choice([None, None, None, "1/2"])) for code in trades]  # fmt: skip
    caps: Any = lot.choice(["members", None, {}])
    if caps == {}:
        caps = {(unit.code, code): lot.randint(0, 2) for unit in units for code in trades if lot.random() < 0.5}
    floors: Any = {
        (unit.code, code): 1 for unit in units for code, n in unit.trades.items() if n and lot.random() < 0.15
    }
    if isinstance(caps, dict):
        floors = {cell: one for cell, one in floors.items() if caps.get(cell, 1)}
    return PlanDemand(tuple(units), tuple(bounds), lot.randint(3, 7), {"members": 3, "organisations": "0.5"}, cell_floor=floors, cell_cap=caps)  # fmt: skip


def totals_of_tables(asked: PlanDemand, seats: tuple[int, ...], limits: list[tuple[int, int]]) -> set[tuple[int, ...]]:
    """Every vector of trade totals that some table has."""
    rows = []
    for unit, n in zip(asked.units, seats, strict=True):
        counts = [unit.trades.get(one.code, 0) for one in asked.trades]
        floors = [asked.cell_floor.get((unit.code, one.code), 0) for one in asked.trades]  # type: ignore[union-attr]
        caps = [0 if not one else n if asked.cell_cap is None else min(one, n) for one in counts]
        if isinstance(asked.cell_cap, dict):
            caps = [min(top, asked.cell_cap.get((unit.code, one.code), top)) for top, one in zip(caps, asked.trades, strict=True)]  # fmt: skip
        rows.append(set(rows_of(n, floors, caps)))
    sums = {tuple(map(sum, zip(*table, strict=True))) for table in itertools.product(*rows)}
    return {one for one in sums if all(low <= n <= high for n, (low, high) in zip(one, limits, strict=True))}


def test_step_b_is_best_among_all_totals_that_tables_have() -> None:
    lot = random.Random(99)
    seen = {"skipped": 0, "tied": 0, "impossible": 0, "plain": 0}
    for number in range(draws(150, 3000)):
        asked = demand(lot)
        try:
            found = seat_plan(asked)
        except Infeasible:
            seen["impossible"] += 1
            continue
        shares = [sum((Fraction(n * unit.trades[one.code], sum(unit.trades.values())) for n, unit in zip(found.a.seats, asked.units, strict=True)), Fraction(0)) for one in asked.trades]  # fmt: skip
        assert list(found.b.shares) == shares
        possible = totals_of_tables(asked, found.a.seats, list(found.b.bounds))
        value = {}
        for one in possible:
            value[one] = Fraction(1)
            for share, n, (low, _) in zip(shares, one, found.b.bounds, strict=True):
                value[one] *= worth(share, n, low, Fraction(1, 2))
        best = [one for one in possible if value[one] == max(value.values())]
        assert found.b.seats in best, number
        open_ = {j for tie in found.b.ties for _, j in tie.cells}
        assert open_ == {j for j in range(len(shares)) if len({one[j] for one in best}) > 1}, number
        seen["skipped"] += bool(found.b.skips)
        seen["tied" if not found.b.unique else "plain"] += 1
        told = json.loads(json.dumps(found.certificate()))
        for other in possible - set(best):
            assert not all(line[0] for line in check({**told, "b": {**told["b"], "seats": list(other)}}))
        if open_ and found.a.unique:
            drawn = found.resolve(Order.lot("x"))
            ranked = Order.lot("x").sort([("", one.code) for one in asked.trades])
            assert drawn.b.seats == max(best, key=lambda one: [one[j] for j in ranked]), number
            assert not drawn.open_step
    assert min(seen.values()) >= 3, seen


def street() -> PlanDemand:
    """A street whose shops are all in one quarter: step B must skip."""
    units = (
        Unit("桥头", 320, 12, 5200, {"工人": 200, "教师": 80, "干部": 40}),
        Unit("河湾", 210, 9, 4100, {"工人": 150, "教师": 60}),
        Unit("新村", 90, 4, 2600, {"工人": 80, "干部": 10}),
    )
    trades = (Trade("工人", at_least="1/3"), Trade("教师"), Trade("干部", at_most="1/2"))
    return PlanDemand(
        units, trades, 25, {"members": "0.6", "organisations": "0.2", "population": "0.2"}, rules=("E-09", "E-39")
    )


def test_a_street_gets_its_plan() -> None:
    found = seat_plan(street())
    assert found.a.seats == (12, 9, 4)
    assert sum(found.b.seats) == 25
    assert found.c.col_totals == found.b.seats
    assert found.unique
    working = found.c.working("桥头", "教师")
    assert working.quotient == working.weight / (working.row_divisor * working.col_divisor)
    assert working.low <= working.quotient <= working.high
    assert str(working.seats) in working.sentence("zh")
    assert found.certificate()["rules"] == ["E-09", "E-39"]


def test_the_order_of_units_changes_nothing() -> None:
    lot = random.Random(1)
    for _ in range(draws(30, 500)):
        asked = demand(lot)
        turned = PlanDemand(
            asked.units[::-1],
            asked.trades[::-1],
            asked.seats,
            asked.weights,
            cell_floor=asked.cell_floor,
            cell_cap=asked.cell_cap,
        )
        order = Order.lot("same")
        one, other = seat_plans([asked, turned], order=order)
        if not isinstance(one, Plan) or not isinstance(other, Plan):
            assert type(one) is type(other)
            continue
        assert one.a.seats == other.a.seats[::-1]
        assert one.b.seats == other.b.seats[::-1]
        assert one.c.seats == tuple(line[::-1] for line in other.c.seats[::-1])


def test_changes_are_computed_by_any_executor() -> None:
    asked = [street(), PlanDemand(street().units, street().trades, 26, street().weights), PlanDemand(street().units, street().trades, 2, unit_floor=1)]  # fmt: skip
    alone = seat_plans(asked)
    with ProcessPoolExecutor(2) as pool:
        assert seat_plans(asked, executor=pool) == alone
    assert isinstance(alone[0], Plan)
    assert isinstance(alone[2], Infeasible)


def test_changes_are_computed_by_dask() -> None:
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    with distributed.Client(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None) as client:
        assert seat_plans([street()], executor=client.get_executor()) == seat_plans([street()])


def test_progress_is_told_and_a_computation_can_be_called_off() -> None:
    told: list[tuple[int, int]] = []
    seat_plan(street(), progress=lambda done, of: told.append((done, of)))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
    with pytest.raises(Cancelled):
        seat_plan(street(), progress=lambda done, of: done < 1)


def test_guidance_shares_a_target_and_says_who_is_asked_next() -> None:
    seats = {"A": 6, "B": 3, "C": 1}
    women, members = {"A": 60, "B": 90, "C": 0}, {"A": 200, "B": 120, "C": 30}
    found = guidance("妇女", seats, women, members)
    assert found.target == 5  # ⌈10 · 150/350⌉
    assert sum(found.line.seats) == 5
    assert found["C"] == 0
    assert found["B"] <= 3
    assert found.missing({"A": 1}) == 4
    assert {unit for unit, _ in found.next({"A": 1, "B": 0})} == {"A", "B"}
    assert found.next({"A": 3, "B": 2}) == []
    with pytest.raises(Infeasible):
        guidance("妇女", seats, {"A": 1, "B": 0, "C": 0}, members, target=4)


def test_what_cannot_be_is_told_with_its_step_and_a_cure() -> None:
    units = (Unit("甲村", 10, trades={"工人": 10}), Unit("乙村", 10, trades={"工人": 10}))
    with pytest.raises(Infeasible) as refused:
        seat_plan(PlanDemand(units, (Trade("工人", at_most="1/2"), Trade("教师")), 6))
    facts: dict[str, Any] = refused.value.facts
    assert facts["step"] == "B"
    assert facts["need"] == 6
    assert facts["have"] == 3
    assert refused.value.cures
