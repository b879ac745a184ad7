"""What may be said of an outcome to people: what a voter's share paid for, and why a project was or was not bought. Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from .election import Election, Number
from .shares import Outcome, equal_shares


@dataclass(frozen=True, slots=True)
class Payment:
    """A project that a voter's share helped to buy, what it paid, and how many paid for it in all."""

    project: str
    paid: Fraction
    payers: int


def payments(election: Election, outcome: Outcome, points: Mapping[str, Number]) -> tuple[list[Payment], Fraction]:
    """What the share of one voter paid for, and what is left of it.

    Args:
        points: the voter's ballot (need not be one of the election's: "what would have been").

    Returns:
        Payments in the order of buying, and the rest. Money unscaled, exact; from a raised share (units > 0) it is a measure, not money in hand.
    """
    left, found = outcome.share, []
    purses = dict.fromkeys(election.ballots, outcome.share)
    for step in outcome.steps:
        payers = 0
        for ballot, count in election.ballots.items():
            given = next((given for key, given in ballot if key == step.project), 0)
            if given and purses[ballot]:
                payers += count
                purses[ballot] = max(Fraction(0), purses[ballot] - step.price * given)
        if (given := points.get(step.project, 0)) and left:
            paid = min(left, step.price * given)
            left -= paid
            found.append(Payment(step.project, paid, payers))
    return found, left


def sentences(election: Election, outcome: Outcome) -> dict[str, tuple[str, str]]:
    """One sentence for each project, in Chinese and in English: why it was bought, or why not."""
    support, found = election.support(), {}
    steps = {step.project: (place, step) for place, step in enumerate(outcome.steps, 1)}
    purses = dict.fromkeys(election.ballots, outcome.share)
    for step in outcome.steps:
        for ballot in purses:
            given = next((given for key, given in ballot if key == step.project), 0)
            if given:
                purses[ballot] = max(Fraction(0), purses[ballot] - step.price * given)
    for project in election.projects:
        key = project.key
        if key in steps:
            place, step = steps[key]
            found[key] = (
                f"第{place}个买下：支持者合起来付清{money(project.cost)}，每份支持最多付{money(step.price)}。",
                f"bought (no. {place}): its supporters paid {money(project.cost)} together, at most {money(step.price)} each.",
            )
        elif key in outcome.then:
            found[key] = (
                "用余下的钱买下：在还买得起的项目中支持最多。",
                "bought with what was left: of what could still be afforded it had most support.",
            )
        elif key in outcome.by_hand:
            found[key] = ("不花钱，另行决定。", "costs nothing; decided by hand.")
        elif key in outcome.too_dear:
            found[key] = (
                f"费用{money(project.cost)}超过全部预算{money(election.budget)}。",
                f"its cost {money(project.cost)} is above the whole budget of {money(election.budget)}.",
            )
        elif not support[key]:
            found[key] = ("没有人支持。", "nobody supported it.")
        else:
            have = sum((purses[b] * n for b, n in election.ballots.items() if any(k == key for k, _ in b)), Fraction(0))
            found[key] = (
                f"没有买下：支持者的份额还剩{money(have)}，不够{money(project.cost)}。",
                f"not bought: its supporters have {money(have)} of their shares left, it costs {money(project.cost)}.",
            )
    return found


def undecided(election: Election, outcome: Outcome) -> list[tuple[str, ...]]:
    """Groups of projects alike in support and cost between which the order alone decided what is bought.

    Each such project was put first once and everything computed again: a group is here if that changes what is bought.
    """
    support = election.support()
    alike: dict[tuple[Number, Number], list[str]] = {}
    for project in election.projects:
        if project.cost and support[project.key]:
            alike.setdefault((support[project.key], project.cost), []).append(project.key)
    found = []
    for group in alike.values():
        if len(group) > 1 and _matters(election, outcome, group):
            found.append(tuple(group))
    return found


def _matters(election: Election, outcome: Outcome, group: list[str]) -> bool:
    won = set(outcome.winners)
    if not any(step.project in group and step.tie == "order" for step in outcome.steps) and not (
        set(group) & set(outcome.then) and set(group) - won
    ):
        return False
    rest = [key for key in outcome.order if key not in group]
    for first in group:
        order = [first, *(key for key in group if key != first), *rest]
        other = equal_shares(
            election, completion=outcome.completion, utility=outcome.utility, unit=outcome.unit, order=order
        )
        if set(other.winners) != won:
            return True
    return False


def money(amount: Number) -> str:
    """An amount for people: whole, or rounded to cents and marked as about."""
    made = Fraction(amount)
    if made.denominator == 1:
        return f"{made.numerator:,}"
    cents = round(made * 100)
    about = "" if Fraction(cents, 100) == made else "≈"
    return f"{about}{cents // 100:,}.{cents % 100:02d}"
