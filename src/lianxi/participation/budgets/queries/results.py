"""What a computation gave, as pages show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language

from lianxi.commons.refusals import NotFound
from lianxi.engines import budgeting
from lianxi.engines.budgeting.explaining import money

from ..models import Ballot, Proposal, Result, Round
from ..terms import ProposalState, State


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


def bought(one: Round) -> set[int]:
    """Numbers of the projects that the result buys."""
    found = Result._base_manager.filter(round=one.pk).first()
    made = found.certificate if found else {"steps": [], "then": []}
    return {int(key) for key in (*(step["project"] for step in made["steps"]), *made["then"])}


def outcome_of(proposal: Proposal, won: set[int]) -> str:
    """What came of a proposal, as notices and the page of its code say it."""
    if proposal.state != ProposalState.ADMITTED:
        return "not_listed"
    return "bought" if proposal.number in won else "not_bought"


def public_result(one: Round) -> Shown | None:
    """The result, once it is published."""
    return result(one) if one.state == State.PUBLISHED else None


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
