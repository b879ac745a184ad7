"""Two dimensions: units × trades with exact margins, its proof, its ties, the working of each cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from . import exact, flow
from .cuts import Bounds, cures, refuse_at_once, witness
from .demands import Bound, Demand, asked
from .flow import Graph, Margins, Progress, tell
from .numbers import Number, written
from .orders import Order
from .refusals import Infeasible
from .sentences import say
from .ties import Cell, Loose, Tie
from .verifier import check

FORMAT = "lianxi-apportionment/1"


@dataclass(frozen=True, slots=True)
class Working:
    """The sum behind one cell: `quotient` = weight / (row divisor × column divisor) lies between the signposts `low` and `high`.

    `bound`: "floor" or "cap" if the cell is held there although its quotient lies outside; `tied`: its quotient lies on a threshold that a tie shares.
    """

    row: str
    col: str
    weight: Fraction | int
    row_divisor: Fraction
    col_divisor: Fraction
    quotient: Fraction
    low: Fraction
    high: Fraction
    seats: int
    bound: str = ""
    tied: bool = False

    def sentence(self, language: str = "zh", digits: int = 3) -> str:
        """One line for a person, the quotient with so many digits after the point."""
        shown = f"{float(self.quotient):.{digits}f}"
        facts = {"weight": written(self.weight), "row_divisor": written(self.row_divisor), "col_divisor": written(self.col_divisor),
                 "quotient": shown, "low": written(self.low), "high": written(self.high), "seats": self.seats, "row": self.row, "col": self.col}  # fmt: skip
        return say(f"cell-{self.bound}" if self.bound else "cell", facts, language)


@dataclass(frozen=True)
class Table:
    """Seats of units × trades with what proves them.

    `seats[i][j]`; `row_divisors`, `col_divisors`: exact; `ties`: blocks in which optimal tables differ (empty: the answer is unique and proved so);
    `order`: the public order that decided them, if one has.
    """

    demand: Demand
    seats: tuple[tuple[int, ...], ...]
    row_divisors: tuple[Fraction, ...]
    col_divisors: tuple[Fraction, ...]
    ties: tuple[Tie, ...]
    order: Order | None = None

    @property
    def unique(self) -> bool:
        """Whether no other table is as good."""
        return not self.ties

    @property
    def decided(self) -> bool:
        """Whether nothing is left open: unique, or decided by a public order."""
        return self.unique or self.order is not None

    @property
    def col_totals(self) -> tuple[int, ...]:
        """Seats of each column."""
        return tuple(sum(line[j] for line in self.seats) for j in range(len(self.demand.cols)))

    @cached_property
    def open_cells(self) -> frozenset[Cell]:
        """Cells (row, column) in which optimal tables differ."""
        return frozenset(cell for tie in self.ties for cell in tie.cells)

    def certain(self, row: int, col: int) -> int:
        """Seats that a cell has in every optimal table."""
        held = any((row, col) in tie.held for tie in self.ties)
        return self.seats[row][col] - held

    def working(self, row: int | str, col: int | str) -> Working:
        """The sum behind one cell, by place or by name."""
        i = self.demand.rows.index(row) if isinstance(row, str) else row
        j = self.demand.cols.index(col) if isinstance(col, str) else col
        weight, seats = self.demand.weights[i][j], self.seats[i][j]
        quotient = weight / (self.row_divisors[i] * self.col_divisors[j])
        low = max(seats - 1 + self.demand.first, Fraction(0)) if seats else Fraction(0)
        high = seats + self.demand.first
        bound = "floor" if quotient < low else "cap" if quotient > high else ""
        return Working(self.demand.rows[i], self.demand.cols[j], weight, self.row_divisors[i], self.col_divisors[j],
                       Fraction(quotient), low, high, seats, bound, (i, j) in self.open_cells)  # fmt: skip

    def tie_sentence(self, tie: Tie, language: str = "zh") -> str:
        """What is tied, for a person."""
        cells = [f"{self.demand.rows[i]}·{self.demand.cols[j]}" for i, j in tie.cells]
        return say("tie", {"cells": cells, "open": tie.open, "count": len(cells)}, language)

    def resolve(self, order: Order) -> Table:
        """The optimal table that a public order chooses: whoever comes first has the open seat, as far as the totals allow. Divisors stay."""
        if self.unique:
            return replace(self, order=order)
        from .deciding import decide

        fresh = decide(self, order)
        held = {cell for cell in self.open_cells if fresh[cell[0]][cell[1]] > self.certain(*cell)}
        ties = tuple(replace(tie, held=tuple(cell for cell in tie.cells if cell in held)) for tie in self.ties)
        return _checked(replace(self, seats=fresh, ties=ties, order=order))

    def certificate(self) -> dict[str, Any]:
        """The certificate `lianxi-apportionment/1` (JSON-ready): demand, seats, divisors, ties. `verifier.check` proves it."""
        return {
            "format": FORMAT, **self.demand.told,
            "seats": [list(line) for line in self.seats],
            "row_divisors": [written(one) for one in self.row_divisors],
            "col_divisors": [written(one) for one in self.col_divisors],
            "unique": self.unique, "ties": [tie.told() for tie in self.ties],
            "order": self.order.told() if self.order else None, "input": self.demand.sha256,
        }  # fmt: skip


def biproportional(
    weights: Sequence[Sequence[Number]],
    row_seats: Sequence[int],
    col_seats: Sequence[Bound] | None,
    *,
    rows: Sequence[str] | None = None,
    cols: Sequence[str] | None = None,
    rounding: Number | str = Fraction(1, 2),
    floor: int | Sequence[Sequence[int]] = 0,
    cap: int | Sequence[Sequence[int | None]] | None = None,
    rules: Sequence[str] = (),
    order: Order | None = None,
    progress: Progress | None = None,
) -> Table:
    """Biproportional divisor apportionment: every seat proportional to both margins, rounded exactly.

    Args:
        weights: units × trades, ≥ 0, exact (int, Fraction, "p/q", "0.35").
        row_seats: seats of each unit.
        col_seats: of each trade its seats, or a pair (least, most); None: free.
        rows, cols: names, each only once; 1, 2, 3, … without.
        rounding: first signpost in (0, 1]: 1/2 Webster / Sainte-Laguë, 1 D'Hondt; or "webster", "dhondt".
        floor, cap: seats of a cell, one number or a table; a cell without weight gets its floor.
        order: decides ties, if there are any.
        progress: called with (done, of); return False to cancel.

    Returns:
        A table that its verifier has accepted.

    Raises:
        Invalid: the demand is wrong. Infeasible: no table fits, with a witness and cures. Cancelled.

    Source: Balinski & Demange 1989; Pukelsheim, Proportional Representation (2nd ed. 2017), ch. 14–15.
    """
    return solved(
        asked(weights, row_seats, col_seats, rows=rows, cols=cols, rounding=rounding, floor=floor, cap=cap, rules=rules),
        order=order, progress=progress,
    )  # fmt: skip


def solved(demand: Demand, *, order: Order | None = None, progress: Progress | None = None) -> Table:
    """Answer a demand for a table (as `biproportional`)."""
    bounds = bounds_of(demand)
    refuse_at_once(bounds)
    logs = np.array([[exact.log(one) for one in line] for line in demand.weights]) if _long(demand) else _logs(demand)
    problem = Margins(logs, bounds.floor, bounds.cap, bounds.rows, bounds.low, bounds.high, float(demand.first))
    found, graph = flow.solve(problem, progress)
    if found.stuck:
        facts = witness(bounds, found.stuck[0])
        raise Infeasible(facts.pop("code"), **facts, cures=cures(bounds, facts, found.seats))
    proof = exact.prove(graph, demand.weights, demand.first, progress)
    ties = _ties(demand, bounds, graph, proof)
    table = Table(demand, tuple(map(tuple, graph.seats.tolist())), tuple(proof.rows), tuple(proof.cols), ties)
    tell(progress, 1, 1)
    return table.resolve(order) if order is not None else _checked(table)


def bounds_of(demand: Demand) -> Bounds:
    """The demand as arrays. A cell without cap is capped just past its row, where it never stands."""
    rows = np.array(demand.row_seats, dtype=np.int64)
    floor = np.array(demand.floor, dtype=np.int64)
    beyond = np.maximum(rows[:, None] + 1, floor)
    if all(cap is None for line in demand.cap for cap in line):
        cap = beyond.repeat(floor.shape[1], axis=1) if beyond.shape[1] == 1 else beyond.copy()
    else:
        cap = np.array([[-1 if one is None else one for one in line] for line in demand.cap], dtype=np.int64)
        cap = np.where(cap < 0, beyond, cap)
    for i, line in enumerate(demand.weights):
        if 0 in line:
            for j, one in enumerate(line):
                if not one:
                    cap[i, j] = floor[i, j]
    pairs = np.array(demand.col_seats, dtype=np.int64)
    total = int(rows.sum())
    return Bounds(rows, pairs[:, 0], np.minimum(pairs[:, 1], max(total + 1, int(pairs[:, 0].max()))), floor, cap, demand.rows, demand.cols)  # fmt: skip


def _long(demand: Demand) -> bool:
    return any(type(one) is not int or one > 2**62 for line in demand.weights for one in line)


def _logs(demand: Demand) -> flow.Floats:
    with np.errstate(divide="ignore"):
        return np.log(np.array(demand.weights, dtype=np.int64).astype(np.float64))


def _ties(demand: Demand, bounds: Bounds, graph: Graph, proof: exact.Proof) -> tuple[Tie, ...]:
    if not proof.gain or not proof.lose:
        return ()
    totals = graph.seats.sum(axis=0)
    still = [j for j, one in enumerate(proof.cols) if one == 1]
    more = {j: int(bounds.high[j] - totals[j]) for j in still if totals[j] < bounds.high[j]}
    fewer = {j: int(totals[j] - bounds.low[j]) for j in still if totals[j] > bounds.low[j]}
    loose = Loose(
        len(demand.rows), len(demand.cols), set(proof.gain), set(proof.lose), set(more), set(fewer)
    )  # fmt: skip
    return loose.blocks(fewer, more)


def _checked(table: Table) -> Table:
    """The table, if its verifier accepts it: floats steer, this decides."""
    wrong = [english for holds, _, english in check(table.certificate()) if not holds]
    if wrong:  # pragma: no cover
        raise AssertionError(f"the verifier rejects the table: {'; '.join(wrong)}")
    return table
