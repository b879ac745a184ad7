"""A seat plan in three steps: A seats to units, B seats to trades, C units × trades."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import ceil, floor, lcm
from typing import Any

import numpy as np

from .demands import SEATS, Demand, signpost
from .flow import Progress, tell
from .line import Line, divisor, hamilton
from .numbers import Number, exact, plain, unlike, whole, written
from .orders import Order
from .refusals import Infeasible, Invalid, Refused
from .table import Table, bounds_of, solved
from .totals import Totals, explained, inside
from .verifier import check

FORMAT = "lianxi-seat-plan/1"
MEASURES = ("members", "organisations", "population")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that elects: its figures (persons, organisations, inhabitants), its members by trade, its own floor and cap (None: those of the plan)."""

    code: str
    members: Number = 0
    organisations: Number = 0
    population: Number = 0
    trades: Mapping[str, int] = field(default_factory=dict)
    floor: int | None = None
    cap: int | None = None


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade (行业) with the least and greatest share of all seats it may have, exact fractions: "1/3", "0.05"; None: no bound."""

    code: str
    at_least: Number | None = None
    at_most: Number | None = None


@dataclass(frozen=True)
class PlanDemand:
    """What a seat plan is asked for.

    `seats`: of the whole body. `weights`: of the measures "members", "organisations", "population" in step A, exact; they need not add up to 1.
    `unit_floor`, `unit_cap`: seats of a unit. `cell_floor`: least seats of a unit in a trade, one number (wherever the unit has somebody in the trade) or
    {(unit, trade): seats}; `cell_cap`: "members" (no more seats than persons, the default), None, or {(unit, trade): seats} on top of the persons.
    `rule`: of step A, "webster", "dhondt" or "hamilton"; `rounding`: first signpost of steps B and C (and of A by "webster": 1/2).
    `rules`: articles printed with the plan.
    """

    units: tuple[Unit, ...]
    trades: tuple[Trade, ...]
    seats: int
    weights: Mapping[str, Number] = field(default_factory=lambda: {"members": 1})
    unit_floor: int = 1
    unit_cap: int | None = None
    cell_floor: int | Mapping[tuple[str, str], int] = 0
    cell_cap: str | Mapping[tuple[str, str], int] | None = "members"
    rule: str = "webster"
    rounding: Number | str = Fraction(1, 2)
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The three steps, each proved. `a` seats of the units, `b` of the trades (with skips), `c` the table."""

    demand: PlanDemand
    a: Line
    b: Totals
    c: Table
    order: Order | None = None

    @property
    def unique(self) -> bool:
        """Whether no step has a tie."""
        return self.a.unique and self.b.unique and self.c.unique

    @property
    def open_step(self) -> str:
        """The first step ("A", "B", "C") with a tie that no order has decided, or "". The steps after it stand on the present choice."""
        if self.order is not None:
            return ""
        return next((name for name, step in (("A", self.a), ("B", self.b), ("C", self.c)) if not step.unique), "")

    def resolve(self, order: Order) -> Plan:
        """The plan that a public order chooses: every tie of A, then of B, then of C; what depends on it is computed anew."""
        return seat_plan(self.demand, order=order)

    def certificate(self) -> dict[str, Any]:
        """The certificate `lianxi-seat-plan/1` (JSON-ready): demand and the three steps. `verifier.check` proves it."""
        read = _Read(self.demand)
        return {
            "format": FORMAT, **read.told,
            "a": {"seats": list(self.a.seats), "divisor": written(self.a.divisor), "unique": self.a.unique, "ties": [tie.told() for tie in self.a.ties]},
            "b": {"seats": list(self.b.seats), "divisors": [written(one) for one in self.b.divisors], "unique": self.b.unique,
                  "ties": [tie.told() for tie in self.b.ties],
                  "skips": [{"trade": one.trade, "seat": one.seat, "full": list(one.full), "have": one.have} for one in self.b.skips]},
            "c": {"seats": [list(line) for line in self.c.seats], "row_divisors": [written(one) for one in self.c.row_divisors],
                  "col_divisors": [written(one) for one in self.c.col_divisors], "unique": self.c.unique, "ties": [tie.told() for tie in self.c.ties]},
            "order": self.order.told() if self.order else None, "input": read.sha256,
        }  # fmt: skip


