"""A cheapest plan of one area by successive shortest paths on the graph contracted to groups (Ahuja, Magnanti & Orlin 1993, 9.7).

W[u, v] is the least that it costs to move a member from node u to node v; every shortest path from a node with too many
to a node with too few moves one member along each of its arcs. Whole numbers throughout.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from .network import FAR, Ints, Network


class Stuck(Exception):
    """No plan: members stand at nodes from which nothing leads to a free seat. `reached`: the nodes they can reach."""

    def __init__(self, network: Network, excess: Ints, reached: Ints) -> None:
        super().__init__("no plan")
        self.network, self.excess, self.reached = network, excess, reached


def settle(network: Network, weights: Ints) -> None:
    """Set `at` and `flow` to a plan of least cost (`weights[c]`: cost of column c). Raises Stuck."""
    work = _Work(network, weights)
    while (sources := np.flatnonzero(work.excess > 0)).size:
        work.augment(sources)
    work.store()


class _Work:
    """The contracted graph, its arcs kept up to date after each path."""

    def __init__(self, network: Network, weights: Ints) -> None:
        self.network = network
        n, size = len(network.members), len(network.nodes)
        cost = np.where(network.options >= 0, weights[None, :], FAR)
        network.at = cost.argmin(axis=1) if n else np.zeros(0, dtype=np.int64)
        self.cost = cost
        self.flow = np.zeros(len(network.tail), dtype=np.int64)
        self.standing: list[set[int]] = [set() for _ in range(size)]
        for m, node in enumerate(network.standing().tolist() if n else []):
            self.standing[node].add(m)
        self.excess = np.array([len(s) for s in self.standing], dtype=np.int64)
        self.out: list[list[int]] = [[] for _ in range(size)]
        self.into: list[list[int]] = [[] for _ in range(size)]
        for a, (tail, head) in enumerate(zip(network.tail.tolist(), network.head.tolist(), strict=True)):
            self.out[tail].append(a)
            self.into[head].append(a)
        for a in range(len(network.tail)):  # arcs to the sink take what stands before them
            tail, head = network.tail[a], network.head[a]
            if head == network.sink:
                carried = min(max(int(self.excess[tail]), int(network.lo[a])), int(network.hi[a]))
                self.flow[a] = carried
                self.excess[tail] -= carried
                self.excess[head] += carried
        self.excess[network.sink] -= n
        self.arcs = np.full((size, size), FAR, dtype=np.int64)
        self.by = np.full((size, size), -1, dtype=np.int64)  # member m, or -2 - 2a forward and -3 - 2a back on arc a
        for node in range(size):
            self.renew(node)

    def renew(self, node: int) -> None:
        """The arcs that leave a node."""
        row, by = self.arcs[node], self.by[node]
        row.fill(FAR)
        if self.standing[node]:
            people = np.fromiter(self.standing[node], dtype=np.int64)
            cost = self.cost[people]
            gain = (cost - cost[np.arange(len(people)), self.network.at[people]][:, None]).ravel()
            order = np.argsort(-gain, kind="stable")
            order = order[gain[order] < FAR >> 1]
            to = self.network.options[people].ravel()[order]
            row[to] = gain[order]
            by[to] = np.repeat(people, cost.shape[1])[order]
        for a in self.out[node]:
            head = self.network.head[a]
            if self.flow[a] < self.network.hi[a] and row[head] > 0:
                row[head], by[head] = 0, -2 - 2 * a
        for a in self.into[node]:
            tail = self.network.tail[a]
            if self.flow[a] > self.network.lo[a] and row[tail] > 0:
                row[tail], by[tail] = 0, -3 - 2 * a
        row[node] = FAR

    def augment(self, sources: Ints) -> None:
        """Move along a shortest path from the sources to a node with too few."""
        size = len(self.network.nodes)
        distance = np.full(size, FAR, dtype=np.int64)
        distance[sources] = 0
        before = np.full(size, -1, dtype=np.int64)
        front = sources
        while front.size:
            candidate = distance[front][:, None] + self.arcs[front]
            best = candidate.argmin(axis=0)
            value = candidate[best, np.arange(size)]
            better = np.flatnonzero(value < distance)
            distance[better] = value[better]
            before[better] = front[best[better]]
            front = better
        wanting = np.where(self.excess < 0, distance, FAR)
        target = int(wanting.argmin())
        if wanting[target] >= FAR >> 1:
            raise Stuck(self.network, self.excess, np.flatnonzero(distance < FAR >> 1))
        path = [target]
        while before[path[-1]] >= 0:
            path.append(int(before[path[-1]]))
        path.reverse()
        self._move(path)
        for node in path:
            self.renew(node)

    def _move(self, path: list[int]) -> None:
        steps = [(u, v, int(self.by[u, v])) for u, v in pairwise(path)]
        amount = min(int(self.excess[path[0]]), -int(self.excess[path[-1]]))
        for _, _, by in steps:
            if by >= 0:
                amount = 1
            else:
                a, back = divmod(-2 - by, 2)
                room = self.flow[a] - self.network.lo[a] if back else self.network.hi[a] - self.flow[a]
                amount = min(amount, int(room))
        for u, v, by in steps:
            if by >= 0:
                self.standing[u].discard(by)
                self.standing[v].add(by)
                row = self.network.options[by]
                allowed = np.flatnonzero(row == v)
                self.network.at[by] = allowed[self.cost[by, allowed].argmin()]
            else:
                a, back = divmod(-2 - by, 2)
                self.flow[a] += -amount if back else amount
        self.excess[path[0]] -= amount
        self.excess[path[-1]] += amount

    def store(self) -> None:
        self.network.flow = self.flow
