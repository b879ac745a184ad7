"""No plan: the smallest cut that shows it, and what would cure it (Hall 1935; Hoffman 1960)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .demand import Demand
from .network import Network
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
        for quality, bound in group.qualities.items():
            people = tuple(sorted(n for n, m in demand.members.items() if m.fixed == name and quality in m.qualities))
            if type(bound.most) is int and len(people) > bound.most:
                raise _asking("quality", group.area, (name,), people, quality, len(people), bound.most)
    return seated


def _asking(
    kind: str, area: str, groups: tuple[str, ...], people: tuple[str, ...], quality: str, need: int, have: int
) -> Infeasible:
    cut = Cut(kind, area, groups, people, need, have)
    facts = {"groups": groups, "quality": quality, "missing": cut.missing}
    return Infeasible(cut, Said(kind, facts), [Said("cure-" + kind, facts)])


def crossed(area: str, groups: Sequence[str], qualities: Sequence[str], missing: int) -> Infeasible:
    """Sizes and crossing qualities that cannot be kept together."""
    return _asking("mixed", area, tuple(groups), (), "、".join(qualities), missing, 0)


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
    if network.qualities and (found := _qualities(stuck, reached)):
        return found
    plain = _least(stuck, demand, reached) if network.sink in reached else _seats(stuck, demand, reached, standing)
    if plain.cut.missing > 0:
        return plain
    return _asked(stuck, [v for v in _quality_nodes(network) if network.owner[v] in reached] or _quality_nodes(network))


def _quality_nodes(network: Network) -> list[int]:
    return list(range(len(network.groups), len(network.groups) + len(network.qualities)))


def _qualities(stuck: Stuck, reached: set[int]) -> Infeasible | None:
    """What groups ask of qualities stands in the way: as many as are missing. None where only sizes do."""
    network = stuck.network
    nodes = _quality_nodes(network)
    onward = {int(network.tail[a]): int(network.head[a]) for a in np.flatnonzero(network.bounded())}
    tight = [v for v in nodes if stuck.excess[v] < 0] or [v for v in nodes if v in reached and onward[v] not in reached]
    return _asked(stuck, tight) if tight else None


def _asked(stuck: Stuck, nodes: list[int]) -> Infeasible:
    network = stuck.network
    groups = tuple(sorted({network.groups[network.owner[v]] for v in nodes}))
    qualities = {network.qualities[v - len(network.groups)][1] for v in nodes}
    missing = sum(e for e in stuck.excess if e > 0)
    kind = "quality" if len(qualities) == 1 else "mixed"
    return _asking(kind, network.area, groups, (), "、".join(sorted(qualities)), missing, 0)


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
