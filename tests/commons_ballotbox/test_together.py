"""Who checks for several at once finds for each what it would find for it alone; nobody waits for ever."""

from __future__ import annotations

import random
import threading
import time
from typing import Any

import pytest
from gmpy2 import mpz

from lianxi.commons.ballotbox.services.together import Together
from lianxi.engines.ballots.batch import ON_ARRIVAL, Batch
from lianxi.engines.ballots.group import BELENIOS_2048 as G
from lianxi.engines.ballots.group import FixedBase

Y = FixedBase(G, G.power(G.g, mpz(5)))


def batch_of(lot: random.Random, right: bool) -> Batch:
    """Three equations, one of which may be wrong."""
    made = Batch(G, Y, bits=ON_ARRIVAL)
    for _ in range(3):
        one, other = mpz(lot.randrange(int(G.q))), mpz(lot.randrange(int(G.q)))
        made.add(G.of_g.power(one) * Y.power(other) % G.p, G.g, 0, one, other)
    if not right:
        made.elements[1] = made.elements[1] * G.g % G.p
    return made


def asked(together: Together, batches: list[Batch]) -> list[Any]:
    """The answers to threads that all begin at once."""
    found: list[Any] = [None] * len(batches)
    start = threading.Barrier(len(batches))

    def one(at: int) -> None:
        start.wait(10)
        found[at] = together.hold(batches[at])

    threads = [threading.Thread(target=one, args=(at,), daemon=True) for at in range(len(batches))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    return found


@pytest.mark.parametrize("seed", range(6))
def test_each_gets_its_own_answer(seed: int) -> None:
    lot, together = random.Random(seed), Together()
    for _round in range(3):
        rights = [lot.random() < 0.7 for _ in range(lot.randrange(1, 24))]
        assert asked(together, [batch_of(lot, right) for right in rights]) == rights


def slowly(monkeypatch: pytest.MonkeyPatch, seconds: float) -> list[int]:
    """Checks that take their time; gives how many equations each had."""
    sizes: list[int] = []
    plain = Batch.hold

    def hold(self: Batch) -> bool:
        sizes.append(len(self.elements))
        time.sleep(seconds)
        return plain(self)

    monkeypatch.setattr(Batch, "hold", hold)
    return sizes


def test_those_who_wait_are_checked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    lot = random.Random(7)
    batches = [batch_of(lot, True) for _ in range(20)]
    sizes = slowly(monkeypatch, 0.3)
    assert asked(Together(), batches) == [True] * 20
    assert sum(sizes) == 60
    assert len(sizes) <= 4


def test_a_check_that_fails_makes_nothing_right_and_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    lot, together = random.Random(8), Together()
    batches = [batch_of(lot, True) for _ in range(8)]
    with monkeypatch.context() as patch:
        patch.setattr(Batch, "hold", lambda _self: 1 / 0)
        found: list[Any] = []

        def one(batch: Batch) -> None:
            try:
                found.append(together.hold(batch))
            except ZeroDivisionError:
                found.append("failed")

        threads = [threading.Thread(target=one, args=(batch,), daemon=True) for batch in batches]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert len(found) == 8
        assert set(found) <= {False, "failed"}
    assert asked(together, batches) == [True] * 8