def seat_plan(demand: PlanDemand, *, order: Order | None = None, progress: Progress | None = None) -> Plan:
    """Seats to units (A), to trades (B), to units × trades (C).

    A: weights Σ_m w_m · measure / total of the measure, by the rule, at least `unit_floor` each and never more than the cells of the unit hold.
    B: by the seat-weighted shares F_j = Σ_i R_i · v_ij / v_i (v_i = members of unit i in all trades), between ⌈at_least · S⌉ and ⌊at_most · S⌋,
    inside the totals that some table can have; what had to be skipped is told. C: biproportional, with A and B as margins.

    Args:
        demand: the question. order: decides every tie. progress: called with (step done, 3); return False to cancel.

    Returns:
        A plan that its verifier has accepted.

    Raises:
        Invalid: the demand is wrong (facts["where"]). Infeasible: no plan fits, with facts["step"], a witness and cures. Cancelled.

    Source: Pukelsheim 2017, ch. 14; Zachariasen 2006, Algorithmic aspects of divisor-based biproportional rounding.
    """
    read = _Read(demand)
    tell(progress, 0, 3)
    with _Step("A"):
        a = read.step_a(order)
    tell(progress, 1, 3)
    with _Step("B"):
        b, c = _b_and_c(read, a, order, progress)
    tell(progress, 3, 3)
    return _checked(Plan(demand, a, b, c, order))


def seat_plans(demands: Iterable[PlanDemand], *, order: Order | None = None, executor: Executor | None = None) -> list[Plan | Refused]:  # fmt: skip
    """Several plans at once ("what changes if"): each a plan, or the refusal it met.

    Args:
        executor: any `concurrent.futures` executor (a process pool, Dask's); without, one after the other.
    """
    asked = list(demands)
    if executor is None:
        return [_tried(one, order) for one in asked]
    return list(executor.map(_tried, asked, [order] * len(asked)))


def _tried(demand: PlanDemand, order: Order | None) -> Plan | Refused:
    try:
        return seat_plan(demand, order=order)
    except Refused as refused:
        return refused


def _b_and_c(read: _Read, a: Line, order: Order | None, progress: Progress | None) -> tuple[Totals, Table]:
    shares = read.shares(a.seats)
    names = tuple(one.code for one in read.demand.trades)
    skips: list[Any] = []
    table = None
    bounds = bounds_of(read.table(a.seats, read.limits))
    try:
        plain_ = divisor(
            dict(zip(names, shares, strict=True)), read.demand.seats, rounding=read.first, order=order,
            floor=[low for low, _ in read.limits], cap=[high for _, high in read.limits],
        )  # fmt: skip
        seats = list(plain_.seats)
        table = solved(read.table(a.seats, [(one, one) for one in seats]))
    except Infeasible:
        seats, skips = inside(shares, bounds, read.first, order)
    else:
        if plain_.ties:  # an order may name totals that no table has
            seats, skips = inside(shares, bounds, read.first, order)
    tell(progress, 2, 3)
    if table is None or list(table.col_totals) != seats:
        table = solved(read.table(a.seats, [(one, one) for one in seats]))
    if order is not None:
        table = table.resolve(order)
    held = np.array(table.seats, dtype=np.int64)
    divisors, ties = explained(shares, seats, bounds, held, read.first)
    totals = Totals(names, tuple(shares), tuple(seats), tuple(read.limits), tuple(divisors), tuple(skips), ties, order, read.first)  # fmt: skip
    return totals, table


