"""Verifying and making ballots beside `belenios-tool`: `python -m benchmarks.ballots [--ballots 500] [--rounds 3]`.

One archive of ours, one question, 20 candidates, at most 16, cast by as many voters; both programs verify it in turn, one core
each (processor time, and time on the clock), then ours with all cores. Then single ballots are made by both. The smallest of
the rounds counts.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import secrets
import subprocess
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from lianxi.engines.ballots import acts, ballot, ceremony, credentials
from lianxi.engines.ballots.archive import Writer
from lianxi.engines.ballots.election import BASE58, Election, Question
from lianxi.engines.ballots.group import BELENIOS_2048
from lianxi.engines.ballots.trustees import Single, Trustees, combined
from lianxi.engines.ballots.verifying import verify

CANDIDATES, MOST = 20, 16


def made(folder: Path, count: int) -> tuple[Path, float]:
    """An archive up to its sum, and the ballots made a second."""
    draw = secrets.randbelow
    who = Trustees((Single(ceremony.alone(BELENIOS_2048, draw)[1]),))
    uuid = "".join(secrets.choice(BASE58) for _ in range(14))
    question = Question("?", tuple(f"{at}" for at in range(CANDIDATES)), 0, MOST)
    election = Election(uuid, "", "", BELENIOS_2048, combined(BELENIOS_2048, who), (question,))
    cards = [credentials.credential(draw) for _ in range(count)]
    keys = [credentials.public_of(BELENIOS_2048, uuid, card) for card in cards]
    path = folder / f"{uuid}.bel"
    writer = Writer.begin(path, timestamp=1_795_999_652)
    acts.set_up(writer, election, who, credentials.told(keys))
    (folder / "card").write_text(cards[0])
    (folder / "choices").write_text(json.dumps([[at % 2 for at in range(CANDIDATES)]]))
    began = time.process_time()
    for number, card in enumerate(cards):
        acts.cast(writer, ballot.cast(election, card, [[(at + number) % 2 for at in range(CANDIDATES)]], draw).text)
    rate = count / (time.process_time() - began)
    acts.end(writer)
    acts.add_up(writer, acts.Content(path).total)
    return path, rate


def of_child(work: Callable[[], object]) -> float:
    """Processor seconds of the children that the work starts and waits for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--ballots", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path, casting = made(folder, chosen.ballots)

        def tool(*words: str) -> None:
            subprocess.run(["belenios-tool", *words], cwd=folder, check=True, capture_output=True)

        def ours() -> None:
            with path.open("rb") as file:
                assert verify(file).green

        def all_cores() -> None:
            with path.open("rb") as file, ProcessPoolExecutor(os.cpu_count()) as pool:
                assert verify(file, executor=pool).green

        theirs, mine, cores, their_casting = [], [], [], []
        for _ in range(chosen.rounds):
            theirs.append(of_child(lambda: tool("election", "verify")))
            began = time.process_time()
            ours()
            mine.append(time.process_time() - began)
            began = time.perf_counter()
            all_cores()
            cores.append(time.perf_counter() - began)
            began_casting = of_child(
                lambda: [
                    tool("election", "generate-ballot", "--privcred", "card", "--ballot", "choices") for _ in range(5)
                ]
            )
            their_casting.append(began_casting / 5)
    count = chosen.ballots
    print(f"{count} ballots, {CANDIDATES} candidates, at most {MOST}; processor seconds, best of {chosen.rounds}\n")
    print(f"{'':<34}{'belenios-tool':>14}{'ours':>10}{'ratio':>8}")
    print(f"{'verified a second, one core':<34}{count / min(theirs):>14.1f}{count / min(mine):>10.1f}{min(theirs) / min(mine):>8.2f}")  # fmt: skip
    print(f"{f'on the clock, {os.cpu_count()} cores':<34}{'':>14}{count / min(cores):>10.1f}")
    print(f"{'made a second':<34}{1 / min(their_casting):>14.1f}{casting:>10.1f}{casting * min(their_casting):>8.2f}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
