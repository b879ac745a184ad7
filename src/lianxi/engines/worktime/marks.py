"""What goes in and what comes out: marks of a clock, a limit, a reading with its working."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

Move = Literal["start", "stand", "run", "extend", "stop"]
Unit = Literal["working_days", "days", "months", "hours", "working_hours"]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that moves a clock. `at`: local wall time (all naive, or all aware in one zone).
    `amount`: for "extend", how much is added, in the unit of the limit."""

    at: dt.datetime
    move: Move
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Limit:
    """A length of time. `roll`: a limit in days or months that would end on a rest day ends on the next working day
    (Civil Code art. 203); working days and hours never need it."""

    value: int
    unit: Unit
    roll: bool = True

    def __post_init__(self) -> None:
        if self.value < 0:
            raise ValueError(f"a limit is not negative: {self.value}")
        if self.unit not in ("working_days", "days", "months", "hours", "working_hours"):
            raise ValueError(f"unknown unit of a limit: {self.unit}")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the working: what happened, and the due moment that followed from it.

    `counted`: days of the limit that had been used up at `at` (for limits in hours: hours). `rest` and `shifted`: days
    passed over in the count that only the notice makes rest days, and worked weekend days that were counted.
    `unknown`: years whose notice was not out when the clock started, so that Monday to Friday stood in.
    """

    at: dt.datetime
    move: Move
    amount: int
    due: dt.datetime | None
    counted: int
    rest: tuple[dt.date, ...] = ()
    shifted: tuple[dt.date, ...] = ()
    unknown: tuple[int, ...] = ()

    def __str__(self) -> str:
        amount = f" +{self.amount}" if self.amount else ""
        return f"{self.at:%Y-%m-%d} {self.move}{amount} → {f'{self.due:%Y-%m-%d %H:%M}' if self.due else '–'}"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a clock shows.

    `due`: None before the start, after the stop, and while the clock stands (unless it was already past when it began
    to stand: what is late stays late). `due_at_stop`: the due moment in force when the clock stopped; the work was late
    if `stopped > due_at_stop`. `extended`: how much was granted in all. `working`: the sum line by line, for people.
    """

    due: dt.datetime | None
    started: dt.datetime | None = None
    stopped: dt.datetime | None = None
    standing: bool = False
    extended: int = 0
    due_at_stop: dt.datetime | None = None
    working: tuple[Line, ...] = ()

    @property
    def was_late(self) -> bool:
        """Whether the clock was stopped after its due moment."""
        return self.stopped is not None and self.due_at_stop is not None and self.stopped > self.due_at_stop
