"""The table of units and trades as a page shows it, with the working of each figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..models import Calculation, PlanTrade, PlanUnit

SHOWN = 40
WIDE = 8
TONES = 5
"""Units on one page of the table; half as many beside more than `WIDE` trades."""


def number_text(value: Fraction | int, digits: int = 3) -> str:
    """A figure with so many decimals, more where rounding would hide on which side of a half it lies."""
    exact = Fraction(value)
    if exact.denominator == 1:
        return str(exact.numerator)
    doubled = exact * 2
    for more in range(digits, 40):
        text = f"{_rounded(exact, more)}"
        told = Fraction(text) * 2
        if (told > int(doubled)) == (doubled > int(doubled)) and int(told) == int(doubled):
            return text
    return f"{exact.numerator}/{exact.denominator}"


def _rounded(exact: Fraction, digits: int) -> str:
    scaled = round(exact * 10**digits)
    whole, rest = divmod(scaled, 10**digits)
    return f"{whole}.{rest:0{digits}d}"


@dataclass(frozen=True, slots=True)
class Cell:
    """Seats of a unit in a trade. `key`: its address, `tied`: shares a seat with others of equal claim."""

    seats: int | None
    people: int
    key: str
    sign: str
    tied: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A unit's row. `drawn`: its cells as markup, made by the face that shows them."""

    unit: PlanUnit
    divisor: str
    cells: list[Cell]
    seats: int | None
    drawn: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    trade: PlanTrade
    divisor: str
    seats: int | None
    people: int
    tone: int


@dataclass(frozen=True, slots=True)
class Matrix:
    heads: list[Head]
    lines: list[Line]
    total: int
    people: int
    first: int
    of: int
    previous: int | None
    next: int | None


def matrix(
    units: Sequence[PlanUnit],
    trades: Sequence[PlanTrade],
    calc: Calculation | None,
    *,
    first: int = 0,
    shown: int = SHOWN,
) -> Matrix:
    """One page of the table, from the stored result; without one, the people alone."""
    found = Found(calc)
    first = min(max(first, 0), max(len(units) - 1, 0)) // shown * shown
    part = list(enumerate(units))[first : first + shown]
    totals = [sum(one.people[j] if j < len(one.people) else 0 for one in units) for j in range(len(trades))]
    heads = [
        Head(trade, found.trade_divisor(j), found.trade_seats(j), totals[j], j % TONES)
        for j, trade in enumerate(trades)
    ]
    lines = [
        Line(
            unit,
            found.unit_divisor(i),
            [
                Cell(found.cell(i, j), unit.people[j] if j < len(unit.people) else 0, f"{i}-{j}", trade.mark, (i, j) in found.tied)
                for j, trade in enumerate(trades)
            ],
            found.unit_seats(i),
        )
        for i, unit in part
    ]  # fmt: skip
    return Matrix(
        heads, lines, sum(found.of_units or ()), sum(totals), first, len(units),
        first - shown if first else None, first + shown if first + shown < len(units) else None,
    )  # fmt: skip


class Found:
    """What a stored calculation says, by place; None where it did not get so far."""

    def __init__(self, calc: Calculation | None) -> None:
        document: dict[str, Any] = calc.document if calc else {}
        self.document = document
        self.certificate: dict[str, Any] = document.get("certificate") or {}
        self.a: dict[str, Any] = self.certificate.get("a") or {}
        self.b: dict[str, Any] = self.certificate.get("b") or {}
        self.c: dict[str, Any] = self.certificate.get("c") or {}
        self.of_units: list[int] | None = self.a.get("seats")
        self.of_trades: list[int] | None = self.b.get("seats")
        self.decided = bool(self.certificate.get("order"))
        self.tied = {(i, j) for i, j in self._cells("c")}
        self.tied_units = {j for _, j in self._cells("a")}
        self.tied_trades = {j for _, j in self._cells("b")}

    def _cells(self, step: str) -> list[list[int]]:
        ties = (self.certificate.get(step) or {}).get("ties", ())
        return [] if self.decided else [cell for tie in ties for cell in tie["cells"]]

    def unit_seats(self, i: int) -> int | None:
        return self.of_units[i] if self.of_units and i < len(self.of_units) else None

    def trade_seats(self, j: int) -> int | None:
        return self.of_trades[j] if self.of_trades and j < len(self.of_trades) else None

    def cell(self, i: int, j: int) -> int | None:
        seats = self.c.get("seats")
        return int(seats[i][j]) if seats else None

    def unit_divisor(self, i: int) -> str:
        return _at(self.c.get("row_divisors"), i)

    def trade_divisor(self, j: int) -> str:
        return _at(self.c.get("col_divisors"), j)

    def claims(self, places: range) -> list[Fraction]:
        """Weights of some units in step A: Σ weight of a figure × figure / its total."""
        units = self.certificate["units"]
        weights = [
            Fraction(str(self.certificate["weights"][name])) for name in ("members", "organisations", "population")
        ]
        totals = [Fraction(sum(int(one[k + 1]) for one in units)) for k in range(3)]
        return [
            sum((w * Fraction(str(units[i][k + 1])) / totals[k] for k, w in enumerate(weights) if w), Fraction(0))
            for i in places
        ]


