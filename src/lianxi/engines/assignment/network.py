"""One area as a network: groups and pools are nodes, members choose nodes, sizes bound the arcs to the sink.

Members who get no wish pass through one pool per kind of member (never an arc from each member to each group). Nested
qualities of a group become nodes of a tree below it. Names are sorted, so the network does not depend on the input's order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .demand import Group, Member

Ints = NDArray[np.int64]
#: No arc. Twice it, and it plus any path, still fits into 64 bits.
FAR = 1 << 60
UNBOUNDED = 1 << 40
#: What makes members alike for the groups: bars, and the qualities that some group asks for.
Kind = tuple[frozenset[str], frozenset[str]]


@dataclass(slots=True)
class Network:
    """`options[m, c]`: the node that member m enters at rank c + 1 (last column: the pool), -1 for none.

    Nodes: groups, then (group, quality) nodes, then pools, then the sink. `owner[v]`: index of the group of a node, -1 for
    pools and the sink. Arcs carry members onward from `tail` to `head` within `lo` and `hi`; `flow` is what they carry.
    `at[m]`: the column in which m stands. `kind[m]`, `entry[kind][g]`: the node by which such a member enters a group.
    """

    area: str
    groups: list[str]
    members: list[str]
    qualities: list[tuple[int, str]]
    owner: list[int]
    kinds: list[Kind]
    kind: list[int]
    entry: list[list[int]]
    options: Ints
    tail: Ints
    head: Ints
    lo: Ints
    hi: Ints
    flow: Ints
    at: Ints

    @property
    def size(self) -> int:
        return len(self.owner)

    @property
    def sink(self) -> int:
        return len(self.owner) - 1

    def standing(self) -> Ints:
        """The node of each member."""
        return self.options[np.arange(len(self.members)), self.at]

    def bounded(self) -> NDArray[np.bool_]:
        """Which arcs lead from groups and qualities onward (all but those out of pools)."""
        return np.array(self.owner, dtype=np.int64)[self.tail] >= 0


@dataclass(frozen=True, slots=True)
class Area:
    """An area's part of the demand: names sorted, designated members counted."""

    name: str
    groups: dict[str, Group]
    members: dict[str, Member]
    fixed: dict[str, list[Member]]


def areas(groups: Mapping[str, Group], members: Mapping[str, Member], shut: set[str]) -> list[Area]:
    """The areas, in the order of their names."""
    fixed: dict[str, list[Member]] = {}
    free: dict[str, list[str]] = {}
    for name, member in members.items():
        if member.fixed is not None:
            fixed.setdefault(member.fixed, []).append(member)
        else:
            free.setdefault(member.area, []).append(name)
    there: dict[str, list[str]] = {}
    for name, group in groups.items():
        if name not in shut:
            there.setdefault(group.area, []).append(name)
    return [
        Area(
            area,
            {g: groups[g] for g in sorted(there.get(area, []))},
            {m: members[m] for m in sorted(free.get(area, []))},
            {g: fixed[g] for g in there.get(area, []) if g in fixed},
        )
        for area in sorted(there.keys() | free.keys())
    ]


def overlapping(area: Area) -> bool:
    """Do the qualities of some group cross, or depend on its size? Then the area is no network."""
    for group in area.groups.values():
        if any(bound.is_share for bound in group.qualities.values()):
            return True
        if len(group.qualities) > 1:
            kinds = {frozenset(member.qualities & group.qualities.keys()) for member in area.members.values()}
            names = sorted(group.qualities)
            for i, p in enumerate(names):
                for q in names[i + 1 :]:
                    held = {(p in kind, q in kind) for kind in kinds}
                    if {(True, True), (True, False), (False, True)} <= held:
                        return True
    return False


def network(area: Area, ranks: int) -> Network:
    """The network of an area whose qualities are nested."""
    groups = list(area.groups)
    index = {name: i for i, name in enumerate(groups)}
    asked = frozenset(q for group in area.groups.values() for q in group.qualities)
    kinds: dict[Kind, int] = {}
    kind = [
        kinds.setdefault((frozenset(member.barred & index.keys()), member.qualities & asked), len(kinds))
        for member in area.members.values()
    ]  # fmt: skip
    trees = [_tree(group, list(kinds)) for group in area.groups.values()]
    qualities = [(i, q) for i, tree in enumerate(trees) for q, _ in tree]
    node_of = {pair: len(groups) + j for j, pair in enumerate(qualities)}
    pool, sink = len(groups) + len(qualities), len(groups) + len(qualities) + len(kinds)
    entry = [
        [-1 if name in barred else _entry(i, has, trees[i], node_of) for i, name in enumerate(groups)]
        for barred, has in kinds
    ]
    arcs = [*_inner(area, trees, node_of), *_outer(area, sink)]
    arcs += [(pool + k, node, 0, UNBOUNDED) for k, row in enumerate(entry) for node in row if node >= 0]
    table = np.array(arcs, dtype=np.int64).reshape(-1, 4)
    rows = [
        [entry[k][i] if (i := index.get(wish, -1)) >= 0 else -1 for wish in member.wishes]
        + [-1] * (ranks - len(member.wishes))
        + [pool + k]
        for k, member in zip(kind, area.members.values(), strict=True)
    ]
    return Network(
        area=area.name,
        groups=groups,
        members=list(area.members),
        qualities=qualities,
        owner=[*range(len(groups)), *(i for i, _ in qualities), *(-1 for _ in kinds), -1],
        kinds=list(kinds),
        kind=kind,
        entry=entry,
        options=np.array(rows, dtype=np.int64).reshape(len(rows), ranks + 1),
        tail=table[:, 0].copy(),
        head=table[:, 1].copy(),
        lo=table[:, 2].copy(),
        hi=table[:, 3].copy(),
        flow=np.zeros(len(table), dtype=np.int64),
        at=np.zeros(len(rows), dtype=np.int64),
    )


def _tree(group: Group, kinds: list[Kind]) -> list[tuple[str, str | None]]:
    """The qualities of a group with the one that each lies in (None: the group), the innermost first."""
    holders = {q: {k for k, (_, has) in enumerate(kinds) if q in has} for q in group.qualities}
    order = sorted(group.qualities, key=lambda q: (len(holders[q]), q))
    tree: list[tuple[str, str | None]] = []
    for i, q in enumerate(order):
        around = (p for p in order[i + 1 :] if holders[q] <= holders[p])
        tree.append((q, next(around, None) if holders[q] else None))
    return tree


def _entry(
    i: int, has: frozenset[str], tree: list[tuple[str, str | None]], node_of: Mapping[tuple[int, str], int]
) -> int:
    return next((node_of[i, q] for q, _ in tree if q in has), i)


def _inner(
    area: Area, trees: list[list[tuple[str, str | None]]], node_of: Mapping[tuple[int, str], int]
) -> Iterator[tuple[int, int, int, int]]:
    """The arcs of the trees, innermost first."""
    for i, (name, group) in enumerate(area.groups.items()):
        for q, outer in trees[i]:
            bound = group.qualities[q]
            held = sum(q in member.qualities for member in area.fixed.get(name, ()))
            most = UNBOUNDED if bound.most is None else int(bound.most) - held
            head = i if outer is None else node_of[i, outer]
            yield node_of[i, q], head, max(int(bound.least) - held, 0), most


def _outer(area: Area, sink: int) -> Iterator[tuple[int, int, int, int]]:
    """The arcs from the groups to the sink."""
    for i, (name, group) in enumerate(area.groups.items()):
        held = len(area.fixed.get(name, ()))
        yield i, sink, max(group.lo - held, 0), group.hi - held
