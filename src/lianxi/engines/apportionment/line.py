"""One dimension: seats among names by a divisor method or by largest remainders, with floors and caps, exactly."""

from __future__ import annotations

import heapq
import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from .demands import SEATS, Demand, signpost
from .exact import between
from .numbers import Number, exact, named, unlike, whole, written
from .orders import Order
from .refusals import Infeasible, Invalid
from .sentences import say
from .ties import Tie
from .verifier import check

FORMAT = "lianxi-apportionment/1"
Bounds = int | Mapping[str, int | None] | Sequence[int | None] | None


@dataclass(frozen=True)
class Line:
    """Seats of names in one dimension with what proves them.

    `seats[i]` of `names[i]`; `divisor`: weight / divisor rounds to the seats (for largest remainders: the quota of a seat);
    `ties`: at most one block, its cells are (0, place). `rule`: "divisor" or "hamilton".
    """

    names: tuple[str, ...]
    weights: tuple[Fraction | int, ...]
    seats: tuple[int, ...]
    divisor: Fraction
    floor: tuple[int, ...]
    cap: tuple[int | None, ...]
    ties: tuple[Tie, ...] = ()
    first: Fraction = Fraction(1, 2)
    rule: str = "divisor"
    rules: tuple[str, ...] = ()
    order: Order | None = None

    @property
    def total(self) -> int:
        """All seats."""
        return sum(self.seats)

    @property
    def unique(self) -> bool:
        """Whether no other apportionment is as good."""
        return not self.ties

    @property
    def decided(self) -> bool:
        """Whether nothing is left open: unique, or decided by a public order."""
        return self.unique or self.order is not None

    def __getitem__(self, name: str) -> int:
        return self.seats[self.names.index(name)]

    def certain(self, place: int) -> int:
        """Seats that a name has in every answer."""
        return self.seats[place] - any((0, place) in tie.held for tie in self.ties)

    def quotient(self, place: int) -> Fraction:
        """Weight / divisor."""
        return Fraction(self.weights[place]) / self.divisor

    def sentence(self, place: int, language: str = "zh", digits: int = 3) -> str:
        """The working of one name in one line."""
        seats, quotient = self.seats[place], self.quotient(place)
        low = seats - 1 + self.first if seats else Fraction(0)
        code = "line" if self.rule == "divisor" else "line-hamilton"
        if quotient < low and self.rule == "divisor":
            code = "line-floor"
        if quotient > seats + self.first and self.rule == "divisor":
            code = "line-cap"
        weight = self.weights[place]
        shown = written(weight) if weight.denominator == 1 else f"{float(weight):.4f}"
        facts = {"name": self.names[place], "weight": shown, "divisor": written(self.divisor) if len(written(self.divisor)) < 16 else f"{float(self.divisor):.6g}",
                 "quotient": f"{float(quotient):.{digits}f}", "low": written(low), "high": written(seats + self.first), "seats": seats}  # fmt: skip
        return say(code, facts, language)

    def tie_sentence(self, tie: Tie, language: str = "zh") -> str:
        """What is tied, for a person."""
        return say(
            "tie-line",
            {"cells": [self.names[j] for _, j in tie.cells], "open": tie.open, "count": len(tie.cells)},
            language,
        )

    def resolve(self, order: Order) -> Line:
        """The answer that a public order chooses. The divisor stays. The lot of a name is SHA-256 of "seed||name"."""
        if self.unique:
            return replace(self, order=order)
        seats, ties = list(self.seats), []
        for tie in self.ties:
            for _, j in tie.held:
                seats[j] -= 1
            ranked = order.sort([("", self.names[j]) for _, j in tie.cells])
            held = tuple(sorted(tie.cells[place] for place in ranked[: tie.open]))
            for _, j in held:
                seats[j] += 1
            ties.append(replace(tie, held=held))
        return _checked(replace(self, seats=tuple(seats), ties=tuple(ties), order=order))

    def demand(self) -> Demand:
        """The same question as a table of one row whose columns are free."""
        total = self.total
        return Demand(("",), self.names, (self.weights,), (total,), ((0, total),) * len(self.names), (self.floor,), (self.cap,), self.first, self.rule, self.rules)  # fmt: skip

    def certificate(self) -> dict[str, Any]:
        """The certificate `lianxi-apportionment/1` of a table of one row (JSON-ready)."""
        demand = self.demand()
        return {
            "format": FORMAT, **demand.told, "seats": [list(self.seats)],
            "row_divisors": [written(self.divisor)], "col_divisors": ["1"] * len(self.names),
            "unique": self.unique, "ties": [tie.told() for tie in self.ties],
            "order": self.order.told() if self.order else None, "input": demand.sha256,
        }  # fmt: skip


