"""My work today: what every room says is due from this person, by deadline; what waits for others; last week in counts."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxi.commons.ballotbox.web import today as polls
from lianxi.commons.notices.queries import Shown, notices_of
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import Text
from lianxi.commons.views.rows import Duty, Today
from lianxi.delegates.quotas.web import today as quotas
from lianxi.organization.groups.web import today as groups
from lianxi.organization.units.web import today as units
from lianxi.participation.budgets.web import today as budgets
from lianxi.participation.voices.web import today as voices
from lianxi.portal import imports_due

Source = Callable[..., Today]
SOURCES: tuple[Source, ...] = (
    voices.of_today, quotas.of_today, groups.of_today, budgets.of_today, polls.of_today, units.of_today, imports_due.of_today,
)  # fmt: skip
"""One line a room: `of_today(*, actor, at) -> Today`."""

COUNTS: tuple[Callable[..., int], ...] = (voices.count, units.count, imports_due.count)
"""One line a room: how many duties, for the rail; `count(*, actor, at) -> int`."""

KEYS: tuple[Callable[..., list[Any]], ...] = (quotas.keys, groups.keys, budgets.keys, polls.keys)
"""One line a room: what waits as querysets of keys. The rail stands on every page, so all of them are counted in one query."""


@dataclass(slots=True)
class Section:
    key: str
    label: Text
    rows: list[Duty] = field(default_factory=list)


@dataclass(slots=True)
class Day:
    """The page: the most urgent on top, the rest in sections."""

    first: Duty | None
    sections: list[Section]
    all: Today

    @property
    def counts(self) -> dict[str, int]:
        return self.all.tally

    @property
    def n(self) -> int:
        return self.all.tally.get("all", 0)


def day_of(actor: Actor, at: dt.datetime) -> Day:
    """Everything that the rooms say, put in order."""
    whole = Today()
    for source in SOURCES:
        part = source(actor=actor, at=at)
        whole.duties += part.duties
        whole.awaited += part.awaited
        whole.week += part.week
        whole.more += part.more
        for key, n in part.tally.items():
            whole.tally[key] = whole.tally.get(key, 0) + n
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    whole.duties.sort(key=lambda one: one.at or far)
    sections = [
        Section("late", _("已逾期")),
        Section("today", _("今天")),
        Section("week", _("本周")),
        Section("later", _("以后")),
    ]
    by = {one.key: one for one in sections}
    for duty in whole.duties:
        by[_section(duty, at)].rows.append(duty)
    first = whole.duties[0] if whole.duties else None
    for one in sections:
        if first in one.rows:
            one.rows.remove(first)
            break
    return Day(first, [one for one in sections if one.rows], whole)


def _section(duty: Duty, at: dt.datetime) -> str:
    if duty.at is None:
        return "later"
    now, due = timezone.localtime(at), timezone.localtime(duty.at)
    if due < now:
        return "late"
    if due.date() == now.date():
        return "today"
    return "week" if due.date() <= now.date() + dt.timedelta(days=6 - now.weekday()) else "later"


def rail_count(request: HttpRequest) -> int | None:
    """The number beside 今日工作; none where nothing waits."""
    actor = getattr(request, "actor", None)
    if actor is None or actor.person_id is None:
        return None
    at = request.at  # type: ignore[attr-defined]
    waiting: list[int] = [count(actor=actor, at=at) for count in COUNTS] if actor.posts else []
    several = [rows for keys in KEYS for rows in keys(actor=actor, at=at)]
    if several:
        waiting.append(several[0].union(*several[1:], all=True).count())
    return sum(waiting) or None


def _shown(request: Any) -> dict[str, Any]:
    local = timezone.localtime(request.at)
    monday = local.date() - dt.timedelta(days=local.weekday() + 7)
    return {
        "day": day_of(request.actor, request.at),
        "notices": _unread(request),
        "week_from": monday,
        "week_to": monday + dt.timedelta(days=6),
    }


def _unread(request: Any) -> list[Shown]:
    """The newest notices that nobody has read; the badge in the head of the page counts all of them."""
    return notices_of(request.actor, unread_only=True, size=3).rows if request.actor.person_id else []


@never_cache
@login_required
@require_safe
def today(request: Any) -> HttpResponse:
    """The desk opens here."""
    return render(request, "today.html", _shown(request))


@never_cache
@login_required
@require_safe
def printed(request: Any) -> HttpResponse:
    """Today on paper."""
    return render(request, "today_print.html", _shown(request))