class _Step:
    """Names the step in a refusal."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Infeasible):
            error.facts.setdefault("step", self.name)


class _Read:
    """A demand read exactly: counts, floors and caps of cells, bounds of units and trades."""

    def __init__(self, demand: PlanDemand) -> None:
        self.demand = demand
        whole(demand.seats, "seats", SEATS)
        self.first = signpost(demand.rounding)
        if demand.rule not in ("webster", "dhondt", "hamilton"):
            raise Invalid("unknown-rule", found=str(demand.rule), known="webster, dhondt, hamilton")
        if not demand.units or not demand.trades:
            raise Invalid("missing", where="trades" if demand.units else "units")
        self.units = unlike([one.code for one in demand.units], "units")
        self.trades = unlike([one.code for one in demand.trades], "trades")
        for unit in demand.units:
            for trade in unit.trades:
                if trade not in self.trades:
                    raise Invalid("unknown-name", where=f"units[{unit.code}].trades", name=str(trade))
        self.counts = [[whole(unit.trades.get(code, 0), f"units[{unit.code}].trades[{code}]", 10**12) for code in self.trades] for unit in demand.units]  # fmt: skip
        self.weights = {name: Fraction(exact(demand.weights.get(name, 0), f"weights[{name}]")) for name in MEASURES}
        for name in demand.weights:
            if name not in MEASURES:
                raise Invalid("unknown-name", where="weights", name=str(name))
        self.measures = [[exact(getattr(unit, name), f"units[{unit.code}].{name}") for name in MEASURES] for unit in demand.units]  # fmt: skip
        self.cell_floor = [[self._floor(i, j) for j in range(len(self.trades))] for i in range(len(self.units))]
        self.cell_cap = [[self._cap(i, j) for j in range(len(self.trades))] for i in range(len(self.units))]
        self.limits = [self._limit(trade) for trade in demand.trades]

    def _floor(self, i: int, j: int) -> int:
        asked = self.demand.cell_floor
        if isinstance(asked, Mapping):
            return whole(asked.get((self.units[i], self.trades[j]), 0), f"cell_floor[{self.units[i]}, {self.trades[j]}]", SEATS)  # fmt: skip
        return whole(asked, "cell_floor", SEATS) if self.counts[i][j] else 0

    def _cap(self, i: int, j: int) -> int | None:
        asked = self.demand.cell_cap
        if asked is None:
            return None
        top = self.counts[i][j]
        if isinstance(asked, Mapping):
            top = min(top, whole(asked.get((self.units[i], self.trades[j]), top), f"cell_cap[{self.units[i]}, {self.trades[j]}]", 10**12))  # fmt: skip
        elif asked != "members":
            raise Invalid("unknown-rule", found=str(asked), known="members")
        if self.cell_floor[i][j] > top:
            raise Infeasible("floor-over-cap", rows=[self.units[i]], cols=[self.trades[j]], need=self.cell_floor[i][j], have=top,
                             short=self.cell_floor[i][j] - top, step="C", cures=[])  # fmt: skip
        return min(top, SEATS)

    def _limit(self, trade: Trade) -> tuple[int, int]:
        least = Fraction(exact(trade.at_least if trade.at_least is not None else 0, f"trades[{trade.code}].at_least"))
        most = Fraction(exact(trade.at_most if trade.at_most is not None else 1, f"trades[{trade.code}].at_most"))
        pair = ceil(least * self.demand.seats), floor(min(most, Fraction(1)) * self.demand.seats)
        if least > 1 or pair[0] > pair[1]:
            raise Invalid("bounds", where=f"trades[{trade.code}]", low=pair[0], high=pair[1])
        return pair

    def claims(self) -> list[Fraction]:
        """Weights of the units in step A."""
        found = [Fraction(0)] * len(self.units)
        for m, name in enumerate(MEASURES):
            if self.weights[name]:
                total = sum((line[m] for line in self.measures), Fraction(0))
                if not total:
                    raise Invalid("no-measure", where=f"weights[{name}]", name=name)
                for i, line in enumerate(self.measures):
                    found[i] += self.weights[name] * line[m] / total
        if not any(found):
            raise Invalid("no-weight")
        return found

    def unit_bounds(self) -> tuple[list[int], list[int | None]]:
        """Floors and caps of step A: the plan's, the unit's own, and what its cells ask and hold."""
        least, most = [], []
        for i, unit in enumerate(self.demand.units):
            low = whole(unit.floor if unit.floor is not None else self.demand.unit_floor, f"units[{unit.code}].floor", SEATS)  # fmt: skip
            top = unit.cap if unit.cap is not None else self.demand.unit_cap
            low = max(low, sum(self.cell_floor[i]))
            if top is not None:
                whole(top, f"units[{unit.code}].cap", SEATS)
            room = [cap if cap is not None else self.demand.seats for cap, count in zip(self.cell_cap[i], self.counts[i], strict=True) if count]  # fmt: skip
            held = sum(room)
            if held < low:
                raise Infeasible("no-members" if not held else "row-cap", rows=[unit.code], cols=[], need=low, have=held, short=low - held,
                                 step="A", cures=[{"kind": "lower-row", "rows": [unit.code], "by": low - held}])  # fmt: skip
            least.append(low)
            most.append(min(top, held) if top is not None else held if held < self.demand.seats else None)
            if top is not None and low > top:
                raise Invalid("bounds", where=f"units[{unit.code}]", low=low, high=top)
        return least, most

    def step_a(self, order: Order | None) -> Line:
        """Step A by its rule."""
        least, most = self.unit_bounds()
        claims = dict(zip(self.units, self.claims(), strict=True))
        if self.demand.rule == "hamilton":
            return hamilton(claims, self.demand.seats, floor=least, cap=most, order=order)
        return divisor(claims, self.demand.seats, rounding=self.demand.rule, floor=least, cap=most, order=order)

    def shares(self, seats: Sequence[int]) -> list[Fraction]:
        """F_j = Σ_i R_i · v_ij / v_i, exact."""
        sums = [sum(line) or 1 for line in self.counts]
        base = lcm(*sums)
        return [Fraction(sum(seats[i] * line[j] * (base // sums[i]) for i, line in enumerate(self.counts)), base) for j in range(len(self.trades))]  # fmt: skip

    def table(self, seats: Sequence[int], limits: Sequence[tuple[int, int]]) -> Demand:
        """The demand of step C for given seats of units and bounds of trades."""
        return Demand(
            self.units, self.trades, tuple(map(tuple, self.counts)), tuple(seats), tuple(limits),
            tuple(map(tuple, self.cell_floor)), tuple(map(tuple, self.cell_cap)), self.first, rules=tuple(self.demand.rules),
        )  # fmt: skip

    @cached_property
    def told(self) -> dict[str, Any]:
        """The demand's half of a certificate (JSON-ready): everything that the steps are recomputed from."""
        least, most = self.unit_bounds()
        return {
            "seats": self.demand.seats, "rule": self.demand.rule, "rounding": [self.first.numerator, self.first.denominator],
            "weights": {name: plain(one) for name, one in self.weights.items()},
            "units": [[code, *map(plain, line)] for code, line in zip(self.units, self.measures, strict=True)],
            "unit_bounds": [list(pair) for pair in zip(least, most, strict=True)],
            "trades": [[one.code, plain(exact(one.at_least or 0)), plain(exact(one.at_most if one.at_most is not None else 1))] for one in self.demand.trades],
            "counts": self.counts, "cell_floor": self.cell_floor, "cell_cap": self.cell_cap, "rules": list(self.demand.rules),
        }  # fmt: skip

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of `told` as canonical JSON."""
        return hashlib.sha256(json.dumps(self.told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()  # fmt: skip


def _checked(plan: Plan) -> Plan:
    wrong = [english for holds, _, english in check(plan.certificate()) if not holds]
    if wrong:  # pragma: no cover
        raise AssertionError(f"the verifier rejects the plan: {'; '.join(wrong)}")
    return plan
