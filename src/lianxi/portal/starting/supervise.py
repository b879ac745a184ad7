"""The process tree of a running installation: children are started, watched, restarted, and all end together.

Children get sessions of their own, so that Ctrl-C on the terminal reaches only this process, which stops them in order.
If this process is killed hard, the kernel ends them (Linux), or a small minder process does (elsewhere).
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from lianxi.portal.starting.processes import bound
from lianxi.portal.starting.words import Interrupted, Trouble, say

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TRIES = 5
"""So many times within a minute a child is started again before everything stops."""


@dataclass
class Child:
    """One process to keep alive. `names`: what it is in both languages; `log`: where it writes (None: our own output)."""

    names: tuple[str, str]
    argv: Sequence[str]
    env: Mapping[str, str]
    log: Path | None = None
    grace: float = 15
    process: subprocess.Popen[bytes] | None = None
    answered: bool = True
    starts: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start it, in a process group of its own."""
        self.starts.append(time.monotonic())
        with contextlib.ExitStack() as stack:
            out = stack.enter_context(_appending(self.log)) if self.log else None
            self.process = subprocess.Popen(
                self.argv, env=dict(self.env), stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True, preexec_fn=bound(signal.SIGKILL),
            )  # fmt: skip

    def ended(self) -> bool:
        """Whether it is not running."""
        return self.process is None or self.process.poll() is not None

    def stop(self) -> None:
        """Ask it to end, wait `grace` seconds, then end it and whatever it started; at once if it does nothing yet."""
        if self.process is None:
            return
        if self.answered and self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(self.grace)
        self.kill()

    def kill(self) -> None:
        """End it at once, with whatever it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def last_words(self, lines: int = 12) -> str:
        """The end of its log."""
        if self.log is None or not self.log.exists():
            return ""
        with self.log.open("rb") as file:
            file.seek(max(0, self.log.stat().st_size - 8000))
            return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])


class Tree:
    """All children of this process. Use as a context: whatever happens inside, no child stays."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self.stopping = threading.Event()
        self.on_stop: Callable[[], None] = lambda: None
        self.keep: list[tuple[Callable[[], bool], Callable[[], None], Callable[[], None]]] = []
        self._minder: subprocess.Popen[bytes] | None = None
        self._previous: dict[int, object] = {}

    def __enter__(self) -> Tree:
        for number in STOPPING:
            if number == signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN:
                continue  # started with nohup: it is meant to outlive its terminal
            self._previous[number] = signal.signal(number, self._asked)
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self.stop()
        for number, handler in self._previous.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def _asked(self, number: int, frame: FrameType | None) -> None:
        if self.stopping.is_set():
            for child in self.children:
                child.kill()
            return
        self.stopping.set()
        raise Interrupted

    def start(self, child: Child) -> None:
        """Start a child and keep it from now on."""
        self.children.append(child)
        child.start()
        self._mind()

    def run(self, argv: Sequence[str], env: Mapping[str, str]) -> Iterator[str]:
        """Run a command to its end and yield what it prints, line by line. Raises CalledProcessError if it fails."""
        process = subprocess.Popen(
            argv, env=dict(env), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True, preexec_fn=bound(signal.SIGKILL), text=True, encoding="utf-8", errors="replace",
        )  # fmt: skip
        try:
            assert process.stdout is not None
            for line in process.stdout:
                yield line.rstrip("\n")
            if process.wait():
                raise subprocess.CalledProcessError(process.returncode, list(argv))
        finally:
            if process.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def watch(self, dead: Callable[[], bool], revive: Callable[[], None], stop: Callable[[], None]) -> None:
        """Keep something that is not a Child (the database): how to see that it is dead, start it again, stop it."""
        self.keep.insert(0, (dead, revive, stop))

    def wait(self) -> None:
        """Stay until someone asks to stop; start again what dies. Raises Trouble if a child dies again and again."""
        with contextlib.suppress(Interrupted):
            while not self.stopping.wait(0.2):
                for dead, revive, _ in self.keep:
                    if dead():
                        revive()
                for child in self.children:
                    if child.ended():
                        self._again(child)

    def _again(self, child: Child) -> None:
        zh, en = child.names
        if len([start for start in child.starts if time.monotonic() - start < 60]) >= TRIES:
            raise Trouble(
                f"{zh}一分钟内{TRIES}次意外结束，已停止。{f'记录在{child.log}。' if child.log else ''}",
                f"The {en} ended {TRIES} times within a minute; everything was stopped."
                f"{f' Its log: {child.log}.' if child.log else ''}",
                detail=child.last_words(),
            )
        child.kill()
        say(f"! {zh}意外结束，正在重新启动", f"  The {en} ended unexpectedly and is started again")
        time.sleep(0.2)
        child.start()
        self._mind()

    def stop(self) -> None:
        """Stop everything, last started first."""
        self.on_stop()
        for child in reversed(self.children):
            child.stop()
        for _, _, stop in self.keep:
            stop()
        if self._minder is not None:
            self._minder.kill()
            self._minder.wait()

    def _mind(self) -> None:
        """Where the kernel does not end children with their parent, have a process that does."""
        if sys.platform == "linux":
            return
        if self._minder is not None:
            self._minder.kill()
            self._minder.wait()
        pids = [str(child.process.pid) for child in self.children if child.process]
        self._minder = subprocess.Popen(
            [sys.executable, "-m", "lianxi.portal.starting.minder", *pids],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )


@contextmanager
def _appending(log: Path) -> Iterator[IO[bytes]]:
    """The log, opened for more; a log past ten megabytes is put aside first."""
    if log.exists() and log.stat().st_size > 10_000_000:
        log.replace(log.with_name(log.name + ".1"))
    with log.open("ab") as file:
        yield file
