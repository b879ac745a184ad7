"""Elections of both programs at once: each accepts what the other wrote, and both find the votes that were cast."""

import random
from pathlib import Path

import pytest

from lianxi.engines.ballots.verifying import verify
from tests.draws import draws

from .mixed import Mixed, drawn, plain
from .tool import Tool, needs_tool

pytestmark = [needs_tool, pytest.mark.slow]


@pytest.mark.parametrize("seed", range(draws(6, 50)))
def test_trustees_and_voters_on_both_programs(seed: int, tmp_path: Path) -> None:
    lot = random.Random(seed)
    mixed = Mixed(tmp_path, lot, drawn(lot))
    with mixed.run().open("rb") as file:
        report = verify(file)
    assert report.wrong == []
    assert Tool(tmp_path).accepts()
    assert report.result is not None
    assert plain(report.result, mixed.shape.questions) == mixed.expected()
    assert report.counted == len(mixed.shape.voters)
    assert report.ballots == len(mixed.shape.voters) + len(mixed.shape.revotes)
