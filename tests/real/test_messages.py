"""The real messages, where they are: the published reply times come out of the walk."""

import os
import random
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("LIANXI_REAL_VOICES", Path(__file__).resolve().parents[2] / "../shared/data/voices"))


@pytest.mark.slow
@pytest.mark.skipif(not (FOLDER / "reply_times.csv").exists(), reason="the real messages are not here")
@pytest.mark.django_db(transaction=True)
def test_real_messages_walk_through_the_house() -> None:
    """Each step commits, as in the house: in one transaction the deferred checks of all of them would wait for its end."""
    from lianxi.portal.demo.messages import walk_messages

    def told(what: str, done: int, total: int) -> None:
        if done % 200 == 0 or done == total:
            print(f"  {done} / {total}", end="\r", flush=True)

    found = walk_messages(FOLDER, lot=random.Random(2026), told=told)
    print("", *found.lines(), sep="\n")
    assert found.answered == 2816
    assert round(100 * found.within_15 / found.answered, 1) == 61.5
    assert round(100 * found.within_60 / found.answered, 1) == 94.4
    assert found.taken + found.refused == 2816 + 2142
    assert found.closed > 0
    assert found.second > 0
