"""Ties: the cells in which optimal tables differ, and the table that a public order chooses.

With any divisors that prove a table, draw unit → trade where a cell sits on its upper threshold (it may take one seat more), trade → unit
where it sits on its lower one. The cells that differ between optimal tables are those inside strongly connected components.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from .exact import strong

STATES = 5000
"""Solutions of a block are counted only while so many states suffice."""
Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Tie:
    """A block of cells that share `open` seats by a tie: each of its cells has its lower number of seats, or one more.

    `rows`, `cols`: places of the units and trades; `cells`: places (row, column), sorted; `held`: those that have the seat in the present table;
    `solutions`: in how many ways the seats can lie, or None if that was too long to count.
    """

    rows: tuple[int, ...]
    cols: tuple[int, ...]
    cells: tuple[Cell, ...]
    held: tuple[Cell, ...]
    solutions: int | None

    @property
    def open(self) -> int:
        """How many seats the cells share."""
        return len(self.held)

    def told(self) -> dict[str, Any]:
        """As it stands in a certificate."""
        return {
            "rows": list(self.rows), "cols": list(self.cols), "cells": [list(cell) for cell in self.cells],
            "open": self.open, "solutions": self.solutions,
        }  # fmt: skip


@dataclass(slots=True)
class Loose:
    """What may move without loss: `gain` and `lose` cells on a threshold, `more` and `fewer` columns whose total may grow or shrink."""

    height: int
    width: int
    gain: set[Cell]
    lose: set[Cell]
    more: set[int]
    fewer: set[int]

    def blocks(self, least: dict[int, int], most: dict[int, int]) -> tuple[Tie, ...]:
        """The ties. `least`, `most`: by how many seats the total of a column may shrink or grow."""
        part = strong(self._arcs())
        inside: dict[int, list[Cell]] = {}
        for i, j in sorted(self.gain | self.lose):
            if part[i] == part[self.height + j]:
                inside.setdefault(part[i], []).append((i, j))
        ties = []
        for cells in sorted(inside.values()):
            held = tuple(cell for cell in cells if cell in self.lose)
            cols = sorted({j for _, j in cells})
            spread = {
                j: (least.get(j, 0) if j in self.fewer else 0, most.get(j, 0) if j in self.more else 0) for j in cols
            }
            rows = tuple(sorted({i for i, _ in cells}))
            ties.append(Tie(rows, tuple(cols), tuple(cells), held, count(cells, held, spread)))
        return tuple(ties)

    def _arcs(self) -> list[list[int]]:
        graph: list[list[int]] = [[] for _ in range(self.height + self.width + 1)]
        for i, j in self.gain:
            graph[i].append(self.height + j)
        for i, j in self.lose:
            graph[self.height + j].append(i)
        for j in self.more:
            graph[self.height + j].append(self.height + self.width)
        for j in self.fewer:
            graph[self.height + self.width].append(self.height + j)
        return graph


def count(cells: Sequence[Cell], held: Iterable[Cell], spread: dict[int, tuple[int, int]]) -> int | None:
    """In how many ways the held seats can lie in the cells: row sums kept, column sums kept within `spread` (fewer, more)."""
    had = set(held)
    cols = sorted({j for _, j in cells})
    place = {j: at for at, j in enumerate(cols)}
    need = Counter(i for i, _ in had)
    seats = Counter(j for _, j in had)
    sums = [seats[j] for j in cols]
    low = [sums[at] - spread[j][0] for at, j in enumerate(cols)]
    high = [sums[at] + spread[j][1] for at, j in enumerate(cols)]
    rows: dict[int, list[int]] = {}
    for i, j in cells:
        rows.setdefault(i, []).append(place[j])
    ways: dict[tuple[int, ...], int] = {tuple([0] * len(cols)): 1}
    for i, columns in sorted(rows.items()):
        step: dict[tuple[tuple[int, ...], int], int] = {(state, need[i]): number for state, number in ways.items()}
        for at in columns:
            fresh: dict[tuple[tuple[int, ...], int], int] = {}
            for (state, left), number in step.items():
                fresh[state, left] = fresh.get((state, left), 0) + number
                if left and state[at] < high[at]:
                    filled = (*state[:at], state[at] + 1, *state[at + 1 :])
                    fresh[filled, left - 1] = fresh.get((filled, left - 1), 0) + number
            step = fresh
            if len(step) > STATES:
                return None
        ways = {state: number for (state, left), number in step.items() if left == 0}
    return sum(number for state, number in ways.items() if all(a <= b for a, b in zip(low, state, strict=True)))
