"""Verifying and making ballots beside `belenios-tool`: `python -m benchmarks.ballots [--ballots 500] [--rounds 2] [--keep FOLDER]`.

One archive of ours, one question, 20 candidates, at most 16, cast by as many voters. In each round, one after the other: the tool
verifies it; ours does, exactly; ours with hints; ours with two cores, without and with hints; and both make single ballots.
Processor seconds where one core works, else seconds on the clock; the smallest of the rounds counts. `--memory 500,2000`
verifies archives of so many ballots each in a fresh process and prints its peak.
"""

from __future__ import annotations

import argparse
import json
import resource
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from pathlib import Path

from lianxi.engines.ballots import acts, ballot, ceremony, credentials
from lianxi.engines.ballots.archive import Writer
from lianxi.engines.ballots.election import BASE58, Election, Question, read_election
from lianxi.engines.ballots.group import BELENIOS_2048
from lianxi.engines.ballots.trustees import Single, Trustees, combined
from lianxi.engines.ballots.verifying import verify
from lianxi.portal.reckoning.hints import write

CANDIDATES, MOST = 20, 16
CORES = 2


def made(folder: Path, count: int) -> Path:
    """An archive up to its sum, hints beside it, a card and choices for the tool. Taken as it is where it is there already."""
    for path in folder.glob("*.bel"):
        return path
    folder.mkdir(parents=True, exist_ok=True)
    draw = secrets.randbelow
    who = Trustees((Single(ceremony.alone(BELENIOS_2048, draw)[1]),))
    uuid = "".join(secrets.choice(BASE58) for _ in range(14))
    question = Question("?", tuple(f"{at}" for at in range(CANDIDATES)), 0, MOST)
    election = Election(uuid, "", "", BELENIOS_2048, combined(BELENIOS_2048, who), (question,))
    cards = [credentials.credential(draw) for _ in range(count)]
    keys = [credentials.public_of(BELENIOS_2048, uuid, card) for card in cards]
    path = folder / f"{uuid}.part"
    writer = Writer.begin(path, timestamp=1_795_999_652)
    acts.set_up(writer, election, who, credentials.told(keys))
    (folder / "card").write_text(cards[0])
    (folder / "choices").write_text(json.dumps([[at % 2 for at in range(CANDIDATES)]]))
    (folder / "election.json").write_bytes(election.text)
    for number, card in enumerate(cards):
        acts.cast(writer, ballot.cast(election, card, [votes(number)], draw).text)
    acts.end(writer)
    acts.add_up(writer, acts.Content(path).total)
    write(path, folder / "hints")
    return path.rename(path.with_suffix(".bel"))


def votes(number: int) -> list[int]:
    """Ten of the twenty."""
    return [(at + number) % 2 for at in range(CANDIDATES)]


def ours(path: Path, *, hinted: bool, cores: int = 1) -> None:
    """Verifies; fails where the archive does not hold or a hint was not used."""
    with (
        path.open("rb") as file,
        (path.parent / "hints").open("rb") if hinted else nullcontext() as help_,
        ProcessPoolExecutor(cores) as pool,
    ):
        report = verify(file, hints=help_, executor=pool if cores > 1 else None, at_once=4 * cores)
    assert report.green
    assert report.hinted == (report.ballots if hinted else 0)


def of_child(work: Callable[[], object]) -> float:
    """Processor seconds of the children that the work starts and waits for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def seconds(clock: Callable[[], float], work: Callable[[], object]) -> float:
    began = clock()
    work()
    return clock() - began


def measured(folder: Path, count: int, rounds: int) -> None:
    """Prints the table."""
    path = made(folder, count)
    card, uuid = (folder / "card").read_text(), path.stem
    election = read_election((folder / "election.json").read_bytes())
    assert election.uuid == uuid

    def tool(*words: str) -> object:
        return subprocess.run(["belenios-tool", *words], cwd=folder, check=True, capture_output=True)

    def cast(number: int) -> None:
        for _ in range(number):
            ballot.cast(election, card, [votes(0)], secrets.randbelow)

    cast(20)  # tables of powers
    work: dict[str, Callable[[], float]] = {
        "tool": lambda: of_child(lambda: tool("election", "verify")),
        "exact": lambda: seconds(time.process_time, lambda: ours(path, hinted=False)),
        "hints": lambda: seconds(time.process_time, lambda: ours(path, hinted=True)),
        "cores": lambda: seconds(time.perf_counter, lambda: ours(path, hinted=False, cores=CORES)),
        "cores, hints": lambda: seconds(time.perf_counter, lambda: ours(path, hinted=True, cores=CORES)),
        "tool casts": lambda: of_child(lambda: [tool("election", "generate-ballot", "--privcred", "card", "--ballot", "choices") for _ in range(5)]) / 5,
        "casts": lambda: seconds(time.process_time, lambda: cast(100)) / 100,
    }  # fmt: skip
    best = _rounds(work, rounds)
    print(f"{count} ballots, {CANDIDATES} candidates, at most {MOST}; processor seconds, best of {rounds}\n")
    print(f"{'':<34}{'belenios-tool':>14}{'ours':>10}{'ratio':>8}")
    for name, label in (("exact", "verified a second, one core"), ("hints", "with hints, one core")):
        print(f"{label:<34}{count / best['tool']:>14.1f}{count / best[name]:>10.1f}{best['tool'] / best[name]:>8.2f}")
    for name, label in (("cores", "on the clock"), ("cores, hints", "with hints, on the clock")):
        print(f"{f'{label}, {CORES} cores':<34}{'':>14}{count / best[name]:>10.1f}")
    print(f"{'made a second':<34}{1 / best['tool casts']:>14.1f}{1 / best['casts']:>10.1f}{best['tool casts'] / best['casts']:>8.2f}")  # fmt: skip


def _rounds(work: dict[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """The shortest time of each, all in turn so many times."""
    times = [{name: run() for name, run in work.items()} for _ in range(rounds)]
    return {name: min(one[name] for one in times) for name in work}


def peak(path: Path, hinted: bool) -> None:
    """Verifies with one core and prints the peak of the memory of this process in MB."""
    ours(path, hinted=hinted)
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.1f}")


def memory(folder: Path, counts: list[int]) -> None:
    """Peaks of processes that verify archives of so many ballots."""
    print(f"{'peak of memory, MB':<34}{'exact':>10}{'hints':>10}{'archive':>10}")
    for count in counts:
        path = made(folder / str(count), count)
        found = [
            float(subprocess.check_output([sys.executable, "-m", "benchmarks.ballots", "--peak", str(path), *more]))
            for more in ([], ["--hinted"])
        ]
        size = path.stat().st_size / 2**20
        print(f"{f'{count} ballots':<34}{found[0]:>10.1f}{found[1]:>10.1f}{size:>10.1f}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--ballots", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="folder in which archives stay for the next time")
    parser.add_argument("--memory", help="numbers of ballots, with commas")
    parser.add_argument("--peak", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--hinted", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.peak:
        peak(chosen.peak, chosen.hinted)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = chosen.keep or Path(name)
        if chosen.memory:
            memory(folder, [int(one) for one in chosen.memory.split(",")])
        else:
            measured(folder / str(chosen.ballots), chosen.ballots, chosen.rounds)


if __name__ == "__main__":
    main()
