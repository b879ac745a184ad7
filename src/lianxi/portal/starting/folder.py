"""The data folder: what lies where, who holds it, and what the holder tells others."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from lianxi.portal.starting.words import Trouble, disk_full, from_os_error

ROOM_NEEDED = 300 * 1024 * 1024
"""Bytes that must be free before anything is written: a new database takes about 70 MB, its journal as much again."""


@dataclass
class Folder:
    """`data/`: postgres (the database), media (photos), static, secrets.env, run (logs, lock, who is running)."""

    path: Path
    _lock: IO[str] | None = field(default=None, repr=False)

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def media(self) -> Path:
        return self.path / "media"

    @property
    def run(self) -> Path:
        return self.path / "run"

    @property
    def secrets(self) -> Path:
        return self.path / "secrets.env"

    @property
    def loading(self) -> Path:
        """Stands while the demo street is being loaded; found at a start, it says that loading was cut short."""
        return self.path / "demo.loading"

    @property
    def people(self) -> Path:
        """Who can log in to the demo, as printed at each start; stands once the demo street is loaded."""
        return self.path / "people.txt"

    def make(self, *, room: int = ROOM_NEEDED) -> None:
        """Create what is missing. Trouble if the folder cannot be written or has less than `room` bytes."""
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            for inner in (self.run, self.media, self.path / "static"):
                inner.mkdir(exist_ok=True, mode=0o700)
            with tempfile.TemporaryFile(dir=self.run) as probe:  # a name of its own: two starts may probe at once
                probe.write(b"1")
            free = shutil.disk_usage(self.path).free
        except OSError as error:
            raise from_os_error(error, self.path) from error
        if free < room:
            raise disk_full(self.path)

    def hold(self, *, patience: float = 1.5) -> None:
        """Take the folder for this process, until it ends however it ends.

        Waits `patience` seconds for a holder that is just ending, longer for one that says it is stopping. Raises
        Trouble if another process keeps it.
        """
        handle = (self.run / "lock").open("a+")
        began = time.monotonic()
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                holder = self.holder()
                if time.monotonic() - began > (40 if holder.get("stopping") else patience):
                    handle.close()
                    raise in_use(self.path, holder) from None
                time.sleep(0.05)
        self._lock = handle
        self.announce()

    def held_elsewhere(self) -> bool:
        """Whether another process holds the folder now."""
        if self._lock is not None or not (self.run / "lock").exists():
            return False
        with (self.run / "lock").open("a+") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False

    def release(self) -> None:
        """Let the folder go."""
        (self.run / "state.json").unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def announce(self, **facts: Any) -> None:
        """Tell other processes what this one runs (address, database, stopping …)."""
        fresh = self.run / "state.new"
        fresh.write_text(json.dumps({"pid": os.getpid(), **facts}))
        fresh.chmod(0o600)
        fresh.replace(self.run / "state.json")

    def holder(self) -> dict[str, Any]:
        """What the holder told; empty if nothing."""
        try:
            found = json.loads((self.run / "state.json").read_text())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def clear(self) -> None:
        """Remove all that an installation put here, and nothing else. Only for the holder of the folder."""
        for name in ("postgres", "media", "static"):
            shutil.rmtree(self.path / name, ignore_errors=True)
        for leftover in self.path.glob("postgres.new-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        self.secrets.unlink(missing_ok=True)
        for file in (self.loading, self.people, self.run / "prepared", self.run / "postgres.port"):
            file.unlink(missing_ok=True)
        self.make()


def in_use(path: Path, holder: dict[str, Any]) -> Trouble:
    """The trouble of a second start on one data folder."""
    pid, address = holder.get("pid", "?"), holder.get("address", "")
    at_zh, at_en = (f"，地址是{address}", f" at {address}") if address else ("", "")
    return Trouble(
        f"数据文件夹{path}正在使用：进程{pid}已经在运行{at_zh}。请先停止它，或用DATA=…另选一个文件夹。",
        f"The data folder {path} is in use: process {pid} already runs{at_en}. "
        "Stop it first, or choose another folder with DATA=….",
    )
