"""What is read and written keeps to the published schema; the handbook's example comes out as printed."""

import json
import random
import re
from pathlib import Path

import jsonschema_rs

from lianxi.engines.assignment import Infeasible, place, read
from tests.draws import draws
from tests.engines_assignment import enumeration

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = jsonschema_rs.validator_for(
    json.loads((ROOT / "docs/schemas/lianxi-assignment-1.json").read_text(encoding="utf-8"))
)


def test_certificates_keep_to_the_schema() -> None:
    dice = random.Random(2)
    kept = 0
    for _ in range(draws(40, 400)):
        demand = enumeration.demand(dice, qualities=0.5, crossing=True)
        try:
            certificate = place(demand, rule=dice.choice(("greedy-max", "generous")), seed="s").certificate()
        except Infeasible:
            continue
        SCHEMA.validate(json.loads(json.dumps(certificate)))
        kept += 1
    assert kept > 5
    certificate["groups"]["more"] = {"area": "north", "lo": 1.5, "hi": 2}
    assert not SCHEMA.is_valid(certificate)


def test_the_example_of_the_handbook() -> None:
    blocks = re.findall(r"```json\n(.*?)```", (ROOT / "docs/assignment.md").read_text(encoding="utf-8"), re.DOTALL)
    demand, answer = (json.loads(block) for block in blocks[:2])
    SCHEMA.validate(demand)
    asked = read(demand)
    certificate = place(asked.demand, rule=asked.rule, seed=asked.seed).certificate()
    assert {key: certificate[key] for key in answer} == answer
