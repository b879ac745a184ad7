"""Worked examples, by hand."""

import datetime as dt
import subprocess
import sys

import pytest

from lianxi.engines.worktime import Calendar, Edition, Limit, Mark, add, late_by, lead, read

D = dt.date
PLAIN = Calendar()
WD5 = Limit(5, "working_days")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def marks(*pairs: str) -> list[Mark]:
    """'2021-12-08T10:00 start', '… extend 3'."""
    out = []
    for pair in pairs:
        when, move, *amount = pair.split()
        out.append(Mark(at(when), move, int(amount[0]) if amount else 0))  # type: ignore[arg-type]
    return out


def test_the_drawn_example_of_start_stand_and_run() -> None:
    reading = read(marks("2021-12-08T09:00 start", "2021-12-11T10:00 stand", "2021-12-14T15:00 run"), WD5, PLAIN)
    assert [str(line) for line in reading.working] == [
        "2021-12-08 start → 2021-12-15 17:30",
        "2021-12-11 stand → –",
        "2021-12-14 run → 2021-12-17 17:30",
    ]
    assert [line.counted for line in reading.working] == [0, 2, 2]
    assert reading.due == at("2021-12-17T17:30")
    assert (reading.started, reading.standing, reading.stopped) == (at("2021-12-08T09:00"), False, None)


def test_the_hour_of_the_start_does_not_matter_for_days() -> None:
    for hour in ("00:00", "09:00", "23:59"):
        assert read(marks(f"2026-11-23T{hour} start"), WD5, PLAIN).due == at("2026-11-30T17:30")


def test_the_close_is_the_calendars() -> None:
    late = Calendar(hours=(dt.time(9), dt.time(18)))
    assert read(marks("2026-11-23T09:00 start"), WD5, late).due == at("2026-11-30T18:00")


def test_a_moved_workday_is_counted_and_a_holiday_is_not() -> None:
    notice = Edition(
        2026, D(2025, 11, 4), frozenset({D(2026, 10, n) for n in range(1, 8)}), frozenset({D(2026, 10, 10)})
    )
    line = read(marks("2026-09-29T09:00 start"), WD5, Calendar((notice,))).working[0]
    assert line.due == at("2026-10-12T17:30")  # 30, 8, 9, 10 (Saturday, worked), 12
    assert line.shifted == (D(2026, 10, 10),)
    assert line.rest == (D(2026, 10, 1), D(2026, 10, 2), D(2026, 10, 5), D(2026, 10, 6), D(2026, 10, 7))
    assert line.unknown == ()


def test_a_year_without_a_notice_falls_back_to_monday_to_friday_and_says_so() -> None:
    notice = Edition(2026, D(2025, 11, 4), frozenset({D(2026, 1, 1)}))
    calendar = Calendar((notice,))
    before = read(marks("2025-10-30T09:00 start"), Limit(45, "working_days"), calendar)
    assert before.working[0].unknown == (2025, 2026)
    assert before.due == at("2026-01-01T17:30")
    after = read(marks("2025-11-04T09:00 start"), Limit(42, "working_days"), calendar)
    assert after.working[0].unknown == (2025,)
    assert after.due == at("2026-01-02T17:30")


def test_natural_days_end_at_the_close_and_roll_over_rest_days() -> None:
    start = marks("2026-11-13T09:00 start")  # 15 days: Saturday 28 November
    assert read(start, Limit(15, "days"), PLAIN).due == at("2026-11-30T17:30")
    assert read(start, Limit(15, "days", roll=False), PLAIN).due == at("2026-11-28T17:30")


def test_natural_days_that_stand_give_back_whole_days() -> None:
    reading = read(
        marks("2026-11-02T09:00 start", "2026-11-04T10:00 stand", "2026-11-06T09:00 run"), Limit(15, "days"), PLAIN
    )
    assert reading.due == at("2026-11-19T17:30")  # 17 + the 5th and 6th


def test_months_end_on_the_same_number_or_the_last_of_the_month() -> None:
    assert read(marks("2026-08-31T09:00 start"), Limit(6, "months", roll=False), PLAIN).due == at("2027-02-28T17:30")
    assert read(marks("2026-08-31T09:00 start"), Limit(6, "months"), PLAIN).due == at("2027-03-01T17:30")


