"""One run of equal shares in whole numbers: balances over one common denominator, no rounding anywhere."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd, inf, nextafter
from sys import float_info

from .election import Tally


@dataclass(frozen=True, slots=True)
class Step:
    """A project bought: its number, what one point of support pays at most (scaled money per scaled point), and who tied with it."""

    project: int
    price: Fraction
    tied: tuple[int, ...] = ()


@dataclass(slots=True)
class Purse:
    """Balances of the merged ballots as `left[g] / below`, and the buying of projects from them."""

    tally: Tally
    left: list[int]
    below: int
    steps: list[Step] = field(default_factory=list)

    @classmethod
    def of(cls, tally: Tally, share: Fraction) -> Purse:
        """Every voter with `share` of scaled money."""
        return cls(tally, [share.numerator] * len(tally.count), share.denominator)

    def price(self, project: int) -> Fraction | None:
        """The least price per point at which the supporters bring the cost; None if all they have is too little.

        Newton's step from the left on the concave sum of min(balance, price × points): at most one round for each change of who pays all.
        """
        left, count, cost = self.left, self.tally.count, self.tally.cost[project] * self.below
        rich, need, weight, have = [], cost, 0, 0
        for g, s in self.tally.supporters[project]:
            if b := left[g]:
                n = count[g]
                rich.append((b, s, n))
                weight += s * n
                have += b * n
        if have < need:
            return None
        while True:
            still, had, weighed = [], 0, 0
            for one in rich:
                b, s, n = one
                if b * weight < need * s:  # pays all that is left
                    had += b * n
                    weighed += s * n
                else:
                    still.append(one)
            if not weighed:
                return Fraction(need, weight * self.below)
            rich, need, weight = still, need - had, weight - weighed

    def buy(self, project: int, price: Fraction, tied: tuple[int, ...] = ()) -> None:
        """Take min(balance, price × points) from every supporter."""
        factor = price.denominator // gcd(price.denominator, self.below)
        if factor > 1:
            self.left = [one * factor for one in self.left]
            self.below *= factor
        pays = price.numerator * (self.below // price.denominator)
        left = self.left
        for g, s in self.tally.supporters[project]:
            left[g] = max(0, left[g] - pays * s)
        self.steps.append(Step(project, price, tied))


def rate(tally: Tally, project: int, price: Fraction, utility: str) -> Fraction:
    """What is compared between projects: price for one unit of utility ("cost": points × cost, "cardinality": points)."""
    return price / tally.cost[project] if utility == "cost" else price


def below(number: Fraction) -> float:
    """A float no higher than the number: its division is rounded to the nearest float, this is the one before."""
    try:
        return nextafter(number.numerator / number.denominator, -inf)
    except OverflowError:
        return float_info.max


def above(number: Fraction) -> float:
    """A float no lower than the number."""
    try:
        return nextafter(number.numerator / number.denominator, inf)
    except OverflowError:
        return inf


def eligible(tally: Tally) -> list[int]:
    """Projects that can be bought at all: wanted by somebody, of a cost above 0 and within the budget."""
    return [p for p, cost in enumerate(tally.cost) if 0 < cost <= tally.budget and tally.weight[p]]


def run(tally: Tally, share: Fraction, utility: str = "cost") -> list[Step]:
    """Buy, as long as any can be bought, the project of the least rate; ties by `tally.tie`.

    Rates only rise while balances fall, so a rate once computed is a lower bound: few are computed again at each step. The queue
    holds floats that are surely no higher; whatever may be the least is compared exactly.
    """
    purse = Purse.of(tally, share)
    queue = [(below(rate(tally, p, Fraction(tally.cost[p], tally.weight[p]), utility)), p) for p in eligible(tally)]
    heapq.heapify(queue)
    while True:
        seen: list[tuple[Fraction, int, Fraction]] = []
        ceiling = inf
        while queue and queue[0][0] <= ceiling:
            project = heapq.heappop(queue)[1]
            price = purse.price(project)
            if price is not None:
                seen.append((rate(tally, project, price, utility), project, price))
                ceiling = min(ceiling, above(seen[-1][0]))
        if not seen:
            return purse.steps
        best = min(one for one, _, _ in seen)
        tied = [(tally.tie[p], p, price) for r, p, price in seen if r == best]
        _, chosen, price = min(tied)
        for r, p, _ in seen:
            if p != chosen:
                heapq.heappush(queue, (below(r), p))
        purse.buy(chosen, price, tuple(sorted(p for _, p, _ in tied if p != chosen)))
