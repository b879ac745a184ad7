"""Warn before a limit, rise after it, and end what nobody rated. What is late is never stored: it follows from `due_at`."""

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.calendar import CALENDAR
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import Blocked, ChangedMeanwhile, NotFound, NotOpenFromHere
from lianxi.commons.rulebook import applies, rule
from lianxi.engines import worktime

from .. import notices_of, policies, told
from ..models import Alert, Voice
from ..terms import OPEN, ClockKind, Level
from .rating import RATABLE, close_unrated
from .telling import _with_people, facts_of, tell_author, tell_people

log = logging.getLogger(__name__)
MOST = 200
"""So many voices of each level in one run; the rest a minute later."""
WHO: dict[Level, tuple[str, ...]] = {
    Level.WARNED: ("handler",),
    Level.LATE: ("handler", "head"),
    Level.SECRETARY: ("secretary",),
    Level.SUPERVISOR: ("supervisor",),
}
AFTER = {Level.SECRETARY: "secretary_workdays", Level.SUPERVISOR: "supervisor_workdays"}
"""Figures of S-08: after how many working days each is told."""
PROMISED = (ClockKind.ANSWER, ClockKind.SECOND)
"""Clocks whose end was promised to whoever raised it."""

applies("S-08", where=_("民情逾期后告诉谁"))


def alert_all(*, actor: Actor, at: dt.datetime, most: int = MOST) -> int:
    """Everything that became due or late since it was last told; gives how many alerts. Each in a transaction of its own,
    recorded once: two workers, or one that was killed and runs again, tell nobody twice."""
    return sum(_each(waiting(level, actor=actor, at=at)[:most], _alert, level, actor, at) for level in Level)


def waiting(level: Level, *, actor: Actor, at: dt.datetime) -> QuerySet[Voice, Any]:
    """Voices that have come to a level and were not told so for this limit, the oldest first."""
    said = Alert._base_manager.filter(
        voice=OuterRef("pk"), clock=OuterRef("due_clock"), due_at=OuterRef("due_at"), level=level
    )
    open_ones: QuerySet[Voice, Any] = policies.VIEW.all(actor).filter(state__in=OPEN).exclude(due_clock=ClockKind.RATE)
    if level == Level.WARNED:
        come = Q(warn_at__lte=at, due_at__gte=at)
    else:
        come = Q(due_at__lt=_before(_workdays(level, at), at))
    return open_ones.filter(come).exclude(Exists(said)).order_by("due_at", "pk")


def end_unrated(*, actor: Actor, at: dt.datetime, most: int = MOST) -> int:
    """按期办结 what nobody rated in time; gives how many."""
    over = policies.VIEW.all(actor).filter(state__in=RATABLE, due_clock=ClockKind.RATE, due_at__lt=at)
    return _each(over.order_by(F("due_at"))[:most], _end, actor, at)


def _each(voices: QuerySet[Voice, Any], do: Callable[..., bool], *args: Any) -> int:
    """One by one, so that one which fails keeps no other back; its error is raised at the end."""
    count, broken = 0, None
    for pk in list(voices.values_list("pk", flat=True)):
        try:
            count += do(pk, *args)
        except Exception as error:
            log.exception("The clock could not deal with voice %s.", pk)
            broken = error
    if broken:
        raise broken
    return count


@transaction.atomic
def _alert(pk: int, level: Level, actor: Actor, at: dt.datetime) -> bool:
    locked = waiting(level, actor=actor, at=at).filter(pk=pk).select_for_update(skip_locked=True, of=("self",)).first()
    if locked is None:
        return False
    late = _late_by(locked, at)
    if level in AFTER and late < _workdays(level, at):
        return False
    alert, made = Alert._base_manager.get_or_create(
        voice=locked, clock=locked.due_clock, due_at=locked.due_at, level=level, defaults={"at": at}
    )
    if made:
        _tell(_with_people(pk), level, alert, late, at)
    return made


def _tell(voice: Voice, level: Level, alert: Alert, late: int, at: dt.datetime) -> None:
    key = f"voice:{voice.pk}:{alert.clock}:{alert.due_at.astimezone(dt.UTC):%Y%m%d%H%M}:{level.value}"
    facts = facts_of(voice) | {"days": late}
    day = timezone.localtime(at).date()
    for role in WHO[level]:
        tell_people(voice, told.levels(role, voice, None, day), notices_of.OF_LEVEL[level], key=key, facts=facts, at=at)
    if level == Level.LATE and alert.clock in PROMISED:
        tell_author(voice, notices_of.TO_AUTHOR["late"], key=key, facts=facts, at=at)


def _end(pk: int, actor: Actor, at: dt.datetime) -> bool:
    voice = policies.VIEW.get(actor, pk=pk)
    try:
        close_unrated(voice, actor=actor, at=at, seen=voice.version)
    except (Blocked, ChangedMeanwhile, NotFound, NotOpenFromHere):
        return False
    return True


def _workdays(level: Level, at: dt.datetime) -> int:
    """After how many working days of being late a level is told (S-08); at once for the others."""
    if level not in AFTER:
        return 0
    return int(rule("S-08", on=timezone.localtime(at).date()).parameter(AFTER[level]).value)


def _before(workdays: int, at: dt.datetime) -> dt.datetime:
    """What is so many working days late was due before this moment: that many days ago at the latest."""
    if not workdays:
        return at
    today = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - dt.timedelta(days=workdays - 1)


def _late_by(voice: Voice, at: dt.datetime) -> int:
    assert voice.due_at is not None
    due, now = timezone.localtime(voice.due_at), timezone.localtime(at)
    return worktime.late_by(due, now, CALENDAR, known_on=timezone.localtime(voice.received_at).date())
