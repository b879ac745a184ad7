"""When somebody is reminded that a post runs out."""

import datetime as dt

from django.conf import settings


def lead() -> dt.timedelta:
    """How long before its last day a post counts as running out: the setting `LIANXI_POST_ENDS_DAYS`."""
    return dt.timedelta(days=settings.POST_ENDS_DAYS)


def remind_from(since: dt.date, until: dt.date) -> dt.date:
    """The day from which the holder is reminded of a post from `since` to `until`.

    A post shorter than twice the lead is reminded of when half of it is over, not on the day after it was given.
    """
    return max(until - lead(), since + (until - since) // 2)
