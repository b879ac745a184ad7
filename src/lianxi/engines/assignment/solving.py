"""A cheapest plan of one area: successive shortest paths on the graph contracted to groups (Ahuja, Magnanti & Orlin 1993, 9.7–9.8).

cost[u, v] is the least that it costs to move a member from node u to node v. Shortest distances from the nodes with too many
make some arcs tight; along tight arcs members are moved, one path after another, until no such path is left. Whole numbers
throughout; heaps per pair of nodes keep the cheapest mover at hand.
"""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np

from .network import FAR, Ints, Network

Heap = list[tuple[int, int]]


class Stuck(Exception):
    """No plan: members stand at nodes from which nothing leads to a free seat. `reached`: the nodes they can reach."""

    def __init__(self, network: Network, excess: list[int], reached: list[int]) -> None:
        super().__init__("no plan")
        self.network, self.excess, self.reached = network, excess, reached

    def __reduce__(self) -> tuple[type[Stuck], tuple[Network, list[int], list[int]]]:
        return type(self), (self.network, self.excess, self.reached)


def settle(network: Network, weights: list[int]) -> None:
    """Set `at` and `flow` to a plan of least cost (`weights[c]`: cost of column c). Raises Stuck."""
    work = _Work(network, weights)
    while any(e > 0 for e in work.excess):
        work.measure()
        while work.augment():
            pass
    work.store()


