"""A cheapest plan when the weights do not fit into a machine's whole numbers: one level of the rule after the other.

Each level has costs 0 and 1. After it, only what keeps its optimum stays allowed: tight options, and arcs with a price keep
their flow (complementary slackness), so that the next level searches among the best of those before.
"""

from __future__ import annotations

import numpy as np

from .network import Network
from .pricing import prices, residual
from .solving import settle

#: Weights up to here go through the search as they are: no path adds up to more than 2^60.
SAFE = 1 << 58


def settle_exactly(network: Network, weights: tuple[int, ...], rule: str) -> None:
    """Set `at` and `flow` to a plan of least cost. Raises solving.Stuck."""
    if max(weights) * (network.size + 1) < SAFE:
        settle(network, list(weights))
        return
    options, lo, hi = network.options.copy(), network.lo.copy(), network.hi.copy()
    for level in levels_of(rule, weights):
        settle(network, level)
        _narrow(network, level)
    network.options, network.lo, network.hi = options, lo, hi


def levels_of(rule: str, weights: tuple[int, ...]) -> list[list[int]]:
    """The costs of the columns, level by level."""
    columns, last = len(weights), len(weights) - 1
    if rule == "linear":
        return [list(weights)]
    unlisted = [int(c == last) for c in range(columns)]
    if rule == "generous":
        return [unlisted, *([int(c == rank) for c in range(columns)] for rank in range(last - 1, 0, -1))]
    return [unlisted, *([int(c != rank) for c in range(columns)] for rank in range(last - 1))]


def heights_of(rule: str, weights: tuple[int, ...]) -> list[int]:
    """The factors with which the levels add up to the weights, up to the same constant for every column."""
    if rule == "linear":
        return [1]
    last = len(weights) - 1
    if rule == "generous":
        return [weights[last], *(weights[rank] for rank in range(last - 1, 0, -1))]
    top = weights[last - 1] if last else 0
    return [weights[last] - top, *(top - weights[rank] for rank in range(last - 1))]


def _narrow(network: Network, level: list[int]) -> None:
    price = np.array(prices(network, residual(network, level)), dtype=np.int64)
    cost = np.where(network.options >= 0, np.array(level)[None, :] + price[network.options], 1 << 40)
    if len(cost):
        network.options[cost > cost.min(axis=1)[:, None]] = -1
    priced = price[network.tail] != price[network.head]
    network.lo[priced] = network.hi[priced] = network.flow[priced]
