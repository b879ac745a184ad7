"""Laws of the clock, and a naive oracle that walks day by day."""

import datetime as dt
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from lianxi.engines.worktime import Calendar, Edition, Limit, Mark, add, late_by, lead, read

BEGIN = dt.datetime(2025, 1, 6)  # a Monday
DAY = dt.timedelta(days=1)

moments = st.integers(0, 120 * 24 * 2).map(lambda n: BEGIN + n * dt.timedelta(minutes=30))
days = st.integers(0, 400).map(lambda n: BEGIN.date() + n * DAY)
limits = st.builds(
    Limit,
    st.integers(0, 40),
    st.sampled_from(["working_days", "days", "working_hours", "hours"]),
    st.booleans(),
) | st.builds(Limit, st.integers(0, 3), st.just("months"), st.booleans())
day_limits = st.builds(Limit, st.integers(0, 40), st.sampled_from(["working_days", "days"]), st.booleans())


@st.composite
def editions(draw: st.DrawFn, year: int, published: dt.date | None = None) -> Edition:
    inside = st.integers(0, 364).map(lambda n: dt.date(year, 1, 1) + n * DAY)
    holidays = draw(st.frozensets(inside, max_size=30))
    weekend = frozenset(d for d in draw(st.frozensets(inside, max_size=30)) if d.weekday() > 4) - holidays
    return Edition(year, published or draw(days), holidays, weekend)


calendars = st.lists(st.sampled_from([2025, 2026]).flatmap(editions), max_size=3).map(lambda e: Calendar(tuple(e)))


@st.composite
def histories(draw: st.DrawFn) -> list[Mark]:
    """A started clock that stands and runs on any number of times."""
    times = sorted(draw(st.lists(moments, min_size=1, max_size=9)))
    moves = ["start"] + ["stand" if n % 2 == 0 else "run" for n in range(len(times) - 1)]
    return [Mark(t, m) for t, m in zip(times, moves, strict=True)]  # type: ignore[arg-type]


def naive(marks: list[Mark], limit: Limit, calendar: Calendar) -> dt.datetime | None:
    """Minute facts, asked one day after the other; only for days."""
    start, known = marks[0].at, marks[0].at.date()

    def runs(moment: dt.datetime) -> bool:
        running = False
        before = [m for m in marks if m.at < moment or (m.at == moment and m.move == "run")]
        for mark in before:
            running = mark.move in ("start", "run")
        return running or (bool(before) and before[-1].at == moment)

    day, counted = start.date(), 0
    for _ in range(2000):
        close = dt.datetime.combine(day, calendar.hours[1])
        working = calendar.is_working(day, known_on=known)
        if day > start.date() and runs(dt.datetime.combine(day, dt.time())):
            today = working or limit.unit == "days"
            counted += today
        else:
            today = day == start.date() and limit.value == 0 and start < close
        may_end = working or (limit.unit == "days" and not limit.roll)
        if today and counted >= limit.value and may_end and runs(close):
            return close
        day += DAY
    return None


@settings(max_examples=400)
@given(histories(), day_limits, calendars)
def test_equal_to_the_naive_oracle(marks: list[Mark], limit: Limit, calendar: Calendar) -> None:
    assert read(marks, limit, calendar).due == naive(marks, limit, calendar)


@given(histories(), limits, calendars, moments, moments)
def test_standing_never_brings_the_due_moment_earlier(
    marks: list[Mark], limit: Limit, calendar: Calendar, a: dt.datetime, b: dt.datetime
) -> None:
    a, b = sorted((a, b))
    last = marks[-1]
    if last.move == "stand" or a < last.at:
        return
    before = read(marks, limit, calendar).due
    after = read([*marks, Mark(a, "stand"), Mark(b, "run")], limit, calendar).due
    assert before is not None
    assert after is not None
    assert after >= before


@given(histories(), limits, calendars, moments)
def test_a_stand_of_no_length_changes_nothing(
    marks: list[Mark], limit: Limit, calendar: Calendar, when: dt.datetime
) -> None:
    if marks[-1].move == "stand" or when < marks[-1].at:
        return
    stood = read([*marks, Mark(when, "stand"), Mark(when, "run")], limit, calendar)
    assert stood.due == read(marks, limit, calendar).due


@given(histories(), limits, calendars, st.integers(0, 10))
def test_more_time_is_never_earlier(marks: list[Mark], limit: Limit, calendar: Calendar, more: int) -> None:
    due = read(marks, limit, calendar).due
    longer = read(marks, replace(limit, value=limit.value + more), calendar).due
    assert due is None or longer is None or longer >= due
    assert due is not None or longer is None


@given(histories(), limits, calendars, st.integers(0, 10))
def test_an_extension_equals_a_longer_limit(marks: list[Mark], limit: Limit, calendar: Calendar, more: int) -> None:
    extended = read([*marks, Mark(marks[-1].at, "extend", more)], limit, calendar)
    assert extended.due == read(marks, replace(limit, value=limit.value + more), calendar).due
    assert extended.extended == more