def test_hours_run_from_the_moment_and_stand() -> None:
    assert read(marks("2026-11-20T17:00 start"), Limit(24, "hours"), PLAIN).due == at("2026-11-21T17:00")
    stood = marks("2026-11-20T17:00 start", "2026-11-20T18:00 stand", "2026-11-20T20:30 run")
    assert read(stood, Limit(24, "hours"), PLAIN).due == at("2026-11-21T19:30")


def test_working_hours_run_in_office_hours_only() -> None:
    assert read(marks("2026-11-20T16:30 start"), Limit(2, "working_hours"), PLAIN).due == at("2026-11-23T09:30")
    assert read(marks("2026-11-21T16:30 start"), Limit(9, "working_hours"), PLAIN).due == at("2026-11-23T17:30")
    stood = marks("2026-11-20T16:30 start", "2026-11-20T17:00 stand", "2026-11-23T10:00 run")
    assert read(stood, Limit(2, "working_hours"), PLAIN).due == at("2026-11-23T11:30")


def test_standing_on_the_last_day_gives_that_day_back() -> None:
    begun = ["2026-11-16T09:00 start", "2026-11-23T10:00 stand"]
    assert read(marks(*begun), WD5, PLAIN).due is None
    assert read(marks(*begun, "2026-11-25T17:29 run"), WD5, PLAIN).due == at("2026-11-26T17:30")
    assert read(marks(*begun, "2026-11-23T17:00 run"), WD5, PLAIN).due == at("2026-11-23T17:30")


def test_what_is_late_stays_late_while_it_stands() -> None:
    reading = read(marks("2026-11-16T09:00 start", "2026-11-24T10:00 stand"), WD5, PLAIN)
    assert reading.standing
    assert reading.due == at("2026-11-23T17:30")


def test_extension_before_and_after_the_due_moment_and_while_standing() -> None:
    assert read(marks("2026-11-16T09:00 start", "2026-11-20T09:00 extend 3"), WD5, PLAIN).due == at("2026-11-26T17:30")
    late = read(marks("2026-11-16T09:00 start", "2026-11-24T09:00 extend 3"), WD5, PLAIN)
    assert (late.due, late.extended) == (at("2026-11-26T17:30"), 3)
    stood = read(
        marks("2026-11-16T09:00 start", "2026-11-17T09:00 stand", "2026-11-18T09:00 extend 1", "2026-11-18T10:00 run"),
        WD5,
        PLAIN,
    )
    assert stood.due == at("2026-11-25T17:30")


def test_stop_keeps_the_due_moment_that_was_in_force() -> None:
    reading = read(marks("2026-11-16T09:00 start", "2026-11-23T17:31 stop"), WD5, PLAIN)
    assert (reading.due, reading.due_at_stop, reading.was_late) == (None, at("2026-11-23T17:30"), True)
    in_time = read(marks("2026-11-16T09:00 start", "2026-11-23T17:30 stop"), WD5, PLAIN)
    assert not in_time.was_late


def test_stopped_while_standing_is_read_as_if_it_had_run_on_then() -> None:
    reading = read(marks("2026-11-16T09:00 start", "2026-11-17T09:00 stand", "2026-12-10T09:00 stop"), WD5, PLAIN)
    assert not reading.standing
    assert not reading.was_late
    assert reading.due_at_stop == at("2026-12-16T17:30")


def test_a_start_after_a_stop_begins_anew() -> None:
    first = ["2026-11-02T09:00 start", "2026-11-03T09:00 extend 9", "2026-11-04T09:00 stop"]
    reading = read(marks(*first, "2026-11-16T09:00 start"), WD5, PLAIN)
    assert (reading.due, reading.extended, reading.stopped) == (at("2026-11-23T17:30"), 0, None)
    assert len(reading.working) == 1


def test_nothing_before_the_start() -> None:
    reading = read(marks("2026-11-02T09:00 stand", "2026-11-03T09:00 extend 2", "2026-11-03T09:00 stop"), WD5, PLAIN)
    assert reading.due is None
    assert reading.started is None
    assert reading.working == ()


def test_now_leaves_out_what_comes_later() -> None:
    both = marks("2026-11-16T09:00 start", "2026-11-20T09:00 extend 3")
    assert read(both, WD5, PLAIN, now=at("2026-11-19T09:00")).due == at("2026-11-23T17:30")


