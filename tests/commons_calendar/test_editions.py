"""The files of the notices, against the chinesecalendar package, which was put together by others."""

import datetime as dt
import tomllib
from importlib.resources import files

import chinese_calendar
import pytest

from lianxi.commons.calendar import CALENDAR, edition_from

DAY = dt.timedelta(days=1)
ALL_KNOWN = dt.date(2099, 1, 1)


@pytest.mark.parametrize("year", range(2019, 2027))
def test_every_day_agrees_with_chinesecalendar(year: int) -> None:
    day, wrong = dt.date(year, 1, 1), []
    while day.year == year:
        if CALENDAR.is_working(day, known_on=ALL_KNOWN) != chinese_calendar.is_workday(day):
            wrong.append(day)
        day += DAY
    assert wrong == []


def test_the_notice_of_a_year_reaches_back_into_the_year_before() -> None:
    assert CALENDAR.is_working(dt.date(2018, 12, 29), known_on=ALL_KNOWN)
    assert not CALENDAR.is_working(dt.date(2018, 12, 31), known_on=ALL_KNOWN)


def test_each_year_is_known_from_its_notice_on() -> None:
    for edition in CALENDAR.editions:
        assert CALENDAR.edition(edition.year, known_on=edition.published) == edition
        assert edition.published < dt.date(edition.year, 12, 31)
        assert {day.year for day in edition.holidays | edition.workdays} <= {edition.year - 1, edition.year}
    first = {e.year: e for e in sorted(CALENDAR.editions, key=lambda e: e.published, reverse=True)}
    assert sorted(first) == list(range(2019, 2027))
    for year, edition in first.items():
        assert edition.published.year == year - 1
        assert not CALENDAR.is_known(year, known_on=edition.published - DAY)


def test_the_changes_within_a_year_hold_from_their_own_day_on() -> None:
    labour, spring = dt.date(2019, 5, 2), dt.date(2020, 1, 31)
    assert CALENDAR.is_working(labour, known_on=dt.date(2019, 3, 21))
    assert not CALENDAR.is_working(labour, known_on=dt.date(2019, 3, 22))
    assert CALENDAR.is_working(spring, known_on=dt.date(2020, 1, 26))
    assert not CALENDAR.is_working(spring, known_on=dt.date(2020, 1, 27))


def test_a_file_that_contradicts_itself_is_refused() -> None:
    good = tomllib.loads(files("lianxi.commons.calendar").joinpath("editions/2026.toml").read_text(encoding="utf-8"))
    assert edition_from(good).year == 2026
    spring = good["holiday"][1]
    for worked, message in [(spring["first"], "both"), (dt.date(2026, 3, 2), "no weekend")]:
        bad = good | {"holiday": [spring | {"worked": [worked]}]}
        with pytest.raises(ValueError, match=message):
            edition_from(bad)
    with pytest.raises(ValueError, match="ends before"):
        edition_from(good | {"holiday": [spring | {"last": dt.date(2026, 1, 1)}]})
