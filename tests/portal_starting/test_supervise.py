"""The process tree: it ends whole, however it ends, and starts again what dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lianxi.portal.starting.supervise import Child, Tree
from lianxi.portal.starting.words import Trouble
from tests.portal_starting.conftest import environment, processes_of, until

pytestmark = pytest.mark.processes

FAMILY = """
import os, sys, time
from pathlib import Path
from lianxi.portal.starting.supervise import Child, Tree
place = Path(sys.argv[1])
sleeper = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(99)']); time.sleep(99)"
env = dict(os.environ, PLACE=str(place))
with Tree() as tree:
    for name in ("one", "two"):
        tree.start(Child((name, name), [sys.executable, "-c", sleeper], env, place / name, grace=1))
    (place / "up").write_text("")
    tree.wait()
print("ended", flush=True)
"""


def family(place: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", FAMILY, str(place)],
        env=environment(PLACE=str(place)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert until(lambda: (place / "up").exists() and len(processes_of(place)) == 5)
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_stop_leaves_no_process(tmp_path: Path, number: signal.Signals) -> None:
    before = signal.signal(number, signal.SIG_DFL)  # the tests themselves may have been started with nohup
    try:
        process = family(tmp_path)
    finally:
        signal.signal(number, before)
    process.send_signal(number)
    said = process.communicate(timeout=60)[0]
    assert process.returncode == 0
    assert said.endswith("ended\n")
    assert processes_of(tmp_path) == {}


def test_stop_works_where_ctrl_c_is_ignored(tmp_path: Path) -> None:
    """A shell starts background jobs with SIGINT ignored; being asked must work all the same."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process = family(tmp_path)
    finally:
        signal.signal(signal.SIGINT, before)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert processes_of(tmp_path) == {}


def test_started_with_nohup_outlives_its_terminal(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        process = family(tmp_path)
    finally:
        signal.signal(signal.SIGHUP, before)
    process.send_signal(signal.SIGHUP)
    time.sleep(0.5)
    assert len(processes_of(tmp_path)) == 5
    process.terminate()
    process.communicate(timeout=60)
    assert processes_of(tmp_path) == {}


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's death signal is Linux's")
def test_killed_hard_leaves_no_child(tmp_path: Path) -> None:
    process = family(tmp_path)
    children = [
        pid for pid, command in processes_of(tmp_path).items() if "subprocess" in command and "supervise" not in command
    ]
    process.kill()
    process.wait()
    assert until(lambda: not set(children) & set(processes_of(tmp_path)), 10)
    for pid in processes_of(tmp_path):  # grandchildren of a foreign program are not ours to bind
        os.kill(pid, signal.SIGKILL)


def test_minder_ends_groups_when_its_parent_is_gone(tmp_path: Path) -> None:
    group = subprocess.Popen(["sleep", "60"], start_new_session=True)
    minder = subprocess.Popen(
        [sys.executable, "-m", "lianxi.portal.starting.minder", str(group.pid)],
        env=environment(),
        stdin=subprocess.PIPE,
    )
    time.sleep(0.3)
    assert group.poll() is None
    assert minder.stdin is not None
    minder.stdin.close()
    assert group.wait(20) == -signal.SIGKILL
    minder.wait(20)


def test_dead_child_starts_again_with_its_group_cleared(tmp_path: Path) -> None:
    process = family(tmp_path)
    before = processes_of(tmp_path)
    victim = next(pid for pid, command in before.items() if "subprocess" in command and "supervise" not in command)
    os.kill(victim, signal.SIGKILL)
    assert until(lambda: len(processes_of(tmp_path)) == 5 and victim not in processes_of(tmp_path))
    assert process.poll() is None
    process.terminate()
    said = process.communicate(timeout=60)[0]
    assert "started again" in said
    assert processes_of(tmp_path) == {}


def test_child_that_dies_again_and_again_ends_everything_with_its_last_words(tmp_path: Path) -> None:
    script = "print('no such table'); raise SystemExit(3)"
    child = Child(("后台任务", "worker"), [sys.executable, "-c", script], environment(), tmp_path / "log")
    steady = Child(("网站", "site"), ["sleep", "60"], environment(PLACE=str(tmp_path)))
    tree = Tree()
    with pytest.raises(Trouble, match="worker ended 5 times within a minute") as trouble, tree:
        tree.start(steady)
        tree.start(child)
        tree.wait()
    assert "no such table" in trouble.value.detail
    assert steady.ended()


def test_run_yields_lines_and_fails_with_the_command(tmp_path: Path) -> None:
    with Tree() as tree:
        assert list(tree.run([sys.executable, "-c", "print('一'); print('二')"], environment(PYTHONUTF8="1"))) == [
            "一",
            "二",
        ]
        with pytest.raises(subprocess.CalledProcessError):
            list(tree.run([sys.executable, "-c", "raise SystemExit(2)"], environment()))
