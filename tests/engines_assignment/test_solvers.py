"""Larger demands: two other solvers find the same cost; executors, process pools and Dask the same placement."""

import random
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from benchmarks.assignment import demand
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp

from lianxi.engines.assignment import Demand, compare, designating, load, minima, place


@pytest.mark.parametrize("rule", ["greedy-max", "generous", "linear"])
def test_two_other_solvers_find_the_same_cost(rule: str) -> None:
    asked = demand(160, 8, 1, ranks=4, seed=rule)
    found = place(asked, rule=rule, seed="s")
    free = [name for name, member in asked.members.items() if member.fixed is None]
    groups = list(asked.groups)
    cost = np.array([[
        float(found.weights[asked.members[m].wishes.index(g) + 1 if g in asked.members[m].wishes else -1]) for g in groups
    ] for m in free])  # fmt: skip
    held = [sum(member.fixed == g for member in asked.members.values()) for g in groups]
    lo = [max(asked.groups[g].lo - h, 0) for g, h in zip(groups, held, strict=True)]
    hi = [asked.groups[g].hi - h for g, h in zip(groups, held, strict=True)]
    n, k = cost.shape
    rows = np.vstack([np.kron(np.eye(n), np.ones(k)), np.kron(np.ones(n), np.eye(k))])
    limits = LinearConstraint(rows, [*[1.0] * n, *lo], [*[1.0] * n, *hi])
    highs = milp(cost.ravel(), constraints=limits, bounds=Bounds(0, 1), options={"mip_rel_gap": 0})
    assert round(highs.fun) == found.cost
    # the Hungarian method on seats: least seats must be filled, the others may stay empty
    seats = [(j, s < lo[j]) for j in range(k) for s in range(hi[j])]
    spare = len(seats) - n
    huge = float(found.weights[-1] * (n + 1))
    matrix = np.vstack([
        np.array([[cost[i, j] for j, _ in seats] for i in range(n)]),
        np.array([[huge if must else 0.0 for _, must in seats] for _ in range(spare)]),
    ])  # fmt: skip
    row, column = linear_sum_assignment(matrix)
    assert round(matrix[row, column].sum()) == found.cost


def test_executors_give_the_same_placement() -> None:
    asked = demand(400, 24, 4)
    plain = place(asked, seed="s")
    told: list[tuple[int, int]] = []
    with ThreadPoolExecutor(2) as threads:
        assert place(asked, seed="s", executor=threads, progress=lambda *at: told.append(at)) == plain
    assert told[-1] == (400, 400)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        assert place(asked, seed="s", executor=processes) == plain


def test_dask_gives_the_same_placement() -> None:
    distributed = pytest.importorskip("distributed")
    asked = demand(200, 12, 3)
    with (
        distributed.LocalCluster(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        assert place(asked, seed="s", executor=client.get_executor()) == place(asked, seed="s")


def test_progress_may_cancel() -> None:
    class Enough(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if done > 100:
            raise Enough

    with pytest.raises(Enough):
        place(demand(400, 24, 4), progress=stop)


def test_changes_by_hand_and_least_sizes() -> None:
    asked = demand(300, 10, 1)
    best = place(asked, seed="s")
    dice = random.Random(1)
    for member in dice.sample([m for m, one in asked.members.items() if one.fixed is None], 20):
        group = dice.choice([g for g in asked.groups if g != best.placement[member]])
        hand = compare(best, {member: group})
        room = best.sizes[group] < asked.groups[group].hi
        leaving = best.sizes[best.placement[member]] > asked.groups[best.placement[member]].lo
        assert (not hand.broken) == (room and leaving)
        if not hand.broken:
            assert hand.more >= 0
        again = place(designating(asked, {member: group}), seed="s")
        assert again.placement[member] == group
    free = minima(best)
    assert free.free.cost <= best.cost
    assert all(free.free.sizes[g] < asked.groups[g].lo for g in free.below)


def test_one_more_seat_gives_what_is_said() -> None:
    asked = demand(200, 8, 1, slack=1.0)
    best = place(asked, seed="s")
    helped = 0
    for name, group in asked.groups.items():
        wider = place(
            Demand({**asked.groups, name: type(group)(group.area, group.lo, group.hi + 1)}, asked.members, asked.ranks)
        )
        said = {one.code: one for one in best.of(name)}
        assert best.cost - wider.cost == max(best.prices[name], 0)
        if best.prices[name] > 0:
            helped += 1
            change = said["seat-helps"].facts["change"]
            assert [a + b for a, b in zip(best.profile, change, strict=True)] == list(wider.profile)
    assert helped >= 2
    assert load(best.certificate()).why("m0.0") == best.why("m0.0")
