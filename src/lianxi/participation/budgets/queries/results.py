"""What a computation gave, as pages show it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language

from lianxi.commons.refusals import NotFound
from lianxi.engines import budgeting
from lianxi.engines.budgeting.explaining import money

from ..models import Ballot, FormerResult, Proposal, Result, Round
from ..terms import OUT, ProposalState, State


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
    drawn: str
    result: Result | FormerResult

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
    return _shown(one, found, one.order_note if one.order else "") if found else None


def _shown(one: Round, found: Result | FormerResult, drawn: str) -> Shown:
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
        ties=tuple(tuple(titles.get(int(key), key) + f"（{key}）" for key in group) for group in found.ties), drawn=drawn, result=found,
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
    """The result, once it is on display; while it is counted again, the one that was on display before."""
    if one.state in OUT:
        return result(one)
    last = FormerResult._base_manager.filter(round=one.pk).last() if one.state == State.COUNTING else None
    return _shown(one, last, last.order_note if last.order else "") if last else None


@dataclass(frozen=True, slots=True)
class Difference:
    """A project before and after an objection was upheld: "share", "then" or "" each."""

    number: int
    title: str
    was: str
    now: str

    @property
    def changed(self) -> bool:
        return bool(self.was) != bool(self.now)


@dataclass(frozen=True, slots=True)
class Former:
    """A former result against the one that followed it (None: it is being counted)."""

    result: FormerResult
    rows: tuple[Difference, ...]
    voters: int
    voters_now: int | None
    ballots_changed: int

    @property
    def changed(self) -> list[Difference]:
        return [row for row in self.rows if row.changed]

    @property
    def same(self) -> list[Difference]:
        return [row for row in self.rows if not row.changed]


def _how(found: Result | FormerResult) -> dict[int, str]:
    made = found.certificate
    bought_first = {int(step["project"]): "share" for step in made["steps"]}
    return {**dict.fromkeys(map(int, made["then"]), "then"), **bought_first}


def _ballots(found: Result | FormerResult) -> Counter[str]:
    made: Counter[str] = Counter()
    for times, ballot in found.certificate["election"]["ballots"]:
        made[str(sorted(map(str, ballot)))] += times
    return made


def formers(one: Round) -> list[Former]:
    """Every result that was replaced, newest first, each against its successor: what was bought, and how many ballots differ."""
    kept = list(FormerResult._base_manager.filter(round=one.pk))
    if not kept:
        return []
    now = Result._base_manager.filter(round=one.pk).first() if one.state in OUT else None
    titles = dict(Proposal._base_manager.filter(round=one.pk).values_list("number", "title"))
    found = []
    for before, after in zip(kept, [*kept[1:], now], strict=True):
        was, then = _how(before), _how(after) if after else {}
        numbers = [int(key) for key, _cost in before.certificate["election"]["projects"]]
        rows = tuple(Difference(n, titles.get(n, str(n)), was.get(n, ""), then.get(n, "")) for n in numbers)
        old, new = _ballots(before), _ballots(after) if after else Counter[str]()
        changed = max((old - new).total(), (new - old).total()) if after else 0
        found.append(Former(before, rows, old.total(), new.total() if after else None, changed))
    return found[::-1]


def paid_by(one: Round, choices: list[int]) -> tuple[list[Paid], str, str]:
    """What the share of a ballot with these choices paid for, the whole share and what is left of it. Raises NotFound without a result."""
    found = Result._base_manager.filter(round=one.pk).first()
    if found is None or one.state not in OUT:
        raise NotFound
    titles = dict(Proposal._base_manager.filter(round=one.pk).values_list("number", "title"))
    election, outcome = budgeting.restored(found.certificate)
    payments, left = budgeting.payments(election, outcome, {str(number): 1 for number in choices})
    rows = [Paid(titles.get(int(p.project), p.project), money(p.paid), p.payers) for p in payments]
    return rows, money(outcome.share), money(left)


def ballot_choices(ballot: Ballot) -> list[int]:
    """What a ballot names; only for who showed its receipt."""
    return list(ballot.choices)


def downloads(one: Round, former: int = 0) -> Mapping[str, Any]:
    """Certificate and file of a counted round, or of its former result of that number. Raises NotFound."""
    found: Result | FormerResult | None = (
        FormerResult._base_manager.filter(round=one.pk, number=former).first()
        if former
        else Result._base_manager.filter(round=one.pk).first()
    )
    if found is None:
        raise NotFound
    return {"certificate": found.certificate, "file": found.file}
