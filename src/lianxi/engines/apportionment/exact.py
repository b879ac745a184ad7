"""From a table that floating point found to one that is proved: exact divisors, written short, and every tie.

A table is optimal iff no closed path of moves has a product of prices below 1. The graph is contracted to the columns. Where the mean of
the cheapest closed path is clear of rounding errors, divisors lie in the open and may be rounded; where it is not, the nodes
on it are treated in fractions: either a path that improves the table is found, or their divisors are exact relative to one another.

Sources: Karp 1978 (minimum mean cycle); Balinski & Demange 1989; Gaffke & Pukelsheim 2008 (divisor methods for proportional
representation systems: an optimization approach).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from .flow import Floats, Graph, Ints, Progress, tell
from .numbers import roughly, shortest

CLEAR = 1e-9
"""Logarithmic slack below which floating point is not believed."""
Exact = Fraction | int


@dataclass(slots=True)
class Proof:
    """Divisors of a table that prove it, and the cells on a threshold: `gain` may take one seat more, `lose` may give one."""

    rows: list[Fraction]
    cols: list[Fraction]
    gain: list[tuple[int, int]]
    lose: list[tuple[int, int]]


class Improved(Exception):
    """The table was not optimal and has been improved; begin again."""


def prove(graph: Graph, weights: Sequence[Sequence[Exact]], first: Fraction, progress: Progress | None = None) -> Proof:
    """Make the table of the graph optimal beyond doubt and return its proof. The table may change on the way."""
    while True:
        tell(progress, 0, 1)
        try:
            return _prove(graph, weights, first)
        except Improved:
            continue


def _prove(graph: Graph, weights: Sequence[Sequence[Exact]], first: Fraction) -> Proof:
    for careful in (False, True):
        cols = _columns(graph, weights, first, careful)
        found = _rows(graph, weights, first, cols)
        if found is not None:
            return found
    raise AssertionError("no divisors for a table without an improving path")  # pragma: no cover


# ── columns ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _columns(graph: Graph, weights: Sequence[Sequence[Exact]], first: Fraction, careful: bool) -> list[Fraction]:
    """Column divisors. `careful`: every pair in fractions, no floating point believed."""
    size = graph.columns + 1
    relative = [Fraction(1)] * size
    offset = np.zeros(size)
    group = np.arange(size)
    if careful:
        relative = _within(graph, weights, first, list(range(size)), np.ones((size, size), dtype=bool))
        return [one / relative[-1] for one in relative[:-1]]
    while True:
        count = int(group.max()) + 1
        quotient = _contracted(graph.W, offset, group, count)
        mean = _least_mean(quotient)
        level = _centred(quotient, min(mean, 1.0))
        if mean > CLEAR:
            return _short(quotient, level, group, relative)
        slack = quotient - level[:, None] + level[None, :]
        near = slack < max(mean, 0.0) + CLEAR
        part = strong([np.flatnonzero(line).tolist() for line in near])
        merged = np.array(part)
        node_near = (graph.W - (level[group] + offset)[:, None] + (level[group] + offset)[None, :]) < (
            max(mean, 0.0) + 4 * CLEAR
        )
        fresh = merged[group]
        for one in set(part):
            if part.count(one) > 1:
                nodes = np.flatnonzero(fresh == one).tolist()
                exact = _within(graph, weights, first, nodes, node_near)
                for node, number in zip(nodes, exact, strict=True):
                    relative[node], offset[node] = number, log(number)
        group = np.unique(fresh, return_inverse=True)[1]


def _contracted(W: Floats, offset: Floats, group: Ints, count: int) -> Floats:
    shifted = W - offset[:, None] + offset[None, :]
    if count == len(W):
        return shifted
    quotient = np.full((count, count), np.inf)
    np.minimum.at(quotient, (group[:, None].repeat(len(W), 1), group[None, :].repeat(len(W), 0)), shifted)
    np.fill_diagonal(quotient, np.inf)
    return quotient


def _least_mean(W: Floats) -> float:
    """Mean price of the cheapest closed path (∞: there is none), by Karp."""
    size = len(W)
    far = np.zeros((size + 1, size))
    for step in range(size):
        far[step + 1] = (far[step][:, None] + W).min(axis=0)
    last = far[-1]
    ends = np.isfinite(last)
    if not ends.any():
        return math.inf
    before = far[:-1, ends]
    with np.errstate(invalid="ignore"):
        means = (last[ends][None, :] - before) / np.arange(size, 0, -1)[:, None]
    means[~np.isfinite(before)] = -np.inf
    return float(means.max(axis=0).min())


def _centred(W: Floats, margin: float) -> Floats:
    """Levels with level[j] - level[k] ≤ W[j, k] - margin: half way between the highest and the lowest about zero."""
    price = W - margin
    high, low = np.zeros(len(W)), np.zeros(len(W))
    for _ in range(len(W)):
        fresh = np.minimum(high, (price + high[None, :]).min(axis=1))
        if (fresh >= high - 1e-15).all():
            break
        high = fresh
    for _ in range(len(W)):
        fresh = np.maximum(low, (low[:, None] - price).max(axis=0))
        if (fresh <= low + 1e-15).all():
            break
        low = fresh
    return np.asarray((high + low) / 2)


def _short(W: Floats, level: Floats, group: Ints, relative: list[Fraction]) -> list[Fraction]:
    """Levels as decimals of few digits, one after the other, each inside the middle half of what the others leave it."""
    anchor = int(group[-1])
    level = (
        level - level[anchor]
        if np.isfinite(W[anchor]).any() or np.isfinite(W[:, anchor]).any()
        else level - level[group[:-1]].mean()
    )
    scale: dict[int, Fraction] = {anchor: 1 / relative[-1]}
    for one in range(len(W)):
        if one not in scale:
            high = float((W[one] + level).min())
            low = float((level - W[:, one]).max())
            high, low = min(high, level[one] + 0.7), max(low, level[one] - 0.7)
            quarter = (high - low) / 4
            number = roughly(math.exp(low + quarter), math.exp(high - quarter))
            scale[one], level[one] = number, log(number)
    return [scale[int(group[node])] * relative[node] for node in range(len(group) - 1)]


def _within(
    graph: Graph, weights: Sequence[Sequence[Exact]], first: Fraction, nodes: list[int], near: np.ndarray
) -> list[Fraction]:
    """Exact divisors of some nodes relative to the first of them, from the arcs that are nearly tight.

    Raises:
        Improved: a closed path with a product below 1; its seats have been moved.
    """
    place = {node: at for at, node in enumerate(nodes)}
    arcs: list[list[tuple[int, Fraction, int]]] = [[] for _ in nodes]  # into k: (j, price, row)
    for j in nodes:
        for k in nodes:
            if j != k and near[j, k] and np.isfinite(graph.W[j, k]):
                price, row = _price(graph, weights, first, j, k)
                arcs[place[k]].append((place[j], price, row))
    found: list[Fraction | None] = [None] * len(nodes)
    after: list[tuple[int, int]] = [(-1, -1)] * len(nodes)
    unreached = list(range(len(nodes)))
    while unreached:
        found[unreached[0]] = Fraction(1)
        changed = {unreached[0]}
        for turn in range(len(nodes) + 1):
            again: set[int] = set()
            for k in sorted(changed):
                held = found[k]
                assert held is not None
                for j, price, row in arcs[k]:
                    now = found[j]
                    offered = price * held
                    if now is None or offered < now:
                        found[j], after[j] = offered, (k, row)
                        again.add(j)
            if not again:
                break
            if turn == len(nodes):
                _improve(graph, nodes, after, next(iter(again)))
            changed = again
        unreached = [at for at in unreached if found[at] is None]
    return [one if one is not None else Fraction(1) for one in found]


def _improve(graph: Graph, nodes: list[int], after: list[tuple[int, int]], start: int) -> None:
    """Move the seats of the closed path that the pointers run into."""
    for _ in nodes:
        start = after[start][0]
    path, rows, at = [start], [], start
    while True:
        at, row = after[at]
        rows.append(row)
        path.append(at)
        if at == start:
            break
    closed = [nodes[one] for one in path]
    for j, k, row in zip(closed, closed[1:], rows, strict=False):
        graph.by[j, k] = row
    graph.push(closed)
    raise Improved


def _price(graph: Graph, weights: Sequence[Sequence[Exact]], first: Fraction, j: int, k: int) -> tuple[Fraction, int]:
    """Least exact price of moving a seat from column j to k, and the row that has it."""
    if graph.columns in (j, k):
        return Fraction(1), -1
    moves = graph.down[:, j] - graph.up[:, k]
    best: tuple[Fraction, int] | None = None
    seen = set()
    for row in np.flatnonzero(moves <= graph.W[j, k] + CLEAR).tolist():
        here, there = int(graph.seats[row, j]), int(graph.seats[row, k])
        key = (weights[row][j], here, weights[row][k], there)
        if key not in seen:
            seen.add(key)
            price = (weights[row][j] * (there + first)) / Fraction(weights[row][k] * (here - 1 + first))
            if best is None or price < best[0]:
                best = price, row
    assert best is not None
    return best


# ── rows ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _rows(graph: Graph, weights: Sequence[Sequence[Exact]], first: Fraction, cols: list[Fraction]) -> Proof | None:
    """Row divisors for given column divisors, and the cells on a threshold; None if there are none."""
    logs = np.array([log(one) for one in cols])
    least, most = graph.up - logs, graph.down - logs
    under, over = least.max(axis=1), most.min(axis=1)
    proof = Proof([], cols, [], [])
    for i, line in enumerate(weights):
        if CLEAR < over[i] - under[i] < math.inf and abs(over[i]) < 600:
            quarter = (min(over[i], under[i] + 1.4) - under[i]) / 4
            proof.rows.append(roughly(math.exp(under[i] + quarter), math.exp(under[i] + 3 * quarter)))
            continue
        low = high = None
        ups = np.flatnonzero(least[i] >= under[i] - CLEAR).tolist() if np.isfinite(under[i]) else []
        downs = np.flatnonzero(most[i] <= over[i] + CLEAR).tolist() if np.isfinite(over[i]) else []
        seats = graph.seats[i]
        for_up = [(line[j] / (cols[j] * (int(seats[j]) + first)), j) for j in ups]
        for_down = [(line[j] / (cols[j] * (int(seats[j]) - 1 + first)), j) for j in downs]
        if for_up:
            low = max(one for one, _ in for_up)
        if for_down:
            high = min(one for one, _ in for_down)
        if low is not None and high is not None and low >= high:
            if low > high:
                return None
            proof.rows.append(low)
            proof.gain += [(i, j) for one, j in for_up if one == low]
            proof.lose += [(i, j) for one, j in for_down if one == low]
        else:
            proof.rows.append(between(low, high))
    return proof


def between(low: Fraction | None, high: Fraction | None) -> Fraction:
    """A short decimal in the middle half of the interval; None is an open end."""
    if low is None and high is None:
        return Fraction(1)
    if low is None:
        assert high is not None
        return shortest(high * Fraction(2, 5), high * Fraction(4, 5))
    if high is None or high > 4 * low:
        high = 4 * low
    quarter = (high - low) / 4
    return shortest(low + quarter, high - quarter)


def log(number: Exact) -> float:
    """Natural logarithm, also of numbers too large or small for a float."""
    found = Fraction(number)
    if found == 0:
        return -math.inf
    return math.log(found.numerator) - math.log(found.denominator)


def strong(graph: list[list[int]]) -> list[int]:
    """Number of the strongly connected component of each node (Tarjan, without recursion)."""
    size = len(graph)
    index, low, part = [-1] * size, [0] * size, [-1] * size
    stack: list[int] = []
    clock = parts = 0
    for root in range(size):
        if index[root] >= 0:
            continue
        work = [(root, 0)]
        while work:
            node, at = work.pop()
            if at == 0:
                index[node] = low[node] = clock
                clock += 1
                stack.append(node)
            for place in range(at, len(graph[node])):
                near = graph[node][place]
                if index[near] < 0:
                    work += [(node, place + 1), (near, 0)]
                    break
                if part[near] < 0:
                    low[node] = min(low[node], index[near])
            else:
                if low[node] == index[node]:
                    while True:
                        one = stack.pop()
                        part[one] = parts
                        if one == node:
                            break
                    parts += 1
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[node])
    return part
