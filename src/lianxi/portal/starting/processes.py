"""Child processes that end with their parent, and what the machine tells about processes."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def end_with_parent(number: int, parent: int | None = None) -> None:
    """Ask the kernel to send `number` to this process when its parent dies (Linux; elsewhere nothing).

    `parent`: the pid that must still be the parent; if it died before we asked, the signal is raised at once.
    """
    if _LIBC is None:
        return
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    if parent is not None and os.getppid() != parent:
        os.kill(os.getpid(), number)


def bound(number: int) -> Callable[[], None] | None:
    """A `preexec_fn` that binds the child to this process by signal `number`."""
    if _LIBC is None:
        return None
    parent = os.getpid()

    def bind() -> None:
        end_with_parent(number, parent)

    return bind


def working_in(folder: Path) -> list[int]:
    """Pids of the PostgreSQL processes whose working directory is `folder` (Linux; elsewhere none are seen)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (entry / "cwd").readlink() == folder and (entry / "comm").read_text().startswith("postgres"):
                found.append(int(entry.name))
    return found


def alive(pid: int) -> bool:
    """Whether there is a process of this number (a zombie counts as none)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return True


def command_of(pid: int) -> str:
    """The command line of a process; empty if it cannot be read."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        return subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=True).stdout
    return ""


def end(pids: Callable[[], Iterable[int]], signals: Iterable[tuple[signal.Signals, float]]) -> bool:
    """Send one signal after the other, each with its patience in seconds, until no process is left."""
    for number, patience in signals:
        for pid in pids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if not list(pids()):
                return True
            time.sleep(0.02)
    return not list(pids())
