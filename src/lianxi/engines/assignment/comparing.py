"""What departs from the best placement, and what it costs: changes by hand, least sizes, groups that are closed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Any

from .demand import Demand, Refused
from .placement import Placement, profile_of, rank_of
from .placing import place
from .words import Said


@dataclass(frozen=True, slots=True)
class Move:
    """A member who stands elsewhere; ranks are places of the profile (0 designated, k-th wish, K + 1 unlisted)."""

    member: str
    here: str
    there: str
    rank_here: int
    rank_there: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """A placement against the best one. `change[i]`: how many more stand in place i of the profile; `more`: cost above the
    best, in the weights of the rule (0: just as good; below 0 only where a size or bar is broken). `broken`: what it does
    not keep. `moved`: who stands elsewhere."""

    placement: Mapping[str, str]
    profile: tuple[int, ...]
    change: tuple[int, ...]
    more: int
    moved: tuple[Move, ...]
    broken: tuple[Said, ...]

    @property
    def said(self) -> Said:
        return Said("hand-more", {"change": self.change}) if any(self.change) else Said("hand-same")


def compare(best: Placement, changes: Mapping[str, str]) -> Comparison:
    """Put some members elsewhere by hand (`changes`: member → group) and hold the whole against the best placement.

    Raises Refused for a member or group that does not exist.
    """
    demand = best.demand
    for member, group in changes.items():
        if member not in demand.members:
            raise Refused("changes", f"没有名为“{member}”的成员", f"there is no member “{member}”")
        if group not in demand.groups:
            raise Refused(f"changes.{member}", f"没有名为“{group}”的小组", f"there is no group “{group}”")
    hand = {**best.placement, **changes}
    profile = profile_of(demand, hand)
    moved = tuple(
        Move(m, best.placement[m], g, best.rank(m), rank_of(demand, m, g))
        for m, g in sorted(changes.items())
        if g != best.placement[m]
    )
    cost = sum(n * w for n, w in zip(profile, best.weights, strict=True))
    change = tuple(a - b for a, b in zip(profile, best.profile, strict=True))
    return Comparison(hand, profile, change, cost - best.cost, moved, tuple(_broken(best, hand)))


def _broken(best: Placement, hand: Mapping[str, str]) -> Iterable[Said]:
    demand, size = best.demand, Counter(hand.values())
    for name, group in demand.groups.items():
        facts: dict[str, Any] = {"group": name, "size": size[name], "hi": group.hi, "lo": group.lo}
        if name in best.closed:
            if size[name]:
                yield Said("hand-over", {**facts, "hi": 0})
        elif size[name] > group.hi:
            yield Said("hand-over", facts)
        elif size[name] < group.lo:
            yield Said("hand-under", facts)
        if group.qualities and name not in best.closed:
            yield from _qualities(demand, name, [m for m, g in hand.items() if g == name])
    for member, group_name in sorted(hand.items()):
        asked = demand.members[member]
        facts = {"member": member, "group": group_name, "fixed": asked.fixed}
        if asked.fixed is not None and asked.fixed != group_name:
            yield Said("hand-designated", facts)
        elif group_name in asked.barred:
            yield Said("hand-barred", facts)
        elif asked.fixed is None and asked.area != demand.groups[group_name].area:
            yield Said("hand-area", facts)


def _qualities(demand: Demand, name: str, people: list[str]) -> Iterable[Said]:
    for quality, bound in demand.groups[name].qualities.items():
        least, most = bound.limits(len(people))
        found = sum(quality in demand.members[m].qualities for m in people)
        if found < least or (most is not None and found > most):
            asked = f"≥ {bound.least}" if found < least else f"≤ {bound.most}"
            yield Said("hand-quality", {"group": name, "quality": quality, "found": found, "asked": asked})


def designating(demand: Demand, changes: Mapping[str, str]) -> Demand:
    """The demand with members designated by hand; None as group takes a designation back."""
    members = dict(demand.members)
    for member, group in changes.items():
        members[member] = replace(members[member], fixed=group)
    return replace(demand, members=members)


@dataclass(frozen=True, slots=True)
class Minima:
    """What the least sizes cost: the best placement without any, the change of the profile that they bring, and the groups
    that would stay below (group → how many would be there). The engine closes none: run again with `closed=[…]`."""

    free: Placement
    change: tuple[int, ...]
    below: Mapping[str, int]

    @property
    def said(self) -> Said:
        return (
            Said("minima-cost", {"groups": list(self.below), "change": self.change})
            if self.below
            else Said("minima-none")
        )


def minima(best: Placement, *, executor: Executor | None = None) -> Minima:
    """Place again without least sizes and compare."""
    demand = best.demand
    groups = {name: replace(group, lo=0) for name, group in demand.groups.items()}
    free = place(
        replace(demand, groups=groups), rule=best.rule, seed=best.seed, closed=best.closed, executor=executor
    )  # fmt: skip
    below = {g: n for g, n in free.sizes.items() if g not in best.closed and n < demand.groups[g].lo}
    change = tuple(a - b for a, b in zip(best.profile, free.profile, strict=True))
    return Minima(free, change, below)
