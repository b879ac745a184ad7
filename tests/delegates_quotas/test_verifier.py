"""The verifier of the reader's own browser says what the verifier in Python says, of every certificate and every changed number."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from lianxi.portal.starting.assets import _node

from .vectors import FILE, digest, holds, put

HERE = Path(__file__).parent
VECTORS: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
NAMES = [one["name"] for one in VECTORS]


@pytest.fixture(scope="module")
def said() -> list[dict[str, Any]]:
    """What the TypeScript says, run by the Node that also builds the pages."""
    node = _node()[0][0]
    done = subprocess.run([node, str(HERE / "verify_vectors.ts"), str(FILE)], capture_output=True, text=True, check=True)  # fmt: skip
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_vectors_say_what_python_says(name: str) -> None:
    vector = VECTORS[NAMES.index(name)]
    assert vector["holds"] is holds(vector["certificate"]) is True
    for one in vector["mutations"]:
        mutated = put(vector["certificate"], one["path"], one["value"])
        if "input" in one:
            mutated["input"] = digest(mutated)
            assert mutated["input"] == one["input"]
        assert holds(mutated) is one["holds"], one


@pytest.mark.parametrize("name", NAMES)
def test_typescript_says_the_same(name: str, said: list[dict[str, Any]]) -> None:
    vector, found = VECTORS[NAMES.index(name)], said[NAMES.index(name)]
    assert found["holds"] is True, [line for line in found["lines"] if not line["holds"]]
    different = [
        one for one, verdict in zip(vector["mutations"], found["mutations"], strict=True) if verdict != one["holds"]
    ]
    assert different == []


def test_many_changes_are_caught() -> None:
    """The vectors would prove little if nothing in them were wrong."""
    every = [one["holds"] for vector in VECTORS for one in vector["mutations"]]
    assert every.count(False) > 300 < len(every)
