"""Qualities that cross or are shares: the profile is that of the enumeration, the certificate states its gap."""

import random
from dataclasses import replace

import pytest

from lianxi.engines.assignment import Bound, Demand, Group, Infeasible, Member, place, verify
from tests.draws import draws
from tests.engines_assignment import enumeration


@pytest.mark.parametrize("rule", ["greedy-max", "generous", "linear"])
def test_crossing_qualities_by_enumeration(rule: str) -> None:
    dice = random.Random(rule)
    placed = without_gap = 0
    while placed < draws(25, 300):
        demand = enumeration.demand(dice, qualities=1.0, crossing=True)
        if dice.random() < 0.5:
            name = dice.choice(list(demand.groups))
            third = dice.choice(({"full": Bound("1/3", None)}, {"leads": Bound(0, "1/2")}, {"full": Bound(1, "2/3")}))
            demand = replace(demand, groups={**demand.groups, name: replace(demand.groups[name], qualities=third)})
        plans = enumeration.plans(demand)
        if not plans:
            with pytest.raises(Infeasible) as info:
                place(demand, rule=rule)
            assert info.value.cut.missing > 0
            continue
        placed += 1
        best = min(enumeration.better(rule, enumeration.profile(demand, plan)) for plan in plans)
        found = place(demand, rule=rule, seed="s")
        assert enumeration.better(rule, found.profile) == best
        verify(found.certificate())
        without_gap += found.gap == 0
        for member in demand.members:
            assert all(said.zh and said.en for said in found.why(member))
    assert without_gap > placed // 2


def test_a_third_retired_and_a_trained_leader() -> None:
    asked = {"trained": Bound(1), "retired": Bound(0, "1/3")}
    groups = {name: Group("a", 3, 6, asked) for name in ("Reading", "Patrol", "Repairs")}
    members = {}
    for i in range(15):
        has = {q for q, yes in (("trained", i % 4 == 0), ("retired", i % 3 == 0)) if yes}
        members[f"m{i:02}"] = Member("a", ("Reading", "Patrol"), None, frozenset(), frozenset(has))
    found = place(Demand(groups, members), seed="s")
    for name in groups:
        here = [members[m].qualities for m, g in found.placement.items() if g == name]
        assert sum("trained" in has for has in here) >= 1
        assert 3 * sum("retired" in has for has in here) <= len(here)
    assert found.profile == (0, 6, 6, 3)
    assert place(Demand(groups, members), seed="s") == found
