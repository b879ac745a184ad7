"""Random small demands: the engine's profile and placement are those of an enumeration of all plans."""

import random

import pytest

from lianxi.engines.assignment import RULES, Demand, Infeasible, place, verify
from tests.draws import draws
from tests.engines_assignment import enumeration


@pytest.mark.parametrize("rule", RULES)
def test_equal_to_enumeration(rule: str) -> None:
    dice = random.Random(f"enumeration {rule}")
    placed = refused = 0
    while placed < draws(150, 2000):
        demand, seed = enumeration.demand(dice), str(dice.random())
        closed = tuple(
            g for g in demand.groups if dice.random() < 0.1 and all(m.fixed != g for m in demand.members.values())
        )
        wanted = enumeration.best(demand, rule, seed, closed)
        if wanted is None:
            refused += 1
            with pytest.raises(Infeasible) as info:
                place(demand, rule=rule, seed=seed, closed=closed)
            assert info.value.cut.missing > 0
            continue
        placed += 1
        found = place(demand, rule=rule, seed=seed, closed=closed)
        assert found.profile == enumeration.profile(demand, wanted)
        assert found.placement == wanted
        verify(found.certificate())
    assert refused > 20


def test_the_order_of_the_input_changes_nothing() -> None:
    dice = random.Random(7)
    for _ in range(draws(60, 1000)):
        demand = enumeration.demand(dice)
        groups, members = list(demand.groups.items()), list(demand.members.items())
        dice.shuffle(groups)
        dice.shuffle(members)
        turned = Demand(dict(groups), dict(members), demand.ranks)
        if not enumeration.plans(demand):
            for same in (demand, turned):
                with pytest.raises(Infeasible):
                    place(same, seed="s")
            continue
        one, two = place(demand, seed="s"), place(turned, seed="s")
        assert (one.placement, one.prices, one.profile) == (two.placement, two.prices, two.profile)
