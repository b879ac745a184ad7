"""Every read of rounds of projects."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from lianxi.commons.permissions import Actor, why
from lianxi.commons.units.models import Unit
from lianxi.commons.workflow.walk import Step

from .. import policies
from ..models import Elector, Objection, Proposal, Round, Sheet, Slip
from ..terms import RUNNING, Given, State
from ..workflow import PROPOSALS, WALK
from .front import PAGE, Display, display_of
from .results import Former, Shown, formers, result


@dataclass(slots=True)
class Record:
    """A round as its page at the desk shows it."""

    round: Round
    steps: list[Step]
    events: list[Any]
    proposals: list[Proposal]
    may_review: bool
    codes: int
    papers: int
    used: int
    sheets: list[Sheet]
    shown: Shown | None
    display: Display | None
    objections: list[Objection]
    may_answer: bool
    formers: list[Former]
    may: dict[str, bool] = field(default_factory=dict)

    @property
    def open_steps(self) -> list[Step]:
        """What the page offers; the new count is taken with the answer to an objection, never by itself."""
        return [step for step in self.steps if step.why and step.verb != "recount"]

    @property
    def enters_first(self) -> bool:
        """Paper ballots wait to be entered."""
        return (
            self.may.get("enter", False) and (bool(self.unsettled) or self.papers > len(self.sheets)) and not self.shown
        )

    @property
    def next_verb(self) -> str:
        """The one step that leads on from here, if nothing of it is missing: the primary button."""
        if self.enters_first or self.round.state == State.VOTING:
            return ""
        onward = ("open", "close_proposals", "open_vote", "display" if self.shown else "count", "publish")
        return next((step.verb for step in self.open_steps if step.verb in onward and step.open), "")

    @property
    def checks(self) -> list[Any]:
        seen: dict[str, Any] = {}
        for step in self.open_steps:
            for check in step.checks:
                seen.setdefault(str(check.label), check)
        return list(seen.values())

    @property
    def unsettled(self) -> list[Sheet]:
        return [sheet for sheet in self.sheets if not sheet.agreed]

    @property
    def timeline(self) -> list[dict[str, Any]]:
        words = {"plan": _("开始筹备"), "import": _("从文件导入")}
        return [
            {
                "icon": {"withdraw": "circle-x", "recount": "refresh"}.get(event.verb, "circle"),
                "title": words.get(event.verb) or str(WALK.by_verb[event.verb].label),
                "at": event.at,
                "who": event.by_name,
                "text": event.reason,
            }
            for event in reversed(self.events)
        ]


def rounds(*, actor: Actor, running: bool) -> list[Round]:
    """Rounds of one's own part of the street, newest first."""
    found = policies.VIEW.all(actor).select_related("unit")
    inside = Q(state__in=RUNNING)
    return list(found.filter(inside if running else ~inside).order_by("-created_at")[:PAGE])


def running_count(*, actor: Actor) -> int:
    return policies.VIEW.all(actor).filter(state__in=RUNNING).count()


def plannable(*, actor: Actor) -> list[Unit]:
    """Where the actor may begin a round."""
    return list(policies.PLAN.all(actor).filter(kind__in=("residents", "community"), until=None).order_by("path"))


def record(pk: int, *, actor: Actor, at: dt.datetime) -> Record:
    """Raises NotFound."""
    one: Round = policies.VIEW.get(actor, pk=pk)
    one.unit = Unit.objects.get(pk=one.unit_id)
    setattr(one, "publisher_id", actor.person_id)  # noqa: B010 - so that the check of two persons speaks of the reader
    given = dict(
        Elector._base_manager.filter(round=one.pk).values_list("given").annotate(n=Count("pk")).order_by("given")
    )
    wanted = (policies.ROLL, policies.ENTER, policies.RUN)
    may = why(actor, one, wanted)
    return Record(
        round=one,
        steps=WALK.steps(one, actor=actor, at=at),
        events=list(WALK.events(one).exclude(verb__in=("give", "enter"))),  # as many as residents; the roll shows them
        proposals=list(Proposal._base_manager.filter(round=one.pk).order_by("number")),
        may_review=policies.REVIEW.all(actor).filter(round=one.pk).exists(),
        codes=given.get(Given.CODE, 0),
        papers=given.get(Given.PAPER, 0),
        used=Slip._base_manager.filter(round=one.pk, used=True).count(),
        sheets=list(Sheet._base_manager.filter(round=one.pk).select_related("first_by", "second_by")),
        shown=result(one),
        display=display_of(one, at=at),
        objections=list(Objection._base_manager.filter(round=one.pk).order_by("number")),
        may_answer=policies.ANSWER.all(actor).filter(round=one.pk).exists(),
        formers=formers(one),
        may={one.name.split(".")[1]: bool(may[one]) for one in wanted},
    )


def proposal(pk: int, *, actor: Actor) -> Proposal:
    """Raises NotFound."""
    found: Proposal = policies.VIEW_PROPOSAL.get(actor, pk=pk)
    return found


def proposal_steps(found: Proposal, *, actor: Actor, at: dt.datetime) -> list[Step]:
    """What may be done with a proposal now."""
    return [step for step in PROPOSALS.steps(found, actor=actor, at=at) if step.why]


def objection(pk: int, *, actor: Actor) -> Objection:
    """Raises NotFound."""
    found: Objection = policies.VIEW_OBJECTION.get(actor, pk=pk)
    return found


def electors(one: Round) -> list[Elector]:
    """The latest who were given a ballot, masked. For a round that came through the door."""
    return list(Elector._base_manager.filter(round=one.pk).select_related("by").order_by("-pk")[:PAGE])
