"""Members into groups, beside scipy's HiGHS, networkx and OR-tools on the same demand in one run.

    python -m benchmarks.assignment [--large] [--cap SECONDS]

Each solver runs in a process of its own (so that memory is its own) under a time cap. Ours does more than the peers: it
prices, draws between equal plans, and has its certificate verified. Prints one table a size.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from lianxi.engines.assignment import Demand, Group, Member, place, verify

SIZES = {"2,000 × 60": (2_000, 60, 1), "3,000 × 80": (3_000, 80, 1)}
LARGE = {"100,000 × 3,000 in 50 areas": (100_000, 3_000, 50)}


def demand(members: int, groups: int, areas: int, *, ranks: int = 5, seed: object = 1, slack: float = 1.05) -> Demand:
    """Wishes that favour some groups, a tenth without a wish, a fiftieth designated, sizes from a quarter to the most."""
    dice = random.Random(str(seed))
    found_groups, found_members = {}, {}
    for a in range(areas):
        names = [f"g{a}.{i}" for i in range(groups // areas)]
        draw = [1 / (i + 1) ** 0.7 for i in range(len(names))]
        here = members // areas
        most = int(here / len(names) * slack) + 1
        found_groups.update({name: Group(f"a{a}", max(1, most // 4), most) for name in names})
        for j in range(here):
            wishes: list[str] = []
            if dice.random() > 0.1:
                count = dice.randint(1, min(ranks, len(names)))
                while len(wishes) < count:
                    if (one := dice.choices(names, draw)[0]) not in wishes:
                        wishes.append(one)
            fixed = dice.choice(names) if dice.random() < 0.02 else None
            found_members[f"m{a}.{j}"] = Member(f"a{a}", tuple(wishes), fixed)
    return Demand(found_groups, found_members, ranks)


def ours(asked: Demand) -> int:
    return place(asked, seed="drawn").cost


def arcs(asked: Demand, weights: tuple[int, ...]) -> list[tuple[list[str], list[str], list[tuple[int, int, int]]]]:
    """Per area: free members, groups, arcs (member, group, cost) with group -1 for the pool."""
    parts: dict[str, tuple[list[str], list[str], list[tuple[int, int, int]]]] = {}
    for name, group in asked.groups.items():
        parts.setdefault(group.area, ([], [], []))[1].append(name)
    index = {g: i for people, groups, _ in parts.values() for i, g in enumerate(groups)}
    for name, member in asked.members.items():
        people, _, found = parts[member.area]
        if member.fixed is None:
            found += [(len(people), index[g], weights[i + 1]) for i, g in enumerate(member.wishes)]
            found.append((len(people), -1, weights[-1]))
            people.append(name)
    return list(parts.values())


def bounds(asked: Demand, groups: list[str], held: dict[str, int]) -> list[tuple[int, int]]:
    return [(max(asked.groups[g].lo - held.get(g, 0), 0), asked.groups[g].hi - held.get(g, 0)) for g in groups]


def _held(asked: Demand) -> dict[str, int]:
    held: dict[str, int] = {}
    for member in asked.members.values():
        if member.fixed is not None:
            held[member.fixed] = held.get(member.fixed, 0) + 1
    return held


def _weights(asked: Demand) -> tuple[int, ...]:
    from lianxi.engines.assignment.demand import costs
    from lianxi.engines.assignment.placing import widest

    return costs("greedy-max", asked.rank_count(), widest(asked))


def highs(asked: Demand) -> int:
    from scipy.optimize import linprog
    from scipy.sparse import coo_array

    total, held = 0, _held(asked)
    for people, groups, found in arcs(asked, _weights(asked)):
        n, k = len(people), len(groups)
        columns = len(found) + k
        row, column, value, cost = [], [], [], np.zeros(columns)
        for j, (m, g, w) in enumerate(found):
            row += [m, n + (k if g < 0 else g)]
            column += [j, j]
            value += [1.0, 1.0]
            cost[j] = w
        for g in range(k):  # from the pool (row n + k) to the group
            row += [n + k, n + g]
            column += [len(found) + g] * 2
            value += [-1.0, 1.0]
        for g in range(k):
            row.append(n + g)
            column.append(columns + g)
            value.append(-1.0)
        table: Any = coo_array((value, (row, column)), shape=(n + k + 1, columns + k)).tocsr()
        right = np.concatenate([np.ones(n), np.zeros(k + 1)])
        limits = [(0.0, math.inf)] * columns + [(float(a), float(b)) for a, b in bounds(asked, groups, held)]
        done = linprog(np.concatenate([cost, np.zeros(k)]), A_eq=table, b_eq=right, bounds=limits, method="highs")
        total += round(done.fun or 0)
    return total


def or_tools(asked: Demand) -> int:
    from ortools.graph.python import min_cost_flow

    total, held = 0, _held(asked)
    for people, groups, found in arcs(asked, _weights(asked)):
        n, k = len(people), len(groups)
        flow = min_cost_flow.SimpleMinCostFlow()
        limits = bounds(asked, groups, held)
        pool, sink = n + k, n + k + 1
        for m, g, w in found:
            flow.add_arc_with_capacity_and_unit_cost(m, n + (k if g < 0 else g), 1, w)
        for g, (lo, hi) in enumerate(limits):
            flow.add_arc_with_capacity_and_unit_cost(pool, n + g, n, 0)
            flow.add_arc_with_capacity_and_unit_cost(n + g, sink, hi - lo, 0)
            flow.set_node_supply(n + g, -lo)
        for m in range(n):
            flow.set_node_supply(m, 1)
        flow.set_node_supply(sink, sum(lo for lo, _ in limits) - n)
        assert flow.solve() == flow.OPTIMAL
        total += flow.optimal_cost()
    return total


def networkx(asked: Demand) -> int:
    import networkx

    total, held = 0, _held(asked)
    for people, groups, found in arcs(asked, _weights(asked)):
        graph = networkx.DiGraph()
        limits = bounds(asked, groups, held)
        for m in range(len(people)):
            graph.add_node(("m", m), demand=-1)
        for m, g, w in found:
            graph.add_edge(("m", m), ("g", g), capacity=1, weight=w)
        for g, (lo, hi) in enumerate(limits):
            graph.add_edge(("g", -1), ("g", g), weight=0)
            graph.add_node(("g", g), demand=lo)
            graph.add_edge(("g", g), "sink", capacity=hi - lo, weight=0)
        graph.add_node("sink", demand=len(people) - sum(lo for lo, _ in limits))
        total += networkx.network_simplex(graph)[0]
    return total


SOLVERS: dict[str, Callable[[Demand], int]] = {
    "lianxi": ours, "scipy HiGHS": highs, "OR-tools": or_tools, "networkx": networkx,
}  # fmt: skip


def one(solver: str, size: tuple[int, int, int]) -> dict[str, Any]:
    """Run in a process of its own: seconds (best of up to 5), peak megabytes above the demand itself, cost."""
    asked = demand(*size)
    if solver != "lianxi":
        SOLVERS[solver](demand(40, 4, 1))  # its imports are not counted
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    best, cost = float("inf"), 0
    for _ in range(5 if size[0] < 10_000 else 1):
        start = time.perf_counter()
        cost = SOLVERS[solver](asked)
        best = min(best, time.perf_counter() - start)
    found = {
        "seconds": best,
        "megabytes": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024,
        "cost": cost,
    }
    if solver == "lianxi":
        certificate = place(asked, seed="drawn").certificate()
        for name, drawn in (("check", False), ("check with the draw", True)):
            start = time.perf_counter()
            verify(certificate, drawn=drawn)
            found[name] = time.perf_counter() - start
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--cap", type=float, default=60)
    parser.add_argument("--one", nargs=2)
    asked = parser.parse_args()
    sizes = {**SIZES, **LARGE}
    if asked.one:
        print(json.dumps(one(asked.one[0], sizes[asked.one[1]])))
        return
    for size in LARGE if asked.large else SIZES:
        print(f"\n{size}\n{'':14}{'seconds':>10}{'ratio':>8}{'MB':>8}  cost")
        base = None
        for solver in SOLVERS:
            command = [sys.executable, "-m", "benchmarks.assignment", "--one", solver, size]
            try:
                done = subprocess.run(command, capture_output=True, text=True, timeout=asked.cap, check=False)
            except subprocess.TimeoutExpired:
                print(f"{solver:14}{f'> {asked.cap:g}':>10}")
                continue
            if done.returncode:
                print(f"{solver:14}  not here: {done.stderr.strip().splitlines()[-1][:80]}")
                continue
            found = json.loads(done.stdout)
            base = base or found["seconds"]
            print(
                f"{solver:14}{found['seconds']:10.3f}{found['seconds'] / base:8.2f}{found['megabytes']:8.0f}  {found['cost']}"
            )
            for name in ("check", "check with the draw"):
                if name in found:
                    print(f"{'  ' + name:14}{found[name]:10.3f}")


if __name__ == "__main__":
    main()
