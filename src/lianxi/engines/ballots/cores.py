"""All processors for one archive: processes that verify ballots or make their hints."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from threading import Thread

FEW = 40
"""Ballots that one processor has done while others would still be started."""
SMALLEST = 30_000
"""Bytes in an archive of a ballot of some candidates: how many ballots there are is known before they are read, roughly."""
IN_FLIGHT = 4 * (os.cpu_count() or 1)
"""Ballots in memory at a time, four for each processor."""


@contextmanager
def processes(ballots: int, workers: int | None = None) -> Iterator[ProcessPoolExecutor | None]:
    """A pool for so many ballots; None where one process does as well.

    Each process ends by itself when the one that started it is gone, be it killed: nobody else would end it.

    Args:
        ballots: how many there are to do, about.
        workers: processes; None for one a processor.
    """
    count = workers or os.cpu_count() or 1
    if count == 1 or ballots <= FEW:
        yield None
        return
    # Spawned, not forked: the jobs of a server have threads.
    with ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_end_with_parent) as pool:
        yield pool


def _end_with_parent() -> None:
    Thread(target=_wait_for_its_end, daemon=True).start()


def _wait_for_its_end() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
