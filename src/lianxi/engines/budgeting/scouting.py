"""A run of equal shares in floats that is certain: every balance lies between two floats, and a choice is taken only outside their doubt.

Where two rates overlap (a tie, or nearly one), the exact purse catches up and decides. So the sequence of projects is always the exact one.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from .election import Tally
from .exact import Purse, eligible, rate

Array = np.ndarray[Any, np.dtype[np.float64]]

U = float(np.finfo(float).eps)
"""Twice the error of one rounding."""


class Scout:
    """Arrays of one tally, used for many runs with different shares."""

    def __init__(self, tally: Tally, utility: str = "cost") -> None:
        self.tally, self.utility = tally, utility
        self.count = np.array(tally.count, dtype=np.float64)
        self.projects = eligible(tally)
        self.who: dict[int, np.ndarray[Any, np.dtype[np.intp]]] = {}
        self.points: dict[int, Array] = {}
        self.voters: dict[int, Array] = {}
        self.plain: dict[int, bool] = {}
        for p in self.projects:
            self.who[p] = np.array([g for g, _ in tally.supporters[p]], dtype=np.intp)
            self.points[p] = np.array([s for _, s in tally.supporters[p]], dtype=np.float64)
            self.voters[p] = self.count[self.who[p]]

    @property
    def exact_floats(self) -> bool:
        """Whether all given numbers are whole below 2^53, so that floats hold them without loss."""
        tally = self.tally
        return max([tally.budget, *tally.cost, *tally.weight, 1]) < 2**52

    def run(self, share: Fraction) -> list[int]:
        """The projects bought with `share` (scaled) for each voter, in order."""
        tally = self.tally
        purse = Purse.of(tally, share)
        chosen: list[int] = []
        self._spread(purse)
        bound = {p: self._by_rate(p, tally.cost[p] / tally.weight[p]) * (1 - 4 * U) for p in self.projects}
        guess = {p: tally.cost[p] / tally.weight[p] * (1 - 4 * U) for p in self.projects}
        while bound:
            pick = self._pick(bound, guess)
            if pick is None:
                break
            project, low, high = pick
            if project < 0:
                for number in chosen[len(purse.steps) :]:
                    price = purse.price(number)
                    assert price is not None
                    purse.buy(number, price)
                settled = self._settle(purse, [p for p in bound if bound[p] <= high])
                for p in settled[1]:
                    del bound[p]
                if settled[0] is None:
                    continue
                project = settled[0][0]
                purse.buy(*settled[0])
                self._spread(purse)
            else:
                who, points = self.who[project], self.points[project]
                had = self.low[who]
                self.low[who] = np.maximum(0.0, had - high * points - 4 * U * had)
                had = self.high[who]
                self.high[who] = np.maximum(0.0, had - low * points + 4 * U * had)
            chosen.append(project)
            del bound[project]
        return chosen

    def _pick(self, bound: dict[int, float], guess: dict[int, float]) -> tuple[int, float, float] | None:
        """The project of the least rate with its price between two floats; (-1, 0, rate) if it is in doubt up to that rate."""
        fresh: set[int] = set()
        ceiling = best_low = best_high = np.inf
        best = -1
        for project in sorted(bound, key=bound.__getitem__):
            if bound[project] > ceiling:
                break
            low = self._low(project, guess[project])
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

    def _low(self, project: int, guess: float) -> float | None:
        """A price no higher than the true one; None if the supporters surely have too little. Valid whoever is counted as paying all."""
        cost = float(self.tally.cost[project])
        points, voters = self.points[project], self.voters[project]
        have = self.high[self.who[project]]
        slack = 1 + len(have) * U
        paid = have * voters
        if float(paid.sum()) * slack < cost:
            return None
        weights = points * voters
        price = guess
        for _ in range(60):
            poor = have < price * points
            rest = float(weights.sum(where=~poor))
            if not rest:
                break
            better = (cost - float(paid.sum(where=poor)) * slack) / rest * (1 - 4 * U)
            if better <= price * (1 + 1e-15):
                break
            price = better
        return price

    def _high(self, project: int, low: float) -> float:
        """A price no lower than the true one, proved by adding up what it brings; infinity if none is found."""
        cost = float(self.tally.cost[project])
        points, voters = self.points[project], self.voters[project]
        have = self.low[self.who[project]]
        slack = 1 - (len(have) + 4) * U
        price = low
        for widen in (1e-14, 1e-13, 1e-11, 1e-9):
            poor = have < price * points
            rest = float((points * voters).sum(where=~poor))
            if rest:
                price = max(price, (cost - float((have * voters).sum(where=poor)) * slack) / rest)
            tried = price * (1 + widen)
            if float((np.minimum(have, tried * points) * voters).sum()) * slack >= cost:
                return tried
        return np.inf

    def _settle(
        self, purse: Purse, contenders: list[int]
    ) -> tuple[tuple[int, Fraction, tuple[int, ...]] | None, list[int]]:
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
        _, _, project, price = min(found)
        return (project, price, ()), gone

    def _spread(self, purse: Purse) -> None:
        """Both floats from the exact balances."""
        middle = np.array([one / purse.below for one in purse.left], dtype=np.float64)
        self.low = np.nextafter(middle, 0.0)
        self.high = np.where(middle > 0, np.nextafter(middle, np.inf), 0.0)
