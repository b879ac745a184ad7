"""How fast ballots are taken: `python -m benchmarks.ballotbox [--seconds 30] [--kinds choice,candidates] [--without-hints]`.

A database and the web server of their own, as `lianxi serve` starts them; ballots of 20 candidates, at most 16, made
beforehand, with the hints that the booth sends along, or without; everything through HTTP on 127.0.0.1, every proof of every
ballot checked. Measures, for each kind of ballot: how many a second one core takes; how long a voter waits at half of that
rate; and how long the slowest of 300 waits who all vote within one minute, on all cores. Beside it how long one product of
two numbers takes, by which machines, and moments of one machine, can be compared.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import threading
import time
from base64 import b64decode
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from lianxi.engines.ballots.group import BELENIOS_2048

from .house import call, house, served

MEETING, MINUTE = 300, 60
FLAT_OUT = 120
"""Ballots with which the highest rate is measured."""
RATE_AT_MOST = 30
"""Ballots a second for which enough are made to hold half of it."""


def spent(pids: Iterable[int]) -> float:
    """Seconds of processor that these processes have used."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def cast(port: int, uuid: str, body: bytes) -> float:
    """Seconds until the receipt is there."""
    began = time.perf_counter()
    status, answer = call(port, "POST", f"/vote/{uuid}/ballots", body)
    assert status == 201, answer
    return time.perf_counter() - began


def flat_out(port: int, vote: dict[str, Any], together: int = 8) -> tuple[float, list[float]]:
    """Ballots a second, as many at once as `together`: what the site works on at the same time."""
    began = time.perf_counter()
    with ThreadPoolExecutor(together) as pool:
        waits = list(pool.map(lambda body: cast(port, vote["uuid"], body), vote["ballots"]))
    return len(waits) / (time.perf_counter() - began), waits


def arriving(port: int, vote: dict[str, Any], moments: list[float]) -> list[float]:
    """How long each waits who casts at the given second, whatever becomes of the others."""
    waits: list[float] = []
    lock, began = threading.Lock(), time.perf_counter()

    def one(moment: float, body: bytes) -> None:
        time.sleep(max(0.0, began + moment - time.perf_counter()))
        wait = cast(port, vote["uuid"], body)
        with lock:
            waits.append(wait)

    threads = [threading.Thread(target=one, args=pair) for pair in zip(moments, vote["ballots"], strict=False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(waits) == len(moments)
    return waits


def pace() -> str:
    """How fast the machine is at this moment: nearly all of a check are products of two numbers."""
    group, count = BELENIOS_2048, 20_000
    one, other, began = group.power(group.g, group.q - 5), group.power(group.g, group.q - 7), time.process_time()
    for _ in range(count):
        one * other % group.p
    return f"one product {(time.process_time() - began) / count * 1e6:.1f} µs"


def percentile(values: list[float], share: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)]


def shown(waits: list[float]) -> str:
    return f"p50 {percentile(waits, 50) * 1000:4.0f} ms, p95 {percentile(waits, 95) * 1000:4.0f} ms, longest {max(waits) * 1000:5.0f} ms"


def poisson(rate: float, seconds: float, lot: random.Random) -> list[float]:
    moments, now = [], 0.0
    while (now := now + lot.expovariate(rate)) < seconds:
        moments.append(now)
    return moments


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--kinds", default="choice,candidates")
    parser.add_argument("--without-hints", action="store_true")
    asked = parser.parse_args()
    lot, cores = random.Random(5), sorted(os.sched_getaffinity(0))
    with house() as (env, where):
        measure(asked, env, where, lot, cores)


def measure(asked: argparse.Namespace, env: dict[str, str], where: Path, lot: random.Random, cores: list[int]) -> None:
    specs = [
        f"{name}:{kind}:{count}"
        for kind in asked.kinds.split(",")
        for name, count in (("flat", FLAT_OUT), ("half", asked.seconds * RATE_AT_MOST // 2), ("meeting", MEETING))
    ]
    began = time.perf_counter()
    subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.commons_ballotbox.prepared",
            *(() if asked.without_hints else ("--hints",)),
            str(where / "votes.json"),
            *specs,
        ],
        env=env,
        check=True,
    )
    votes = json.loads((where / "votes.json").read_text(encoding="utf-8"))
    for vote in votes:
        texts, more = [text.encode() for text in vote["ballots"]], [b"\n" + b64decode(one) for one in vote["hints"]]
        vote["ballots"] = [text + hints for text, hints in zip(texts, more, strict=True)] if more else texts
    print(f"made {sum(len(one['ballots']) for one in votes)} ballots in {time.perf_counter() - began:.0f} s")
    for at, kind in enumerate(asked.kinds.split(",")):
        flat, half, meeting = votes[3 * at : 3 * at + 3]
        size = sum(len(body) for body in meeting["ballots"]) / MEETING / 1000
        print(f"{kind}: {size:.0f} kB a ballot")
        with served(env, 1, {cores[0]}) as (port, pids):
            cast(port, half["uuid"], half["ballots"].pop())
            cast(port, flat["uuid"], flat["ballots"].pop())
            before = spent(pids)
            rate, _waits = flat_out(port, flat)
            used = (spent(pids) - before) / len(flat["ballots"])
            print(
                f"  one core: {rate:.1f} a second; {used * 1000:.0f} ms of processor each, so {1 / used:.1f} a second and core; {pace()}"
            )
            waits = arriving(port, half, poisson(rate / 2, asked.seconds, lot)[: len(half["ballots"])])
            print(f"  half of that rate, {len(waits)} ballots: {shown(waits)}; {pace()}")
        with served(env, len(cores)) as (port, _pids):
            moments = sorted(lot.uniform(0, MINUTE) for _one in range(MEETING))
            waits = arriving(port, meeting, moments)
            print(f"  {MEETING} within a minute on {len(cores)} cores: {shown(waits)}")


if __name__ == "__main__":
    main()
