"""A table with exact margins by floating point: proportional fitting, then shortest augmenting paths. It steers; `exact` decides.

Minimise the sum over the cells of the logarithms of the signposts (a convex transportation problem). Rows are kept exact;
seats move between columns along shortest paths in the graph contracted to the columns: W[j, k] is the price of the
cheapest row that can give a seat of column j to column k. One more node stands for columns with an interval.

Sources: Rote & Zachariasen 2007 (Matrix scaling by network flow); Balinski & Demange 1989 (Algorithms for proportional
matrices in reals and integers); Maier, Zachariassen & Zachariasen 2010 (Divisor-based biproportional apportionment).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .refusals import Cancelled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Progress = Callable[[int, int], object]
ROUNDS = 12
"""Rounds of proportional fitting; more make the start worse."""
REPAIRS = 8
"""Most rounds of discrete scaling."""
ENOUGH = 4
"""So few misplaced seats are moved more quickly one by one."""
TILT = 1e-11
"""Far below `exact.CLEAR`: whatever it decides is looked at again in fractions."""


def tell(progress: Progress | None, done: int, of: int) -> None:
    """Report progress.

    Raises:
        Cancelled: the callback returned False.
    """
    if progress is not None and progress(done, of) is False:
        raise Cancelled("cancelled")


@dataclass
class Margins:
    """The demand as arrays. `logs` -∞ where nothing weighs; `first` = p/q, so that the signpost of seat k is k - 1 + p/q."""

    logs: Floats
    floor: Ints
    cap: Ints
    rows: Ints
    low: Ints
    high: Ints
    first: float

    def missed(self, seats: Ints) -> int:
        """By how many seats the columns miss their bounds."""
        total = seats.sum(axis=0)
        return int(np.abs(total - np.clip(total, self.low, self.high)).sum())

    @cached_property
    def tilt(self) -> Floats:
        """A slight preference for columns, another in each row, so that tied rows do not all choose the same ones."""
        height, width = self.logs.shape
        turns = (np.arange(height)[:, None] + np.arange(width)) % width
        return np.asarray(TILT / width * turns)


@dataclass(slots=True)
class Flow:
    """Seats (rows exact), logarithms of the column multipliers, and the columns that no path can relieve (empty: all is well).

    If there are such columns, the seats miss the bounds of the columns by as few seats in all as any table with these rows.
    """

    seats: Ints
    gamma: Floats
    stuck: tuple[list[int], ...] = ()


def fitted(problem: Margins) -> Floats:
    """Column multipliers (logarithms, one more 0 for the interval's node) by proportional fitting in reals."""
    top = problem.logs.max(axis=1, keepdims=True)
    weights = np.exp(problem.logs - np.where(np.isfinite(top), top, 0.0))
    weights[problem.cap == 0] = 0.0
    rows = np.maximum(problem.rows, 1e-9)
    c = np.ones(weights.shape[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        for _ in range(ROUNDS):
            share = weights / c
            shares = share.sum(axis=1)
            scale = np.where(shares > 0, rows / np.where(shares > 0, shares, 1.0), 0.0)
            total = scale @ weights
            wanted = np.clip(total, problem.low, problem.high)
            c = np.where((total > 0) & (wanted > 0), total / np.where(wanted > 0, wanted, 1.0), 1.0)
            c = np.clip(c, 1e-7, 1e7)
    return np.append(np.log(c), 0.0)


def balanced(problem: Margins, gamma: Floats) -> tuple[Ints, Floats]:
    """A few rounds of discrete scaling after the fitting: columns with too many seats become dearer. The best round is kept.

    A column whose error changed its sign moves by half as much from then on: small columns overshoot, large ones do not.
    """
    seats = best = rounded(problem, gamma)
    at, least = gamma, problem.missed(best)
    damping, before = np.full(len(gamma) - 1, 0.5), np.zeros(len(gamma) - 1)
    for _ in range(REPAIRS):
        if least <= ENOUGH:
            break
        total = seats.sum(axis=0)
        wanted = np.clip(total, problem.low, problem.high)
        wrong = np.log(np.maximum(total, 0.5) / np.maximum(wanted, 0.5))
        damping = np.where(wrong * before < 0, damping / 2, damping)
        before = wrong
        gamma = np.append(gamma[:-1] + wrong * damping, 0.0)
        seats = rounded(problem, gamma)
        missed = problem.missed(seats)
        if missed < least:
            best, at, least = seats, gamma, missed
    return best, at


def rounded(problem: Margins, gamma: Floats) -> Ints:
    """Each row apportioned for given column multipliers: its seats exact, floors and caps kept."""
    a = problem.first
    lifted = problem.logs - gamma[:-1]
    top = lifted.max(axis=1, keepdims=True)
    share = np.exp(lifted - np.where(np.isfinite(top), top, 0.0))
    floor, cap, rows = problem.floor, problem.cap, problem.rows
    total = share.sum(axis=1)
    scale = np.where(total > 0, rows / np.where(total > 0, total, 1.0), 0.0)
    for _ in range(6):
        real = share * scale[:, None]
        held = np.clip(real, floor, cap)
        loose = held == real
        give = rows - np.where(loose, 0.0, held).sum(axis=1)
        carry = np.where(loose, share, 0.0).sum(axis=1)
        fresh = np.where((give > 0) & (carry > 0), give / np.where(carry > 0, carry, 1.0), scale)
        if (np.abs(fresh - scale) <= 1e-9 * scale).all():
            break
        scale = fresh
    seats: Ints = np.clip(np.floor(share * scale[:, None] - a) + 1, floor, cap).astype(np.int64)
    missing = rows - seats.sum(axis=1)
    tilted = lifted + problem.tilt
    while True:
        few, many = np.flatnonzero(missing > 0), np.flatnonzero(missing < 0)
        if not len(few) and not len(many):
            return seats
        if len(few):
            now = seats[few]
            price = np.where(now < cap[few], np.log(now + a) - tilted[few], np.inf)
            seats[few, price.argmin(axis=1)] += 1
            missing[few] -= 1
        if len(many):
            now = seats[many]
            gain = np.where(now > floor[many], np.log(np.maximum(now - 1 + a, 1e-300)) - tilted[many], -np.inf)
            seats[many, gain.argmax(axis=1)] -= 1
            missing[many] += 1


class Graph:
    """The residual graph contracted to the columns: `W`, the cheapest price of a move, and `by`, the row that makes it (-1: none, through the interval's node)."""

    def __init__(self, problem: Margins, seats: Ints, slack: Ints) -> None:
        self.problem, self.seats, self.slack = problem, seats, slack
        self.columns = problem.logs.shape[1]
        self.mark = np.zeros(len(seats), dtype=bool)
        self.up = np.empty_like(problem.logs)
        self.down = np.empty_like(problem.logs)
        self._price(np.arange(len(seats)))
        self.W = np.full((self.columns + 1, self.columns + 1), np.inf)
        self.by = np.full((self.columns + 1, self.columns + 1), -1)
        for j in range(self.columns):
            moves = self.down[:, j, None] - self.up
            self.by[j, :-1] = best = moves.argmin(axis=0)
            self.W[j, :-1] = moves[best, np.arange(self.columns)]
        self._close()

    def _price(self, rows: NDArray[Any]) -> None:
        """`down` = log(v / signpost) of the seat that would go, `up` of the seat that would come; ±∞ where none may."""
        now, logs, a = self.seats[rows], self.problem.logs[rows], self.problem.first
        self.up[rows] = np.where(now < self.problem.cap[rows], logs - np.log(now + a), -np.inf)
        goes = now > self.problem.floor[rows]
        self.down[rows] = np.where(goes, logs - np.log(np.where(goes, now - 1 + a, 1.0)), np.inf)

    def _close(self) -> None:
        np.fill_diagonal(self.W, np.inf)
        room = self.problem.high - self.problem.low
        self.W[:-1, -1] = np.where(self.slack > 0, 0.0, np.inf)
        self.W[-1, :-1] = np.where(self.slack < room, 0.0, np.inf)

    def changed(self, rows: list[int]) -> None:
        """Prices after seats of these rows moved."""
        if rows:
            touched = np.array(sorted(set(rows)))
            self._price(touched)
            self.mark[touched] = True
            js, ks = np.nonzero(self.mark[self.by[:-1, :-1]])
            self.mark[touched] = False
            if len(js):
                moves = self.down[:, js] - self.up[:, ks]
                best = moves.argmin(axis=0)
                self.by[js, ks] = best
                self.W[js, ks] = moves[best, np.arange(len(js))]
            fresh = self.down[touched][:, :, None] - self.up[touched][:, None, :]
            best = fresh.argmin(axis=0)
            price = np.take_along_axis(fresh, best[None], axis=0)[0]
            better = price < self.W[:-1, :-1]
            self.W[:-1, :-1] = np.where(better, price, self.W[:-1, :-1])
            self.by[:-1, :-1] = np.where(better, touched[best], self.by[:-1, :-1])
        self._close()

    def paths(self, gamma: Floats, sources: NDArray[Any], goals: NDArray[Any]) -> tuple[Floats, NDArray[Any], int]:
        """Dijkstra over reduced prices from all sources to the nearest goal: distances, predecessors, the goal (-1: none)."""
        reduced = np.maximum(self.W - gamma[:, None] + gamma[None, :], 0.0)
        size = len(gamma)
        far = np.full(size, np.inf)
        before = np.full(size, -1)
        far[sources] = 0.0
        open_ = np.ones(size, dtype=bool)
        wanted = np.zeros(size, dtype=bool)
        wanted[goals] = True
        for _ in range(size):
            node = int(np.where(open_, far, np.inf).argmin())
            if not open_[node] or not np.isfinite(far[node]):
                return far, before, -1
            if wanted[node]:
                return far, before, node
            open_[node] = False
            through = far[node] + reduced[node]
            nearer = open_ & (through < far)
            far[nearer] = through[nearer]
            before[nearer] = node
        return far, before, -1

    def push(self, path: list[int]) -> None:
        """Move one seat along the nodes of a path (or of a closed path)."""
        rows = []
        for j, k in pairwise(path):
            if k == self.columns:
                self.slack[j] -= 1
            elif j == self.columns:
                self.slack[k] += 1
            else:
                row = int(self.by[j, k])
                self.seats[row, j] -= 1
                self.seats[row, k] += 1
                rows.append(row)
        self.changed(rows)


def solve(problem: Margins, progress: Progress | None = None) -> tuple[Flow, Graph]:
    """Seats of least price as far as floating point tells. Rows must be possible (floors ≤ seats ≤ caps).

    Returns:
        The flow and its graph. `stuck` holds, for each column with too many seats that cannot be relieved, the columns its seats
        could reach (the interval's node is the number of columns): a cut that proves that no table fits.

    Raises:
        Cancelled: the callback returned False.
    """
    seats, gamma = balanced(problem, fitted(problem))
    room = problem.high - problem.low
    total = seats.sum(axis=0)
    slack = np.where(gamma[:-1] < -1e-12, room, np.where(gamma[:-1] > 1e-12, 0, np.clip(problem.high - total, 0, room)))
    graph = Graph(problem, seats, slack)
    spare = int(problem.high.sum() - problem.rows.sum())
    surplus = np.append(total + slack - problem.high, spare - int(slack.sum()))
    of = int(np.abs(surplus).sum()) // 2
    done = 0
    while True:
        sources, goals = np.flatnonzero(surplus > 0), np.flatnonzero(surplus < 0)
        tell(progress, done, of)
        if not len(sources):
            return Flow(seats, gamma), graph
        far, before, goal = graph.paths(gamma, sources, goals)
        if goal < 0:
            stuck = _stuck(graph, sources)
            _approach(graph)
            return Flow(seats, gamma, stuck), graph
        gamma = gamma - np.minimum(far, far[goal])
        path = [goal]
        while before[path[-1]] >= 0:
            path.append(int(before[path[-1]]))
        path.reverse()
        graph.push(path)
        surplus[path[0]] -= 1
        surplus[goal] += 1
        done += 1


def _stuck(graph: Graph, sources: NDArray[Any]) -> tuple[list[int], ...]:
    """What each source can reach, smallest first."""
    open_ = np.isfinite(graph.W)
    found = []
    for source in sources:
        seen = np.zeros(len(open_), dtype=bool)
        seen[source] = True
        while True:
            more = seen | open_[seen].any(axis=0)
            if (more == seen).all():
                break
            seen = more
        found.append([int(one) for one in np.flatnonzero(seen)])
    return tuple(sorted(found, key=len))


def _approach(graph: Graph) -> None:
    """Move seats until the columns miss their bounds by as few seats in all as any table with these rows."""
    low, high = graph.problem.low, graph.problem.high
    while True:
        total = graph.seats.sum(axis=0)
        path = _way(graph, total > high, total < high) or _way(graph, total > low, total < low)
        if not path:
            return
        graph.push(path)


def _way(graph: Graph, sources: NDArray[Any], goals: NDArray[Any]) -> list[int]:
    """A path between columns from a source to a goal; empty if there is none."""
    open_ = np.isfinite(graph.W[:-1, :-1])
    before = np.where(sources, -1, -2)
    ahead = np.flatnonzero(sources).tolist()
    for node in ahead:
        if goals[node]:
            path = [node]
            while before[path[-1]] >= 0:
                path.append(int(before[path[-1]]))
            return path[::-1]
        fresh = np.flatnonzero(open_[node] & (before == -2))
        before[fresh] = node
        ahead += fresh.tolist()
    return []
