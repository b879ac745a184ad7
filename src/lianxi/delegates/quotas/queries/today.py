"""What waits among the seat plans: for the committee above, to approve; for the convening organisation, what stops its plan."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from lianxi.commons.permissions import NOBODY, Actor
from lianxi.commons.permissions.near import nearest
from lianxi.commons.permissions.terms import Role
from lianxi.commons.search import containing
from lianxi.commons.views.due import PACE, end_of

from .. import policies as may
from ..models import PlanEvent, SeatPlan
from ..terms import State


@dataclass(frozen=True, slots=True)
class Waiting:
    """A plan, the act that is due, and until when."""

    plan: SeatPlan
    act: str
    until: dt.datetime


def _duties(actor: Actor, at: dt.datetime) -> list[tuple[str, Q]]:
    """Act → the plans on which it is due from the actor."""
    on = timezone.localtime(at).date()
    organises = nearest(actor, Role.ORGANISER, over="body", on=on)
    keeps = nearest(actor, Role.ORGANISER, Role.SECRETARY, over="body", on=on)
    above = nearest(actor, Role.ORGANISER, Role.SECRETARY, over="body", on=on, above=True)
    approves = above & may.stands_above.q(actor) if above is not NOBODY else NOBODY
    if organises is not NOBODY:
        root = may.organises_the_root.q(actor)
        approves = root if approves is NOBODY else approves | root
    duties = (
        ("approve", approves, Q(state=State.SUBMITTED)),
        ("settle", organises, Q(state=State.TIED)),
        ("cure", organises, Q(state=State.INFEASIBLE)),
        ("mend", organises, Q(state=State.RETURNED)),
        ("publish", keeps, Q(state=State.APPROVED)),
    )
    return [(act, who & state) for act, who, state in duties if who is not NOBODY]


def keys(*, actor: Actor, at: dt.datetime) -> list[QuerySet[Any, Any]]:
    """One query, to be counted together with those of other rooms."""
    some = _any(_duties(actor, at))
    return [] if some is None else [may.VIEW.all(actor).filter(some).order_by().values_list("pk")]


def _any(duties: list[tuple[str, Q]]) -> Q | None:
    found = None
    for _act, q in duties:
        found = q if found is None else found | q
    return found


def waiting(*, actor: Actor, at: dt.datetime, most: int = 200) -> list[Waiting]:
    """What waits for the actor: one query."""
    duties = _duties(actor, at)
    some = _any(duties)
    if some is None:
        return []
    last = PlanEvent.objects.filter(plan=OuterRef("pk")).order_by("-number").values("at")[:1]
    act = Case(*(When(q, then=Value(name)) for name, q in duties), default=Value(""), output_field=CharField())
    rows = may.VIEW.all(actor).filter(some).select_related("body").annotate(act=act, since=Subquery(last))
    return [Waiting(one, one.act, _until(one)) for one in rows.order_by("-pk")[:most]]


def _until(plan: Any) -> dt.datetime:
    """Before the day of the session it is approved, by the day set for it reported upward; else the pace of the house."""
    day = plan.held_on if plan.state in (State.SUBMITTED, State.APPROVED) else plan.due_on
    if day is not None and plan.state == State.SUBMITTED:
        day -= dt.timedelta(days=1)
    return end_of(day or timezone.localtime(plan.since + PACE).date())


def plans_found(q: str, *, actor: Actor, most: int) -> list[Any]:
    """Plans with these words in the title, in either language, that the actor may see (`at_desk`: there too), newest first."""
    at_desk = Exists(may.VIEW.all(actor).filter(may.organises.q(actor) | may.heads.q(actor), pk=OuterRef("pk")))
    rows = may.VIEW.all(actor).exclude(state=State.DROPPED).select_related("body").annotate(at_desk=at_desk)
    return list(containing(rows, q, "title", "title_en").order_by("-pk")[:most])
