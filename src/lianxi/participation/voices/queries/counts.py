"""Counts over what is open: the tabs of the list."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lianxi.commons.calendar import CALENDAR
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import Text
from lianxi.engines import worktime

from .. import policies
from ..models import Voice
from ..terms import OPEN, ClockKind, State
from .lists import end_of_tomorrow


@dataclass(frozen=True, slots=True)
class Tab:
    view: str
    label: Text
    count: int | None


def tabs(*, actor: Actor, at: dt.datetime) -> list[Tab]:
    """The tabs with their counts: one aggregate over what is open."""
    running = Q(due_at__isnull=False) & ~Q(due_clock=ClockKind.RATE)
    counts = (
        policies.HISTORY.all(actor)
        .filter(state__in=OPEN)
        .aggregate(
            open=Count("pk"),
            soon=Count("pk", filter=running & Q(due_at__gte=at, due_at__lt=end_of_tomorrow(at))),
            late=Count("pk", filter=running & Q(due_at__lt=at)),
            waiting=Count("pk", filter=Q(state=State.AWAITING_RESIDENT)),
            second=Count("pk", filter=Q(state__in=[State.UNSATISFIED, State.SECOND_HANDLING])),
            mine=Count("pk", filter=Q(handler=actor.person_id or 0)),
        )
    )
    labels: dict[str, Text] = {
        "open": _("全部在办"),
        "soon": _("快到期"),
        "late": _("逾期"),
        "waiting": _("待补充"),
        "second": _("二次办理"),
        "mine": _("我承办的"),
    }
    return [Tab(view, label, counts[view]) for view, label in labels.items()] + [Tab("all", _("全部"), None)]


def open_count(*, actor: Actor) -> int:
    """How many are open among what the actor may see, for the rail."""
    return policies.HISTORY.all(actor).filter(state__in=OPEN).count() if actor.posts else 0


def due_words(voice: Voice, at: dt.datetime) -> dict[str, Any]:
    """What the deadline chip shows: kind late, today, tomorrow, later, stopped, rating or none; with its moment and words."""
    if voice.state == State.AWAITING_RESIDENT:
        return {"kind": "stopped", "text": _("时限已停"), "at": None}
    if voice.due_at is None:
        return {"kind": "none", "text": "", "at": None}
    if voice.due_clock == ClockKind.RATE:
        return {"kind": "rating", "text": _("待评价"), "at": timezone.localtime(voice.due_at)}
    due, now = timezone.localtime(voice.due_at), timezone.localtime(at)
    if due < now:
        days = worktime.late_by(due, now, CALENDAR, known_on=timezone.localtime(voice.received_at).date())
        words = ngettext("逾期%(n)d个工作日", "逾期%(n)d个工作日", days) % {"n": days} if days else _("已过期限")
        return {"kind": "late", "text": words, "at": due, "days": days}
    days_left = (due.date() - now.date()).days
    kind = {0: "today", 1: "tomorrow"}.get(days_left, "later")
    return {"kind": kind, "text": "", "at": due}
