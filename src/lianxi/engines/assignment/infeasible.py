"""No plan: the smallest cut that shows it, and what would cure it (Hall 1935; Hoffman 1960)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .demand import Demand
from .solving import Stuck
from .words import Said


@dataclass(frozen=True, slots=True)
class Cut:
    """`need` members against `have` seats (kind "too-few-seats"), or the other way round ("too-few-members")."""

    kind: str
    area: str
    groups: tuple[str, ...]
    members: tuple[str, ...]
    need: int
    have: int

    @property
    def missing(self) -> int:
        return self.need - self.have


class Infeasible(Exception):
    """No placement keeps the sizes. `cut` shows why, `said` is its sentence, `cures` what would mend it."""

    def __init__(self, cut: Cut, said: Said, cures: Sequence[Said]) -> None:
        super().__init__(said.en)
        self.cut, self.said, self.cures = cut, said, tuple(cures)

    def __reduce__(self) -> tuple[type[Infeasible], tuple[Cut, Said, tuple[Said, ...]]]:
        return type(self), (self.cut, self.said, self.cures)

    @property
    def zh(self) -> str:
        return self.said.zh + "".join(cure.zh for cure in self.cures)

    @property
    def en(self) -> str:
        return " ".join([self.said.en, *(cure.en for cure in self.cures)])


def designations(demand: Demand) -> Mapping[str, int]:
    """How many members are designated to each group. Raises Infeasible where they outnumber its seats."""
    seated = Counter(m.fixed for m in demand.members.values() if m.fixed is not None)
    for name in sorted(seated):
        group = demand.groups[name]
        if seated[name] > group.hi:
            people = tuple(sorted(n for n, m in demand.members.items() if m.fixed == name))
            cut = Cut("designated-too-many", group.area, (name,), people, seated[name], group.hi)
            said = Said("designated-too-many", {"groups": [name], "need": cut.need, "have": cut.have})
            raise Infeasible(cut, said, [Said("cure-designated", {"missing": cut.missing})])
    return seated


def explain(stuck: Stuck, demand: Demand) -> Infeasible:
    """The cut behind a stuck search, in words."""
    network = stuck.network
    count = len(network.groups)
    reached = set(stuck.reached)
    standing = network.standing().tolist()
    if not count:
        cut = Cut("no-group", network.area, (), tuple(network.members), len(network.members), 0)
        said = Said("no-group", {"area": network.area, "have": cut.need})
        return Infeasible(cut, said, [Said("cure-no-group", {"area": network.area})])
    if network.sink not in reached:
        return _seats(stuck, demand, reached, standing)
    return _least(stuck, demand, reached)


def _seats(stuck: Stuck, demand: Demand, reached: set[int], standing: list[int]) -> Infeasible:
    """Members who reach only groups that are full."""
    network = stuck.network
    groups = tuple(g for i, g in enumerate(network.groups) if i in reached)
    members = tuple(m for m, node in zip(network.members, standing, strict=True) if node in reached)
    seats = sum(int(hi) for tail, head, hi in zip(network.tail, network.head, network.hi, strict=True)
                if head == network.sink and int(tail) in reached)  # fmt: skip
    cut = Cut("too-few-seats", network.area, groups, members, len(members), seats)
    facts = {"groups": groups, "need": cut.need, "have": cut.have, "missing": cut.missing}
    whole = len(groups) == len(network.groups)
    return Infeasible(cut, Said("too-few-seats", facts), [Said("cure-area-seats" if whole else "cure-seats", facts)])


def _least(stuck: Stuck, demand: Demand, reached: set[int]) -> Infeasible:
    """Groups whose least sizes exceed those who may enter them."""
    network = stuck.network
    short = {
        int(tail) for tail, head, lo in zip(network.tail, network.head, network.lo, strict=True)
        if head == network.sink and lo > 0 and int(tail) not in reached
    }  # fmt: skip
    groups = tuple(g for i, g in enumerate(network.groups) if i in short)
    pools = {int(t) for t, h in zip(network.tail, network.head, strict=True) if int(h) in short and h != network.sink}
    members = tuple(
        m for m, row in zip(network.members, network.options.tolist(), strict=True)
        if any(node in short or node in pools for node in row)
    )  # fmt: skip
    need = sum(demand.groups[g].lo for g in groups)
    have = len(members) + sum(1 for m in demand.members.values() if m.fixed in groups)
    cut = Cut("too-few-members", network.area, groups, members, need, have)
    facts = {"groups": groups, "need": cut.need, "have": cut.have, "missing": cut.missing}
    return Infeasible(cut, Said("too-few-members", facts), [Said("cure-least", facts)])
