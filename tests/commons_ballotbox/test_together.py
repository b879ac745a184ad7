"""Who judges for several at once finds for each what it would find for it alone; nobody waits for ever."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence

import pytest

from lianxi.commons.ballotbox.services.together import Together


class Judge:
    """Even numbers are right. Notes how many it was asked about each time."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds, self.sizes, self.broken, self.working = seconds, list[int](), False, 0

    def __call__(self, asked: Sequence[int]) -> list[bool]:
        self.working += 1
        assert self.working == 1
        self.sizes.append(len(asked))
        time.sleep(self.seconds)
        self.working -= 1
        if self.broken:
            raise ZeroDivisionError
        return [one % 2 == 0 for one in asked]


def asked(together: Together[int], numbers: Sequence[int]) -> list[bool | str | None]:
    """The answers to threads that all begin at once."""
    found: list[bool | str | None] = [None] * len(numbers)
    start = threading.Barrier(len(numbers))

    def one(at: int) -> None:
        start.wait(10)
        try:
            found[at] = together.right(numbers[at])
        except ZeroDivisionError:
            found[at] = "failed"

    threads = [threading.Thread(target=one, args=(at,), daemon=True) for at in range(len(numbers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    return found


@pytest.mark.parametrize("seed", range(6))
def test_each_gets_its_own_answer(seed: int) -> None:
    lot, judge = random.Random(seed), Judge()
    together = Together(judge)
    for _round in range(30):
        numbers = [lot.randrange(100) for _ in range(lot.randrange(1, 24))]
        assert asked(together, numbers) == [one % 2 == 0 for one in numbers]


def test_those_who_wait_are_judged_at_once() -> None:
    judge = Judge(0.3)
    assert asked(Together(judge), range(0, 40, 2)) == [True] * 20
    assert sum(judge.sizes) == 20
    assert len(judge.sizes) <= 4


def test_a_judgement_that_fails_makes_nothing_right_and_stops_nobody() -> None:
    judge = Judge(0.01)
    together = Together(judge)
    judge.broken = True
    found = asked(together, [2] * 8)
    assert "failed" in found
    assert set(found) <= {False, "failed"}
    judge.broken = False
    assert asked(together, [2] * 8) == [True] * 8
