"""Equal shares against a naive oracle, its laws, and its certificate under mutation."""

from __future__ import annotations

import copy
import json
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianxi.engines import budgeting
from lianxi.engines.budgeting import (
    Cancelled,
    Election,
    Project,
    certificate,
    equal_shares,
    payments,
    restored,
    sentences,
    undecided,
)
from lianxi.engines.budgeting import shares as shares_module
from lianxi.engines.budgeting.election import Tally
from lianxi.engines.budgeting.exact import above, below, run
from lianxi.engines.budgeting.scouting import Scout
from lianxi.engines.budgeting.verifier import check
from tests.draws import draws

from .oracle import naive

VERIFIER = Path(budgeting.__file__).with_name("verifier.py")


def election(budget: int, costs: dict[str, int], ballots: list[dict[str, int]]) -> Election:
    return Election.of(budget, [Project(key, cost) for key, cost in costs.items()], ballots)


def drawn(seed: int) -> tuple[int, dict[str, int], list[dict[str, int]]]:
    """A small random case; few values, so that ties are frequent."""
    dice = random.Random(seed)
    projects = dice.randint(1, 6)
    costs = {f"p{n}": dice.choice([0, 2, 3, 4, 4, 6, 6, 9, 12]) for n in range(projects)}
    most = dice.choice([1, 1, 1, 3])
    ballots = [{key: dice.randint(1, most) for key in costs if dice.random() < 0.45} for _ in range(dice.randint(1, 7))]
    return dice.choice([6, 10, 12, 15, 20]), costs, ballots


@pytest.mark.parametrize("batch", range(draws(4, 40)))
def test_random_cases_equal_the_naive_oracle(batch: int) -> None:
    for seed in range(batch * 50, batch * 50 + 50):
        budget, costs, ballots = drawn(seed)
        for completion in ("none", "add1", "add1u"):
            for utility in ("cost", "cardinality"):
                one = election(budget, costs, ballots)
                found = equal_shares(one, completion=completion, utility=utility)  # type: ignore[arg-type]
                units, bought, then, greedy = naive(
                    budget, costs, ballots, completion=completion, by_cost=utility == "cost"
                )
                assert (found.units, [(s.project, s.price) for s in found.steps]) == (units, bought), seed
                assert (list(found.then), list(found.greedy)) == (then, greedy), seed
                made = certificate(one, found, quick=False)
                assert all(line[0] for line in check(json.loads(json.dumps(made)))), seed


@pytest.mark.parametrize("batch", range(draws(3, 30)))
def test_the_run_in_floats_decides_as_the_exact_one(batch: int) -> None:
    for seed in range(batch * 20, batch * 20 + 20):
        dice = random.Random(f"floats{seed}")
        many = dice.choice([20, 60, 150])
        costs = {f"p{n}": dice.choice([100, 200, 250, dice.randint(1, 999)]) for n in range(12)}
        ballots = [{k: dice.randint(1, dice.choice([1, 4])) for k in costs if dice.random() < 0.3} for _ in range(many)]
        tally = Tally(election(dice.randint(500, 3000), costs, ballots))
        scout = {utility: Scout(tally, utility) for utility in ("cost", "cardinality")}
        for extra in (0, 1, 5, 7):
            for utility in ("cost", "cardinality"):
                exact = run(tally, tally.share(extra), utility)
                assert scout[utility].steps(tally.share(extra)) == exact, (seed, extra, utility)


