"""When something goes out: quiet hours across midnight and changes of the clocks, digests, back-off."""

import datetime as dt
import random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxi.commons.jobs import Backoff
from lianxi.commons.notices import clock
from lianxi.commons.notices.terms import LONGEST_WAIT, TRIES

SHANGHAI, URUMQI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Asia/Urumqi"), ZoneInfo("Europe/Berlin")
NIGHT = (dt.time(21, 0), dt.time(7, 30))


def at(text: str, zone: ZoneInfo = SHANGHAI) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("posted", "goes"),
    [
        ("2026-11-16T20:59:59", "2026-11-16T20:59:59"),
        ("2026-11-16T21:00:00", "2026-11-17T07:30:00"),
        ("2026-11-16T23:59:59", "2026-11-17T07:30:00"),
        ("2026-11-17T00:00:00", "2026-11-17T07:30:00"),
        ("2026-11-17T07:29:59", "2026-11-17T07:30:00"),
        ("2026-11-17T07:30:00", "2026-11-17T07:30:00"),
        ("2026-12-31T22:00:00", "2027-01-01T07:30:00"),
    ],
)
def test_quiet_hours_cross_midnight(posted: str, goes: str) -> None:
    assert clock.after_quiet(at(posted), *NIGHT, SHANGHAI) == at(goes)


def test_quiet_hours_are_those_of_the_place_whatever_the_clock_says_elsewhere() -> None:
    late = dt.datetime(2026, 11, 16, 14, 0, tzinfo=dt.UTC)  # 22:00 in Shanghai, 20:00 in Urumqi
    assert clock.after_quiet(late, *NIGHT, SHANGHAI) == dt.datetime(2026, 11, 16, 23, 30, tzinfo=dt.UTC)
    assert clock.after_quiet(late, *NIGHT, URUMQI) == late


def test_a_night_in_which_the_clocks_change_ends_at_the_time_they_show() -> None:
    eve = at("2026-10-24T22:00:00", BERLIN)  # the night of 25 October is an hour longer
    ends = clock.after_quiet(eve, *NIGHT, BERLIN)
    assert ends == at("2026-10-25T07:30:00", BERLIN)
    assert ends - eve == dt.timedelta(hours=10, minutes=30)


def test_a_time_that_the_clocks_leave_out_comes_all_the_same() -> None:
    eve = at("2026-03-28T22:00:00", BERLIN)  # on 29 March there is no 2:30
    found = clock.next_time(eve, dt.time(2, 30), BERLIN)
    assert eve < found < eve + dt.timedelta(hours=6)


moments = st.integers(0, 15 * 366 * 1440).map(
    lambda n: dt.datetime(2020, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=n)
)
times = st.integers(0, 1439).map(lambda n: dt.time(n // 60, n % 60))
zones = st.sampled_from([SHANGHAI, URUMQI, dt.UTC])
calm = settings(suppress_health_check=[HealthCheck.too_slow])


@calm
@given(moments, times, times, zones)
def test_what_comes_out_is_never_quiet_and_at_most_a_day_away(
    moment: dt.datetime, since: dt.time, until: dt.time, zone: dt.tzinfo
) -> None:
    out = clock.after_quiet(moment, since, until, zone)
    assert moment <= out <= moment + dt.timedelta(days=1)
    assert not clock.is_quiet(out, since, until, zone)
    if not clock.is_quiet(moment, since, until, zone):
        assert out == moment
    assert not (since == until and clock.is_quiet(moment, since, until, zone))


@calm
@given(moments, times, zones)
def test_a_digest_comes_within_a_day_at_its_time(moment: dt.datetime, time: dt.time, zone: dt.tzinfo) -> None:
    out = clock.next_time(moment, time, zone)
    assert moment <= out < moment + dt.timedelta(days=1)
    assert out.astimezone(zone).time() == time


def test_the_table_of_waits() -> None:
    whole = [min(dt.timedelta(minutes=2**n), LONGEST_WAIT) for n in range(TRIES)]
    assert whole[0] == dt.timedelta(minutes=1)
    assert whole[8] == dt.timedelta(hours=4, minutes=16)
    assert whole[9:] == [LONGEST_WAIT] * 3
    for attempts, most in enumerate(whole, start=1):
        waits = [clock.wait(attempts, random.Random(seed)) for seed in range(50)]
        assert most / 2 <= min(waits) < max(waits) <= most
        assert len(set(waits)) > 40, "what failed together is not tried together"
    assert clock.wait(10**6, random.Random(1)) <= LONGEST_WAIT
    assert dt.timedelta(hours=10) < sum(whole[:-1], dt.timedelta()) < dt.timedelta(days=2)


def test_jobs_wait_longer_each_time_and_end() -> None:
    retry = Backoff(most=10, first=5, longest=3600, lot=random.Random(1))
    waits = [retry.seconds(n) for n in range(10)]
    assert all(2.5 * 2**n <= wait <= 5 * 2**n for n, wait in enumerate(waits[:9]))
    assert retry.seconds(40) <= 3600
