"""One area as a network: groups and pools are nodes, members choose nodes, sizes bound the arcs to the sink.

Members who get no wish pass through one pool per kind of member (never an arc from each member to each group).
Names are sorted, so the network does not depend on the order of the input.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .demand import Group, Member

Ints = NDArray[np.int64]
#: No arc. Twice it, and it plus any path, still fits into 64 bits.
FAR = 1 << 60
UNBOUNDED = 1 << 40


@dataclass(slots=True)
class Network:
    """`options[m, c]`: the node that member m enters at rank c + 1 (last column: the pool), -1 for none.

    Arcs carry members onward from `tail` to `head` within `lo` and `hi`; `flow` is what they carry. `at[m]`: the column
    in which m stands.
    """

    area: str
    groups: list[str]
    members: list[str]
    nodes: list[str]
    options: Ints
    tail: Ints
    head: Ints
    lo: Ints
    hi: Ints
    flow: Ints
    at: Ints

    @property
    def sink(self) -> int:
        return len(self.nodes) - 1

    def standing(self) -> Ints:
        """The node of each member."""
        return self.options[np.arange(len(self.members)), self.at]


def networks(groups: Mapping[str, Group], members: Mapping[str, Member], ranks: int, shut: set[str]) -> list[Network]:
    """The areas, in the order of their names; designated members have taken their seats already."""
    seated: dict[str, int] = {}
    free: dict[str, list[str]] = {}
    for name, member in members.items():
        if member.fixed is not None:
            seated[member.fixed] = seated.get(member.fixed, 0) + 1
        else:
            free.setdefault(member.area, []).append(name)
    there: dict[str, list[str]] = {}
    for name, group in groups.items():
        if name not in shut:
            there.setdefault(group.area, []).append(name)
    return [
        _network(area, sorted(there.get(area, [])), sorted(free.get(area, [])), groups, members, seated, ranks)
        for area in sorted(there.keys() | free.keys())
    ]


def _network(
    area: str,
    here: list[str],
    people: list[str],
    groups: Mapping[str, Group],
    members: Mapping[str, Member],
    seated: Mapping[str, int],
    ranks: int,
) -> Network:
    index = {name: i for i, name in enumerate(here)}
    pools: dict[frozenset[str], int] = {}
    rows = []
    for name in people:
        member = members[name]
        row = [index.get(wish, -1) for wish in member.wishes]
        row += [-1] * (ranks - len(row))
        barred = member.barred & index.keys() if member.barred else frozenset()
        row.append(pools.setdefault(frozenset(barred), len(here) + len(pools)))
        rows.append(row)
    sink = len(here) + len(pools)
    arcs = [
        (i, sink, max(groups[g].lo - seated.get(g, 0), 0), groups[g].hi - seated.get(g, 0)) for g, i in index.items()
    ]
    for barred, node in pools.items():
        arcs += [(node, i, 0, UNBOUNDED) for g, i in index.items() if g not in barred]
    table = np.array(arcs, dtype=np.int64).reshape(-1, 4)
    return Network(
        area=area,
        groups=here,
        members=people,
        nodes=[*here, *("" for _ in pools), ""],
        options=np.array(rows, dtype=np.int64).reshape(len(people), ranks + 1),
        tail=table[:, 0].copy(),
        head=table[:, 1].copy(),
        lo=table[:, 2].copy(),
        hi=table[:, 3].copy(),
        flow=np.zeros(len(table), dtype=np.int64),
        at=np.zeros(len(people), dtype=np.int64),
    )