def test_the_search_with_floats_gives_the_same_units(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(draws(30, 300)):
        one = election(*drawn(seed))
        exact = equal_shares(one)
        with monkeypatch.context() as patched:
            patched.setattr(shares_module, "SMALL", 0)
            assert equal_shares(one) == exact, seed


def test_what_the_queue_holds_is_never_on_the_wrong_side() -> None:
    for number in (
        Fraction(1, 3),
        Fraction(2, 3),
        Fraction(0),
        Fraction(7),
        Fraction(10**400),
        Fraction(1, 10**400),
        Fraction(10**400 + 1, 3 * 10**90),
    ):
        assert below(number) <= number <= above(number)
    costs = {"a": Fraction(10**400), "b": Fraction(10**400, 3), "c": Fraction(10**400, 3)}
    one = election(10**401, costs, [{"a": 1, "b": 1}, {"b": 1, "c": 1}, {"c": 1}])  # type: ignore[arg-type]
    for utility in ("cost", "cardinality"):
        found = equal_shares(one, completion="none", utility=utility)  # type: ignore[arg-type]
        assert [step.project for step in found.steps] == ["b", "c", "a"]


def test_the_example_of_the_handbook() -> None:
    ballots = [{"lamps": 1, "fountain": 1}] * 3 + [{"ramp": 1}] * 2
    one = election(100, {"lamps": 50, "fountain": 50, "ramp": 30}, ballots)
    found = equal_shares(one, completion="none")
    assert [(s.project, s.price) for s in found.steps] == [("lamps", Fraction(50, 3)), ("ramp", Fraction(15))]
    assert found.greedy == ("lamps", "fountain")
    assert found.ties[0].tied == ("fountain",)
    paid, left = payments(one, found, ballots[0])
    assert [(p.project, p.paid, p.payers) for p in paid] == [("lamps", Fraction(50, 3), 3)]
    assert left == Fraction(10, 3)
    told = sentences(one, found)
    assert "第1个买下" in told["lamps"][0]
    assert "not bought: its supporters have 10 of their shares left, it costs 50" in told["fountain"][1]
    turned = equal_shares(one, completion="none", order=["fountain", "lamps", "ramp"])
    assert turned.winners == ("fountain", "ramp")


@st.composite
def cases(draw: st.DrawFn) -> tuple[int, dict[str, int], list[dict[str, int]]]:
    costs = {f"p{n}": draw(st.integers(0, 20)) for n in range(draw(st.integers(1, 5)))}
    ballot = st.dictionaries(st.sampled_from(sorted(costs)), st.integers(1, 3), max_size=5)
    return draw(st.integers(0, 40)), costs, draw(st.lists(ballot, min_size=0, max_size=6))


@settings(max_examples=draws(60, 2000))
@given(cases(), st.randoms(use_true_random=False))
def test_laws(case: tuple[int, dict[str, int], list[dict[str, int]]], dice: random.Random) -> None:
    budget, costs, ballots = case
    one = election(budget, costs, ballots)
    found = equal_shares(one)
    # money: nothing above the budget, and the payments of all voters are what the projects bought from shares cost
    assert sum(costs[key] for key in found.winners) == found.spent <= budget
    brought = sum((p.paid for ballot in ballots for p in payments(one, found, ballot)[0]), Fraction(0))
    assert brought == sum(costs[step.project] for step in found.steps)
    assert all(payments(one, found, ballot)[1] >= 0 for ballot in ballots)
    # the order of the ballots says nothing
    assert equal_shares(election(budget, costs, dice.sample(ballots, len(ballots)))) == found
    # who copies every ballot changes no choice without completion
    plain = equal_shares(one, completion="none")
    assert equal_shares(election(budget, costs, ballots * 2), completion="none").winners == plain.winners
    # each project is somewhere, once
    told = [*found.winners, *found.by_hand, *found.too_dear]
    assert len(told) == len(set(told))
    assert set(sentences(one, found)) == set(costs)


def test_progress_is_told_and_can_stop_it() -> None:
    one = election(100, {"a": 90, "b": 90}, [{"a": 1}, {"b": 1}, {}])
    seen: list[int] = []
    equal_shares(one, progress=lambda units, spent: seen.append(units))  # type: ignore[func-returns-value]
    assert seen == list(range(len(seen)))
    assert len(seen) > 3
    with pytest.raises(Cancelled):
        equal_shares(one, progress=lambda units, spent: units < 2)


def test_nobody_votes_or_nothing_can_be_bought() -> None:
    assert equal_shares(election(10, {"a": 5}, [])).winners == ()
    assert equal_shares(election(10, {"a": 5}, [{}, {}])).unwanted == ("a",)
    found = equal_shares(election(10, {"a": 50, "b": 0}, [{"a": 1, "b": 1}]))
    assert (found.winners, found.too_dear, found.by_hand) == ((), ("a",), ("b",))


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every number and every string of a certificate, with its place."""
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], (*at, key))
    elif isinstance(value, list):
        for n in range(len(value)):
            yield from places(value[n], (*at, n))
    else:
        yield at, value


def changed(value: Any) -> Iterator[Any]:
    if isinstance(value, int):
        yield from (value + 1, value - 1, str(value) + "x", float(value) + 0.5, None)
    elif isinstance(value, str):
        yield from (value + "0", "", None)
        if re.fullmatch(r"\d+/\d+", value):
            top, below = value.split("/")
            yield f"{int(top) + 1}/{below}"
            yield f"{top}/{int(below) + 1}"


@pytest.mark.parametrize("seed", [3, 4, 6, *range(30, 30 + draws(4, 60))])
def test_every_changed_value_is_caught_or_harmless(seed: int) -> None:
    """Harmless: the changed certificate is itself right, as the naive oracle finds when it computes the election it states."""
    budget, costs, ballots = drawn(seed)
    one = election(budget, costs, ballots)
    good = certificate(one, equal_shares(one), source="a" * 64)
    caught = 0
    for at, value in places(good):
        for other in changed(value):
            bad = copy.deepcopy(good)
            inner = bad
            for key in at[:-1]:
                inner = inner[key]
            inner[at[-1]] = other
            try:
                passed = all(line[0] for line in check(bad))
            except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError):
                passed = False
            if not passed:
                caught += 1
            elif at != ("input",):
                assert right(bad), (at, value, other)
    assert caught > 20


def right(made: dict[str, Any]) -> bool:
    """Whether the outcome a certificate states is that of the election it states, by the oracle."""
    inside = made["election"]
    costs = dict(inside["projects"])
    if list(costs) != made["order"]:
        costs = {key: costs[key] for key in made["order"]}
    ballots = [dict(ballot) for times, ballot in inside["ballots"] for _ in range(times)]
    unit = Fraction(made["rule"]["unit"])
    units, bought, then, greedy = naive(int(inside["budget"]), costs, ballots, completion=made["rule"]["completion"], by_cost=made["rule"]["utility"] == "cost", unit=unit)  # fmt: skip
    said = [(step["project"], Fraction(step["price"])) for step in made["steps"]]
    return (units, bought, then, greedy) == (made["units"], said, made["then"], made["greedy"])


def test_steps_left_out_swapped_or_added_are_caught() -> None:
    ballots = [{"a": 1, "b": 1}, {"a": 1, "c": 1}, {"c": 1}, {"b": 1}]
    one = election(30, {"a": 6, "b": 8, "c": 9, "d": 5}, ballots)
    good = certificate(one, equal_shares(one, completion="none"))
    assert len(good["steps"]) == 3
    for steps in (good["steps"][:2], good["steps"][::-1], good["steps"] + good["steps"][:1], []):
        assert not all(line[0] for line in check({**good, "steps": steps}))


def test_the_verifier_runs_alone_as_one_file(tmp_path: Path) -> None:
    alone = tmp_path / "check.py"
    alone.write_bytes(VERIFIER.read_bytes())
    one = election(*drawn(3))
    made = certificate(one, equal_shares(one))
    for change, status in (({}, 0), ({"units": made["units"] + 1}, 1)):
        file = tmp_path / "c.json"
        file.write_text(json.dumps(made | change))
        ran = subprocess.run([sys.executable, "-I", alone, file], capture_output=True, text=True, cwd=tmp_path)
        assert ran.returncode == status, ran.stdout + ran.stderr


def test_the_published_schema_holds() -> None:
    path = Path(__file__).resolve().parents[2] / "docs/schemas/lianxi-equal-shares-1.json"
    schema = jsonschema_rs.validator_for(json.loads(path.read_text(encoding="utf-8")))
    for seed in range(30):
        one = election(*drawn(seed))
        made = json.loads(json.dumps(certificate(one, equal_shares(one))))
        schema.validate(made)
        assert not schema.is_valid(made | {"units": -1})
        assert not schema.is_valid(made | {"share": 0.5})


def test_a_certificate_gives_its_outcome_back_and_ties_that_matter_are_named() -> None:
    for seed in range(60):
        one = election(*drawn(seed))
        found = equal_shares(one)
        back, outcome = restored(json.loads(json.dumps(certificate(one, found))))
        assert (back, outcome) == (
            Election(one.budget, tuple(Project(p.key, p.cost) for p in one.projects), one.ballots),
            found,
        )
        for group in undecided(one, found):
            won = {
                frozenset(equal_shares(one, order=[first, *(k for k in found.order if k != first)]).winners)
                for first in group
            }
            assert len(won | {frozenset(found.winners)}) > 1
    tied = election(50, {"a": 50, "b": 50}, [{"a": 1, "b": 1}])
    assert undecided(tied, equal_shares(tied)) == [("a", "b")]
    both = election(100, {"a": 50, "b": 50}, [{"a": 1, "b": 1}])
    assert undecided(both, equal_shares(both)) == []


def test_the_handbook_prints_the_verifier() -> None:
    page = Path(__file__).resolve().parents[2] / "docs/budgeting.md"
    assert f"```python\n{VERIFIER.read_text(encoding='utf-8')}```" in page.read_text(encoding="utf-8")
