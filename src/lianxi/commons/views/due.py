"""Deadlines in days, as chips show them; and the pace of the house where neither law nor anybody's word sets one."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final

from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from .rows import Duty

PACE: Final = dt.timedelta(days=7)
"""A step that nobody set a day for is due within a week of the one before. A custom of the house, no rule."""


def end_of(value: dt.date) -> dt.datetime:
    """The last second of a day in the house's zone."""
    return timezone.make_aware(dt.datetime.combine(value, dt.time(23, 59, 59)))


def day(value: dt.date) -> str:
    """11月25日, 25 Nov; with the year if it is another one."""
    other = value.year != timezone.localdate().year
    if (get_language() or "").startswith("en"):
        return date_format(value, "j M Y" if other else "j M")
    return date_format(value, "Y年n月j日" if other else "n月j日")


def moment(value: dt.datetime) -> str:
    """11月25日 9:05, 25 Nov 9:05; with the year if it is another one."""
    local = timezone.localtime(value)
    return f"{day(local.date())} {local:%-H:%M}"


def chip(until: dt.datetime | None, at: dt.datetime) -> dict[str, Any]:
    """For `<c-due>`: kind late, today, tomorrow, later or none, and its words."""
    if until is None:
        return {"kind": "none", "text": ""}
    due, now = timezone.localtime(until), timezone.localtime(at)
    days = (due.date() - now.date()).days
    if due < now:
        return {
            "kind": "late",
            "text": ngettext("逾期%(n)d天", "逾期%(n)d天", -days) % {"n": -days} if days else _("已过期限"),
        }
    if days > 1:
        return {"kind": "later", "text": day(due)}
    whole = (due.hour, due.minute) == (23, 59)
    if days:
        return {"kind": "tomorrow", "text": _("明天到期") if whole else _("明天%(time)s") % {"time": f"{due:%-H:%M}"}}
    return {"kind": "today", "text": _("今天到期") if whole else _("今天%(time)s") % {"time": f"{due:%-H:%M}"}}


def tallied(duties: Iterable[Duty], at: dt.datetime) -> dict[str, int]:
    """How many wait: all, late, today, in the rest of the week; as the head of My work today counts them."""
    return counted((one.at for one in duties), at)


def counted(moments: Iterable[dt.datetime | None], at: dt.datetime) -> dict[str, int]:
    """The same of the moments at which things are due; None for what has no deadline."""
    now = timezone.localtime(at)
    sunday = now.date() + dt.timedelta(days=6 - now.weekday())
    counts = dict.fromkeys(("all", "late", "today", "week"), 0)
    for moment in moments:
        counts["all"] += 1
        if moment is None:
            continue
        due = timezone.localtime(moment)
        if due < now:
            counts["late"] += 1
        elif due.date() == now.date():
            counts["today"] += 1
        elif due.date() <= sunday:
            counts["week"] += 1
    return counts
