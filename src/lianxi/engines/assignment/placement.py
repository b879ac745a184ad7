"""The result: who is where, what proves it, and what may be said to whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from .demand import Demand, Group, Member, draw_key
from .explaining import Evidence, evidence
from .words import Said

FORMAT = "lianxi-assignment/1"
#: Whole numbers from here on are written as text: not every reader of JSON keeps them.
LARGE = 1 << 53


def rank_of(demand: Demand, member: str, group: str) -> int:
    """The place of the profile in which a member stands in a group: 0 designated, k-th wish, K + 1 unlisted."""
    asked = demand.members[member]
    if asked.fixed is not None:
        return 0
    return asked.wishes.index(group) + 1 if group in asked.wishes else demand.rank_count() + 1


def profile_of(demand: Demand, placement: Mapping[str, str]) -> tuple[int, ...]:
    """How many stand in each place: [designated, 1st, …, Kth, unlisted]."""
    ranks = demand.rank_count()
    counts = [0] * (ranks + 2)
    for name, group in placement.items():
        asked = demand.members[name]
        if asked.fixed is not None:
            counts[0] += 1
        elif group in asked.wishes:
            counts[asked.wishes.index(group) + 1] += 1
        else:
            counts[-1] += 1
    return tuple(counts)


@dataclass(frozen=True)
class Placement:
    """A placement with its certificate.

    placement: member → group. prices: group → whole number (none under the lottery). profile: members by place,
    [designated, 1st wish, …, Kth wish, unlisted]. weights: the cost of each place; cost: their sum over the members.
    """

    demand: Demand
    rule: str
    seed: str
    closed: tuple[str, ...]
    weights: tuple[int, ...]
    placement: Mapping[str, str]
    prices: Mapping[str, int]
    profile: tuple[int, ...]
    cost: int
    quality_prices: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    gap: Any = 0
    _memo: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def certificate(self) -> dict[str, Any]:
        """The demand, the placement and its proof as plain JSON data (format lianxi-assignment/1)."""
        written: dict[str, Any] = {"format": FORMAT, "rule": self.rule, "seed": self.seed}
        if self.closed:
            written["closed"] = list(self.closed)
        written["ranks"] = self.demand.rank_count()
        written["weights"] = [_number(w) for w in self.weights]
        written["groups"] = {name: _group(g) for name, g in self.demand.groups.items()}
        written["members"] = {name: _member(m) for name, m in self.demand.members.items()}
        written["placement"] = dict(self.placement)
        if self.rule != "lottery":
            written["prices"] = {g: _number(p) for g, p in self.prices.items()}
        if self.quality_prices:
            written["quality_prices"] = {
                g: {q: _number(p) for q, p in ps.items()} for g, ps in self.quality_prices.items()
            }
        if self.gap:
            written["gap"] = _number(self.gap)
        written["cost"] = _number(self.cost)
        written["profile"] = list(self.profile)
        return written

    def prove(self) -> None:
        """Have the verifier accept the certificate. Raises verifier.Wrong, which would be an error of this engine."""
        from . import verifier

        verifier.verify(self.certificate(), drawn=False)

    def bound(self) -> Any:
        """What the prices show every placement to cost at least."""
        from . import verifier

        return verifier.payments(verifier.Certificate(self.certificate()))[0]

    def rank(self, member: str) -> int:
        """The member's place of the profile: 0 designated, k for the k-th wish, K + 1 outside the wishes."""
        return rank_of(self.demand, member, self.placement[member])

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each free member in the draw of the own area, from 1."""
        areas: dict[str, list[str]] = {}
        for name, member in self.demand.members.items():
            if member.fixed is None:
                areas.setdefault(member.area, []).append(name)
        numbers: dict[str, int] = {}
        for names in areas.values():
            names.sort(key=lambda name: draw_key(self.seed, name))
            numbers.update((name, i + 1) for i, name in enumerate(names))
        return numbers

    @cached_property
    def sizes(self) -> dict[str, int]:
        """How many members each group has, designated ones included."""
        sizes = dict.fromkeys(self.demand.groups, 0)
        for group in self.placement.values():
            sizes[group] += 1
        return sizes

    @cached_property
    def _shares(self) -> dict[str, tuple[int, ...]]:
        shares = {g: [0] * len(self.profile) for g in self.demand.groups}
        for member, group in self.placement.items():
            shares[group][self.rank(member)] += 1
        return {g: tuple(s) for g, s in shares.items()}

    def _evidence(self, area: str) -> Evidence:
        if area not in self._memo:
            self._memo[area] = evidence(
                self.demand, area, self.placement, self.closed, self.weights, lottery=self.rule == "lottery"
            )
        found: Evidence = self._memo[area]
        return found

    def why(self, member: str) -> list[Said]:
        """What may be said to a member: the place, and of each wish that ranked before it why not there."""
        asked, group = self.demand.members[member], self.placement[member]
        rank = self.rank(member)
        if rank == 0:
            return [Said("designated", {"group": group})]
        if not asked.wishes:
            return [Said("no-wish", {"group": group})]
        said = [Said("wish", {"group": group, "rank": rank}) if rank < len(self.profile) - 1 else Said("unlisted", {"group": group})]  # fmt: skip
        for i, wish in enumerate(asked.wishes[: rank - 1]):
            facts = {"wish": wish, "rank": i + 1, "number": self.numbers[member]}
            if wish in self.closed:
                said.append(Said("closed", facts))
                continue
            said += [Said(self._reason(member, i), {**facts, "gap": self.gap}), self.seats(wish)]
        return said

    def _reason(self, member: str, i: int) -> str:
        """Why a member is not in the group of wish i + 1: a code of WORDS."""
        if self.rule == "lottery":
            return "lottery"
        asked = self.demand.members[member]
        found = self._evidence(asked.area)
        if not found.crossed:
            return "drawn" if i in found.columns[member] else "never"
        here = self.weights[self.rank(member)] + self._pays(member, self.placement[member])
        slack = self.weights[i + 1] + self._pays(member, asked.wishes[i]) - here
        return "never" if slack > self.gap else "best-found" if self.gap else "not-here"

    def _pays(self, member: str, group: str) -> Any:
        """The price of a group for a member, with the prices of qualities."""
        total: Any = self.prices[group]
        for quality, price in self.quality_prices.get(group, {}).items():
            bound = self.demand.groups[group].qualities[quality]
            value = bound.most if price > 0 else bound.least
            share = Fraction(value) if isinstance(value, str) else 0
            total += price * ((quality in self.demand.members[member].qualities) - share)
        return total

    def seats(self, group: str) -> Said:
        """Who sits in a group, by place of the profile."""
        facts = {"group": group, "size": self.sizes[group], "hi": self.demand.groups[group].hi}
        return Said("seats", {**facts, "shares": self._shares[group]})

    def summary(self) -> Said:
        """How many got what, over all groups."""
        return Said("summary", {"total": len(self.placement), "shares": self.profile})

    def of(self, group: str) -> list[Said]:
        """What may be said to a group: what one more seat would give, what its least size costs."""
        if self.rule == "lottery" or group in self.closed:
            return [self.seats(group)]
        found = self._evidence(self.demand.groups[group].area)
        said = [self.seats(group)]
        if found.crossed:
            price = self.prices[group]
            code = "price-above" if price > 0 else "price-below" if price < 0 else "free"
            return [*said, Said(code, {"group": group, "price": abs(price)})]
        if (gain := found.more.get(group)) is not None:
            said.append(Said("seat-helps", {"group": group, "change": gain}))
        elif (less := found.fewer.get(group)) is not None:
            said.append(Said("least-costs", {"group": group, "change": less}))
        elif self.prices[group] < 0:
            said.append(Said("least-binds", {"group": group}))
        else:
            said.append(Said("free", {"group": group}))
        return said


def _number(value: int | Fraction) -> int | str:
    if isinstance(value, Fraction) and int(value.denominator) != 1:
        return f"{value.numerator}/{value.denominator}"
    plain = int(value)
    return plain if abs(plain) < LARGE else str(plain)


def _group(group: Group) -> dict[str, Any]:
    written: dict[str, Any] = {"area": group.area, "lo": group.lo, "hi": group.hi}
    if group.qualities:
        written["qualities"] = {
            q: {"least": b.least, **({"most": b.most} if b.most is not None else {})}
            for q, b in group.qualities.items()
        }
    return written


def _member(member: Member) -> dict[str, Any]:
    written: dict[str, Any] = {"area": member.area, "wishes": list(member.wishes)}
    if member.fixed is not None:
        written["fixed"] = member.fixed
    if member.barred:
        written["barred"] = sorted(member.barred)
    if member.qualities:
        written["qualities"] = sorted(member.qualities)
    return written
