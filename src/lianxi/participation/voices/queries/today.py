"""What waits for a person among the voices: derived from permissions and states in one query, not row by row."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from lianxi.commons.permissions import NOBODY, Actor

from .. import policies as may
from ..models import Answer, Extension, PublicCopy, Voice, VoiceEvent
from ..terms import IN_WORK, OPEN, ClockKind, State

PUBLISHABLE = (State.ANSWERED, State.CALL_BACK, State.CLOSED, State.DECLINED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A voice and the one act that is due from the actor (a name of `web.acts`)."""

    voice: Voice
    act: str


def _duties(actor: Actor, at: dt.datetime) -> Iterator[tuple[str, Q]]:
    """Act → condition, the first that fits is the one due."""

    def of(clause: Any, *conditions: Any) -> Q | None:
        q: Q = clause.q(actor)
        if q is NOBODY:
            return None
        for one in conditions:
            q = q & one
        return q

    me = actor.person_id or 0
    works, mine = Q(state__in=IN_WORK), Q(handler=me)
    whole = Answer._base_manager.filter(voice=OuterRef("pk")).exclude(
        Q(facts="") | Q(opinion="") | Q(result="") | Q(basis="")
    )
    asked = Extension._base_manager.filter(voice=OuterRef("pk"), granted=None).exclude(asked_by=me)
    copies = PublicCopy._base_manager.filter(voice=OuterRef("pk"), published_at=None, withdrawn_at=None).exclude(
        drafted_by=me
    )
    urged = VoiceEvent._base_manager.filter(voice=OuterRef("pk"), verb="urge", at__gte=at - dt.timedelta(days=3))
    late = Q(due_at__lt=at) & ~Q(due_clock=ClockKind.RATE)
    duties: tuple[tuple[str, Any], ...] = (
        ("accept", of(may.dispatches, Q(state=State.RECEIVED))),
        ("dispatch", of(may.dispatches, Q(state__in=[State.ACCEPTED, State.REOPENED, State.OBJECTED]))),
        ("take", of(may.HANDLE, Q(state=State.DISPATCHED))),
        ("decide_extension", of(may.leads, Q(state__in=[State.IN_HAND, State.AWAITING_RESIDENT]), Exists(asked))),
        ("answer", of(may.REVIEW, Q(state=State.IN_REVIEW))),
        ("second_handling", of(may.leads, Q(state=State.UNSATISFIED))),
        ("assign", of(may.leads, works, Q(handler=None))),
        ("contact", works & mine & Q(contacted_at=None) & ~Q(naming="anonymous")),
        ("submit", works & mine & Exists(whole)),
        ("draft", works & mine),
        ("call_back_result", of(may.CALL_BACK, Q(state=State.CALL_BACK))),
        ("call_back", of(may.CALL_BACK, Q(state=State.ANSWERED))),
        ("urge", of(may.SUPERVISE, late, ~Exists(urged))),
        ("publish", of(may.publishes, Q(state__in=PUBLISHABLE), Exists(copies))),
    )
    for act, q in duties:
        if q is not None and (me or act not in ("contact", "submit", "draft")):
            yield act, q


def _waiting(duties: list[tuple[str, Q]], actor: Actor) -> QuerySet[Voice, Any]:
    """Two small parts, each found by its own index: what is open, and what is answered with a copy to be published."""
    mine, copies = Q(pk__in=[]), Q(pk__in=[])
    for act, q in duties:
        if act == "publish":
            copies |= q
        else:
            mine |= q
    rows = Voice.objects.order_by()
    keys = rows.filter(mine, state__in=OPEN).values("pk").union(rows.filter(copies).values("pk"))
    found: QuerySet[Voice, Any] = may.VIEW.all(actor).filter(pk__in=keys)
    return found


MOST = 60
"""So many of what waits are shown; the numbers above them count all."""


def waiting(*, actor: Actor, at: dt.datetime, most: int = MOST) -> list[Waiting]:
    """What waits for the actor, the most urgent first: one query."""
    duties = list(_duties(actor, at))
    first = Case(*(When(q, then=Value(act)) for act, q in duties), default=Value(""), output_field=CharField())
    found = _waiting(duties, actor).annotate(act=first).select_related("owner", "place", "handler")
    found = found.order_by(F("due_at").asc(nulls_last=True), "pk")
    return [Waiting(voice, voice.act) for voice in found[:most]]


def tally(*, actor: Actor, at: dt.datetime) -> dict[str, int]:
    """How many wait: all, late, today, in the rest of the week."""
    local = timezone.localtime(at)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0) + dt.timedelta(days=1)
    sunday = midnight + dt.timedelta(days=6 - local.weekday())
    runs = ~Q(due_clock=ClockKind.RATE)
    counted: dict[str, int] = _waiting(list(_duties(actor, at)), actor).aggregate(
        all=Count("pk"),
        late=Count("pk", filter=runs & Q(due_at__lt=at)),
        today=Count("pk", filter=runs & Q(due_at__gte=at, due_at__lt=midnight)),
        week=Count("pk", filter=runs & Q(due_at__gte=midnight, due_at__lt=sunday)),
    )
    return counted


def awaited(*, actor: Actor, at: dt.datetime, most: int = 5) -> list[Voice]:
    """What the actor has passed on and somebody else has to do: one query."""
    mine = Q(handler=actor.person_id or 0, state__in=[State.AWAITING_RESIDENT, State.IN_REVIEW])
    sent = may.dispatches.q(actor)
    if sent is not NOBODY:
        mine |= sent & Q(state=State.DISPATCHED)
    supervised = may.supervises.q(actor)
    if supervised is not NOBODY:
        mine |= supervised & Q(state__in=[State.OBJECTED, State.UNSATISFIED])
    found = may.VIEW.all(actor).filter(mine, state__in=OPEN).select_related("owner", "place", "handler")
    return list(found.order_by(F("due_at").asc(nulls_last=True), "pk")[:most])
