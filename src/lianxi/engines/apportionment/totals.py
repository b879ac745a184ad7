"""Step B: seats to trades by their shares, inside the totals that some table can have; a seat that no completion can place is skipped.

The totals that tables can have form a base of a polymatroid, so the greedy choice is optimal among them (Federgruen & Groenevelt 1986):
seat after seat to the largest quotient share / signpost whose trade can still be filled.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from . import flow
from .cuts import Bounds, cures, refuse_at_once, witness
from .exact import between
from .flow import Ints
from .orders import Order
from .refusals import Infeasible
from .sentences import say
from .ties import Tie


@dataclass(frozen=True, slots=True)
class Skip:
    """A seat that a trade would get by its share, but that no table can place: the trades `full` hold all that the units can give them.

    `seat`: which seat of the trade; `quotient`: its claim; `full`: trades (the skipped one among them) whose seats can only be exchanged among one another.
    """

    trade: str
    seat: int
    quotient: Fraction
    full: tuple[str, ...]
    have: int

    def sentence(self, language: str = "zh") -> str:
        """For a person."""
        facts: dict[str, Any] = {"cols": self.trade, "seat": self.seat, "quotient": f"{float(self.quotient):.3f}", "full": list(self.full), "have": self.have}  # fmt: skip
        return say("skipped" if len(self.full) > 1 else "skipped-alone", facts, language)


@dataclass(frozen=True)
class Totals:
    """Seats of the trades. `shares` exact, in seats; `bounds` (least, most); `divisors`: share / divisor rounds to the seats; they are all
    the same unless a seat was skipped."""

    names: tuple[str, ...]
    shares: tuple[Fraction, ...]
    seats: tuple[int, ...]
    bounds: tuple[tuple[int, int], ...]
    divisors: tuple[Fraction, ...]
    skips: tuple[Skip, ...] = ()
    ties: tuple[Tie, ...] = ()
    order: Order | None = None
    first: Fraction = field(default=Fraction(1, 2))

    @property
    def unique(self) -> bool:
        """Whether no other totals are as good."""
        return not self.ties

    def __getitem__(self, name: str) -> int:
        return self.seats[self.names.index(name)]

    def sentence(self, place: int, language: str = "zh", digits: int = 3) -> str:
        """The working of one trade in one line."""
        seats, (least, most) = self.seats[place], self.bounds[place]
        quotient = self.shares[place] / self.divisors[place]
        low = seats - 1 + self.first if seats else Fraction(0)
        code = "line-floor" if quotient < low else "line-cap" if quotient > seats + self.first else "line"
        facts = {"name": self.names[place], "weight": f"{float(self.shares[place]):.{digits}f}", "divisor": f"{float(self.divisors[place]):.6g}",
                 "quotient": f"{float(quotient):.{digits}f}", "low": float(low), "high": float(seats + self.first), "seats": seats, "least": least, "most": most}  # fmt: skip
        return say(code, facts, language)

    def tie_sentence(self, tie: Tie, language: str = "zh") -> str:
        """What is tied, for a person."""
        return say("tie-line", {"cells": [self.names[j] for _, j in tie.cells], "open": tie.open, "count": len(tie.cells)}, language)  # fmt: skip


def reach(bounds: Bounds, seats: Ints) -> np.ndarray:
    """reach[j, k]: whether a seat of column j can become one of column k in this table, through units that exchange seats."""
    give, take = seats > bounds.floor, seats < bounds.cap
    step = (give.T.astype(np.float32) @ take.astype(np.float32)) > 0
    np.fill_diagonal(step, True)
    while True:
        more = (step.astype(np.float32) @ step.astype(np.float32)) > 0
        if (more == step).all():
            return np.asarray(step)
        step = more


def inside(
    shares: Sequence[Fraction], bounds: Bounds, first: Fraction, order: Order | None
) -> tuple[list[int], list[Skip]]:
    """Totals by the greedy choice inside what tables can have, and what was skipped.

    Raises:
        Infeasible: no table at all, even with the totals free inside their bounds.
    """
    seats = _some_table(bounds)
    names = list(bounds.col_names)
    rank = _ranks(names, order)
    have = seats.sum(axis=0)
    given = bounds.low.copy()
    heap = [(-shares[j] / (int(given[j]) + first), rank[j], j) for j in range(len(names)) if given[j] < bounds.high[j]]
    heapq.heapify(heap)
    skips: list[Skip] = []
    for _ in range(int(bounds.rows.sum() - given.sum())):
        while True:
            claim, _, j = heapq.heappop(heap)
            if have[j] > given[j] or _make_room(bounds, seats, have, given, j):
                break
            reached = reach(bounds, seats)
            full = np.flatnonzero(reached[:, j])
            skips.append(Skip(names[j], int(given[j]) + 1, -claim, tuple(names[k] for k in full), int(given[full].sum())))  # fmt: skip
        given[j] += 1
        if given[j] < bounds.high[j]:
            heapq.heappush(heap, (-shares[j] / (int(given[j]) + first), rank[j], j))
    return [int(one) for one in given], skips


def _ranks(names: list[str], order: Order | None) -> list[int]:
    if order is None:
        return list(range(len(names)))
    rank = [0] * len(names)
    for at, place in enumerate(order.sort([("", name) for name in names])):
        rank[place] = at
    return rank


def _some_table(bounds: Bounds) -> Ints:
    refuse_at_once(bounds)
    logs = np.where(bounds.cap > bounds.floor, 0.0, -np.inf)
    problem = flow.Margins(logs, bounds.floor, bounds.cap, bounds.rows, bounds.low, bounds.high, 0.5)
    found, _ = flow.solve(problem)
    if found.stuck:
        facts = witness(bounds, found.stuck[0])
        raise Infeasible(facts.pop("code"), **facts, cures=cures(bounds, facts, found.seats))
    return found.seats


def _make_room(bounds: Bounds, seats: Ints, have: Ints, given: Ints, goal: int) -> bool:
    """Move a seat that is not given yet to column `goal` through units that exchange seats; False if there is no way."""
    give, take = seats > bounds.floor, seats < bounds.cap
    step = (give.T.astype(np.float32) @ take.astype(np.float32)) > 0
    after: dict[int, int] = {}
    seen, ahead = {goal}, [goal]
    while ahead:
        k = ahead.pop(0)
        if have[k] > given[k]:
            have[k] -= 1
            have[goal] += 1
            while k != goal:
                there = after[k]
                row = int(np.flatnonzero((seats[:, k] > bounds.floor[:, k]) & (seats[:, there] < bounds.cap[:, there]))[0])  # fmt: skip
                seats[row, k] -= 1
                seats[row, there] += 1
                k = there
            return True
        for j in np.flatnonzero(step[:, k]).tolist():
            if j not in seen:
                seen.add(j)
                after[j] = k
                ahead.append(j)
    return False


def explained(
    shares: Sequence[Fraction], seats: Sequence[int], bounds: Bounds, table: Ints, first: Fraction
) -> tuple[list[Fraction], tuple[Tie, ...]]:
    """Divisors that prove the totals, given any table that has them, and the ties among them.

    Where column j can give a seat to column k (through units), the divisor of k is not above that of j: no exchange gains.
    """
    reached = reach(bounds, table)
    count = len(shares)
    claim = [shares[j] / (seats[j] + first) if seats[j] < bounds.high[j] else None for j in range(count)]
    hold = [shares[j] / (seats[j] - 1 + first) if seats[j] > bounds.low[j] else None for j in range(count)]
    low = [max((one for k, one in enumerate(claim) if one and reached[j, k]), default=None) for j in range(count)]
    high = [min((one for k, one in enumerate(hold) if one is not None and reached[k, j]), default=None) for j in range(count)]  # fmt: skip
    least, most = max((one for one in low if one), default=None), min((one for one in high if one is not None), default=None)  # fmt: skip
    if least is None or most is None or least <= most:
        same = least if least is not None and least == most else between(least, most)
        divisors = [Fraction(same)] * count
    else:
        divisors = _apart(low, high)
    pairs = [(j, k) for j in range(count) for k in range(count)
             if j != k and hold[j] is not None and hold[j] == claim[k] and reached[j, k]]  # fmt: skip
    return divisors, _tied(pairs)


def _apart(low: list[Fraction | None], high: list[Fraction | None]) -> list[Fraction]:
    """Divisors between the bounds that never rise along an exchange: half way, on the coarsest decimal grid that fits."""
    edge = 4 * max([one for one in (*low, *high) if one is not None], default=Fraction(1))
    lows = [one if one is not None else Fraction(0) for one in low]
    highs = [one if one is not None else edge for one in high]
    middles = [(one + other) / 2 for one, other in zip(lows, highs, strict=True)]
    for places in range(-6, 20):
        unit = Fraction(10) ** -places
        grid = [round(one / unit) * unit for one in middles]
        if all(one <= near <= other and near > 0 for one, near, other in zip(lows, grid, highs, strict=True)):
            return grid
    return middles


def _tied(pairs: list[tuple[int, int]]) -> tuple[Tie, ...]:
    parent: dict[int, int] = {}

    def root(one: int) -> int:
        parent.setdefault(one, one)
        while parent[one] != one:
            one = parent[one]
        return one

    for j, k in pairs:
        parent[root(j)] = root(k)
    blocks: dict[int, set[int]] = {}
    for j, k in pairs:
        blocks.setdefault(root(j), set()).update((j, k))
    givers = {j for j, _ in pairs}
    ties = []
    for block in sorted(blocks.values(), key=min):
        held = sorted(block & givers)
        number = len(block) if len(held) == 1 else None
        ties.append(Tie((0,), tuple(sorted(block)), tuple((0, j) for j in sorted(block)), tuple((0, j) for j in held), number))  # fmt: skip
    return tuple(ties)