def divisor(
    weights: Mapping[str, Number] | Sequence[Number],
    seats: int,
    *,
    rounding: Number | str = Fraction(1, 2),
    floor: Bounds = 0,
    cap: Bounds = None,
    rules: Sequence[str] = (),
    order: Order | None = None,
) -> Line:
    """Divisor apportionment: weight / divisor, rounded at the signposts, floors and caps kept.

    Args:
        weights: by name, or a sequence (names 1, 2, 3, …); ≥ 0, exact.
        seats: how many, exactly.
        rounding: first signpost in (0, 1]: 1/2 Webster / Sainte-Laguë, 1 D'Hondt / Jefferson; or "webster", "dhondt".
        floor, cap: least and most seats, one for all or by name; a name without weight gets its floor.
        order: decides a tie, if there is one.

    Returns:
        A line that its verifier has accepted.

    Raises:
        Invalid: the demand is wrong. Infeasible: floors or caps do not fit the seats.

    Source: Balinski & Young 1982, Fair Representation; Pukelsheim 2017, Proportional Representation, ch. 4, 12.
    """
    line = _asked(weights, seats, floor, cap, signpost(rounding), "divisor", rules)
    total, a = seats, line.first
    caps = _caps(line, total)
    found = _start(line, caps, total)
    _mend(line, caps, found, total)
    low = max((w / (x + a) for w, x, top in zip(line.weights, found, caps, strict=True) if x < top and w), default=None)
    high = min((w / (x - 1 + a) for w, x, least in zip(line.weights, found, line.floor, strict=True) if x > least), default=None)  # fmt: skip
    ties: tuple[Tie, ...] = ()
    if low is not None and low == high:
        gain = [j for j, (w, x, top) in enumerate(zip(line.weights, found, caps, strict=True)) if x < top and w and w / (x + a) == low]  # fmt: skip
        lose = [j for j, (w, x, least) in enumerate(zip(line.weights, found, line.floor, strict=True)) if x > least and w / (x - 1 + a) == low]  # fmt: skip
        ties, number = (_tie(gain, lose),), Fraction(low)
    else:
        number = between(low and Fraction(low), high and Fraction(high))
    return _ended(replace(line, seats=tuple(found), divisor=number, ties=ties), order)


def hamilton(
    weights: Mapping[str, Number] | Sequence[Number],
    seats: int,
    *,
    floor: Bounds = 0,
    cap: Bounds = None,
    rules: Sequence[str] = (),
    order: Order | None = None,
) -> Line:
    """Largest remainders (Hamilton, Hare): quotas clipped to floors and caps, their whole parts, then the largest remainders.

    The quotas are min(cap, max(floor, weight / divisor)) with the one divisor that makes them add up to the seats; so floors and caps come
    first and the rest is shared in proportion. Arguments, answer and errors as `divisor`.

    Source: Balinski & Young 1982, ch. 3; Election law practice, see docs/apportionment.md.
    """
    line = _asked(weights, seats, floor, cap, Fraction(1, 2), "hamilton", rules)
    caps = _caps(line, seats)
    scale = _water(line, caps, seats)
    quotas = [min(Fraction(top), max(Fraction(least), w * scale)) for w, least, top in zip(line.weights, line.floor, caps, strict=True)]  # fmt: skip
    found = [math.floor(one) for one in quotas]
    rest = [one - had for one, had in zip(quotas, found, strict=True)]
    left = seats - sum(found)
    ranked = sorted(range(len(found)), key=lambda j: -rest[j])
    for j in ranked[:left]:
        found[j] += 1
    ties: tuple[Tie, ...] = ()
    if left and left < len(ranked) and rest[ranked[left]] == rest[ranked[left - 1]]:
        same = [at for at, j in enumerate(ranked) if rest[j] == rest[ranked[left]]]
        ties = (_tie([ranked[at] for at in same if at >= left], [ranked[at] for at in same if at < left]),)
    return _ended(replace(line, seats=tuple(found), divisor=1 / scale if scale else Fraction(1), ties=ties), order)


def _asked(weights: Any, seats: int, floor: Bounds, cap: Bounds, first: Fraction, rule: str, rules: Sequence[str]) -> Line:  # fmt: skip
    names, values = named(weights)
    if not names:
        raise Invalid("shape", where="weights", need=1, have=0)
    unlike(names, "weights")
    read = tuple(exact(one, f"weights[{name}]") for name, one in zip(names, values, strict=True))
    whole(seats, "seats", SEATS)
    least = tuple(one or 0 for one in _bounds(floor, "floor", names))
    most = _bounds(cap, "cap", names)
    line = Line(
        names, read, (), Fraction(1), least, most, first=first, rule=rule, rules=tuple(str(one) for one in rules)
    )
    for name, low, top in zip(names, least, most, strict=True):
        if top is not None and low > top:
            raise Invalid("bounds", where=f"floor[{name}]", low=low, high=top)
    need, have = sum(least), sum(_caps(line, seats))
    if need > seats:
        raise Infeasible("line-low", rows=[], cols=[name for name, low in zip(names, least, strict=True) if low], need=need, have=seats, short=need - seats,
                         cures=[{"kind": "seats", "by": need - seats}])  # fmt: skip
    if have < seats:
        raise Infeasible("line-high", rows=[], cols=list(names), need=seats, have=have, short=seats - have,
                         cures=[{"kind": "fewer-seats", "by": seats - have}])  # fmt: skip
    return line


