"""Read a clock from its marks; when to warn; how late it is."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .calendar import DAY, Calendar
from .counting import HOUR, Clock, Span, add
from .marks import Limit, Line, Mark, Reading


@dataclass(frozen=True, slots=True)
class _State:
    """Where the marks have led so far."""

    start: dt.datetime | None = None
    stands: tuple[Span, ...] = ()
    extended: int = 0
    stopped: dt.datetime | None = None

    @property
    def standing(self) -> bool:
        return bool(self.stands) and self.stands[-1][1] is None

    @property
    def running(self) -> bool:
        return self.start is not None and self.stopped is None

    def after(self, mark: Mark) -> "_State | None":
        """The state after a mark, or None if the mark says nothing here (a second start, running on while running)."""
        match mark.move:
            case "start" if not self.running:
                return _State(mark.at)
            case "stand" if self.running and not self.standing:
                return replace(self, stands=(*self.stands, (mark.at, None)))
            case "run" if self.running and self.standing:
                return replace(self, stands=(*self.stands[:-1], (self.stands[-1][0], mark.at)))
            case "extend" if self.running:
                return replace(self, extended=self.extended + mark.amount)
            case "stop" if self.running:
                return replace(self, stopped=mark.at)
        return None


def read(marks: Iterable[Mark], limit: Limit, calendar: Calendar, now: dt.datetime | None = None) -> Reading:
    """What the clock shows after these marks (taken in order of time; marks of one moment in the order given).

    `now`: leave out later marks. A mark that means nothing where it stands is passed over: a stand before the start, a
    run while running, anything but a start after the stop. A start after a stop begins anew, with a new calendar day.
    """
    ordered = sorted((m for m in marks if now is None or m.at <= now), key=lambda m: m.at)
    state, lines = _State(), list[Line]()
    for mark in ordered:
        if (after := state.after(mark)) is None:
            continue
        if after.start != state.start or mark.move == "start":
            lines.clear()
        state = after
        lines.append(_line(mark, state, limit, calendar))
    return _reading(state, lines, limit, calendar)


def _reading(state: _State, lines: Sequence[Line], limit: Limit, calendar: Calendar) -> Reading:
    due = lines[-1].due if lines else None
    return Reading(
        due=None if state.stopped else due,
        started=state.start,
        stopped=state.stopped,
        standing=state.standing and not state.stopped,
        extended=state.extended,
        due_at_stop=due if state.stopped else None,
        working=tuple(lines),
    )


def _line(mark: Mark, state: _State, limit: Limit, calendar: Calendar) -> Line:
    clock = _clock(state, limit, calendar)
    due = clock.due()
    rest, shifted, unknown = _remarkable(clock, due)
    return Line(mark.at, mark.move, mark.amount, due, clock.counted_by(mark.at), rest, shifted, unknown)


def _clock(state: _State, limit: Limit, calendar: Calendar) -> Clock:
    """The clock of a state; one that is stopped while it stands is read as if it had run on at that moment."""
    assert state.start is not None
    stands = state.stands
    if state.stopped and state.standing:
        stands = (*stands[:-1], (stands[-1][0], state.stopped))
    value = max(limit.value + state.extended, 0)
    return Clock(state.start, stands, replace(limit, value=value), calendar)


def _remarkable(
    clock: Clock, due: dt.datetime | None
) -> tuple[tuple[dt.date, ...], tuple[dt.date, ...], tuple[int, ...]]:
    """The days between start and due that the notice moved, and the years without a notice."""
    if due is None or clock.limit.unit == "hours":
        return (), (), ()
    first, known = clock.start.date(), clock.known_on
    days = [first + n * DAY for n in range(1, (due.date() - first).days + 1)]
    moved = [d for d in days if clock.calendar.is_shifted(d, known_on=known)]
    rest = tuple(d for d in moved if not clock.is_working(d))
    years = range(first.year, due.year + 1)
    unknown = tuple(y for y in years if not clock.calendar.is_known(y, known_on=known))
    return rest, tuple(d for d in moved if clock.is_working(d)), unknown


def lead(due: dt.datetime, amount: int | Limit, calendar: Calendar, known_on: dt.date) -> dt.datetime:
    """The moment to warn, so much before `due`; an `int` is working days.

    Days of any kind lead to the opening of hours of that day, so that the whole day is still there to act in: two
    working days before Friday 17:30 is Wednesday 8:30. Hours lead back from the moment itself, working hours through
    office hours only. Never after `due`.
    """
    limit = amount if isinstance(amount, Limit) else Limit(amount, "working_days")
    match limit.unit:
        case "hours":
            return due - limit.value * HOUR
        case "working_hours":
            return _hours_before(due, limit.value * HOUR, calendar, known_on)
        case "working_days":
            day = add(due.date(), working_days=-limit.value, calendar=calendar, known_on=known_on)
        case "days":
            day = due.date() - limit.value * DAY
        case "months":
            day = add(due.date(), months=-limit.value)
    return min(due, calendar.opening(day, due))


def _hours_before(due: dt.datetime, left: dt.timedelta, calendar: Calendar, known_on: dt.date) -> dt.datetime:
    if not left:
        return due
    for day in calendar.working_days(due.date(), known_on=known_on, back=True):
        opens, closes = calendar.opening(day, due), min(calendar.close(day, due), due)
        if closes - left >= opens:
            return closes - left
        left -= max(closes - opens, dt.timedelta())
    raise AssertionError("working days go back without end")


def late_by(due: dt.datetime, now: dt.datetime, calendar: Calendar, known_on: dt.date) -> int:
    """How many working days late: those after the day of `due`, up to and with today; 0 on the day itself or before.

    Friday's deadline is one working day late on Monday, from the morning on.
    """
    days = range(1, (now.date() - due.date()).days + 1)
    return sum(calendar.is_working(due.date() + n * DAY, known_on=known_on) for n in days)
