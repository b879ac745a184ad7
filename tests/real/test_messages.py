"""The real messages, where they are: the published reply times come out of the walk."""

import os
import random
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("LIANXI_REAL_VOICES", Path(__file__).resolve().parents[2] / "../shared/data/voices"))
EACH = 1 if "LIANXI_REAL_VOICES" in os.environ else 12
"""All of them take a quarter of an hour: `make real`. The tests take one of twelve."""


@pytest.mark.slow
@pytest.mark.skipif(not (FOLDER / "reply_times.csv").exists(), reason="the real messages are not here")
@pytest.mark.django_db(transaction=True)
def test_real_messages_walk_through_the_house() -> None:
    """Each step commits, as in the house: in one transaction the deferred checks of all of them would wait for its end."""
    from lianxi.portal.demo.messages import read_answered, read_open, walk_messages

    def told(what: str, done: int, total: int) -> None:
        if done % 200 == 0 or done == total:
            print(f"  {done} / {total}", end="\r", flush=True)

    answered, unanswered = list(read_answered(FOLDER)), list(read_open(FOLDER))
    took = [one.replied - one.asked for one in answered if one.replied]
    within = {days: sum(one.total_seconds() <= days * 86_400 for one in took) for days in (15, 60)}
    assert (len(took), len(unanswered)) == (2816, 2142)
    assert [round(100 * one / 2816, 1) for one in within.values()] == [61.5, 94.4]  # as published

    took = took[::EACH]
    found = walk_messages(FOLDER, lot=random.Random(2026), told=told, each=EACH)
    print("", *found.lines(), sep="\n")
    assert found.answered == len(took)
    assert found.within_15 == sum(one.total_seconds() <= 15 * 86_400 for one in took)
    assert found.within_60 == sum(one.total_seconds() <= 60 * 86_400 for one in took)
    assert found.taken + found.refused == len(took) + len(unanswered[::EACH])
    assert found.closed > 0
    assert found.second > 0