def _bounds(found: Bounds, where: str, names: tuple[str, ...]) -> tuple[int | None, ...]:
    if found is None or isinstance(found, int):
        one = None if found is None else whole(found, where, SEATS)
        return (one,) * len(names)
    if isinstance(found, Mapping):
        for name in found:
            if name not in names:
                raise Invalid("unknown-name", where=where, name=str(name))
        listed: list[int | None] = [found.get(name) for name in names]
    else:
        listed = list(found)
    if len(listed) != len(names):
        raise Invalid("shape", where=where, need=len(names), have=len(listed))
    return tuple(None if one is None else whole(one, f"{where}[{name}]", SEATS) for name, one in zip(names, listed, strict=True))  # fmt: skip


def _caps(line: Line, seats: int) -> list[int]:
    """Effective caps: just past the seats where there is none, the floor where nothing weighs."""
    return [least if not w else (seats + 1 if top is None else top) for w, least, top in zip(line.weights, line.floor, line.cap, strict=True)]  # fmt: skip


def _water(line: Line, caps: list[int], seats: int) -> Fraction:
    """The scale at which the weights, clipped to floors and caps, add up to the seats."""
    weighty = [(Fraction(w), low, top) for w, low, top in zip(line.weights, line.floor, caps, strict=True) if w]
    still = sum(low for w, low in zip(line.weights, line.floor, strict=True) if not w)
    if not weighty:
        return Fraction(0)
    steps = sorted({edge / w for w, low, top in weighty for edge in (low, top)})

    def full(scale: Fraction) -> Fraction:
        return still + sum((min(Fraction(top), max(Fraction(low), w * scale)) for w, low, top in weighty), Fraction(0))

    at = bisect_left(steps, Fraction(seats), key=full)
    if at == 0:
        return steps[0]
    below, above = steps[at - 1], steps[at]
    low_sum, high_sum = full(below), full(above)
    return below + (seats - low_sum) * (above - below) / (high_sum - low_sum)


def _start(line: Line, caps: list[int], seats: int) -> list[int]:
    """Seats for one scale near the right one: optimal for their own total."""
    floats = [float(w) for w in line.weights]
    total = sum(floats)
    scale = seats / total if total else 0.0
    for _ in range(30):
        held = [min(top, max(low, w * scale)) for w, low, top in zip(floats, line.floor, caps, strict=True)]
        loose = [w for w, one in zip(floats, held, strict=True) if one == w * scale]
        give = seats - sum(one for w, one in zip(floats, held, strict=True) if one != w * scale)
        fresh = give / sum(loose) if loose and give > 0 and sum(loose) else scale
        if abs(fresh - scale) <= 1e-12 * scale:
            break
        scale = fresh
    exactly = Fraction(scale)
    return [min(top, max(low, math.floor(w * exactly - line.first) + 1)) for w, low, top in zip(line.weights, line.floor, caps, strict=True)]  # fmt: skip


def _mend(line: Line, caps: list[int], found: list[int], seats: int) -> None:
    """Add or take seats one by one, in the order of their quotients."""
    a, missing = line.first, seats - sum(found)
    if missing > 0:
        heap = [(-w / (found[j] + a), j) for j, w in enumerate(line.weights) if found[j] < caps[j]]
        heapq.heapify(heap)
        for _ in range(missing):
            _, j = heapq.heappop(heap)
            found[j] += 1
            if found[j] < caps[j]:
                heapq.heappush(heap, (-line.weights[j] / (found[j] + a), j))
    elif missing < 0:
        heap = [(w / (found[j] - 1 + a), j) for j, w in enumerate(line.weights) if found[j] > line.floor[j]]
        heapq.heapify(heap)
        for _ in range(-missing):
            _, j = heapq.heappop(heap)
            found[j] -= 1
            if found[j] > line.floor[j]:
                heapq.heappush(heap, (line.weights[j] / (found[j] - 1 + a), j))


def _tie(gain: list[int], lose: list[int]) -> Tie:
    cols = sorted(gain + lose)
    return Tie((0,), tuple(cols), tuple((0, j) for j in cols), tuple((0, j) for j in sorted(lose)), math.comb(len(cols), len(lose)))  # fmt: skip


def _ended(line: Line, order: Order | None) -> Line:
    return line.resolve(order) if order is not None else _checked(line)


def _checked(line: Line) -> Line:
    wrong = [english for holds, _, english in check(line.certificate()) if not holds]
    if wrong:  # pragma: no cover
        raise AssertionError(f"the verifier rejects the apportionment: {'; '.join(wrong)}")
    return line
