"""Among all cheapest plans, one: members choose in the order of the draw, SHA-256(seed|member).

Each takes the best of the places in which a cheapest plan still puts him or her, given what earlier numbers took (Svensson
1999: serial dictatorship, here inside the optimal face). Those without a wish come after: each enters the group with the
fewest members so far, in the order SHA-256(seed|group) between equals. With every place allowed the same walk is the
lottery rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from .demand import draw_key
from .network import Network


def draw(
    network: Network, tight: list[list[int]], moving: list[bool], seed: str, seated: Mapping[str, int]
) -> list[str]:
    """The group of each member. `tight[m]`: columns allowed, best first; `moving[a]`: arcs whose flow may change.

    The plan in `network` must be one of those allowed; it is changed. `seated`: members designated to each group.
    """
    order = sorted(range(len(network.members)), key=lambda m: draw_key(seed, network.members[m]))
    walk = _Walk(network, tight, moving)
    for m in order:
        walk.choose(m)
    return walk.places(order, seed, seated)


class _Walk:
    """The residual graph of the plans still possible: who may move from node to node, and which arcs may change."""

    def __init__(self, network: Network, tight: list[list[int]], moving: list[bool]) -> None:
        self.network, self.tight = network, tight
        self.options: list[list[int]] = network.options.tolist()
        self.at: list[int] = network.at.tolist()
        self.flow: list[int] = network.flow.tolist()
        self.lo: list[int] = network.lo.tolist()
        self.hi: list[int] = network.hi.tolist()
        self.ends = list(zip(network.tail.tolist(), network.head.tolist(), strict=True))
        size = network.size
        self.links = [0] * size  # bit v of links[u]: something leads from u to v
        self.who: dict[tuple[int, int], set[int]] = {}
        self.arcs: dict[tuple[int, int], list[tuple[int, int]]] = {}  # (u, v): arcs with +1 forward, -1 back
        for a, (tail, head) in enumerate(self.ends):
            if moving[a]:
                self.arcs.setdefault((tail, head), []).append((a, 1))
                self.arcs.setdefault((head, tail), []).append((a, -1))
        for u, v in self.arcs:
            self._refresh(u, v)
        for m in range(len(network.members)):
            self._enter(m)

    def _room(self, a: int, way: int) -> bool:
        return self.flow[a] < self.hi[a] if way > 0 else self.flow[a] > self.lo[a]

    def _refresh(self, u: int, v: int) -> None:
        open_ = bool(self.who.get((u, v))) or any(self._room(a, way) for a, way in self.arcs.get((u, v), ()))
        self.links[u] = self.links[u] | 1 << v if open_ else self.links[u] & ~(1 << v)

    def _enter(self, m: int) -> None:
        row = self.options[m]
        u = row[self.at[m]]
        for c in self.tight[m]:
            if (v := row[c]) != u:
                self.who.setdefault((u, v), set()).add(m)
                self.links[u] |= 1 << v

    def _leave(self, m: int) -> None:
        row = self.options[m]
        u = row[self.at[m]]
        for c in self.tight[m]:
            if (v := row[c]) != u:
                people = self.who[u, v]
                people.discard(m)
                if not people:
                    self._refresh(u, v)

    def choose(self, m: int) -> None:
        """Member m takes the best allowed column that a plan still has, and stays there."""
        row, here = self.options[m], self.at[m]
        columns = self.tight[m]
        if len(columns) > 1:
            self._leave(m)
            for c in columns:
                if c == here:
                    break
                if path := self._path(row[c], row[here]):
                    self._follow(path)
                    self.at[m] = c
                    break

    def _path(self, start: int, goal: int) -> list[int] | None:
        """Nodes from start to goal, nearest first."""
        seen, front = 1 << start, [start]
        before: dict[int, int] = {}
        while front:
            following = []
            for u in front:
                new = self.links[u] & ~seen
                seen |= new
                while new:
                    low = new & -new
                    v = low.bit_length() - 1
                    before[v] = u
                    if v == goal:
                        path = [v]
                        while path[-1] != start:
                            path.append(before[path[-1]])
                        return path[::-1]
                    following.append(v)
                    new ^= low
            front = following
        return None

    def _follow(self, path: list[int]) -> None:
        for u, v in pairwise(path):
            if people := self.who.get((u, v)):
                m = next(iter(people))
                self._leave(m)
                self.at[m] = next(c for c in self.tight[m] if self.options[m][c] == v)
                self._enter(m)
                continue
            for a, way in self.arcs[u, v]:
                if self._room(a, way):
                    self.flow[a] += way
                    break
            self._refresh(u, v)
            self._refresh(v, u)

    def places(self, order: list[int], seed: str, seated: Mapping[str, int]) -> list[str]:
        """The group of each member, those at a pool led to the emptiest group that a plan still allows."""
        groups, owner = self.network.groups, self.network.owner
        size = [seated.get(g, 0) for g in groups]
        lot = {i: draw_key(seed, g) for i, g in enumerate(groups)}
        result = [""] * len(order)
        arc_of = {ends: a for a, ends in enumerate(self.ends)}
        leads: dict[int, list[int]] = {}
        for tail, head in self.ends:
            if owner[tail] < 0 <= owner[head]:
                leads.setdefault(tail, []).append(head)
        for m in order:
            node = self.options[m][self.at[m]]
            if (g := owner[node]) >= 0:
                size[g] += 1
                result[m] = groups[g]
        for m in order:
            pool = self.options[m][self.at[m]]
            if owner[pool] >= 0:
                continue
            for v in sorted(leads[pool], key=lambda v: (size[owner[v]], lot[owner[v]])):
                a = arc_of[pool, v]
                if self.flow[a] > self.lo[a]:
                    break
                if (pool, v) in self.arcs and (path := self._path(v, pool)):
                    self._follow(path)
                    self.flow[a] += 1
                    break
            self.lo[a] += 1  # this one stays
            self._refresh(v, pool)
            size[owner[v]] += 1
            result[m] = groups[owner[v]]
        return result
