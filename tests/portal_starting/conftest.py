"""A data folder for a test, and the processes that belong to it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lianxi.portal.starting.folder import Folder
from lianxi.portal.starting.postgres import Server, free_port

ROOT = Path(__file__).resolve().parents[2]
LIANXI = [sys.executable, "-m", "lianxi.portal.command"]


def processes_of(path: Path) -> dict[int, str]:
    """Every process that works in or for a folder: pid → command line."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        if int(entry.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            inside = str((entry / "cwd").readlink()).startswith(str(path))
            if inside or os.fsencode(path) in (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes():
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                if (entry / "stat").read_text().rpartition(")")[2].split()[0] != "Z":
                    found[int(entry.name)] = command
    return found


def until(check: Callable[[], object], seconds: float = 60) -> bool:
    """Whether the check comes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return True
        time.sleep(0.05)
    return bool(check())


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    """An empty data folder; whatever still works for it after the test is ended."""
    made = Folder(tmp_path / "data")
    made.make()
    yield made
    for pid in processes_of(made.path):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    until(lambda: not processes_of(made.path), 10)


@pytest.fixture
def server(folder: Folder) -> Iterator[Server]:
    """An embedded server over the folder, not started."""
    one = Server(folder.postgres, folder.run / "postgres.log", "it's a “secret”/@:")
    yield one
    one.stop()


def environment(**more: str) -> dict[str, str]:
    """The environment of a person who has just opened a terminal."""
    ours = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PYTEST_CURRENT_TEST")
    kept = {name: value for name, value in os.environ.items() if name not in ours and not name.startswith("LIANXI_")}
    return kept | {"PYTHONPATH": str(ROOT / "src")} | more


class Start:
    """One running `lianxi demo` and what it prints."""

    def __init__(self, folder: Folder, *arguments: str, port: int = 0, **more: str) -> None:
        self.folder, self.port = folder, port or free_port()
        self.log = folder.path.parent / f"output-{time.monotonic_ns()}"
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [
                    *LIANXI,
                    "demo",
                    "--data",
                    str(folder.path),
                    "--port",
                    str(self.port),
                    "--processes",
                    "1",
                    "--small",
                    *arguments,
                ],
                env=environment(**more),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @staticmethod
    def free() -> int:
        """A free port."""
        return free_port()

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def up(self, seconds: float = 500) -> Start:
        """Wait until it prints its address."""
        until(lambda: "Ctrl-C" in self.said or self.process.poll() is not None, seconds)
        assert "Ctrl-C" in self.said, self.said
        return self

    def down(self, number: signal.Signals = signal.SIGINT) -> int:
        """Ask it to stop, and wait."""
        self.process.send_signal(number)
        return self.process.wait(120)
