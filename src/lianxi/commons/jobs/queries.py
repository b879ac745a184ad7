"""How the jobs are: what the doctor and the person in charge of the system ask.

Heartbeats and events are written by the clock of the database, so they are compared with it and with no other.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob, ProcrastinateWorker

STALE = dt.timedelta(seconds=30)
"""A worker beats every ten seconds; silent for so long, it is dead."""


@dataclass(frozen=True, slots=True)
class Health:
    """`workers`: how many live. `last_beat`: the newest that is remembered, dead workers included.
    `waiting`: jobs whose time has come; `oldest`: since when the first of them waits.
    `stalled`: taken by a worker that died. `failed`: given up within a day."""

    workers: int
    last_beat: dt.datetime | None
    waiting: int
    oldest: dt.datetime | None
    stalled: int
    failed: int

    @property
    def well(self) -> bool:
        """A worker lives, and nothing lies where a dead one left it."""
        return self.workers > 0 and not self.stalled


def health() -> Health:
    """How the jobs are now: at most six short queries."""
    waiting = ProcrastinateJob.objects.filter(Q(scheduled_at=None) | Q(scheduled_at__lte=Now()), status="todo")
    return Health(
        workers=_living().count(),
        last_beat=ProcrastinateWorker.objects.aggregate(last=Max("last_heartbeat"))["last"],
        waiting=waiting.count(),
        oldest=_since(waiting),
        stalled=stalled().count(),
        failed=failed(Now() - dt.timedelta(days=1)).count(),
    )


def stalled() -> QuerySet[ProcrastinateJob, Any]:
    """Jobs that a worker took and that no living worker holds."""
    return ProcrastinateJob.objects.filter(status="doing").exclude(worker__in=_living())


def failed(since: Any) -> QuerySet[ProcrastinateJob, Any]:
    """Jobs that were given up since a moment."""
    ended = ProcrastinateEvent.objects.filter(job=OuterRef("pk"), type="failed", at__gte=since)
    return ProcrastinateJob.objects.filter(Exists(ended), status="failed")


def held(field: str) -> Exists:
    """For a filter: the job in `field` of the outer query is still to be done, or being done."""
    return Exists(ProcrastinateJob.objects.filter(pk=OuterRef(field), status__in=("todo", "doing")))


def _living() -> QuerySet[ProcrastinateWorker, Any]:
    return ProcrastinateWorker.objects.filter(last_heartbeat__gt=Now() - STALE)


def _since(waiting: QuerySet[ProcrastinateJob, Any]) -> dt.datetime | None:
    first = waiting.order_by("pk").first()
    if first is None:
        return None
    event = ProcrastinateEvent.objects.filter(job=first.pk, type__startswith="deferred").order_by("-pk").first()
    return max(filter(None, (first.scheduled_at, event and event.at)), default=None)
