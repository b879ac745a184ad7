"""Every single changed number of a certificate is caught, or what it then proves is still true (by enumeration)."""

import copy
import random
from collections.abc import Iterator
from typing import Any

from lianxi.engines.assignment import Infeasible, place, read, verify
from lianxi.engines.assignment.verifier import Wrong
from tests.draws import draws
from tests.engines_assignment import enumeration


def numbers(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], int]]:
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        if type(value) is int:
            yield (*path, key), value
        yield from numbers(value, (*path, key))


def accepted(certificate: dict[str, Any]) -> bool:
    try:
        verify(certificate)
    except (Wrong, LookupError, TypeError, ValueError):
        return False
    return True


def test_every_changed_number_is_caught_or_harmless() -> None:
    dice = random.Random(11)
    caught = harmless = 0
    for _ in range(draws(12, 150)):
        demand = enumeration.demand(dice)
        rule = dice.choice(("greedy-max", "generous", "linear", "lottery"))
        try:
            certificate = place(demand, rule=rule, seed="s").certificate()
        except Infeasible:
            continue
        for path, value in numbers(certificate):
            for other in (value + 1, value - 1, -value - 1, value * 2 + 7):
                changed = copy.deepcopy(certificate)
                inner = changed
                for key in path[:-1]:
                    inner = inner[key]
                inner[path[-1]] = other
                if not accepted(changed):
                    caught += 1
                    continue
                harmless += 1  # then the placement must be a best one of what the changed file asks
                asked = read({key: changed[key] for key in ("format", "rule", "seed", "ranks", "groups", "members")})
                plans = enumeration.plans(asked.demand)
                assert changed["placement"] in plans
                if rule != "lottery":
                    best = min(enumeration.better(rule, enumeration.profile(asked.demand, plan)) for plan in plans)
                    assert enumeration.better(rule, enumeration.profile(asked.demand, changed["placement"])) == best
                assert path[0] in ("groups", "prices", "quality_prices")
    assert caught > 5 * harmless > 0


def test_another_plan_or_seed_is_caught() -> None:
    dice = random.Random(5)
    caught = tried = 0
    for _ in range(draws(60, 600)):
        demand = enumeration.demand(dice, qualities=0.0)
        plans = enumeration.plans(demand)
        if len(plans) < 2:
            continue
        certificate = place(demand, rule=dice.choice(("greedy-max", "lottery")), seed="s").certificate()
        for plan in dice.sample(plans, min(len(plans), 12)):
            if plan == certificate["placement"]:
                continue
            tried += 1
            changed = {**certificate, "placement": plan}
            profile = enumeration.profile(demand, plan)
            changed["profile"] = list(profile)
            changed["cost"] = sum(n * int(w) for n, w in zip(profile, certificate["weights"], strict=True))
            caught += not accepted(changed)
    assert caught == tried > 50