def _at(found: Any, place: int) -> str:
    return str(found[place]) if found else ""


@dataclass(frozen=True, slots=True)
class Working:
    """A unit's seats in a trade worked out: people ÷ unit's divisor ÷ trade's divisor = quotient, between two thresholds → seats.

    `held`: "people" where the quotient lies above, and there are no more people than seats; "least" where it lies below.
    """

    unit: PlanUnit
    trade: PlanTrade
    people: int
    unit_divisor: str
    trade_divisor: str
    quotient: str
    low: str
    high: str
    seats: int
    tied: bool
    held: str


def working(
    key: str, units: Sequence[PlanUnit], trades: Sequence[PlanTrade], calc: Calculation | None
) -> Working | None:
    """The working of the cell at `key` ("3-1"); None for a place that is not there."""
    found = Found(calc)
    left, _, right = key.partition("-")
    if not (left.isdigit() and right.isdigit() and len(key) < 12) or not found.c.get("seats"):
        return None
    i, j = int(left), int(right)
    if i >= len(units) or j >= len(trades):
        return None
    seats, people = found.cell(i, j), units[i].people[j]
    row, col = found.unit_divisor(i), found.trade_divisor(j)
    quotient = Fraction(people) / (Fraction(row) * Fraction(col))
    half = Fraction(1, 2)
    low = max(Fraction(0), (seats or 0) - half)
    return Working(
        units[i], trades[j], people, row, col, number_text(quotient), number_text(low, 1), number_text((seats or 0) + half, 1),
        seats or 0, (i, j) in found.tied, "people" if quotient > (seats or 0) + half else "least" if quotient < low else "",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnitStep:
    """Step A for one unit: what its figures weigh together, divided by the common divisor, rounded."""

    unit: PlanUnit
    weight: str
    quotient: str
    seats: int
    bound: str
    tied: bool


def unit_steps(
    units: Sequence[PlanUnit], calc: Calculation | None, *, first: int = 0, shown: int = SHOWN
) -> list[UnitStep]:
    """Step A, one page of it."""
    found = Found(calc)
    if not found.of_units:
        return []
    places = range(first, min(first + shown, len(units)))
    whole = sum(Fraction(str(one)) for one in found.certificate["weights"].values()) or Fraction(1)
    divisor = Fraction(str(found.a["divisor"]))
    rows = []
    for i, claim in zip(places, found.claims(places), strict=True):
        quotient, seats = claim / divisor, found.of_units[i]
        bound = "low" if quotient < seats - 1 else "high" if quotient > seats + 1 else ""
        share = f"{_rounded(claim / whole * 100, 2)}%"
        rows.append(UnitStep(units[i], share, number_text(quotient), seats, bound, i in found.tied_units))
    return rows


@dataclass(frozen=True, slots=True)
class TradeStep:
    """Step B for one trade: its seat-weighted share between its bounds, rounded."""

    trade: PlanTrade
    share: str
    low: int
    high: int
    seats: int
    bound: bool
    tied: bool


def trade_steps(trades: Sequence[PlanTrade], calc: Calculation | None) -> list[TradeStep]:
    """Step B."""
    found = Found(calc)
    if not found.of_trades:
        return []
    total = found.certificate["seats"]
    rows = []
    for j, trade in enumerate(trades):
        seats, share = found.of_trades[j], found.document["shares"][j]
        low = -(-Fraction(trade.at_least or 0) * total // 1)
        high = Fraction(1 if trade.at_most is None else trade.at_most) * total // 1
        bound = abs(Fraction(share) - seats) > 1 and seats in (low, high)
        rows.append(TradeStep(trade, share, int(low), int(high), seats, bound, j in found.tied_trades))
    return rows
