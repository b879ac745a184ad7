"""Tables against a method that looks at every one of them: the answer, the ties, what cannot be done."""

from __future__ import annotations

import json
import math
import random
from fractions import Fraction

import pytest

from lianxi.engines.apportionment import Infeasible, Order, biproportional, check
from tests.draws import draws

from .cases import best_tables, small


def cells_that_differ(tables: list[tuple[tuple[int, ...], ...]]) -> set[tuple[int, int]]:
    first = tables[0]
    return {(i, j) for i, line in enumerate(first) for j, one in enumerate(line) if any(t[i][j] != one for t in tables)}


def test_small_tables_agree_with_looking_at_all() -> None:
    lot = random.Random(20261124)
    seen = {"unique": 0, "tied": 0, "impossible": 0}
    for number in range(draws(200, 10_000)):
        asked = small(lot)
        best = best_tables(asked)
        try:
            found = biproportional(**asked)
        except Infeasible as error:
            refused = error
        else:
            refused = None
        if refused is not None:
            assert not best, (number, asked)
            assert refused.facts["short"] == refused.facts["need"] - refused.facts["have"] > 0, asked
            seen["impossible"] += 1
            continue
        assert found.seats in best, (number, asked)
        assert set(found.open_cells) == (cells_that_differ(best) if best else set()), (number, asked)
        counted = [tie.solutions for tie in found.ties]
        assert None in counted or math.prod(counted) == len(best), (number, asked, counted, len(best))
        seen["unique" if found.unique else "tied"] += 1
    assert min(seen.values()) >= 10, seen


def test_every_other_table_is_rejected() -> None:
    lot = random.Random(5)
    rejected = 0
    for _ in range(draws(60, 1000)):
        asked = small(lot)
        try:
            found = biproportional(**asked)
        except Infeasible:
            continue
        best = best_tables(asked)
        told = json.loads(json.dumps(found.certificate()))
        height, width = len(asked["row_seats"]), len(asked["col_seats"])
        for _ in range(10):
            i, j, k = lot.randrange(height), lot.randrange(width), lot.randrange(width)
            other = [list(line) for line in found.seats]
            other[i][j] += 1
            if lot.random() < 0.8:
                other[i][k] -= 1
            if other[i][k] < 0 or j == k:
                continue
            if height > 1 and lot.random() < 0.6:
                m = (i + 1) % height
                other[m][j] -= 1
                other[m][k] += 1
                if other[m][j] < 0:
                    continue
            if tuple(map(tuple, other)) in best:
                continue
            lines = list(check({**told, "seats": other}))
            assert not all(line[0] for line in lines), (asked, other)
            rejected += 1
    assert rejected > 50


def test_near_ties_at_15_digits() -> None:
    """Weights of 15 digits whose quotients differ in the last place: floating point cannot tell, fractions can."""
    lot = random.Random(15)
    near = 0
    for _ in range(draws(50, 1000)):
        base = 10**15
        height, width = lot.choice([(2, 2), (2, 3), (3, 3)])
        w = [[base * lot.randint(1, 3) + lot.choice([0, 0, 1, -1]) for _ in range(width)] for _ in range(height)]
        R = [lot.randint(1, 3) for _ in range(height)]
        totals = [0] * width
        for _ in range(sum(R)):
            totals[lot.randrange(width)] += 1
        asked = {"weights": w, "row_seats": R, "col_seats": [(n, n + lot.choice([0, 0, 1])) for n in totals],
                 "floor": [[0] * width] * height, "cap": [[None] * width] * height, "rounding": Fraction(1, 2)}  # fmt: skip
        best = best_tables(asked)
        found = biproportional(**asked)
        assert found.seats in best
        assert set(found.open_cells) == cells_that_differ(best), asked
        near += any(one % base for line in w for one in line)
    assert near > 20


def test_an_order_chooses_the_first_of_all_best_tables() -> None:
    lot = random.Random(7)
    decided = 0
    for number in range(draws(150, 3000)):
        asked = small(lot)
        try:
            found = biproportional(**asked)
        except Infeasible:
            continue
        if found.unique:
            continue
        best = best_tables(asked)
        order = Order.lot(f"seed {number}")
        cells = sorted(found.open_cells)
        names = [(found.demand.rows[i], found.demand.cols[j]) for i, j in cells]
        ranked = [cells[place] for place in order.sort(names)]
        wanted = max(best, key=lambda table: [table[i][j] for i, j in ranked])
        chosen = found.resolve(order)
        assert chosen.seats == wanted, asked
        assert chosen.row_divisors == found.row_divisors
        assert chosen.col_divisors == found.col_divisors
        assert chosen.decided
        assert all(line[0] for line in check(json.loads(json.dumps(chosen.certificate()))))
        for other in best:
            if other != wanted:
                lines = list(check({**chosen.certificate(), "seats": [list(line) for line in other]}))
                assert not all(line[0] for line in lines)
        decided += 1
    assert decided >= 10


def test_the_order_of_the_input_changes_nothing() -> None:
    lot = random.Random(11)
    for _ in range(draws(60, 1000)):
        asked = small(lot)
        height, width = len(asked["row_seats"]), len(asked["col_seats"])
        up, across = lot.sample(range(height), height), lot.sample(range(width), width)
        turned = {
            key: [[asked[key][i][j] for j in across] for i in up] for key in ("weights", "floor", "cap")
        } | {"row_seats": [asked["row_seats"][i] for i in up], "col_seats": [asked["col_seats"][j] for j in across], "rounding": asked["rounding"]}  # fmt: skip
        rows, cols = [f"u{i}" for i in range(height)], [f"t{j}" for j in range(width)]
        try:
            one = biproportional(**asked, rows=rows, cols=cols)
        except Infeasible:
            with pytest.raises(Infeasible):
                biproportional(**turned)
            continue
        other = biproportional(**turned, rows=[rows[i] for i in up], cols=[cols[j] for j in across])
        for i in range(height):
            for j in range(width):
                a, b = up.index(i), across.index(j)
                assert one.certain(i, j) == other.certain(a, b)
                assert ((i, j) in one.open_cells) == ((a, b) in other.open_cells)
        lot_drawn = Order.lot("the same seed")
        first, second = one.resolve(lot_drawn), other.resolve(lot_drawn)
        assert all(first.seats[i][j] == second.seats[up.index(i)][across.index(j)] for i in range(height) for j in range(width))  # fmt: skip