class _Work:
    """The contracted graph and the plan so far, kept up to date arc by arc."""

    def __init__(self, network: Network, weights: list[int]) -> None:
        self.network, self.weights, self.size = network, weights, network.size
        self.options: list[list[int]] = network.options.tolist()
        self.lo: list[int] = network.lo.tolist()
        self.hi: list[int] = network.hi.tolist()
        ends = list(zip(network.tail.tolist(), network.head.tolist(), strict=True))
        self.arc_of: dict[tuple[int, int], tuple[int, int]] = {}  # (u, v): arc, +1 forward or -1 back
        for a, (tail, head) in enumerate(ends):
            self.arc_of[tail, head] = a, 1
            self.arc_of[head, tail] = a, -1
        cost = np.where(network.options >= 0, np.array(weights, dtype=np.int64)[None, :], FAR)
        self.at: list[int] = cost.argmin(axis=1).tolist() if self.options else []
        self.node = [row[c] for row, c in zip(self.options, self.at, strict=True)]
        self.excess = [0] * self.size
        for node in self.node:
            self.excess[node] += 1
        self.flow = [0] * len(ends)
        for a, (tail, head) in enumerate(ends):  # from the innermost on, arcs take what stands before them
            if network.owner[tail] >= 0:
                carried = self.flow[a] = min(max(self.excess[tail], self.lo[a]), self.hi[a])
                self.excess[tail] -= carried
                self.excess[head] += carried
        self.excess[network.sink] -= len(self.options)
        self.cost = np.full((self.size, self.size), FAR, dtype=np.int64)
        self.by: dict[tuple[int, int], int] = {}  # (u, v): the member who moves most cheaply, -1 for an arc
        self.distance: list[int] = []
        self.tight = [0] * self.size  # bit v of tight[u]: the arc from u to v is tight
        self.heaps = self._heaps()
        for u, v in self.heaps.keys() | self.arc_of.keys():
            self._refresh(u, v)

    def _heaps(self) -> dict[tuple[int, int], Heap]:
        heaps: dict[tuple[int, int], Heap] = {}
        weights = self.weights
        for m, row in enumerate(self.options):
            u, base = self.node[m], weights[self.at[m]]
            for c, v in enumerate(row):
                if v >= 0 and v != u:
                    heaps.setdefault((u, v), []).append((weights[c] - base, m))
        for heap in heaps.values():
            heap.sort()
        return heaps

    def _refresh(self, u: int, v: int) -> None:
        """The cheapest way from u to v, after something changed there."""
        value, by = FAR, -1
        if heap := self.heaps.get((u, v)):
            node = self.node
            while heap and node[heap[0][1]] != u:
                heappop(heap)
            if heap:
                value, by = heap[0]
        if value > 0 and (arc := self.arc_of.get((u, v))):
            a, way = arc
            if self.flow[a] < self.hi[a] if way > 0 else self.flow[a] > self.lo[a]:
                value, by = 0, -1
        self.by[u, v] = by
        self.cost[u, v] = value
        if self.distance:
            if value < FAR and self.distance[u] + value == self.distance[v]:
                self.tight[u] |= 1 << v
            else:
                self.tight[u] &= ~(1 << v)

    def measure(self) -> None:
        """Distances from the nodes with too many, and which arcs are tight."""
        cost, size = self.cost, self.size
        distance = np.full(size, FAR, dtype=np.int64)
        front: Ints = np.flatnonzero(np.array(self.excess) > 0)
        distance[front] = 0
        while front.size:
            value = (distance[front][:, None] + cost[front]).min(axis=0)
            front = np.flatnonzero(value < distance)
            distance[front] = value[front]
        reached = np.flatnonzero(distance < FAR >> 1)
        self.distance = distance.tolist()
        if not any(self.excess[v] < 0 for v in reached.tolist()):
            self.network.at[:] = self.at
            raise Stuck(self.network, self.excess, reached.tolist())
        tight = (distance[:, None] + cost == distance[None, :]) & (cost < FAR >> 1)
        packed = np.packbits(tight, axis=1, bitorder="little")
        self.tight = [int.from_bytes(row.tobytes(), "little") for row in packed]

    def augment(self) -> bool:
        """Move along one path of tight arcs from too many to too few; False when there is none."""
        excess, tight = self.excess, self.tight
        goals = sum(1 << v for v, e in enumerate(excess) if e < 0)
        front = [v for v, e in enumerate(excess) if e > 0]
        seen = sum(1 << v for v in front)
        before: dict[int, int] = {}
        while front:
            following = []
            for u in front:
                new = tight[u] & ~seen
                seen |= new
                while new:
                    low = new & -new
                    v = low.bit_length() - 1
                    before[v] = u
                    if low & goals:
                        path = [v]
                        while path[-1] in before:
                            path.append(before[path[-1]])
                        self._move(path[::-1])
                        return True
                    following.append(v)
                    new ^= low
            front = following
        return False

    def _move(self, path: list[int]) -> None:
        amount = min(self.excess[path[0]], -self.excess[path[-1]])
        steps = [(u, v, self.by[u, v]) for u, v in zip(path, path[1:])]  # noqa: B905, RUF007
        for u, v, by in steps:
            if by >= 0:
                amount = 1
            else:
                a, way = self.arc_of[u, v]
                amount = min(amount, self.hi[a] - self.flow[a] if way > 0 else self.flow[a] - self.lo[a])
        for u, v, by in steps:
            if by >= 0:
                self._shift(by, u, v)
            else:
                a, way = self.arc_of[u, v]
                self.flow[a] += amount * way
                self._refresh(u, v)
                self._refresh(v, u)
        self.excess[path[0]] -= amount
        self.excess[path[-1]] += amount

    def _shift(self, m: int, u: int, v: int) -> None:
        """Member m goes from u to v."""
        row, weights = self.options[m], self.weights
        self.at[m] = c = row.index(v)
        self.node[m] = v
        base = weights[c]
        for other, w in zip(row, weights, strict=True):
            if other < 0:
                continue
            if other != u and self.by[u, other] == m:
                self._refresh(u, other)
            if other != v:
                heap = self.heaps.setdefault((v, other), [])
                heappush(heap, (w - base, m))
                if heap[0][1] == m:
                    self._refresh(v, other)

    def store(self) -> None:
        self.network.at[:] = self.at
        self.network.flow[:] = self.flow
