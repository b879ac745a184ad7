"""Seats in two dimensions beside other programs, paired on the same input in one run, as a table with ratios.

    python -m benchmarks.apportionment [seconds]

A peer that is not installed is named and left out; one that does not answer in so many seconds (60) is given up, and one whose table
differs is told. Our time includes the proof, the ties, the certificate and its check by the verifier; no peer gives a certificate.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import io
import multiprocessing
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from lianxi.engines.apportionment import PlanDemand, Trade, Unit, biproportional, divisor, seat_plan

Instance = tuple[list[list[int]], list[int], list[int]]
SIZES = ((18, 9, 180), (31, 20, 300), (300, 20, 3000), (1000, 30, 10000))


def instance(
    height: int, width: int, seats: int, *, zeros: float = 0.0, equal: bool = False, seed: int = 1
) -> Instance:
    """Votes of units of unlike size with unlike taste; seats of units by votes, of trades by seat-weighted shares."""
    lot = np.random.default_rng(seed)
    size, taste = np.exp(lot.normal(0, 0.7, height)), np.exp(lot.normal(0, 1, width))
    votes = np.maximum((1000 * np.outer(size, taste) * np.exp(lot.normal(0, 0.5, (height, width)))).astype(int), 1)
    if equal:
        votes[:] = 100
    votes[lot.random((height, width)) < zeros] = 0
    votes[np.arange(height), lot.integers(0, width, height)] += 0 if equal and not zeros else 1
    rows = divisor([int(one) for one in votes.sum(axis=1)], seats, floor=1).seats
    weighted = (votes / votes.sum(axis=1, keepdims=True) * np.array(rows)[:, None]).sum(axis=0)
    cols = divisor([f"{one:.6f}" for one in weighted], seats).seats
    return votes.tolist(), list(rows), list(cols)


def ours(asked: Instance) -> list[list[int]]:
    """The engine, proof and check included."""
    return [list(line) for line in biproportional(*asked).seats]


def votelib(asked: Instance) -> list[list[int]]:
    """votelib's tie-and-transfer."""
    from votelib.evaluate.proportional import BiproportionalEvaluator

    votes, rows, _ = asked  # its totals of the columns are its own, from the votes
    found = BiproportionalEvaluator("sainte_lague").evaluate(
        {str(i): {str(j): one for j, one in enumerate(line)} for i, line in enumerate(votes)},
        {str(i): one for i, one in enumerate(rows)},
    )
    return [[found[str(i)].get(str(j), 0) for j in range(len(votes[0]))] for i in range(len(rows))]


def biprop(asked: Instance) -> list[list[int]]:
    """biprop's alternating scaling in floating point."""
    import biprop as peer_

    votes, rows, cols = asked
    election = peer_.Election(np.array(votes).T.tolist())
    found = election.lower_apportionment(party_seats=cols, region_seats=rows)
    return [[int(one) for one in line] for line in np.array(getattr(found, "seats", found)).T]


PEERS: dict[str, Callable[[Instance], list[list[int]]]] = {"votelib": votelib, "biprop": biprop}


def timed(act: Callable[[Instance], Any], asked: Instance, times: int) -> tuple[float, Any]:
    """Median seconds and the answer."""
    spent, answer = [], None
    for _ in range(times):
        began = time.perf_counter()
        answer = act(asked)
        spent.append(time.perf_counter() - began)
    return statistics.median(spent), answer


def _aside(name: str, asked: Instance, end: Any) -> None:
    try:
        importlib.import_module(name)  # loading it is not its work
        with contextlib.redirect_stdout(io.StringIO()):
            end.send(timed(PEERS[name], asked, 1))
    except Exception as error:
        end.send((None, f"{type(error).__name__}: {error}"[:60]))


def peer(name: str, asked: Instance, limit: float) -> tuple[float | None, Any]:
    """A peer in a process of its own, so that one without an answer can be stopped."""
    here, there = multiprocessing.Pipe()
    work = multiprocessing.get_context("fork").Process(target=_aside, args=(name, asked, there))
    work.start()
    if here.poll(limit):
        found: tuple[float | None, Any] = here.recv()
    else:
        found = None, f"no answer in {limit:.0f} s"
        work.terminate()
    work.join()
    return found


def main(limit: float) -> None:
    """Print the tables."""
    here = {name: importlib.util.find_spec(name) is not None for name in PEERS}
    print("not installed:", ", ".join([name for name, found in here.items() if not found] + ([] if shutil.which("Rscript") else ["R (proporz)"])) or "–")  # fmt: skip
    print(f"{'size':<22}{'ours, proved':>14}  " + "  ".join(f"{name:>34}" for name in PEERS if here[name]))
    for height, width, seats in SIZES:
        asked = instance(height, width, seats)
        mine, table = timed(ours, asked, 9 if height < 100 else 5)
        told = []
        for name in PEERS:
            if here[name]:
                spent, answer = peer(name, asked, limit)
                if spent is None:
                    told.append(str(answer))
                else:
                    same = "same table" if answer == table else "ANOTHER TABLE"
                    told.append(f"{spent * 1e3:.1f} ms = {spent / mine:.2f} × ours, {same}")
        print(f"{f'{height}×{width}×{seats}':<22}{mine * 1e3:>11.1f} ms  " + "  ".join(f"{one:>34}" for one in told))
    print("\nhard 300×20×3000")
    for what, asked in (("50 % zeros", instance(300, 20, 3000, zeros=0.5)), ("80 % zeros", instance(300, 20, 3000, zeros=0.8)), ("all equal", instance(300, 20, 3000, equal=True))):  # fmt: skip
        try:
            print(f"  {what:<20}{timed(ours, asked, 3)[0] * 1e3:>9.1f} ms")
        except Exception as error:
            print(f"  {what:<20}{error}")
    lot = np.random.default_rng(3)
    trades = [f"t{j}" for j in range(20)]
    units = [Unit(f"u{i}", int(lot.integers(50, 5000)), int(lot.integers(1, 50)), int(lot.integers(0, 10**5)),
                  {code: int(lot.integers(0, 400)) for code in trades}) for i in range(800)]  # fmt: skip
    demand = PlanDemand(tuple(units), tuple(Trade(code) for code in trades), 3000, {"members": "0.6", "organisations": "0.2", "population": "0.2"})  # fmt: skip
    took = []
    for _ in range(3):
        began = time.perf_counter()
        seat_plan(demand)
        took.append(time.perf_counter() - began)
    print(
        f"\nseat plan, 800 units × 20 trades, 3,000 seats, three steps proved: {statistics.median(took) * 1e3:.0f} ms"
    )


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0)
