"""A run of equal shares in floats that is certain: every balance lies between two floats, and a choice is taken only outside their doubt.

Where two rates overlap (a tie, or nearly one), the exact purse catches up and decides. So the sequence of projects is always the exact one.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from .election import Tally
from .exact import Purse, Step, eligible, rate

Array = np.ndarray[Any, np.dtype[np.float64]]

U = float(np.finfo(float).eps)
"""Twice the error of one rounding."""


@dataclass(slots=True)
class Fans:
    """Supporters of a project who may have money left: which ballots, how many voters each, points, voters × points."""

    who: np.ndarray[Any, np.dtype[np.intp]]
    voters: Array
    points: Array
    weights: Array

    def only(self, rich: np.ndarray[Any, Any]) -> Fans:
        """Those of them whose place is in `rich`."""
        return Fans(self.who[rich], self.voters[rich], self.points[rich], self.weights[rich])


class Scout:
    """Arrays of one tally, used for many runs with different shares."""

    def __init__(self, tally: Tally, utility: str = "cost") -> None:
        self.tally, self.utility = tally, utility
        self.projects = eligible(tally)
        self.all: dict[int, Fans] = {}
        count = np.array(tally.count, dtype=np.float64)
        for p in self.projects:
            who = np.array([g for g, _ in tally.supporters[p]], dtype=np.intp)
            points = np.array([s for _, s in tally.supporters[p]], dtype=np.float64)
            self.all[p] = Fans(who, count[who], points, count[who] * points)

    @property
    def exact_floats(self) -> bool:
        """Whether all given numbers are whole below 2^52, so that floats hold them without loss."""
        tally = self.tally
        return max([tally.budget, *tally.cost, *tally.weight, 1]) < 2**52

    def run(self, share: Fraction) -> list[int]:
        """The projects bought with `share` (scaled) for each voter, in order."""
        return self._run(share)[0]

    def steps(self, share: Fraction) -> list[Step]:
        """The same with exact prices and ties."""
        chosen, purse = self._run(share)
        self._catch_up(purse, chosen)
        return purse.steps

    def _run(self, share: Fraction) -> tuple[list[int], Purse]:
        tally = self.tally
        purse = Purse.of(tally, share)
        chosen: list[int] = []
        self._spread(purse)
        self.fans = dict(self.all)
        guess = {p: tally.cost[p] / tally.weight[p] * (1 - 4 * U) for p in self.projects}
        bound = {p: self._by_rate(p, price) * (1 - 4 * U) for p, price in guess.items()}
        while bound:
            pick = self._pick(bound, guess)
            if pick is None:
                break
            project, low, high = pick
            if project < 0:
                self._catch_up(purse, chosen)
                settled, gone = self._settle(purse, [p for p in bound if bound[p] <= high])
                for p in gone:
                    del bound[p]
                if settled is None:
                    continue
                project = settled.project
                purse.buy(settled.project, settled.price, settled.tied)
                self._spread(purse)
            else:
                fans = self.fans[project]
                had = self.low[fans.who]
                self.low[fans.who] = np.maximum(0.0, had - high * fans.points - 4 * U * had)
                had = self.high[fans.who]
                self.high[fans.who] = np.maximum(0.0, had - low * fans.points + 4 * U * had)
            chosen.append(project)
            del bound[project]
        return chosen, purse

    def _catch_up(self, purse: Purse, chosen: list[int]) -> None:
        for number in chosen[len(purse.steps) :]:
            price = purse.price(number)
            if price is None:
                raise AssertionError("a project bought in floats cannot be paid exactly")
            purse.buy(number, price)

    def _pick(self, bound: dict[int, float], guess: dict[int, float]) -> tuple[int, float, float] | None:
        """The project of the least rate with its price between two floats; (-1, 0, rate) if it is in doubt up to that rate."""
        fresh: set[int] = set()
        ceiling = best_low = best_high = np.inf
        best = -1
        for project in sorted(bound, key=bound.__getitem__):
            if bound[project] > ceiling:
                break
            low = self._low(project, guess[project], float(ceiling))
            if low is None:
                del bound[project]
                continue
            guess[project] = low
            bound[project] = self._by_rate(project, low) * (1 - 4 * U)
            fresh.add(project)
            if bound[project] <= ceiling:
                high = self._high(project, low)
                top = self._by_rate(project, high) * (1 + 4 * U)
                if top < ceiling or best < 0:
                    ceiling, best, best_low, best_high = top, project, low, high
        if best < 0:
            return None
        doubt = any(bound[p] <= ceiling for p in fresh if p != best) or not np.isfinite(ceiling)
        return (-1, 0.0, float(ceiling)) if doubt else (best, best_low, best_high)

    def _by_rate(self, project: int, price: float) -> float:
        return price / self.tally.cost[project] if self.utility == "cost" else price

    def _low(self, project: int, guess: float, ceiling: float = np.inf) -> float | None:
        """A price no higher than the true one; None if the supporters surely have too little. Valid whoever is counted as paying all."""
        cost = float(self.tally.cost[project])
        fans = self.fans[project]
        have = self.high[fans.who]
        rich = np.flatnonzero(have)
        if 2 * len(rich) < len(have):
            self.fans[project] = fans = fans.only(rich)
            have = have[rich]
        slack = 1 + len(have) * U
        paid = have * fans.voters
        if float(paid.sum()) * slack < cost:
            return None
        weight, price = float(fans.weights.sum()), guess
        for _ in range(60):
            poor = np.flatnonzero(have < price * fans.points)
            rest = weight - float(fans.weights[poor].sum())
            if rest <= 0:
                break
            better = (cost - float(paid[poor].sum()) * slack) / rest * (1 - 4 * U)
            if better <= price * (1 + 1e-15):
                break
            price = better
            if self._by_rate(project, price) > ceiling:
                break
        return price

    def _high(self, project: int, low: float) -> float:
        """A price no lower than the true one, proved by adding up what it brings; infinity if none is found."""
        cost = float(self.tally.cost[project])
        fans = self.fans[project]
        have = self.low[fans.who]
        slack = 1 - (len(have) + 4) * U
        price = low
        for widen in (1e-14, 1e-13, 1e-11, 1e-9):
            poor = np.flatnonzero(have < price * fans.points)
            rest = float(fans.weights.sum()) - float(fans.weights[poor].sum())
            if rest > 0:
                price = max(price, (cost - float((have[poor] * fans.voters[poor]).sum()) * slack) / rest)
            tried = price * (1 + widen)
            if float((np.minimum(have, tried * fans.points) * fans.voters).sum()) * slack >= cost:
                return tried
        return np.inf

    def _settle(self, purse: Purse, contenders: list[int]) -> tuple[Step | None, list[int]]:
        """The exact choice among contenders, and those that can no longer be bought."""
        gone: list[int] = []
        found: list[tuple[Fraction, tuple[int, int, int], int, Fraction]] = []
        for p in contenders:
            price = purse.price(p)
            if price is None:
                gone.append(p)
            else:
                found.append((rate(self.tally, p, price, self.utility), self.tally.tie[p], p, price))
        if not found:
            return None, gone
        least, _, project, price = min(found)
        return Step(project, price, tuple(sorted(p for r, _, p, _ in found if r == least and p != project))), gone

    def _spread(self, purse: Purse) -> None:
        """Both floats from the exact balances."""
        middle = np.array([one / purse.below for one in purse.left], dtype=np.float64)
        self.low = np.nextafter(middle, 0.0)
        self.high = np.where(middle > 0, np.nextafter(middle, np.inf), 0.0)