def test_a_limit_of_no_days_ends_today_or_on_the_next_working_day() -> None:
    assert read(marks("2026-11-23T09:00 start"), Limit(0, "working_days"), PLAIN).due == at("2026-11-23T17:30")
    assert read(marks("2026-11-20T18:00 start"), Limit(0, "working_days"), PLAIN).due == at("2026-11-23T17:30")
    assert read(marks("2026-11-20T17:30 start"), Limit(0, "working_days"), PLAIN).due == at("2026-11-23T17:30")
    assert read(marks("2026-11-21T09:00 start"), Limit(0, "days"), PLAIN).due == at("2026-11-23T17:30")


def test_the_zone_is_kept() -> None:
    zone = dt.timezone(dt.timedelta(hours=8))
    reading = read([Mark(dt.datetime(2026, 11, 16, 9, tzinfo=zone), "start")], WD5, PLAIN)
    assert reading.due == dt.datetime(2026, 11, 23, 17, 30, tzinfo=zone)
    assert reading.due.tzinfo is zone


def test_a_later_notice_of_a_year_replaces_the_earlier_from_its_day_on() -> None:
    first = Edition(2020, D(2019, 11, 21), frozenset(), frozenset({D(2020, 2, 1)}))
    longer = Edition(2020, D(2020, 1, 27), frozenset({D(2020, 1, 31), D(2020, 2, 1)}))
    calendar = Calendar((longer, first))
    assert calendar.is_working(D(2020, 2, 1), known_on=D(2020, 1, 26))
    assert not calendar.is_working(D(2020, 2, 1), known_on=D(2020, 1, 27))
    assert not calendar.is_working(D(2020, 2, 1), known_on=D(2019, 11, 20))  # a Saturday, nothing known
    assert calendar.edition(2020, known_on=D(2020, 1, 26)) == first


def test_lead_is_the_opening_of_the_day_so_many_working_days_before() -> None:
    friday = at("2026-11-27T17:30")
    assert lead(friday, 2, PLAIN, D(2026, 11, 1)) == at("2026-11-25T08:30")
    assert lead(at("2026-11-30T17:30"), 1, PLAIN, D(2026, 11, 1)) == at("2026-11-27T08:30")
    assert lead(friday, 0, PLAIN, D(2026, 11, 1)) == at("2026-11-27T08:30")
    assert lead(friday, Limit(7, "days"), PLAIN, D(2026, 11, 1)) == at("2026-11-20T08:30")
    assert lead(friday, Limit(6, "months"), PLAIN, D(2026, 11, 1)) == at("2026-05-27T08:30")
    assert lead(friday, Limit(3, "hours"), PLAIN, D(2026, 11, 1)) == at("2026-11-27T14:30")
    assert lead(at("2026-11-30T09:30"), Limit(3, "working_hours"), PLAIN, D(2026, 11, 1)) == at("2026-11-27T15:30")


def test_late_counts_working_days_after_the_due_day() -> None:
    friday = at("2026-11-20T17:30")
    for now, expected in [
        ("2026-11-19T09:00", 0),
        ("2026-11-20T17:31", 0),
        ("2026-11-22T12:00", 0),
        ("2026-11-23T08:00", 1),
        ("2026-11-27T18:00", 5),
    ]:
        assert late_by(friday, at(now), PLAIN, D(2026, 11, 1)) == expected


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (D(2026, 11, 24), -6, D(2026, 5, 24)),
        (D(2026, 8, 31), -6, D(2026, 2, 28)),
        (D(2028, 8, 31), -6, D(2028, 2, 29)),
        (D(2026, 1, 31), 1, D(2026, 2, 28)),
        (D(2026, 12, 1), 1, D(2027, 1, 1)),
        (D(2026, 1, 15), -1, D(2025, 12, 15)),
    ],
)
def test_adding_months_clamps_to_the_last_of_the_month(day: D, months: int, expected: D) -> None:
    assert add(day, months=months) == expected


def test_adding_working_days() -> None:
    assert add(D(2026, 11, 20), working_days=5) == D(2026, 11, 27)
    assert add(D(2026, 11, 20), working_days=-5) == D(2026, 11, 13)
    assert add(D(2026, 11, 21), working_days=1) == D(2026, 11, 23)


def test_bad_limits_and_hours_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        Limit(-1, "days")
    with pytest.raises(ValueError, match="unit"):
        Limit(1, "weeks")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="hours"):
        Calendar(hours=(dt.time(17), dt.time(8)))


def test_the_engine_and_the_calendar_need_no_django() -> None:
    code = (
        "import sys, lianxi.engines.worktime, lianxi.commons.calendar\n"
        "assert not [m for m in sys.modules if m.split('.')[0] in ('django', 'psycopg', 'procrastinate')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": "src"})
