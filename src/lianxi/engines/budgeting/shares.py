"""The Method of Equal Shares with its completions, and greedy beside it.

Everyone's vote carries the same money. A project is bought when its supporters can bring its cost together, the one of the least price for
what it is worth first; each pays the same for each point, or all that is left. Peters, Pierczyński, Skowron (2021), Proportional Participatory
Budgeting with Additive Utilities; Faliszewski & others (2023), Participatory Budgeting: Data, Tools and Analysis (completion Add1).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from .election import BadElection, Election, Number, Tally
from .exact import Step, eligible, run
from .scouting import Scout

Completion = Literal["none", "add1", "add1u"]
Utility = Literal["cost", "cardinality"]
SMALL = 400
"""Below so many merged ballots whole numbers are quicker than arrays."""
MOST_RUNS = 1_000_000


class Cancelled(Exception):
    """The progress callback asked to stop."""


@dataclass(frozen=True, slots=True)
class Bought:
    """A project bought from shares: the most that one point of support paid, and projects of the same rate that it was preferred to.

    `tie`: what decided, "support", "cost", or "order" (published or drawn order: the only one that says nothing about the projects).
    """

    project: str
    price: Fraction
    tied: tuple[str, ...] = ()
    tie: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was bought and how; all money unscaled.

    Attributes:
        utility, completion: the rule.
        unit: money added to every share at a time; units: how often it was added.
        share: what each voter had to give: budget ÷ voters + units × unit. Above budget ÷ voters it is a measure, not money in hand.
        steps: bought from shares, in order.
        then: bought with what was left, by support (completion add1u).
        greedy: what support alone would have bought.
        stop: "none", "overspends" (one more unit would cost more than the budget) or "everything" (nothing wanted is left).
        by_hand: projects of cost 0; too_dear: of a cost above the budget; unwanted: without a supporter.
    """

    utility: Utility
    completion: Completion
    unit: Number
    units: int
    share: Fraction
    steps: tuple[Bought, ...]
    then: tuple[str, ...]
    greedy: tuple[str, ...]
    stop: str
    order: tuple[str, ...]
    spent: Number
    by_hand: tuple[str, ...] = ()
    too_dear: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()

    @property
    def winners(self) -> tuple[str, ...]:
        """All that is bought."""
        return (*(one.project for one in self.steps), *self.then)

    @property
    def ties(self) -> tuple[Bought, ...]:
        """The steps where only the order decided."""
        return tuple(one for one in self.steps if one.tie == "order")


def equal_shares(
    election: Election,
    *,
    completion: Completion = "add1u",
    utility: Utility = "cost",
    unit: Number = 1,
    order: Sequence[str] | None = None,
    progress: Callable[[int, Number], bool | None] | None = None,
) -> Outcome:
    """Spend a budget by equal shares.

    Args:
        election: budget, projects, ballots.
        completion: "none"; "add1": raise every share by `unit` until one more would overspend; "add1u": then fill up by support.
        utility: "cost": a project is worth its cost to a supporter; "cardinality": one.
        unit: money added at a time, > 0.
        order: all project keys, to break ties that support and cost leave open; without it, as published.
        progress: called after each run with the units added and the money spent; a false answer (not None) cancels.

    Raises:
        BadElection: no unit above 0, an order that does not name every project once, more than a million runs.
        Cancelled: `progress` said so.
    """
    if unit <= 0:
        raise BadElection("每次增加的份额须大于0。", "the unit added to shares must be above 0.")
    if order is not None and sorted(order) != sorted(p.key for p in election.projects):
        raise BadElection("次序须恰好列出每个项目一次。", "the order must name every project exactly once.")
    tally = Tally(election, order)
    scout = Scout(tally, utility) if len(tally.count) > SMALL else None
    if scout and not scout.exact_floats:
        scout = None
    units, stop = _units(tally, scout, completion, utility, unit, progress)
    share = tally.share(units * unit)
    steps = scout.steps(share) if scout else run(tally, share, utility)
    chosen = [step.project for step in steps]
    then = fill(tally, chosen) if completion == "add1u" else []
    spent = Fraction(sum(tally.cost[p] for p in [*chosen, *then]), tally.money)
    name = tally.keys.__getitem__
    able = range(len(tally.keys))
    return Outcome(
        utility=utility,
        completion=completion,
        unit=unit,
        units=units,
        share=share / tally.money,
        steps=tuple(_bought(tally, step) for step in steps),
        then=tuple(map(name, then)),
        greedy=tuple(map(name, fill(tally, []))),
        stop=stop,
        order=tuple(order or tally.keys),
        spent=spent.numerator if spent.denominator == 1 else spent,
        by_hand=tuple(name(p) for p in able if not tally.cost[p]),
        too_dear=tuple(name(p) for p in able if tally.cost[p] > tally.budget),
        unwanted=tuple(name(p) for p in able if tally.cost[p] and not tally.weight[p]),
    )


def fill(tally: Tally, chosen: list[int]) -> list[int]:
    """Go down the list by support and buy what still fits: greedy, or the filling after shares."""
    left = tally.budget - sum(tally.cost[p] for p in chosen)
    had, found = set(chosen), []
    for p in sorted(eligible(tally), key=tally.tie.__getitem__):
        if p not in had and tally.cost[p] <= left:
            left -= tally.cost[p]
            found.append(p)
    return found


def _units(
    tally: Tally,
    scout: Scout | None,
    completion: Completion,
    utility: Utility,
    unit: Number,
    progress: Callable[[int, Number], bool | None] | None,
) -> tuple[int, str]:
    """How many units are added before one more would overspend, and why it stops there."""
    if completion == "none" or not tally.voters:
        return 0, "none"
    wanted = len(eligible(tally))
    units = -1
    while units < MOST_RUNS:
        share = tally.share((units + 1) * unit)
        chosen = scout.run(share) if scout else [step.project for step in run(tally, share, utility)]
        spent = sum(tally.cost[p] for p in chosen)
        if spent > tally.budget:
            return units, "overspends"
        units += 1
        if progress and progress(units, Fraction(spent, tally.money)) is False:
            raise Cancelled
        if len(chosen) == wanted:
            return units, "everything"
    raise BadElection(
        f"份额增加{MOST_RUNS}次仍未用完预算；请增大每次增加的份额。",
        f"after {MOST_RUNS} units the budget is still not used: choose a larger unit.",
    )


def _bought(tally: Tally, step: Step) -> Bought:
    ranks = [tally.tie[p] for p in step.tied]
    mine = tally.tie[step.project]
    tie = ""
    if ranks:
        same = [one for one in ranks if one[0] == mine[0]]
        tie = "support" if not same else "order" if any(one[1] == mine[1] for one in same) else "cost"
    return Bought(
        tally.keys[step.project], step.price * tally.point / tally.money, tuple(tally.keys[p] for p in step.tied), tie
    )
