"""place(): check the demand, solve each area apart, put the plan together, have it verified."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import replace
from functools import partial
from typing import Any

from .area import Job, solve
from .demand import Demand, check, costs
from .infeasible import crossed, designations, explain
from .network import areas, network, overlapping
from .overlapping import Crossed, Found, NoPlan, solve_crossed
from .placement import Placement, profile_of
from .solving import Stuck

Progress = Callable[[int, int], object]
Work = Job | Crossed


def place(
    demand: Demand,
    *,
    rule: str = "greedy-max",
    seed: str = "",
    closed: Iterable[str] = (),
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Placement:
    """The best placement of the members into the groups, with its proof.

    rule: "greedy-max" (fewest without a wish, then most first wishes, most second, …), "generous" (fewest without a wish,
    then fewest last wishes, …), "linear" (least sum of ranks), "lottery" (one after another in the order of the draw).
    seed: text drawn in public after the lists closed; it decides between equally good placements and nothing else.
    closed: groups that are left out of this round; wishes for them keep their rank and count for nothing.
    executor: any `concurrent.futures` executor; areas are solved apart on it.
    progress(done, total): called with members placed; whatever it raises ends the work and is passed on.

    Raises Refused (the demand contradicts itself), Infeasible (no placement keeps the sizes, with the cut and the cure).
    Irving, Manlove & others 2006 (rank-maximal, greedy and generous matchings); Manlove 2013, Algorithmics of Matching.
    """
    shut = frozenset(closed)
    check(demand, shut)
    ranks = demand.rank_count()
    weights = costs(rule, ranks, widest(demand, shut))
    seated = designations(demand)
    jobs: list[Work] = []
    for part in areas(demand.groups, demand.members, set(shut)):
        if overlapping(part):
            jobs.append(Crossed(part, weights[1:], rule, seed))
        else:
            held = {g: seated.get(g, 0) for g in part.groups}
            jobs.append(Job(network(part, ranks), weights[1:], rule, seed, held))
    placement = {name: member.fixed for name, member in demand.members.items() if member.fixed is not None}
    prices: dict[str, Any] = {}
    of: dict[str, dict[str, Any]] = {}
    total, done = len(demand.members), len(placement)
    _tell(progress, done, total)
    for found in _solved(jobs, executor, demand):
        placement.update(found.places)
        prices.update(found.prices)
        of.update(found.quality_prices)
        done += len(found.places)
        _tell(progress, done, total)
    ordered = {name: placement[name] for name in demand.members}
    profile = profile_of(demand, ordered)
    result = Placement(
        demand=demand,
        rule=rule,
        seed=seed,
        closed=tuple(sorted(shut)),
        weights=weights,
        placement=ordered,
        prices={} if rule == "lottery" else {g: prices.get(g, 0) for g in sorted(demand.groups)},
        profile=profile,
        cost=sum(n * w for n, w in zip(profile, weights, strict=True)),
        quality_prices={} if rule == "lottery" else dict(sorted(of.items())),
    )
    if any(isinstance(job, Crossed) for job in jobs) and rule != "lottery":
        result = replace(result, gap=result.cost - result.bound())
    result.prove()
    return result


def _do(job: Work) -> Found:
    return solve(job) if isinstance(job, Job) else solve_crossed(job)


def widest(demand: Demand, shut: frozenset[str] = frozenset()) -> int:
    """The most members that one exchange can move: the groups of an area, or its free members where qualities are asked."""
    groups: dict[str, int] = {}
    asking = set()
    for name, group in demand.groups.items():
        if name not in shut:
            groups[group.area] = groups.get(group.area, 0) + 1
            if group.qualities:
                asking.add(group.area)
    free = Counter(m.area for m in demand.members.values() if m.fixed is None) if asking else {}
    return max((free.get(area, 0) if area in asking else n for area, n in groups.items()), default=0)


def _tell(progress: Progress | None, done: int, total: int) -> None:
    if progress is not None:
        progress(done, total)


def _solved(jobs: list[Work], executor: Executor | None, demand: Demand) -> Iterator[Found]:
    if executor is None:
        for job in jobs:
            yield _one(partial(_do, job), demand)
        return
    waiting: list[Future[Found]] = [executor.submit(_do, job) for job in jobs]
    try:
        for future in waiting:  # in the order of the areas, so that the first refusal is always the same
            yield _one(future.result, demand)
    finally:
        for future in waiting:
            future.cancel()


def _one(act: Callable[[], Found], demand: Demand) -> Found:
    try:
        return act()
    except Stuck as stuck:
        raise explain(stuck, demand) from None
    except NoPlan as none:
        raise crossed(none.area, none.groups, none.qualities, none.missing) from None
