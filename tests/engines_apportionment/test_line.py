"""One dimension against looking at every answer; the golden example of the field; what cannot be."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from lianxi.engines.apportionment import Infeasible, Invalid, Order, check, divisor, hamilton
from tests.draws import draws

from .cases import rows_of, worth

MEASURES = {
    "A": (4200, 96, 81000),
    "B": (2600, 60, 64000),
    "C": (1500, 41, 52000),
    "D": (900, 22, 0),
    "E": (800, 55, 0),
}


def shares() -> dict[str, Fraction]:
    totals = [sum(one[m] for one in MEASURES.values()) for m in range(3)]
    weights = (Fraction(3, 5), Fraction(1, 5), Fraction(1, 5))
    return {code: sum((w * part / total for w, part, total in zip(weights, one, totals, strict=True)), Fraction(0)) for code, one in MEASURES.items()}  # fmt: skip


def test_the_golden_example_by_largest_remainder() -> None:
    """250 seats, weights 0.6 / 0.2 / 0.2 of members, organisations, population."""
    assert hamilton(shares(), 250).seats == (101, 66, 43, 18, 22)


def test_divisors_agree_with_looking_at_all() -> None:
    lot = random.Random(3)
    tied = impossible = 0
    for _ in range(draws(300, 10_000)):
        size = lot.randint(1, 5)
        top = lot.choice([2, 5, 30, 10**15])
        w = [lot.choice([0, 1, 1, 1]) * lot.randint(1, top) for _ in range(size)]
        floor = [lot.choice([0, 0, 1, 2]) for _ in range(size)]
        cap = [lot.choice([None, None, low + lot.randint(0, 3)]) for low in floor]
        seats, first = lot.randint(0, 8), lot.choice([Fraction(1, 2), Fraction(1), Fraction(2, 7)])
        tops = [
            low if not one else seats if high is None else high for one, low, high in zip(w, floor, cap, strict=True)
        ]
        value = {}
        for row in rows_of(seats, floor, tops):
            value[row] = Fraction(1)
            for one, had, low in zip(w, row, floor, strict=True):
                value[row] *= worth(one, had, low, first)
        best = [row for row, one in value.items() if one == max(value.values())]
        try:
            found = divisor(w, seats, rounding=first, floor=floor, cap=cap)
        except Infeasible:
            assert not best
            impossible += 1
            continue
        assert found.seats in best
        assert (found.ties[0].solutions if found.ties else 1) == len(best)
        tied += not found.unique
        if found.ties:
            order = Order.lot("s")
            cells = sorted(j for _, j in found.ties[0].cells)
            ranked = [cells[at] for at in order.sort([("", found.names[j]) for j in cells])]
            assert found.resolve(order).seats == max(best, key=lambda row: [row[j] for j in ranked])
    assert tied >= 8
    assert impossible > 10


def test_largest_remainders_keep_bounds_and_their_own_rule() -> None:
    lot = random.Random(4)
    for _ in range(draws(200, 5000)):
        size = lot.randint(1, 5)
        w = [lot.randint(0, lot.choice([3, 100])) for _ in range(size)]
        seats = lot.randint(0, 12)
        floor = [lot.choice([0, 0, 1]) for _ in range(size)]
        cap = [lot.choice([None, low + 3]) for low in floor]
        try:
            found = hamilton(w, seats, floor=floor, cap=cap)
        except Infeasible:
            continue
        assert sum(found.seats) == seats
        assert all(low <= n and (top is None or n <= top) for n, low, top in zip(found.seats, floor, cap, strict=True))
        if not any(floor) and all(one is None for one in cap) and sum(w):
            quotas = [Fraction(one * seats, sum(w)) for one in w]
            assert all(abs(n - one) < 1 for n, one in zip(found.seats, quotas, strict=True))
            up = [one % 1 for n, one in zip(found.seats, quotas, strict=True) if n > one]
            down = [one % 1 for n, one in zip(found.seats, quotas, strict=True) if n <= one]
            assert not up or not down or min(up) >= max(down)
        told = found.certificate()
        wrong = [*found.seats]
        if size > 1 and wrong[0] and not found.ties:
            wrong[0], wrong[1] = wrong[0] - 1, wrong[1] + 1
            assert not all(line[0] for line in check({**told, "seats": [wrong]}))


def test_the_order_of_names_changes_nothing() -> None:
    one = divisor({"A": 5, "B": 5, "C": 2}, 3)
    other = divisor({"C": 2, "B": 5, "A": 5}, 3)
    assert [one.certain(one.names.index(name)) for name in "ABC"] == [other.certain(other.names.index(name)) for name in "ABC"]  # fmt: skip
    assert one.resolve(Order.lot("7"))["A"] == other.resolve(Order.lot("7"))["A"]


def test_a_vote_decides() -> None:
    found = divisor({"A": 5, "B": 5}, 1)
    assert found.resolve(Order.vote(["B", "A"])).seats == (0, 1)
    assert found.resolve(Order.vote(["A"])).seats == (1, 0)
    with_b = found.resolve(Order.vote(["B", "A"])).certificate()
    assert all(line[0] for line in check(with_b))
    assert not all(line[0] for line in check({**with_b, "order": {"kind": "vote", "listed": [["A", ""]]}}))


@pytest.mark.parametrize(
    ("weights", "seats", "code"),
    [
        ([1.5, 2], 3, "float"), ([1, -2], 3, "negative"), ([1, float("nan")], 3, "float"), (["x"], 3, "not-a-number"), (["1/0"], 3, "not-a-number"),
        ([1, True], 3, "not-a-number"), ([1], 3.0, "float"), ([1], -1, "negative"), ([1], 10**9, "too-many-seats"), ([], 1, "shape"), ([10**80], 1, "too-long"),
        ({"a": 1, "": 2}, 1, "bad-name"),
    ],
)  # fmt: skip
def test_what_is_no_demand_is_refused_in_one_sentence(weights: object, seats: object, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        divisor(weights, seats)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert refused.value.sentence("zh").endswith("。")
    assert "{" not in refused.value.sentence("en") + refused.value.sentence("zh")


def test_floors_and_caps_that_do_not_fit_say_how_many_are_short() -> None:
    with pytest.raises(Infeasible) as refused:
        divisor({"A": 3, "B": 1}, 3, floor=2)
    assert (refused.value.facts["need"], refused.value.facts["have"]) == (4, 3)
    with pytest.raises(Infeasible) as refused:
        divisor({"A": 3, "B": 0}, 3, cap=2)
    assert (refused.value.facts["need"], refused.value.facts["have"]) == (3, 2)
