"""The embedded PostgreSQL: the wheel's programs, started, recovered and stopped by a launcher of our own.

The wheel's Python interface is not used: as root it opens private folders to everybody, it returns a dead server after
a hard kill, and it keeps the server running when its user is killed.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lianxi.portal.starting import binaries
from lianxi.portal.starting.processes import alive, bound, command_of, end, working_in
from lianxi.portal.starting.words import Trouble, disk_full, from_os_error

NAME = "lianxi"
_DURABLE = {"shared_buffers": "128MB"}
_FLEETING = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "128MB"}


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server listens, and how to get in."""

    port: int
    password: str
    database: str = NAME

    @property
    def url(self) -> str:
        """For `DATABASE_URL`."""
        return f"postgres://{NAME}:{quote(self.password, safe='')}@127.0.0.1:{self.port}/{self.database}"


@dataclass
class Server:
    """One server over one folder. The caller holds the data folder, so no other start works on it.

    `folder`: the database files. `log`: where the server writes. `durable=False` gives up safety at power loss for
    speed (tests). `settings`: more server settings.
    """

    folder: Path
    log: Path
    password: str
    durable: bool = True
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> Address:
        return Address(self.port, self.password)

    def exists(self) -> bool:
        """Whether a database has been made here."""
        return (self.folder / "PG_VERSION").exists()

    def create(self) -> None:
        """Make a new, empty database: beside its place first, so that it stands whole there or not at all."""
        for leftover in self.folder.parent.glob(f"{self.folder.name}.new-*"):
            end(partial(working_in, leftover), [(signal.SIGKILL, 5)])
            shutil.rmtree(leftover, ignore_errors=True)
        fresh = self.folder.with_name(f"{self.folder.name}.new-{secrets.token_hex(4)}")
        try:
            fresh.mkdir(mode=0o700)
            if binaries.needs_other_user():
                os.chown(fresh, *binaries.other_user())
        except OSError as error:
            raise from_os_error(error, self.folder.parent) from error
        try:
            _run(
                fresh, "initdb", "-U", NAME, "--encoding=UTF8", "--no-locale", "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8", "--auth=trust", "--set=password_encryption=scram-sha-256",
            )  # fmt: skip
            quoted = self.password.replace("'", "''")
            words = f"ALTER ROLE {NAME} PASSWORD '{quoted}';\nCREATE DATABASE {NAME};\n"
            _run(fresh, "postgres", "--single", "postgres", sql=words)
            (fresh / "pg_hba.conf").write_text("host all all 127.0.0.1/32 scram-sha-256\n")
            if self.folder.exists():
                self.folder.rmdir()
            fresh.rename(self.folder)
        except OSError as error:
            raise from_os_error(error, self.folder) from error
        finally:
            shutil.rmtree(fresh, ignore_errors=True)

    def start(self, *, patience: float = 600, waiting: Callable[[float], None] = lambda seconds: None) -> Address:
        """Start the server and wait until it answers; recover first if it was killed.

        Keeps `port` if it is set and free, else takes another. `waiting(seconds)` is called while it recovers. Raises
        Trouble if it cannot start.
        """
        if not self.exists():
            self.create()
        self._check_version()
        self._end_leftovers()
        failure: str | None = ""
        for _ in range(8):
            self.port = self.port if self.port and is_free(self.port) else free_port()
            if (failure := self._launch(patience, waiting)) is None:
                self._check_password()
                return self.address
            if "could not bind" in failure:
                self.port = 0
            elif "still in use" in failure or "lock file" in failure:
                time.sleep(0.5)
                self._end_leftovers()
            else:
                break
        raise _explained(failure or "", self.folder)

    def stop(self) -> None:
        """Stop the server: sessions are ended, everything is written, no process stays."""
        if self.process is None:
            return
        process = self.process

        def ours() -> list[int]:
            return [] if process.poll() is not None else [process.pid]

        end(ours, [(signal.SIGINT, 60), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)])
        process.wait()
        self.process = None

    def _launch(self, patience: float, waiting: Callable[[float], None]) -> str | None:
        """Start the process; None when it answers, else what it wrote before it ended."""
        if self.log.exists() and self.log.stat().st_size > 10_000_000:
            self.log.replace(self.log.with_name(self.log.name + ".1"))
        chosen = {
            "listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": "",
            "max_connections": "100", "timezone": "UTC", "log_timezone": "UTC", "jit": "off",
            "logging_collector": "off", "log_statement": "none", "log_min_error_statement": "panic",
            **(_DURABLE if self.durable else _FLEETING), **self.settings,
        }  # fmt: skip
        arguments = [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            begin = log.tell()
            self.process = subprocess.Popen(
                _command(self.folder, "postgres", *arguments), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=bound(signal.SIGINT), **_as_other_user(self.folder),
            )  # fmt: skip
        began = time.monotonic()
        while (spent := time.monotonic() - began) < patience:
            if self.process.poll() is not None:
                break
            with contextlib.suppress(OSError):
                lines = (self.folder / "postmaster.pid").read_text().splitlines()
                if len(lines) > 7 and lines[0] == str(self.process.pid) and lines[7].strip() == "ready":
                    return None
            waiting(spent)
            time.sleep(0.02)
        self.stop()
        with self.log.open("rb") as log:
            log.seek(begin)
            return log.read().decode(errors="replace") or "no answer"

    def _check_version(self) -> None:
        try:
            version = (self.folder / "PG_VERSION").read_text().strip()
        except OSError as error:
            raise from_os_error(error, self.folder) from error
        if version != binaries.MAJOR:
            raise Trouble(
                f"{self.folder}是PostgreSQL {version}的数据，本程序自带{binaries.MAJOR}。请用旧程序备份，再用新程序恢复。",
                f"{self.folder} was written by PostgreSQL {version}, this program carries {binaries.MAJOR}. "
                "Make a backup with the old program and restore it with this one.",
            )

    def _end_leftovers(self) -> None:
        """End a server that a killed start left over these files, then remove a pid file that names nobody of ours."""
        pidfile = self.folder / "postmaster.pid"

        def named() -> list[int]:
            pids = working_in(self.folder)
            with contextlib.suppress(OSError, ValueError, IndexError):
                pid = int(pidfile.read_text().splitlines()[0])
                if pid not in pids and alive(pid) and _serves(pid, self.folder):
                    pids.append(pid)
            return pids

        if named():
            main = [pid for pid in named() if "-D" in command_of(pid)]
            end(lambda: [pid for pid in named() if pid in main], [(signal.SIGINT, 30), (signal.SIGQUIT, 5)])
            if not end(named, [(signal.SIGQUIT, 5), (signal.SIGKILL, 5)]):
                raise Trouble(
                    f"上次留下的数据库进程{named()}无法结束，请手动结束后再启动。",
                    f"The database processes {named()} of an earlier start cannot be ended. End them, then start again.",
                )
        pidfile.unlink(missing_ok=True)

    def _check_password(self) -> None:
        import psycopg

        try:
            psycopg.connect(self.address.url, connect_timeout=10).close()
        except psycopg.OperationalError as error:
            self.stop()
            if "password" in str(error):
                raise Trouble(
                    f"{self.folder}不接受secrets.env中的数据库密码：这个文件不属于这份数据。",
                    f"{self.folder} refuses the password in secrets.env: that file does not belong to these data.",
                ) from error
            raise Trouble(
                f"数据库已启动，但连接不上：{error}", f"The database started but cannot be reached: {error}"
            ) from error


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether one can listen on this port."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _serves(pid: int, folder: Path) -> bool:
    """Whether the process is a PostgreSQL server over this folder (where working directories cannot be seen)."""
    command = command_of(pid)
    return sys.platform != "linux" and "postgres" in command and str(folder) in command


def _as_other_user(folder: Path) -> dict[str, Any]:
    """How to start a program of PostgreSQL that refuses to run as root."""
    if not binaries.needs_other_user():
        return {"cwd": folder}
    user, group = binaries.other_user()
    return {"cwd": folder, "user": user, "group": group, "extra_groups": []}


def _command(folder: Path, program: str, *arguments: str) -> list[str]:
    """The command over the files in `folder`, which is also its working directory.

    The other user may not be let through the folders above (a clone in /root): the working directory, entered while
    still root, is a way in that needs no permission above it.
    """
    place = "/proc/self/cwd" if binaries.needs_other_user() and sys.platform == "linux" else str(folder)
    head = ["--single"] if "--single" in arguments else []
    rest = [argument for argument in arguments if argument != "--single"]
    return [str(binaries.program(program)), *head, "-D", place, *rest]


def _run(folder: Path, program: str, *arguments: str, sql: str = "") -> None:
    """Run a program to its end; Trouble with its last words if it fails."""
    done = subprocess.run(
        _command(folder, program, *arguments), input=sql.encode(), capture_output=True, start_new_session=True,
        preexec_fn=bound(signal.SIGKILL), check=False, env={**os.environ, "LC_ALL": "C"}, **_as_other_user(folder),
    )  # fmt: skip
    said = (done.stdout + done.stderr).decode(errors="replace")
    if done.returncode or "ERROR:" in said or "FATAL:" in said:
        raise _explained(said, folder)


def _explained(said: str, folder: Path) -> Trouble:
    if any(word in said for word in ("No space left", "Check free disk space", "Disk quota", "Bus error")):
        return disk_full(folder)
    last = "\n".join(said.strip().splitlines()[-6:])
    if "Permission denied" in said:
        return Trouble(
            f"数据库不能读写{folder}：没有权限。文件可能属于另一个用户。",
            f"The database may not read or write {folder}: permission denied. Its files may belong to another user.",
            detail=last,
        )
    return Trouble("自带的数据库启动失败。", "The embedded database could not be started.", detail=last)
