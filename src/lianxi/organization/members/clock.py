"""Months without a sign of taking part (B-05), from one day to another."""

import datetime as dt

from lianxi.engines.worktime import add

DAY = dt.timedelta(days=1)


def quiet_months(since: dt.date, on: dt.date) -> int:
    """Full months that are over on a day since the last sign; 0 where none is.

    A month ends with the day of the same number, or with the last of a month that has no such day; it is over on the
    day after: after a sign of 31 August six months are over on 1 March. So nobody is said to be late a day too early.
    """
    months = max(0, (on.year - since.year) * 12 + on.month - since.month)
    while months and add(since, months=months) >= on:
        months -= 1
    return months


def quiet_by(on: dt.date, months: int) -> dt.date:
    """The latest last sign for which so many months (at least one) are over on a day: what a list is filtered by."""
    since = add(on, months=-months)
    while add(since, months=months) >= on:
        since -= DAY
    while add(since + DAY, months=months) < on:
        since += DAY
    return since
