"""Targets of the whole body for attributes that overlap (women, under 35, minorities): guidance to units, never a third dimension.

Three crossing margins have no divisors and are NP-complete to fill. So each target is shared among the units on its own, counted at nomination, and
who is asked next is a published order. Precedence: law > seats of units > bounds of trades > guidance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from .line import Line, divisor
from .numbers import Number, exact
from .orders import Order
from .sentences import say


@dataclass(frozen=True)
class Guidance:
    """How many of each unit's delegates should have an attribute, so that the whole body reaches its target."""

    attribute: str
    target: int
    line: Line

    def __getitem__(self, unit: str) -> int:
        return self.line[unit]

    def missing(self, nominated: Mapping[str, int]) -> int:
        """How many the whole body still lacks, given those nominated with the attribute in each unit."""
        return max(self.target - sum(nominated.values()), 0)

    def next(self, nominated: Mapping[str, int]) -> list[tuple[str, int]]:
        """Who is asked next: units below their guidance, the one with the greatest claim (weight / signpost of its next delegate) first, with what each lacks.
        Empty once the whole body has reached the target. Equal claims stand in the order of the units: `alike` names them."""
        if not self.missing(nominated):
            return []
        lacking = []
        for place, unit in enumerate(self.line.names):
            have = nominated.get(unit, 0)
            if have < self.line.seats[place]:
                claim = self.line.weights[place] / (have + self.line.first)
                lacking.append((-claim, place, unit, self.line.seats[place] - have))
        return [(unit, lack) for _, _, unit, lack in sorted(lacking)]

    def alike(self, nominated: Mapping[str, int]) -> list[tuple[str, ...]]:
        """Units in `next` that could equally be asked: equal claims, which the body decides by a vote or a lot, not their place."""
        claims: dict[Fraction, list[str]] = {}
        for unit, _lack in self.next(nominated):
            place = self.line.names.index(unit)
            claims.setdefault(self.line.weights[place] / Fraction(nominated.get(unit, 0) + self.line.first), []).append(
                unit
            )
        return [tuple(units) for units in claims.values() if len(units) > 1]

    def sentence(self, unit: str, nominated: Mapping[str, int], language: str = "zh") -> str:
        """What is said to a unit."""
        facts = {"unit": unit, "attribute": self.attribute, "seats": self[unit], "have": nominated.get(unit, 0)}
        return say("guidance", facts, language)


def guidance(
    attribute: str,
    seats: Mapping[str, int],
    with_attribute: Mapping[str, int],
    members: Mapping[str, int],
    *,
    share: Number | None = None,
    target: int | None = None,
    order: Order | None = None,
) -> Guidance:
    """Share a target of the whole body among its units.

    Args:
        attribute: its name, for sentences.
        seats: of each unit (step A).
        with_attribute: members of each unit who have the attribute. members: all members of each unit.
        share: of all seats, ⌈share · seats⌉; or target: the number itself; neither: the attribute's share of the members.
        order: decides a tie.

    Returns:
        Webster over the units with the weights seats · with_attribute / members, never more than the unit's seats or persons.

    Raises:
        Invalid, Infeasible: as `divisor`; Infeasible when the units have too few such members or seats.
    """
    total = sum(seats.values())
    if target is None:
        everyone = sum(members.get(unit, 0) for unit in seats)
        part = Fraction(exact(share, "share")) if share is not None else Fraction(sum(with_attribute.get(unit, 0) for unit in seats), everyone or 1)  # fmt: skip
        target = ceil(part * total)
    weights = {unit: Fraction(seats[unit] * with_attribute.get(unit, 0), members.get(unit, 0) or 1) for unit in seats}
    caps = {unit: min(seats[unit], with_attribute.get(unit, 0)) for unit in seats}
    return Guidance(attribute, target, divisor(weights, target, cap=caps, order=order))
