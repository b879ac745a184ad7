"""When something goes out: pure functions of moments, times of day and a zone."""

import datetime as dt
from random import Random

from .terms import FIRST_WAIT, LONGEST_WAIT


def next_time(after: dt.datetime, time: dt.time, zone: dt.tzinfo) -> dt.datetime:
    """The first moment not before `after` at which the clocks of `zone` show `time`."""
    local = after.astimezone(zone)
    found = _at(local.date(), time, zone)
    return found if found >= after else _at(local.date() + dt.timedelta(days=1), time, zone)


def is_quiet(at: dt.datetime, since: dt.time, until: dt.time, zone: dt.tzinfo) -> bool:
    """Whether a moment lies in the quiet hours; they may cross midnight. `until` itself is not quiet; equal times: never."""
    now = at.astimezone(zone).time()
    if since <= until:
        return since <= now < until
    return now >= since or now < until


def after_quiet(at: dt.datetime, since: dt.time, until: dt.time, zone: dt.tzinfo) -> dt.datetime:
    """The moment itself, or the end of the quiet hours it lies in."""
    return next_time(at, until, zone) if is_quiet(at, since, until, zone) else at


def wait(attempts: int, lot: Random) -> dt.timedelta:
    """How long to wait after so many failed attempts (from 1): 1, 2, 4 … minutes, at most six hours; of that, half to
    the whole by lot, so that what failed together is not tried together."""
    whole: dt.timedelta = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(attempts - 1, 20))
    return whole * (0.5 + lot.random() / 2)


def _at(day: dt.date, time: dt.time, zone: dt.tzinfo) -> dt.datetime:
    """In UTC, so that comparing and adding are true across a change of the clocks."""
    return dt.datetime.combine(day, time, tzinfo=zone).astimezone(dt.UTC)
