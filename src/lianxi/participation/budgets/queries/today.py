"""What waits in the rounds of projects, and for whom. One row a round and act: fifty proposals are one thing to do."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.utils import timezone

from lianxi.commons.permissions import NOBODY, Actor
from lianxi.commons.permissions.near import nearest
from lianxi.commons.permissions.terms import Role
from lianxi.commons.search import containing
from lianxi.commons.views.due import PACE, end_of

from .. import policies as may
from ..models import Objection, Proposal, Result, Round, RoundEvent, Sheet
from ..terms import ObjectionState, ProposalState, State

REVIEWERS = (Role.SECRETARY, Role.DIRECTOR, Role.HANDLER)
LEADERS = (Role.SECRETARY, Role.DIRECTOR)
PUBLISHERS = (Role.SECRETARY, Role.DIRECTOR, Role.PUBLISHER)
WORKERS = (Role.SECRETARY, Role.DIRECTOR, Role.HANDLER, Role.CLERK, Role.DEPUTY)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A round, the act that is due, how many things of it wait, and until when."""

    round: Round
    act: str
    n: int
    until: dt.datetime | None


def _proposed() -> QuerySet[Proposal, Any]:
    return Proposal._base_manager.filter(round=OuterRef("pk"), state=ProposalState.PROPOSED)


def _objected() -> QuerySet[Objection, Any]:
    return Objection._base_manager.filter(round=OuterRef("pk"), state=ObjectionState.OPEN)


def _once(actor: Actor) -> QuerySet[Sheet, Any]:
    """Paper ballots that somebody else entered once: the second to enter is another person."""
    return Sheet._base_manager.filter(round=OuterRef("pk"), second=None).exclude(first_by=actor.person_id)


def _duties(actor: Actor, at: dt.datetime) -> list[tuple[str, Q]]:
    """Act → the rounds in which it is due from the actor."""
    on = timezone.localtime(at).date()
    unsettled = Sheet._base_manager.filter(round=OuterRef("pk")).exclude(second=F("first"))
    result = Result._base_manager.filter(round=OuterRef("pk"))
    counting, shown, over = Q(state=State.COUNTING), Q(state=State.DISPLAYED), Q(ends_on__lt=on)
    counted_by = Result._base_manager.filter(round=OuterRef(OuterRef("pk")), by__isnull=False).values("by")
    entered_by = Sheet._base_manager.filter(round=OuterRef(OuterRef("pk")), second=None).values("first_by")
    duties: tuple[tuple[str, Any, tuple[Role, ...], Q, Any], ...] = (
        ("review", may.VIEW, REVIEWERS, Q(Exists(_proposed()), state__in=(State.PROPOSING, State.REVIEW)), None),
        ("close_proposals", may.RUN, LEADERS, Q(state=State.PROPOSING) & over, None),
        ("close_vote", may.RUN, LEADERS, Q(state=State.VOTING) & over, None),
        ("second_entry", may.ENTER, WORKERS, counting & Q(Exists(_once(actor))), entered_by),
        ("count", may.COUNT, LEADERS, counting & ~Q(Exists(unsettled)) & ~Q(Exists(result)), None),
        ("display", may.PUBLISH, PUBLISHERS, counting & Q(Exists(result.exclude(by=actor.person_id))), counted_by),
        ("publish", may.PUBLISH, PUBLISHERS, shown & ~Q(Exists(_objected())) & over, counted_by),
        (
            "answer",
            may.RECOUNT,
            PUBLISHERS,
            Q(Exists(_objected())) & Q(Exists(result.exclude(by=actor.person_id))),
            counted_by,
        ),
    )
    found = []
    for act, permission, roles, condition, but in duties:
        near = nearest(actor, *roles, over="unit", on=on, but=but)
        if near is not NOBODY:
            found.append((act, permission.q(actor) & near & condition))
    return found


def keys(*, actor: Actor, at: dt.datetime) -> list[QuerySet[Any, Any]]:
    """One query for each act, to be counted together with those of other rooms."""
    return [may.VIEW.all(actor).filter(q).order_by().values_list("pk") for _act, q in _duties(actor, at)]


def waiting(*, actor: Actor, at: dt.datetime, most: int = 200) -> list[Waiting]:
    """What waits for the actor: one query where nothing does, two where something does. A round may stand in it with two
    acts."""
    acts = _acts_due(_duties(actor, at))
    if not acts:
        return []
    events = RoundEvent._base_manager.filter(round=OuterRef("pk")).exclude(verb__in=("give", "enter"))
    found = may.VIEW.all(actor).filter(pk__in=list(acts)).select_related("unit").annotate(
        since=Subquery(events.order_by("-number").values("at")[:1]),
        n_review=_counted(_proposed()),
        n_second_entry=_counted(_once(actor)),
        n_answer=_counted(_objected()),
        answer_by=Subquery(_objected().order_by("due_on").values("due_on")[:1]),
    )  # fmt: skip
    rows = []
    for one in found.order_by("-created_at")[:most]:
        until = end_of(one.ends_on) if one.ends_on else one.since + PACE if one.since else None
        for act in acts[one.pk]:
            by = end_of(one.answer_by) if act == "answer" and one.answer_by else until
            rows.append(Waiting(one, act, getattr(one, f"n_{act}", None) or 1, by))
    return rows


def _acts_due(duties: list[tuple[str, Q]]) -> dict[int, list[str]]:
    """Round → the acts due in it, in their order: each condition is asked once, all in one query."""
    asked = [
        Round._base_manager.filter(q).order_by().values_list(Value(number), "pk")
        for number, (_act, q) in enumerate(duties)
    ]
    found: dict[int, list[str]] = {}
    for number, pk in sorted(asked[0].union(*asked[1:], all=True)) if asked else ():
        found.setdefault(pk, []).append(duties[number][0])
    return found


def _counted(rows: QuerySet[Any, Any]) -> Subquery:
    return Subquery(rows.order_by().values("round").annotate(n=Count("pk")).values("n"))


def rounds_found(q: str, *, actor: Actor, most: int) -> list[Any]:
    """Rounds with these words in the title that the actor may see, at the desk (`at_desk`) or in public, newest first."""
    rows = (
        Round._base_manager.filter(may.VIEW.q(actor) | may.READ.q(actor))
        .select_related("unit")
        .annotate(at_desk=_at_desk(actor))
    )
    return list(containing(rows, q, "title").order_by("-created_at")[:most])


def proposals_found(q: str, *, actor: Actor, most: int) -> list[Any]:
    """Projects with these words in the title, in rounds that the actor may see."""
    seen = may.VIEW_PROPOSAL.q(actor) | Q(round__in=may.READ.all(actor).values("pk"))
    rows = Proposal._base_manager.filter(seen).select_related("round").annotate(at_desk=_at_desk(actor, "round"))
    return list(containing(rows, q, "title").order_by("-round__created_at", "number")[:most])


def _at_desk(actor: Actor, key: str = "pk") -> Exists:
    return Exists(may.VIEW.all(actor).filter(pk=OuterRef(key)))
