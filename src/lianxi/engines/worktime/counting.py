"""From running and standing times to the due moment."""

import datetime as dt
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice

from .calendar import DAY, Calendar
from .marks import Limit

HOUR = dt.timedelta(hours=1)
Span = tuple[dt.datetime, dt.datetime | None]
"""A time of standing: from, until (None: it stands still)."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A started clock: when, where it stood, how long it may run, and the calendar as known on its first day."""

    start: dt.datetime
    stands: tuple[Span, ...]
    limit: Limit
    calendar: Calendar

    @property
    def known_on(self) -> dt.date:
        return self.start.date()

    def is_working(self, day: dt.date) -> bool:
        return self.calendar.is_working(day, known_on=self.known_on)

    def runs_at(self, moment: dt.datetime) -> bool:
        """Whether the clock runs at a moment; at the very moment of stopping or going on it does."""
        return not (self.stands and any(a < moment and (b is None or moment < b) for a, b in self.stands))

    def counts(self, day: dt.date) -> bool:
        """Whether a day after the start is counted: the clock ran when the day began, and the unit wants it."""
        began = dt.datetime.combine(day, dt.time(), tzinfo=self.start.tzinfo)
        return (self.limit.unit != "working_days" or self.is_working(day)) and self.runs_at(began)

    def days(self) -> Iterator[dt.date]:
        """The days after the start, up to the day on which the clock stands for good."""
        last = next((a.date() for a, b in self.stands if b is None), None)
        for n in count(1):
            day = self.start.date() + n * DAY
            if last and day > last:
                return
            yield day

    def length(self) -> int:
        """The limit in its days; a limit in months is as many days as lie before the day of the same number."""
        if self.limit.unit != "months":
            return self.limit.value
        first = self.start.date()
        return (add(first, months=self.limit.value) - first).days

    def due(self) -> dt.datetime | None:
        """The due moment, or None while the clock stands before it."""
        match self.limit.unit:
            case "hours":
                return self._due_in_hours()
            case "working_hours":
                return self._due_in_working_hours()
            case _:
                return self._due_in_days()

    def may_end_on(self, day: dt.date) -> bool:
        """Whether the limit may end on this counted day: rest days only where they are not rolled over."""
        return (self.limit.unit != "working_days" and not self.limit.roll) or self.is_working(day)

    def _due_in_days(self) -> dt.datetime | None:
        wanted, counted = self.length(), 0
        today = self.calendar.close(self.start.date(), self.start)
        if wanted == 0 and self.may_end_on(self.start.date()) and self.start < today and self.runs_at(today):
            return today
        for day in self.days():
            if not self.counts(day):
                continue
            counted += 1
            close = self.calendar.close(day, self.start)
            if counted >= wanted and self.may_end_on(day) and self.runs_at(close):
                return close
        return None

    def _runs(self) -> Iterator[Span]:
        """The times at which the clock runs, one after the other; the last may be open."""
        since = self.start
        for a, b in self.stands:
            if a > since:
                yield since, a
            if b is None:
                return
            since = max(since, b)
        yield since, None

    def _due_in_hours(self) -> dt.datetime | None:
        left = self.limit.value * HOUR
        for a, b in self._runs():
            if b is None or a + left <= b:
                return a + left
            left -= b - a
        return None

    def _due_in_working_hours(self) -> dt.datetime | None:
        left = self.limit.value * HOUR
        for a, b in self._runs():
            for opens, closes in self._office(a, b):
                if opens + left <= closes:
                    return opens + left
                left -= closes - opens
        return None

    def _office(self, a: dt.datetime, b: dt.datetime | None) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """The office hours within a time."""
        for day in self.calendar.working_days(a.date(), known_on=self.known_on):
            opens, closes = max(self.calendar.opening(day, a), a), self.calendar.close(day, a)
            closes = closes if b is None else min(closes, b)
            if b is not None and opens >= b:
                return
            if opens < closes:
                yield opens, closes

    def counted_by(self, moment: dt.datetime) -> int:
        """Days (or whole hours) of the limit used up at a moment; the day that is running counts as begun."""
        if self.limit.unit in ("hours", "working_hours"):
            return self._hours_by(moment)
        until = (d for d in self.days() if d <= moment.date())
        days = (moment.date() - self.start.date()).days
        return sum(self.counts(day) for day in islice(until, max(days, 0)))

    def _hours_by(self, moment: dt.datetime) -> int:
        spent = dt.timedelta()
        for a, b in self._runs():
            end = moment if b is None else min(b, moment)
            if end <= a:
                break
            pieces = self._office(a, end) if self.limit.unit == "working_hours" else iter([(a, end)])
            spent += sum((z - y for y, z in pieces), dt.timedelta())
        return spent // HOUR


def add(
    day: dt.date,
    *,
    months: int = 0,
    days: int = 0,
    working_days: int = 0,
    calendar: Calendar | None = None,
    known_on: dt.date | None = None,
) -> dt.date:
    """The day so far away: months first (to the last of the month where the number is missing), then days, then
    working days (negative: before). `calendar` defaults to Monday to Friday, `known_on` to `day`.

    `add(term_end, months=-6)` is the day of a reminder six months before (E-03).
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    moved = day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1])) + days * DAY
    if working_days == 0:
        return moved
    step = DAY if working_days > 0 else -DAY
    worked = (calendar or Calendar()).working_days(moved + step, known_on=known_on or day, back=working_days < 0)
    return next(islice(worked, abs(working_days) - 1, None))
