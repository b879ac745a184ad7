"""Prices of a cheapest plan: the least that prove it (Murota 2003, L-natural convexity: the prices form a lattice).

The least price of a full group is exactly what one more seat there would gain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .network import Ints, Network


class NotCheapest(Exception):
    """The plan can be improved along a closed walk: an error of the solver, never of the demand."""


@dataclass(slots=True)
class Residual:
    """The contracted graph of a plan: arcs with their costs, each pair of nodes once, and the column change behind them."""

    size: int
    tail: Ints
    head: Ints
    cost: NDArray[Any]
    leave: Ints
    enter: Ints


def residual(network: Network, weights: Sequence[int]) -> Residual:
    """What may be changed in the plan, and at what cost. Costs are 64-bit or, when weights are larger, Python integers."""
    size, columns = network.size, network.options.shape[1]
    pair = np.arange(columns)
    difference: NDArray[Any] = np.array(
        [[v - u for v in weights] for u in weights], dtype=_kind(weights, size)
    ).reshape(columns, columns)
    usable = network.options >= 0
    if len(network.members):
        usable[np.arange(len(network.members)), network.at] = False
    who, to = np.nonzero(usable)
    leave = network.at[who]
    tail = np.concatenate([network.standing()[who] if len(who) else who, network.tail, network.head])
    head = np.concatenate([network.options[who, to], network.head, network.tail])
    # An empty group that nobody must enter needs no price below 0: nothing leaves it, so the arc to it is harmless.
    empty = network.bounded() & (network.flow == 0) & (network.lo == 0)
    forward, back = network.flow < network.hi, (network.flow > network.lo) | empty
    keep = np.concatenate([np.ones(len(who), bool), forward, back])
    cost = np.concatenate([difference[leave, to], np.zeros(2 * len(network.tail), dtype=difference.dtype)])
    none = np.full(2 * len(network.tail), -1)
    leave, enter = np.concatenate([leave, none]), np.concatenate([pair[to], none])
    tail, head, cost, leave, enter = tail[keep], head[keep], cost[keep], leave[keep], enter[keep]
    order = np.lexsort((_rank(cost), tail, head))
    tail, head, cost, leave, enter = tail[order], head[order], cost[order], leave[order], enter[order]
    first = np.ones(len(tail), bool)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    return Residual(size, tail[first], head[first], cost[first], leave[first], enter[first])


def _kind(weights: Sequence[int], size: int) -> type:
    return np.int64 if max(weights, default=0) * (size + 1) < 1 << 60 else object


def _rank(cost: NDArray[Any]) -> NDArray[Any]:
    return np.unique(cost, return_inverse=True)[1] if cost.dtype == object else cost


def prices(network: Network, graph: Residual) -> list[int]:
    """A price for each node (the sink's is 0): cost + price is least where each member stands. Raises NotCheapest."""
    distance, _ = shortest(graph, [(network.sink, 0)])
    if any(d is None for d in distance):
        distance = _beyond(network, graph, distance)
    return [-d for d in distance if d is not None]


def shortest(graph: Residual, starts: list[tuple[int, int]]) -> tuple[list[int | None], list[int]]:
    """Distances from the starts (None: not reached) and the arc by which each node is reached. Raises NotCheapest."""
    far: Any = far_of(graph)
    distance = np.full(graph.size, far, dtype=graph.cost.dtype)
    for node, at in starts:
        distance[node] = at
    before = np.full(graph.size, -1)
    if not len(graph.tail):
        return [None if d >= far >> 1 else int(d) for d in distance], before.tolist()
    begin = np.flatnonzero(np.concatenate([[True], graph.head[1:] != graph.head[:-1]]))
    into = graph.head[begin]
    for _ in range(graph.size + 1):
        candidate = np.where(distance[graph.tail] >= far >> 1, far, distance[graph.tail] + graph.cost)
        value = np.minimum.reduceat(candidate, begin)
        better = np.flatnonzero(value < distance[into])
        if not better.size:
            return [None if d >= far >> 1 else int(d) for d in distance], before.tolist()
        for i in better.tolist():
            stop = begin[i + 1] if i + 1 < len(begin) else len(candidate)
            before[into[i]] = begin[i] + int(np.flatnonzero(candidate[begin[i] : stop] == value[i])[0])
        distance[into[better]] = value[better]
    raise NotCheapest


def far_of(graph: Residual) -> int:
    """More than any distance."""
    if graph.cost.dtype != object:
        return 1 << 61
    return 4 * (graph.size + 2) * (max((abs(int(c)) for c in graph.cost), default=0) + 1)


def _beyond(network: Network, graph: Residual, distance: list[int | None]) -> list[int | None]:
    """Prices where nobody may leave (all at their least sizes): as near to 0 as the members' costs allow."""
    turned = _turned(graph)
    known = [(v, -d) for v, d in enumerate(distance) if d is not None]
    back, _ = shortest(turned, known)
    distance = [d if d is not None else (-b if b is not None else None) for d, b in zip(distance, back, strict=True)]
    if all(d is not None for d in distance):
        return distance
    own, _ = shortest(graph, [(v, d or 0) for v, d in enumerate(distance)])
    return own


def _turned(graph: Residual) -> Residual:
    order = np.lexsort((graph.head, graph.tail))
    return Residual(
        graph.size, graph.head[order], graph.tail[order], graph.cost[order], graph.leave[order], graph.enter[order]
    )
