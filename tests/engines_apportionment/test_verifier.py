"""The verifier under attack: every number of a certificate changed, one at a time, is caught or provably harmless."""

from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from lianxi.engines.apportionment import (
    Infeasible,
    Order,
    biproportional,
    check,
    divisor,
    hamilton,
    seat_plan,
    verifier,
)
from tests.draws import draws

from .cases import best_tables, small
from .test_plan import demand, street

FILE = Path(verifier.__file__)
PROVES_THE_SAME = {"row_divisors", "col_divisors", "divisor", "divisors", "order"}


def accepted(told: Any) -> bool:
    try:
        return all(line[0] for line in check(told))
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError):
        return False


def numbers(told: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths to every number and every text of a certificate."""
    if isinstance(told, dict):
        for key, one in told.items():
            yield from numbers(one, (*path, key))
    elif isinstance(told, list):
        for place, one in enumerate(told):
            yield from numbers(one, (*path, place))
    else:
        yield path


def changed(told: Any, path: tuple[Any, ...], lot: random.Random) -> Any:
    made = copy.deepcopy(told)
    at = made
    for one in path[:-1]:
        at = at[one]
    old = at[path[-1]]
    if isinstance(old, bool):
        at[path[-1]] = not old
    elif isinstance(old, int):
        at[path[-1]] = old + lot.choice([1, -1, 7])
    elif old is None:
        at[path[-1]] = 1
    else:
        try:
            at[path[-1]] = str(Fraction(old) * lot.choice([Fraction(101, 100), Fraction(1, 2), Fraction(3)]))
        except ValueError:
            at[path[-1]] = old + "x"
    return made


def answers() -> list[Any]:
    tied = biproportional([[1, 1, 2], [2, 2, 4], [3, 5, 7]], [2, 3, 4], [3, (2, 3), (3, 4)], rules=["E-09"])
    return [
        biproportional([[640, 180, 90], [310, 420, 60], [120, 150, 330]], [6, 5, 4], [6, 5, 4]).certificate(),
        biproportional([[5, 9, 1], [7, 2, 8]], [5, 6], [(3, 5), (2, 9), (1, 3)], floor=[[0, 1, 1], [1, 1, 0]], cap=[[4, None, 1], [3, 3, None]]).certificate(),
        biproportional([[1, 1], [1, 1]], [1, 1], [1, 1], order=Order.lot("seed")).certificate(),
        tied.certificate(), tied.resolve(Order.vote([("1", "2"), ("2", "1")])).certificate(),
        divisor({"A": 3, "B": 3, "C": 1}, 3).certificate(),
        divisor({"A": 7, "B": 3, "C": 1}, 6, floor=1, cap=4).certificate(),
        hamilton({"A": 7, "B": 3, "C": 1}, 5).certificate(),
        hamilton({"A": 5, "B": 5, "C": 2}, 3).certificate(),
        seat_plan(street()).certificate(),
    ]  # fmt: skip


@pytest.mark.parametrize("place", range(10))
def test_every_single_change_is_caught_or_harmless(place: int) -> None:
    told = json.loads(json.dumps(answers()[place]))
    assert accepted(told)
    lot = random.Random(place)
    caught = harmless = 0
    for path in numbers(told):
        for _ in range(draws(2, 6)):
            made = changed(told, path, lot)
            if accepted(made):
                # what stays true: another divisor, or another order, proves the same seats
                assert PROVES_THE_SAME.intersection(map(str, path)), path
                harmless += 1
            else:
                caught += 1
    assert caught > harmless


def drawn(lot: random.Random) -> dict[str, Any]:
    """The certificate of a random line, table or plan, now and then decided by lot."""
    order = Order.lot(str(lot.random())) if lot.random() < 0.5 else None
    while True:
        kind = lot.choice(["line", "table", "table", "plan"])
        weights = {name: lot.choice([0, 1, 2, 3, lot.randint(1, 99)]) for name in "ABCDE"[: lot.randint(2, 5)]}
        try:
            if kind == "line":
                rule = lot.choice([divisor, hamilton])
                found: Any = rule(weights, lot.randint(1, 9), floor=lot.randint(0, 1), order=order)
            else:
                found = (
                    seat_plan(demand(lot), order=order) if kind == "plan" else biproportional(**small(lot), order=order)
                )
        except Infeasible:
            continue
        return json.loads(json.dumps(found.certificate()))


def test_every_change_of_drawn_answers_is_caught_or_harmless() -> None:
    lot = random.Random(31)
    caught = harmless = 0
    for _ in range(draws(15, 1500)):
        told = drawn(lot)
        assert accepted(told)
        for path in numbers(told):
            if accepted(changed(told, path, lot)):
                assert PROVES_THE_SAME.intersection(map(str, path)), (path, told)
                harmless += 1
            else:
                caught += 1
    assert caught > harmless


def test_a_changed_demand_with_its_own_sum_is_caught_or_still_answered_right() -> None:
    """Whoever changes the demand can write its SHA-256 anew; then the seats must be best for the changed demand, and its ties those told."""
    lot = random.Random(32)
    caught = right = 0
    for _ in range(draws(25, 1500)):
        try:
            told = json.loads(json.dumps(biproportional(**small(lot)).certificate()))
        except Infeasible:
            continue
        asked = {key: told[key] for key in ("weights", "row_seats", "col_seats", "floor", "cap", "rounding")}
        for path in numbers(asked):
            made = changed(told, path, lot)
            made["input"] = verifier.digest({key: one for key, one in made.items() if key not in verifier.PROOF})
            if not accepted(made):
                caught += 1
                continue
            height, width = len(made["row_seats"]), len(made["col_seats"])
            best = best_tables({
                "weights": [[verifier.number(one) for one in line] for line in made["weights"]],
                "row_seats": made["row_seats"], "col_seats": made["col_seats"], "rounding": Fraction(*made["rounding"]),
                "floor": made["floor"] if isinstance(made["floor"], list) else [[made["floor"]] * width] * height,
                "cap": made["cap"] or [[None] * width] * height,
            })  # fmt: skip
            assert tuple(map(tuple, made["seats"])) in best, (path, made)
            open_ = {(i, j) for i in range(height) for j in range(width) if len({one[i][j] for one in best}) > 1}
            assert {tuple(cell) for tie in made["ties"] for cell in tie["cells"]} == open_, (path, made)
            right += 1
    assert caught > right > 10


def test_a_key_left_out_is_never_accepted() -> None:
    for told in answers():
        for key in told:
            assert not accepted({one: what for one, what in told.items() if one != key}), key


def test_it_runs_alone_without_lianxi(tmp_path: Path) -> None:
    where = tmp_path / "verifier.py"
    where.write_bytes(FILE.read_bytes())
    for number, told in enumerate(answers()):
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(told), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-I", str(where), str(path)], capture_output=True, text=True, check=False, cwd=tmp_path
        )
        assert done.returncode == 0, done.stdout
    told["a"]["seats"][0] += 1
    path.write_text(json.dumps(told), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", str(where), str(path)], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 1
    assert "✗" in done.stdout


def test_it_imports_the_standard_library_alone() -> None:
    lines = [line for line in FILE.read_text(encoding="utf-8").splitlines() if line.startswith(("import ", "from "))]
    assert lines
    assert {line.split()[1].split(".")[0] for line in lines} <= set(sys.stdlib_module_names)


def test_certificates_follow_their_published_schemas() -> None:
    import jsonschema_rs

    folder = Path(__file__).resolve().parents[2] / "docs/schemas"
    for told in answers():
        name = told["format"].replace("/", "-")
        schema = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        jsonschema_rs.validator_for(schema).validate(json.loads(json.dumps(told)))
        assert not jsonschema_rs.is_valid(schema, {**told, "unique": 0.5})


def test_the_worked_example_of_the_handbook_is_proved_by_its_divisors() -> None:
    told = answers()[0]
    assert told["seats"] == [[4, 1, 1], [1, 3, 1], [1, 1, 2]]
    assert accepted({**told, "row_divisors": ["112", "130", "147"], "col_divisors": ["1.6", "1.1", "0.92"]})
