"""Weights beyond the machine's whole numbers: level by level, and certificates in large integers."""

import json
import random

import pytest

from lianxi.engines.assignment import Demand, Group, Infeasible, Member, levels, load, place, verify
from tests.draws import draws
from tests.engines_assignment import enumeration


@pytest.mark.parametrize("rule", ["greedy-max", "generous"])
def test_level_by_level_is_the_same_plan(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(rule)
    demands = [enumeration.demand(dice) for _ in range(draws(40, 500))]

    def outcome(demand: Demand) -> object:
        try:
            found = place(demand, rule=rule, seed="s")
        except Infeasible:
            return None
        return found.placement, found.prices, found.profile

    plain = [outcome(demand) for demand in demands]
    monkeypatch.setattr(levels, "SAFE", 0)
    assert [outcome(demand) for demand in demands] == plain
    assert sum(found is not None for found in plain) >= 10


@pytest.mark.parametrize("rule", ["greedy-max", "generous"])
def test_weights_never_wrap(rule: str) -> None:
    dice = random.Random(3)
    names = [f"g{i:02}" for i in range(60)]
    groups = {name: Group("a", 1, 4) for name in names}
    wishes = [tuple(dice.sample(names[:20], 18)) for _ in range(150)]
    members = {f"m{i}": Member("a", w) for i, w in enumerate(wishes)}
    found = place(Demand(groups, members), rule=rule, seed="s")
    assert max(found.weights) > 2**64
    written = json.loads(json.dumps(found.certificate()))
    assert written["weights"][-1] == str(61**18 - (rule == "generous"))
    assert verify(written) == found.cost
    assert load(written).placement == found.placement
