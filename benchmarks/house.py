"""The house for a measurement: a database of its own, brought up to date, and the web server as `lianxi serve` starts it."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lianxi.portal.starting.bodies import sizes
from lianxi.portal.starting.folder import Folder
from lianxi.portal.starting.postgres import Server, free_port

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def house() -> Iterator[tuple[dict[str, str], Path]]:
    """The environment for programs of the house, and a folder that goes with it."""
    with tempfile.TemporaryDirectory() as where:
        folder = Folder(Path(where) / "data")
        folder.make()
        server = Server(folder.postgres, folder.run / "postgres.log", "a password")
        server.start()
        try:
            env = environment(server, Path(where) / "data")
            migrate = [sys.executable, "-m", "lianxi.portal.starting.prepare", "migrate"]
            subprocess.run(migrate, env=env, check=True, stdout=subprocess.DEVNULL)
            yield env, Path(where)
        finally:
            server.stop()


def environment(server: Server, data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIANXI_")}
    return kept | {
        "DATABASE_URL": server.address.url, "DJANGO_SETTINGS_MODULE": "lianxi.portal.settings", "LIANXI_DATA": str(data),
        "LIANXI_TEST_KEYS": "1", "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }  # fmt: skip


@contextmanager
def served(env: dict[str, str], workers: int, cores: set[int] | None = None) -> Iterator[tuple[int, list[int]]]:
    """The web server as `lianxi serve` runs it; gives its port and the keys of its processes."""
    port = free_port()
    web = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
         "--workers", str(workers), "--blocking-threads", str(sum(sizes(env))), "--no-ws", "lianxi.portal.starting.web:application"],
        env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        preexec_fn=(lambda: os.sched_setaffinity(0, cores)) if cores else None,
    )  # fmt: skip
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                if call(port, "GET", "/api/v1/units")[0] == 200:
                    break
            except OSError:
                time.sleep(0.1)
        yield port, [web.pid, *children(web.pid)]
    finally:
        os.killpg(web.pid, signal.SIGKILL)
        web.wait(20)


def children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]


def call(port: int, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
