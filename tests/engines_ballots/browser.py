"""The ballot of the browser, run by the Node that also builds the pages."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from lianxi.portal.starting.assets import _node

HERE = Path(__file__).parent


def ask(tasks: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the browser's side makes of each task: `found`, `refused` with its place, or `broken`."""
    done = subprocess.run(
        [_node()[0][0], str(HERE / "browser_side.ts")], input=json.dumps(tasks), capture_output=True, encoding="utf-8", check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said: list[dict[str, Any]] = json.loads(done.stdout)
    return said


def found(tasks: Sequence[dict[str, Any]]) -> list[Any]:
    """The same, where nothing may be refused."""
    said = ask(tasks)
    assert [one for one in said if "found" not in one] == []
    return [one["found"] for one in said]


def seeded(seed: str) -> Callable[[int], int]:
    """Draws that browser_side.ts makes as well."""
    at = 0

    def draw(below: int) -> int:
        nonlocal at
        halves = [sha256(f"{seed}/{at + place}".encode()).hexdigest() for place in (0, 1)]
        at += 2
        return int("".join(halves), 16) % below

    return draw
