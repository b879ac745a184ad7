"""Equal shares on real elections: `python -m benchmarks.budgeting FOLDER [--pabutools PYTHON]`.

FOLDER holds Pabulib files. PYTHON is an interpreter that has pabutools (development only: it is under the GPL and wants a proprietary
solver's package); it runs in a process of its own, on the same file, exact fractions. The best of three runs of each is taken; seconds are of the processor, so that other work does not count.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from lianxi.engines.budgeting import certificate, equal_shares, read, verifier
from lianxi.engines.budgeting.election import Tally
from lianxi.engines.budgeting.exact import run
from lianxi.engines.budgeting.scouting import Scout

PEER = """
import json, sys, time
from pabutools.election import parse_pabulib, Cost_Sat
from pabutools.rules import method_of_equal_shares
instance, profile = parse_pabulib(sys.argv[1])
best = None
for _ in range(int(sys.argv[2])):
    began = time.process_time()
    won = method_of_equal_shares(instance, profile.as_multiprofile(), sat_class=Cost_Sat)
    took = time.process_time() - began
    best = took if best is None else min(best, took)
print(json.dumps({"seconds": best, "won": sorted(p.name for p in won)}))
"""
PUBLISHED = {
    # seconds of peers measured before on one core of a like machine: web tool in floats with Add1; pabutools with Add1
    "Poland_Warszawa_2023_Mokotow": "web tool 20.8 s, pabutools > 240 s",
    "Netherlands_Assen_2024": "web tool 0.12 s",
}


def best(act: Callable[[], object], times: int = 3) -> float:
    found = []
    for _ in range(times):
        began = time.process_time()
        act()
        found.append(time.process_time() - began)
    return min(found)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("folder", type=Path)
    asked.add_argument("--pabutools", default="")
    asked.add_argument("--only", default="")
    options = asked.parse_args()
    print("file | voters × projects | exact ms | pabutools ms | ratio | Add1 s | units | check s | peers with Add1")
    for path in [path for path in sorted(options.folder.glob("*.pb")) if options.only in path.stem]:
        election = read(path.read_text(encoding="utf-8")).election()
        tally = Tally(election)
        share = tally.share(0)
        small = len(tally.count) <= 400
        scout = Scout(tally)
        exact = best(lambda: run(tally, share) if small else scout.steps(share))  # noqa: B023
        won = sorted(tally.keys[step.project] for step in run(tally, share))
        began = time.process_time()
        outcome = equal_shares(election)
        add1 = time.process_time() - began
        made = certificate(election, outcome)
        check = best(lambda: list(verifier.check(made, rounds=False)), 1)  # noqa: B023
        peer, ratio = "-", "-"
        if options.pabutools:
            ran = subprocess.run([options.pabutools, "-c", PEER, path, "1" if len(tally.count) > 2000 else "3"], capture_output=True, text=True, timeout=300)  # fmt: skip
            told = json.loads(ran.stdout) if ran.returncode == 0 else None
            if told:
                same = "" if told["won"] == won else " (other winners)"
                peer, ratio = f"{told['seconds'] * 1000:.0f}{same}", f"{told['seconds'] / exact:.0f}"
        print(f"{path.stem} | {election.voters} × {len(election.projects)} | {exact * 1000:.1f} | {peer} | {ratio} | {add1:.2f} | {outcome.units} | {check:.2f} | {PUBLISHED.get(path.stem, '-')}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
