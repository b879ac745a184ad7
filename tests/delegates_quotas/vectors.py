"""Certificates with every kind of answer, and what becomes of them when a number changes: `python -m tests.delegates_quotas.vectors`.

The same file is read by the verifier in Python and by the one in TypeScript; both must say the same of each.
"""

import copy
import hashlib
import json
import random
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from lianxi.engines.apportionment import (  # fmt: skip
    Order,
    PlanDemand,
    Refused,
    Trade,
    Unit,
    biproportional,
    check,
    divisor,
    hamilton,
    seat_plan,
)

FILE = Path(__file__).resolve().parents[1] / "vectors" / "seat_plans.json"
MUTATIONS = 60
PROOF = {"format", "row_divisors", "col_divisors", "unique", "ties", "order", "input", "a", "b", "c"}


def holds(certificate: Any) -> bool:
    """What the verifier in Python says."""
    try:
        lines = list(check(certificate))
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError):
        return False
    return all(one for one, _, _ in lines)


def put(certificate: Any, path: list[Any], value: Any) -> Any:
    """A copy with one leaf changed."""
    found = copy.deepcopy(certificate)
    at = found
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return found


def digest(certificate: dict[str, Any]) -> str:
    plan = certificate["format"] == "lianxi-seat-plan/1"
    demand = {k: v for k, v in certificate.items() if k not in PROOF and (k != "seats" or plan)}
    return hashlib.sha256(json.dumps(demand, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()  # fmt: skip


def plans() -> Iterator[tuple[str, dict[str, Any]]]:
    """Certificates of plans and tables: finished, tied, voted, drawn, bounded, skipped."""
    lot = random.Random(7)

    def demand(units: int, trades: int, seats: int, **more: Any) -> PlanDemand:
        names = [f"行业{j}" for j in range(trades)]
        made = []
        for i in range(units):
            people = {name: lot.randrange(0, 90) for name in names}
            people[names[0]] += 5
            made.append(Unit(f"单位{i}", members=sum(people.values()), organisations=lot.randrange(1, 9), population=lot.randrange(900, 9000), trades=people))  # fmt: skip
        given = {"weights": {"members": Fraction(3, 5), "organisations": Fraction(1, 5), "population": Fraction(1, 5)}} | more  # fmt: skip
        limits = given.pop("limits", [(None, None)] * trades)
        return PlanDemand(tuple(made), tuple(Trade(n, *limit) for n, limit in zip(names, limits, strict=True)), seats, **given)  # fmt: skip

    yield "plan 4x3", seat_plan(demand(4, 3, 23)).certificate()
    yield "plan 6x5, largest remainders", seat_plan(demand(6, 5, 41, rule="hamilton")).certificate()
    yield "plan 5x4, D'Hondt", seat_plan(demand(5, 4, 30, rule="dhondt")).certificate()
    yield "plan with bounds", seat_plan(demand(5, 3, 30, limits=[("1/2", None), (None, "1/10"), (None, None)], unit_cap=8)).certificate()  # fmt: skip
    same = PlanDemand(tuple(Unit(name, members=60, trades={"工": 20, "教": 20, "退": 20}) for name in "甲乙丙"), (Trade("工"), Trade("教"), Trade("退")), 4)  # fmt: skip
    yield "tied in every step", seat_plan(same).certificate()
    yield "tied, voted", seat_plan(same, order=Order.vote(["乙", "退", ("甲", "工")])).certificate()
    yield "tied, drawn", seat_plan(same, order=Order.lot("38-07-91")).certificate()
    for _ in range(4000):
        tight = [Unit(f"U{i}", members=10, trades={f"T{j}": lot.choice((0, 0, 1, 2, 9)) for j in range(3)} | {f"T{i % 3}": 3}) for i in range(3)]  # fmt: skip
        try:
            found = seat_plan(PlanDemand(tuple(tight), tuple(Trade(f"T{j}") for j in range(3)), 9))
        except Refused:
            continue
        if found.b.skips:
            yield "a seat skipped", found.certificate()
            break
    yield "table 3x3", biproportional([[640, 180, 90], [310, 420, 60], [120, 150, 330]], [6, 5, 4], [6, 5, 4]).certificate()  # fmt: skip
    yield "table tied", biproportional([[1, 1], [1, 1]], [1, 1], [1, 1]).certificate()
    yield "table tied, drawn", biproportional([[1, 1], [1, 1]], [1, 1], [1, 1], order=Order.lot("seed")).certificate()
    yield "table with free columns", biproportional([[9, 4, 2], [3, 8, 5]], [5, 6], [(0, 4), (3, 9), (1, 3)]).certificate()  # fmt: skip
    yield "line", divisor({"A": 53, "B": 24, "C": 23}, 7, floor=1).certificate()
    yield "line tied", divisor({"A": 1, "B": 1, "C": 1}, 2).certificate()
    yield "largest remainders tied", hamilton({"A": 3, "B": 3, "C": 4}, 5, order=Order.vote(["B"])).certificate()


def leaves(found: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(found, dict):
        for key in found:
            yield from leaves(found[key], (*path, key))
    elif isinstance(found, list):
        for place, one in enumerate(found):
            yield from leaves(one, (*path, place))
    else:
        yield path, found


def changed(value: Any, lot: random.Random) -> Any:
    """Another value of the same sort."""
    if value is None:
        return 1
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + lot.choice((1, -1, 2))
    try:
        number = Fraction(value)
    except ValueError:
        return value + "x"
    other = number * lot.choice((Fraction(2), Fraction(101, 100), Fraction(1, 2), Fraction(100001, 100000)))
    return f"{other.numerator}/{other.denominator}"


def vectors() -> list[dict[str, Any]]:
    """Everything that the file holds."""
    found = []
    for name, certificate in plans():
        lot = random.Random(name)
        every = [one for one in leaves(certificate) if one[0] not in {("format",), ("input",)}]
        mutations = []
        for path, value in lot.sample(every, min(MUTATIONS, len(every))):
            other = changed(value, lot)
            mutated = put(certificate, list(path), other)
            one: dict[str, Any] = {"path": list(path), "value": other}
            if path[0] not in PROOF and lot.random() < 0.8:
                one["input"] = mutated["input"] = digest(mutated)
            mutations.append(one | {"holds": holds(mutated)})
        found.append({"name": name, "holds": holds(certificate), "certificate": certificate, "mutations": mutations})
    return found


def main() -> None:
    FILE.write_text(json.dumps(vectors(), ensure_ascii=False, indent=None, separators=(",", ":")) + "\n", encoding="utf-8")  # fmt: skip


if __name__ == "__main__":
    main()
