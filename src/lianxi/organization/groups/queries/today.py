"""What waits in the rounds: for who keeps them, the next step; for a member, to choose a group."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from lianxi.commons.permissions import NOBODY, Actor
from lianxi.commons.permissions.near import nearest
from lianxi.commons.permissions.terms import Role
from lianxi.commons.search import containing
from lianxi.commons.views.due import PACE, end_of

from .. import policies
from ..models import Objection, Participant, Round, RoundGroup
from ..terms import ObjectionState, State

STEPS = {
    State.OPEN: "close", State.CLOSED: "draw", State.DRAWN: "place", State.PLACED: "publish", State.OBJECTIONS: "confirm",
    State.CONFIRMED: "report",
}  # fmt: skip
"""State → the step that leads onward."""
KEEPERS = (Role.ORGANISER, Role.SECRETARY)


@dataclass(frozen=True, slots=True)
class Waiting:
    """The act due (`choose`, `answer_objection`, or a step of the round), on what, and until when."""

    act: str
    round: Round
    until: dt.datetime
    objection: Objection | None = None


def _steps(actor: Actor, at: dt.datetime) -> QuerySet[Round, Any] | None:
    """Rounds whose next step is the actor's."""
    on = timezone.localtime(at).date()
    keeps = nearest(actor, *KEEPERS, over="unit", on=on)
    if keeps is NOBODY:
        return None
    unanswered = Objection.objects.filter(round=OuterRef("pk"), state=ObjectionState.OPEN)
    due = keeps & (
        Q(state=State.OPEN, closes_at__lte=at) | Q(state__in=(State.CLOSED, State.DRAWN, State.PLACED, State.CONFIRMED))
    )
    heads = nearest(actor, Role.SECRETARY, over="unit", on=on)
    if heads is not NOBODY:
        due |= heads & Q(state=State.OBJECTIONS, objections_until__lt=on) & ~Q(Exists(unanswered))
    return policies.KEEP.all(actor).filter(due)


def _objections(actor: Actor, at: dt.datetime) -> QuerySet[Objection, Any] | None:
    keeps = nearest(actor, *KEEPERS, over="round__unit", on=timezone.localtime(at).date())
    if keeps is NOBODY:
        return None
    return policies.ANSWER.all(actor).filter(keeps, state=ObjectionState.OPEN, round__state=State.OBJECTIONS)


def _choices(actor: Actor, at: dt.datetime) -> QuerySet[Participant, Any] | None:
    if not actor.person_id:
        return None
    open_now = Q(answer="", designated=None, round__state=State.OPEN, round__closes_at__gt=at)
    return policies.CHOOSE.all(actor).filter(open_now)


def keys(*, actor: Actor, at: dt.datetime) -> list[QuerySet[Any, Any]]:
    """One query for each kind of duty, to be counted together with those of other rooms."""
    found = (_steps(actor, at), _objections(actor, at), _choices(actor, at))
    return [rows.order_by().values_list("pk") for rows in found if rows is not None]


def waiting(*, actor: Actor, at: dt.datetime, most: int = 200) -> list[Waiting]:
    """What waits for the actor: at most three queries."""
    found = []
    if (steps := _steps(actor, at)) is not None:
        found += [Waiting(STEPS[State(one.state)], one, _until(one)) for one in steps.select_related("unit")[:most]]
    if (objections := _objections(actor, at)) is not None:
        rows = objections.select_related("round__unit", "participant__member__person")
        found += [Waiting("answer_objection", one.round, one.at + PACE, one) for one in rows[:most]]
    if (choices := _choices(actor, at)) is not None:
        found += [Waiting("choose", one.round, one.round.closes_at) for one in choices.select_related("round__unit")]
    return found


def _until(one: Round) -> dt.datetime:
    """Lists close on their day; each of the other steps has the pace of the house."""
    if one.state == State.OPEN:
        return end_of(timezone.localtime(one.closes_at).date())
    if one.state == State.OBJECTIONS and one.objections_until:
        return end_of(one.objections_until + PACE)
    if one.state == State.CONFIRMED and one.decided_on:
        return end_of(one.decided_on + PACE)
    return end_of(timezone.localtime(one.closes_at + PACE).date())


def rounds_found(q: str, *, actor: Actor, most: int) -> list[Any]:
    """Rounds with these words in the title: those that the actor keeps (`kept`) or takes part in, newest first."""
    kept = Exists(policies.KEEP.all(actor).filter(pk=OuterRef("pk")))
    rows = policies.VIEW.all(actor).select_related("unit").annotate(kept=kept)
    return list(containing(rows, q, "title").order_by("-begun_at", "-pk")[:most])


def groups_found(q: str, *, actor: Actor, most: int) -> list[Any]:
    """Groups with these words in name, theme or place, in the rounds that the actor keeps or takes part in."""
    kept = Exists(policies.KEEP.all(actor).filter(pk=OuterRef("round")))
    rows = RoundGroup.objects.filter(round__in=policies.VIEW.all(actor).values("pk"))
    rows = rows.select_related("round").annotate(kept=kept)
    return list(containing(rows, q, "name", "theme", "place").order_by("-round__begun_at", "pk")[:most])
