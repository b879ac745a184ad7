"""Processes that work for one archive: none where one does as well, and none left when whoever started them was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lianxi.engines.ballots.cores import FEW, processes
from lianxi.portal.starting.processes import alive

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import os, time
from lianxi.engines.ballots.cores import processes

if __name__ == "__main__":
    with processes(1000, 2) as pool:
        print(*{one.result() for one in [pool.submit(os.getpid) for _ in range(50)]}, flush=True)
        list(pool.map(time.sleep, [60, 60]))
"""


@pytest.mark.parametrize(("ballots", "workers"), [(FEW, 2), (1000, 1)])
def test_one_process_does_as_well(ballots: int, workers: int) -> None:
    with processes(ballots, workers) as pool:
        assert pool is None


def test_many_ballots_have_processes_of_their_own() -> None:
    with processes(FEW + 1, 2) as pool:
        assert pool is not None
        assert os.getpid() not in set(pool.map(_who, range(8)))


def _who(_number: int) -> int:
    return os.getpid()


def test_nobody_is_left_when_the_first_is_killed(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    env = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    first = subprocess.Popen([sys.executable, str(tmp_path / "program.py")], env=env, stdout=subprocess.PIPE, text=True)
    assert first.stdout is not None
    pids = [int(word) for word in first.stdout.readline().split()]
    assert pids
    assert all(alive(pid) for pid in pids)
    os.kill(first.pid, signal.SIGKILL)
    first.wait(20)
    end = time.monotonic() + 30
    while any(alive(pid) for pid in pids) and time.monotonic() < end:
        time.sleep(0.05)
    assert not [pid for pid in pids if alive(pid)]
