"""Equal shares once more, written as one would tell it: every voter apart, fractions everywhere, nothing clever."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import count

Ballots = Sequence[dict[str, int]]


def price(cost: Fraction, purses: list[Fraction], points: list[int]) -> Fraction | None:
    """Least p with the sum of min(purse, p × points) = cost, tried at every place where somebody runs dry."""
    if sum(purse for purse, given in zip(purses, points, strict=True) if given) < cost:
        return None
    for _, place in sorted((purses[i] / points[i], i) for i in range(len(purses)) if points[i] and purses[i]):
        edge = purses[place] / points[place]
        brought = sum(min(purse, edge * given) for purse, given in zip(purses, points, strict=True))
        if brought >= cost:
            dry = [i for i in range(len(purses)) if points[i] and purses[i] < edge * points[i]]
            rest = [i for i in range(len(purses)) if points[i] and i not in dry and purses[i]]
            return (cost - sum(purses[i] for i in dry)) / sum(points[i] for i in rest)
    return None


def one_run(
    budget: int, costs: dict[str, int], ballots: Ballots, share: Fraction, by_cost: bool
) -> list[tuple[str, Fraction]]:
    purses, bought = [share] * len(ballots), []
    support = {key: sum(ballot.get(key, 0) for ballot in ballots) for key in costs}
    order = list(costs)
    while True:
        found = []
        for key, cost in costs.items():
            if key in dict(bought) or not 0 < cost <= budget or not support[key]:
                continue
            p = price(Fraction(cost), purses, [ballot.get(key, 0) for ballot in ballots])
            if p is not None:
                found.append((p / cost if by_cost else p, -support[key], cost, order.index(key), key, p))
        if not found:
            return bought
        *_, key, p = min(found)
        bought.append((key, p))
        purses = [
            max(Fraction(0), purse - p * ballot.get(key, 0)) for purse, ballot in zip(purses, ballots, strict=True)
        ]


def naive(
    budget: int,
    costs: dict[str, int],
    ballots: Ballots,
    *,
    completion: str,
    by_cost: bool,
    unit: Fraction = Fraction(1),
) -> tuple[int, list[tuple[str, Fraction]], list[str], list[str]]:
    """Units, what shares bought with prices, what filled up, what greedy buys."""
    support = {key: sum(ballot.get(key, 0) for ballot in ballots) for key in costs}
    able = [key for key, cost in costs.items() if 0 < cost <= budget and support[key]]

    def fill(bought: list[str]) -> list[str]:
        left, then = budget - sum(costs[key] for key in bought), []
        for key in sorted(able, key=lambda k: (-support[k], costs[k])):
            if key not in bought and costs[key] <= left:
                left -= costs[key]
                then.append(key)
        return then

    units, bought = 0, []
    for k in count() if completion != "none" else [0]:
        tried = one_run(budget, costs, ballots, Fraction(budget, len(ballots)) + k * unit, by_cost)
        if sum(costs[key] for key, _ in tried) > budget:
            break
        units, bought = k, tried
        if len(bought) == len(able):
            break
    then = fill([key for key, _ in bought]) if completion == "add1u" else []
    return units, bought, then, fill([])
