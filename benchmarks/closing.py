"""Memory of the jobs after a vote: `python -m benchmarks.closing [--ballots 500,2000] [--items 20]`.

A database of its own; ballots of 20 candidates, at most 16, put into the box as they are taken. Then each job in a process of its own as the worker has it:
adding up, the count, the publication with archive and hints; and both files streamed. Prints, for each, seconds and the peak of memory of that process and of the largest
that it started.
"""

from __future__ import annotations

import argparse
import os
import random
import secrets
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from .house import children, house

STEPS = ("nothing", "add_up", "count", "publish", "stream")


def peak(pid: int | str) -> float:
    """MB of memory that a process had at most since it began."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


class Helpers(threading.Thread):
    """Looks after the processes that this one starts: the peak of the largest."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.largest = 0.0

    def run(self) -> None:
        while True:
            with suppress(OSError):
                self.largest = max([self.largest, *map(peak, children(os.getpid()))])
            time.sleep(0.2)


def step(name: str, pk: int) -> None:
    """One job, in this process."""
    import django

    django.setup()
    from django.utils import timezone

    from lianxi.commons.ballotbox import services
    from lianxi.commons.ballotbox.models import Poll
    from lianxi.commons.permissions import asking, system

    actor, at = system(f"ballotbox.{name if name in ('add_up', 'count') else 'publish_archive'}"), timezone.now()
    helpers = Helpers()
    helpers.start()
    began = time.perf_counter()
    with asking(actor):
        poll, size = Poll._base_manager.get(pk=pk), 0
        if name == "add_up":
            services.add_up(pk, actor=actor, at=at)
        elif name == "count":
            services.count(pk, actor=actor, at=at)
        elif name == "publish":
            services.publish_archive(pk, at=at)
        elif name == "stream":
            size = sum(len(one) for chunks in (services.chunks, services.hint_chunks) for one in chunks(poll))
    took = time.perf_counter() - began
    print(f"{name:<8} {took:7.1f} s {peak('self'):7.1f} MB {helpers.largest:7.1f} MB the largest it started {size / 2**20:7.1f} MB streamed", flush=True)  # fmt: skip


def whole(count: int, items: int) -> None:
    """A vote of so many ballots, from the box to the published archive."""
    import django

    django.setup()
    from django.db import transaction
    from tests.commons_ballotbox.conftest import vote
    from tests.commons_ballotbox.prepared import MOST, TWENTY, made
    from tests.street import build_street

    from lianxi.commons.ballotbox import services
    from lianxi.commons.ballotbox.queries.election import election_of
    from lianxi.commons.ballotbox.services import checking
    from lianxi.commons.ballotbox.services.chain import append, locked, put
    from lianxi.commons.ballotbox.terms import EntryKind
    from lianxi.commons.permissions import asking, system

    def job(name: str) -> None:
        subprocess.run([sys.executable, "-m", "benchmarks.closing", "--step", name, "--poll", str(it.poll.pk)], check=True)  # fmt: skip

    with asking(system("voices.clock")):
        it: Any = vote(build_street(), random.Random(secrets.randbits(64)), kind="choice", voters=count, items=TWENTY[:items], most=min(MOST, items - 1))  # fmt: skip
        election = election_of(it.poll)
        assert election is not None
        facts = checking.known(it.poll)
        with ProcessPoolExecutor(os.cpu_count()) as pool, transaction.atomic():
            now = locked(it.poll.pk)
            for text in pool.map(made, [election.text] * count, it.cards, range(count), chunksize=8):
                card = checking.read(facts, text.encode()).credential
                append(now, EntryKind.BALLOT, put(now, text.encode()), sha256(str(card).encode()).hexdigest())
        services.record_attendance(it.fresh(), cards_given=count, attended=count, **it.organiser)
        services.close_poll(it.fresh(), **it.organiser)
        job("nothing")
        job("add_up")
        for one in it.trustees[:2]:
            it.hand_in(one, "share", it.share(one))
        job("count")
        services.publish(it.fresh(), **it.organiser)
        job("publish")
        job("stream")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ballots", default="500,2000")
    parser.add_argument("--items", type=int, default=20, help="candidates")
    parser.add_argument("--whole", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    parser.add_argument("--poll", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.step:
        step(asked.step, asked.poll)
    elif asked.whole:
        whole(asked.whole, asked.items)
    else:
        for count in asked.ballots.split(","):
            with house() as (env, _where):
                print(f"{count} ballots", flush=True)
                run = [sys.executable, "-m", "benchmarks.closing", "--whole", count, "--items", str(asked.items)]
                subprocess.run(run, env=env, check=True)


if __name__ == "__main__":
    main()
