"""Small random demands, and the answers of a method that cannot be wrong: looking at every table."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

Table = tuple[tuple[int, ...], ...]


def rows_of(total: int, floor: list[int], cap: list[int]) -> Iterator[tuple[int, ...]]:
    """Every row with its total, within floors and caps."""
    if not floor:
        if total == 0:
            yield ()
        return
    for first in range(floor[0], min(cap[0], total) + 1):
        for rest in rows_of(total - first, floor[1:], cap[1:]):
            yield (first, *rest)


def worth(weight: Fraction | int, seats: int, floor: int, first: Fraction) -> Fraction:
    """Product of weight / signpost over the seats above the floor: the greatest product is the best table."""
    made = Fraction(1)
    for k in range(floor, seats):
        made *= Fraction(weight) / (k + first)
    return made


def best_tables(asked: dict[str, Any]) -> list[Table]:
    """All best tables of a small demand; none if no table fits."""
    w, R, columns = asked["weights"], asked["row_seats"], asked["col_seats"]
    floor, cap, first = asked["floor"], asked["cap"], asked["rounding"]
    choices = []
    for i, seats in enumerate(R):
        tops = [floor[i][j] if not w[i][j] else seats if cap[i][j] is None else cap[i][j] for j in range(len(columns))]
        choices.append([(row, _product(w[i], row, floor[i], first)) for row in rows_of(seats, floor[i], tops)])
    best, found = None, []
    for rows in itertools.product(*choices):
        totals = [sum(row[j] for row, _ in rows) for j in range(len(columns))]
        if all(low <= n <= high for n, (low, high) in zip(totals, columns, strict=True)):
            value = Fraction(1)
            for _, one in rows:
                value *= one
            if best is None or value > best:
                best, found = value, []
            if value == best:
                found.append(tuple(row for row, _ in rows))
    return found


def _product(weights: list[Any], row: tuple[int, ...], floor: list[int], first: Fraction) -> Fraction:
    made = Fraction(1)
    for weight, seats, least in zip(weights, row, floor, strict=True):
        made *= worth(weight, seats, least, first)
    return made


def small(lot: random.Random) -> dict[str, Any]:
    """A small demand with everything that makes demands hard: ties, zeros, floors, caps, intervals, margins that cannot meet."""
    height, width = lot.choice([(1, 3), (2, 2), (2, 3), (3, 2), (3, 3), (2, 4), (4, 2)])
    top = lot.choice([1, 2, 3, 6, 20, 1000])
    zero = lot.choice([0, 0, 0.2, 0.5])
    w = [[0 if lot.random() < zero else lot.randint(1, top) for _ in range(width)] for _ in range(height)]
    if lot.random() < 0.1:
        w = [[Fraction(one, lot.randint(1, 7)) for one in line] for line in w]  # type: ignore[misc]
    R = [lot.randint(0, 4) for _ in range(height)]
    floor = [[lot.choice([0, 0, 0, 1]) if lot.random() < 0.3 else 0 for _ in range(width)] for _ in range(height)]
    cap: list[list[int | None]] = [[None] * width for _ in range(height)]
    if lot.random() < 0.4:
        cap = [[lot.choice([None, floor[i][j] + lot.randint(0, 3)]) for j in range(width)] for i in range(height)]
    totals = [0] * width
    for _ in range(sum(R)):
        totals[lot.randrange(width)] += 1
    columns = []
    for n in totals:
        spread = lot.choice([0, 0, 0, 1, 2])
        columns.append((max(n - lot.randint(0, spread), 0), n + lot.randint(0, spread)))
    if lot.random() < 0.3:
        columns = [(0, sum(R))] * width
    return {"weights": w, "row_seats": R, "col_seats": columns, "floor": floor, "cap": cap,
            "rounding": lot.choice([Fraction(1, 2), Fraction(1, 2), Fraction(1), Fraction(1, 3)])}  # fmt: skip