@given(histories(), limits, calendars, st.randoms(use_true_random=False))
def test_order_of_giving_does_not_matter(marks: list[Mark], limit: Limit, calendar: Calendar, random: object) -> None:
    if len({m.at for m in marks}) < len(marks):
        return
    mixed = list(marks)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert read(mixed, limit, calendar) == read(marks, limit, calendar)


@given(histories(), limits.filter(lambda x: x.unit != "months"), st.integers(-30, 30))
def test_shifted_by_weeks_without_holidays_everything_shifts(marks: list[Mark], limit: Limit, weeks: int) -> None:
    shift = weeks * 7 * DAY
    due = read(marks, limit, Calendar()).due
    moved = read([replace(m, at=m.at + shift) for m in marks], limit, Calendar()).due
    assert moved == (None if due is None else due + shift)


@given(histories(), limits, calendars, st.data())
def test_a_later_notice_changes_no_clock_that_had_started(
    marks: list[Mark], limit: Limit, calendar: Calendar, data: st.DataObject
) -> None:
    later = data.draw(st.integers(1, 300).map(lambda n: marks[0].at.date() + n * DAY))
    new = data.draw(st.sampled_from([2025, 2026]).flatmap(lambda y: editions(y, later)))
    richer = Calendar((*calendar.editions, new))
    assert read(marks, limit, richer) == read(marks, limit, calendar)


@given(histories(), limits, calendars)
def test_the_due_moment_is_a_close_of_a_working_day_and_after_the_start(
    marks: list[Mark], limit: Limit, calendar: Calendar
) -> None:
    due = read(marks, limit, calendar).due
    if due is None:
        return
    assert due >= marks[0].at
    if limit.unit == "working_days" or (limit.unit in ("days", "months") and limit.roll):
        assert calendar.is_working(due.date(), known_on=marks[0].at.date())
        assert due.time() == calendar.hours[1]


@given(histories(), limits, calendars, moments)
def test_what_was_late_when_it_stopped_was_due_before(
    marks: list[Mark], limit: Limit, calendar: Calendar, stop: dt.datetime
) -> None:
    stop = max(stop, marks[-1].at)
    running = read(marks, limit, calendar)
    stopped = read([*marks, Mark(stop, "stop")], limit, calendar)
    assert stopped.due is None
    assert stopped.due_at_stop is not None
    if running.due is not None:
        assert stopped.due_at_stop == running.due
    else:
        assert not stopped.was_late
    assert stopped.was_late == (running.due is not None and stop > running.due)


@given(moments, st.integers(0, 15), calendars, days)
def test_lead_leaves_that_many_working_days(due: dt.datetime, n: int, calendar: Calendar, known: dt.date) -> None:
    warn = lead(due, n, calendar, known)
    assert warn <= due
    between = [
        d
        for k in range((due.date() - warn.date()).days)
        if calendar.is_working(d := warn.date() + k * DAY, known_on=known)
    ]
    assert len(between) == n
    assert lead(due, n + 1, calendar, known) <= warn


@given(moments, st.integers(1, 30), calendars)
def test_working_hours_lead_back_as_they_run(due: dt.datetime, n: int, calendar: Calendar) -> None:
    long_known = Calendar(tuple(replace(e, published=dt.date(2020, 1, 1)) for e in calendar.editions))
    warn = lead(due, Limit(n, "working_hours"), long_known, due.date())
    again = read([Mark(warn, "start")], Limit(n, "working_hours"), long_known).due
    opens, closes = long_known.hours
    assert again is not None
    assert again <= due
    if long_known.is_working(due.date(), known_on=due.date()) and opens < due.time() <= closes:
        assert again == due


@given(moments, moments, moments, calendars, days)
def test_lateness_grows_with_time_and_adds_up(
    due: dt.datetime, a: dt.datetime, b: dt.datetime, calendar: Calendar, known: dt.date
) -> None:
    due, a, b = sorted((due, a, b))
    assert late_by(due, a, calendar, known) <= late_by(due, b, calendar, known)
    assert late_by(due, b, calendar, known) == late_by(due, a, calendar, known) + late_by(a, b, calendar, known)


@given(days, st.integers(-60, 60), st.integers(-60, 60))
def test_adding_months_is_monotone(day: dt.date, m: int, n: int) -> None:
    m, n = sorted((m, n))
    assert add(day, months=m) <= add(day, months=n)
    assert add(day, months=m) <= add(day + DAY, months=m)
    assert add(day, months=12 * m).year == day.year + m


@given(days, st.integers(1, 40), calendars)
def test_working_days_there_and_back(day: dt.date, n: int, calendar: Calendar) -> None:
    there = add(day, working_days=n, calendar=calendar, known_on=day)
    between = [d for k in range(1, (there - day).days + 1) if calendar.is_working(d := day + k * DAY, known_on=day)]
    assert len(between) == n
    assert between[-1] == there
    if calendar.is_working(day, known_on=day):
        assert add(there, working_days=-n, calendar=calendar, known_on=day) == day
