"""What is asked of a table: weights, margins, floors and caps, read exactly and refused in one sentence when wrong."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from .numbers import Number, exact, plain, unlike, whole, written
from .refusals import Invalid

CELLS = 2_000_000
"""Most cells of a table."""
SEATS = 1_000_000
"""Most seats of a body: far beyond any, and floating point still tells neighbouring signposts apart."""
Bound = int | Sequence[int | None]
ROUNDINGS = {"webster": Fraction(1, 2), "dhondt": Fraction(1), "hamilton": Fraction(1, 2)}
"""Named rules and the first signpost p/q; any other p/q in (0, 1] may be given as a number."""


@dataclass(frozen=True)
class Demand:
    """A question that has exactly one kind of answer. Rows are units, columns trades (or lists); all numbers exact.

    `weights[i][j]` ≥ 0; `row_seats[i]` exact; `col_seats[j]` = (least, most); `floor[i][j]` ≤ seats ≤ `cap[i][j]` (None: no cap);
    a cell without weight gets its floor. `first`: the first signpost p/q in (0, 1], so that seat k has the signpost k - 1 + p/q
    (1/2 Webster / Sainte-Laguë, 1 D'Hondt / Jefferson). `rules`: articles that the demand rests on, printed with it.
    """

    rows: tuple[str, ...]
    cols: tuple[str, ...]
    weights: tuple[tuple[Fraction | int, ...], ...]
    row_seats: tuple[int, ...]
    col_seats: tuple[tuple[int, int], ...]
    floor: tuple[tuple[int, ...], ...]
    cap: tuple[tuple[int | None, ...], ...]
    first: Fraction = Fraction(1, 2)
    rule: str = "divisor"
    rules: tuple[str, ...] = ()

    @cached_property
    def told(self) -> dict[str, Any]:
        """The demand's half of a certificate (JSON-ready)."""
        free = all(cap is None for line in self.cap for cap in line)
        none = not any(any(line) for line in self.floor)
        found: dict[str, Any] = {
            "rounding": [self.first.numerator, self.first.denominator],
            "codes": {"rows": list(self.rows), "cols": list(self.cols)},
            "weights": [[plain(one) for one in line] for line in self.weights],
            "row_seats": list(self.row_seats),
            "col_seats": [list(pair) for pair in self.col_seats],
            "floor": 0 if none else [list(line) for line in self.floor],
            "cap": None if free else [list(line) for line in self.cap],
            "rules": list(self.rules),
        }
        if self.rule != "divisor":
            found["rule"] = self.rule
        return found

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the demand as canonical JSON (sorted keys, no blanks, UTF-8)."""
        return hashlib.sha256(
            json.dumps(self.told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        ).hexdigest()


def signpost(rounding: Number | str, where: str = "rounding") -> Fraction:
    """The first signpost from a name ("webster", "dhondt") or a number in (0, 1].

    Raises:
        Invalid: neither.
    """
    if isinstance(rounding, str) and rounding in ROUNDINGS:
        return ROUNDINGS[rounding]
    found = Fraction(exact(rounding, where))
    if not 0 < found <= 1 or found.denominator > 10**6:
        raise Invalid("rounding", where=where, found=written(found))
    return found


def asked(
    weights: Sequence[Sequence[Number]],
    row_seats: Sequence[int],
    col_seats: Sequence[Bound] | None,
    *,
    rows: Sequence[str] | None = None,
    cols: Sequence[str] | None = None,
    rounding: Number | str = Fraction(1, 2),
    floor: int | Sequence[Sequence[int]] = 0,
    cap: int | Sequence[Sequence[int | None]] | None = None,
    rules: Sequence[str] = (),
) -> Demand:
    """Read a demand for a table.

    Raises:
        Invalid: with the key path (`row_seats[3]`, `weights[2][5]`) of what is wrong.
    """
    if not isinstance(weights, Sequence) or isinstance(weights, str) or not weights:
        raise Invalid("not-a-list", where="weights")
    height = len(weights)
    width = len(_list(weights[0], "weights[0]"))
    if height * width > CELLS:
        raise Invalid("too-large", where="weights", rows=height, cols=width)
    if not width:
        raise Invalid("shape", where="weights[0]", need=1, have=0)
    read = tuple(
        tuple([one if type(one) is int and 0 <= one < 10**18 else exact(one, f"weights[{i}][{j}]")
               for j, one in enumerate(_sized(line, f"weights[{i}]", width))])
        for i, line in enumerate(weights)
    )  # fmt: skip
    seats = tuple(whole(one, f"row_seats[{i}]", SEATS) for i, one in enumerate(_sized(row_seats, "row_seats", height)))
    total = sum(seats)
    if total > SEATS:
        raise Invalid("too-many-seats", where="row_seats", found=total, most=SEATS)
    if col_seats is None:
        bounds = tuple((0, total) for _ in range(width))
    else:
        bounds = tuple(_bound(one, f"col_seats[{j}]", total) for j, one in enumerate(_sized(col_seats, "col_seats", width)))  # fmt: skip
    least = _cells(floor, "floor", height, width)
    most = _cells(cap, "cap", height, width, none=True)
    for i in range(height):
        for j in range(width):
            top = most[i][j]
            if top is not None and (least[i][j] or 0) > top:
                raise Invalid("bounds", where=f"floor[{i}][{j}]", low=least[i][j], high=top)
    names = [unlike(found if found is not None else [str(k + 1) for k in range(size)], where)
             for found, size, where in ((_names(rows, "rows", height), height, "rows"), (_names(cols, "cols", width), width, "cols"))]  # fmt: skip
    return Demand(
        names[0], names[1], read, seats, bounds,
        least, most, signpost(rounding), rules=tuple(str(one) for one in rules),  # type: ignore[arg-type]
    )  # fmt: skip


def _list(found: object, where: str) -> Sequence[Any]:
    if not isinstance(found, Sequence) or isinstance(found, str | bytes):
        raise Invalid("not-a-list", where=where)
    return found


def _sized(found: object, where: str, size: int) -> Sequence[Any]:
    read = _list(found, where)
    if len(read) != size:
        raise Invalid("shape", where=where, need=size, have=len(read))
    return read


def _names(found: Sequence[str] | None, where: str, size: int) -> Sequence[str] | None:
    return None if found is None else _sized(found, where, size)


def _bound(found: Bound, where: str, total: int) -> tuple[int, int]:
    if isinstance(found, Sequence) and not isinstance(found, str):
        low, high = _sized(found, where, 2)
        pair = whole(low if low is not None else 0, f"{where}[0]", SEATS), total if high is None else whole(high, f"{where}[1]", SEATS)  # fmt: skip
    else:
        pair = (whole(found, where, SEATS),) * 2
    if pair[0] > pair[1]:
        raise Invalid("bounds", where=where, low=pair[0], high=pair[1])
    return pair


def _cells(
    found: Any, where: str, height: int, width: int, *, none: bool = False
) -> tuple[tuple[int | None, ...], ...]:
    if found is None and none:
        return ((None,) * width,) * height
    if isinstance(found, int) and not isinstance(found, bool):
        return ((whole(found, where, SEATS),) * width,) * height
    if isinstance(found, Mapping):
        raise Invalid("not-a-list", where=where)
    return tuple(
        tuple(
            None if one is None and none else whole(one, f"{where}[{i}][{j}]", SEATS)
            for j, one in enumerate(_sized(line, f"{where}[{i}]", width))
        )
        for i, line in enumerate(_sized(found, where, height))
    )
