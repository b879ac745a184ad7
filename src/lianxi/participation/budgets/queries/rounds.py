"""Every read of rounds of projects."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lianxi.commons.permissions import Actor, why
from lianxi.commons.refusals import NotFound
from lianxi.commons.units.models import Unit
from lianxi.commons.workflow.walk import Step
from lianxi.engines import budgeting
from lianxi.engines.budgeting.explaining import money

from .. import policies
from ..models import Ballot, Elector, Proposal, Result, Round, Sheet, Slip
from ..terms import PATH, RUNNING, SHOWN, Given, ProposalState, State
from ..workflow import PROPOSALS, WALK

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A project in the result: what it got, whether it is bought, and the sentence why."""

    number: int
    title: str
    cost: int
    supporters: int
    how: str  # "share", "then" or ""
    step: int
    greedy: bool
    says: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A result as pages show it."""

    lines: tuple[Line, ...]
    budget: int
    spent: int
    voters: int
    share: str
    plain_share: str
    units: int
    unit: int
    same: bool
    ties: tuple[tuple[str, ...], ...]
    result: Result

    @property
    def nothing(self) -> bool:
        """Nothing can be bought."""
        return not any(line.how for line in self.lines)

    @property
    def cheapest(self) -> int:
        return min((line.cost for line in self.lines), default=0)

    @property
    def left(self) -> int:
        return self.budget - self.spent


@dataclass(frozen=True, slots=True)
class Paid:
    """What one share paid for a project."""

    title: str
    paid: str
    payers: int


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
    may: dict[str, bool] = field(default_factory=dict)

    @property
    def open_steps(self) -> list[Step]:
        return [step for step in self.steps if step.why]

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
                "icon": "circle-x" if event.verb == "withdraw" else "circle",
                "title": words.get(event.verb) or str(WALK.by_verb[event.verb].label),
                "at": event.at,
                "who": event.by_name,
                "text": event.reason,
            }
            for event in reversed(self.events)
        ]


def path_of(one: Round) -> list[dict[str, Any]]:
    """The steps of a round for the stepper."""
    here = PATH.index(State(one.state)) if one.state in PATH else len(PATH)
    return [
        {
            "title": state.label,
            "state": "done" if place < here or one.state == State.PUBLISHED else "now" if place == here else "come",
            "date": _("到%(day)s") % {"day": f"{one.ends_on:%Y-%m-%d}"} if place == here and one.ends_on else "",
        }
        for place, state in enumerate(PATH)
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
        may={one.name.split(".")[1]: bool(may[one]) for one in wanted},
    )


def proposal(pk: int, *, actor: Actor) -> Proposal:
    """Raises NotFound."""
    found: Proposal = policies.VIEW_PROPOSAL.get(actor, pk=pk)
    return found


def proposal_steps(found: Proposal, *, actor: Actor, at: dt.datetime) -> list[Step]:
    """What may be done with a proposal now."""
    return [step for step in PROPOSALS.steps(found, actor=actor, at=at) if step.why]


def electors(one: Round) -> list[Elector]:
    """The latest who were given a ballot, masked. For a round that came through the door."""
    return list(Elector._base_manager.filter(round=one.pk).select_related("by").order_by("-pk")[:PAGE])


def admitted(one: Round) -> list[Proposal]:
    """The projects on the ballot, in published order."""
    return list(Proposal._base_manager.filter(round=one.pk, state=ProposalState.ADMITTED).order_by("number"))


def public_rounds(*, unit: int = 0) -> list[Round]:
    """Rounds that everybody sees, newest first."""
    found = Round._base_manager.filter(state__in=SHOWN).select_related("unit").order_by("-created_at")
    return list((found.filter(unit=unit) if unit else found)[:PAGE])


def public_round(pk: int, *, actor: Actor) -> Round:
    """Raises NotFound."""
    found: Round = policies.READ.get(actor, pk=pk)
    found.unit = Unit.objects.get(pk=found.unit_id)
    return found


def takes_proposals(one: Round) -> bool:
    """Whether residents may propose in it now."""
    return one.state == State.PROPOSING


def public_proposals(one: Round) -> list[Proposal]:
    """All proposals, with what came of them."""
    return list(Proposal._base_manager.filter(round=one.pk).order_by("number"))


def public_result(one: Round) -> Shown | None:
    """The result, once it is published."""
    return result(one) if one.state == State.PUBLISHED else None


def result(one: Round) -> Shown | None:
    """The result of the last count, if there is one. For the desk; everybody else reads `public_result`."""
    found = Result._base_manager.filter(round=one.pk).select_related("by").first()
    if found is None:
        return None
    titles = dict(Proposal._base_manager.filter(round=one.pk).values_list("number", "title"))
    election, outcome = budgeting.restored(found.certificate)
    support = election.support()
    says = budgeting.sentences(election, outcome)
    tongue = 1 if (get_language() or "").startswith("en") else 0
    bought = {step.project: place for place, step in enumerate(outcome.steps, 1)}
    place = {key: number for number, key in enumerate(outcome.winners)}
    lines = tuple(
        Line(
            int(project.key), titles.get(int(project.key), project.key), int(project.cost), int(support[project.key]),
            "share" if project.key in bought else "then" if project.key in outcome.then else "",
            bought.get(project.key, 0), project.key in outcome.greedy, says[project.key][tongue],
        )
        for project in sorted(
            election.projects, key=lambda p: (place.get(p.key, len(place)), -support[p.key], int(p.key))
        )
    )  # fmt: skip
    plain = Fraction(election.budget, election.voters) if election.voters else Fraction(0)
    return Shown(
        lines=lines, budget=int(election.budget), spent=int(outcome.spent), voters=election.voters, share=money(outcome.share),
        plain_share=money(plain), units=outcome.units, unit=int(outcome.unit), same=set(outcome.winners) == set(outcome.greedy),
        ties=tuple(tuple(titles.get(int(key), key) + f"（{key}）" for key in group) for group in found.ties), result=found,
    )  # fmt: skip


def paid_by(one: Round, choices: list[int]) -> tuple[list[Paid], str, str]:
    """What the share of a ballot with these choices paid for, the whole share and what is left of it. Raises NotFound without a result."""
    found = Result._base_manager.filter(round=one.pk).first()
    if found is None or one.state != State.PUBLISHED:
        raise NotFound
    titles = dict(Proposal._base_manager.filter(round=one.pk).values_list("number", "title"))
    election, outcome = budgeting.restored(found.certificate)
    payments, left = budgeting.payments(election, outcome, {str(number): 1 for number in choices})
    rows = [Paid(titles.get(int(p.project), p.project), money(p.paid), p.payers) for p in payments]
    return rows, money(outcome.share), money(left)


def ballot_choices(ballot: Ballot) -> list[int]:
    """What a ballot names; only for who showed its receipt."""
    return list(ballot.choices)


def downloads(one: Round) -> Mapping[str, Any]:
    """Certificate and file of a published round. Raises NotFound."""
    found = Result._base_manager.filter(round=one.pk).first()
    if found is None:
        raise NotFound
    return {"certificate": found.certificate, "file": found.file}


def public_downloads(pk: int, *, actor: Actor) -> Mapping[str, Any]:
    """The same for everybody, once it is published. Raises NotFound."""
    one = public_round(pk, actor=actor)
    if one.state != State.PUBLISHED:
        raise NotFound
    return downloads(one)
