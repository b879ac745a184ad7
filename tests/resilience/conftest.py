"""An own database with a small street, a web process over it, and residents who raise voices without rest."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from lianxi.portal.starting.folder import Folder
from lianxi.portal.starting.postgres import Server, free_port
from lianxi.portal.starting.processes import working_in

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60
"""Seconds to wait for anything: many times what an idle machine needs."""


def until(check: Callable[[], object], said: Callable[[], str] = lambda: "waited in vain") -> None:
    """Wait until the check comes true."""
    end = time.monotonic() + PATIENCE
    while not check():
        assert time.monotonic() < end, said()
        time.sleep(0.02)


@dataclass
class House:
    """The database and the web process, each of which can be killed and started again."""

    server: Server
    log: Path
    port: int = 0
    web: subprocess.Popen[bytes] | None = None

    @property
    def env(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LIANXI_", "PYTEST_"))}
        return kept | {
            "DATABASE_URL": self.server.address.url,
            "DJANGO_SETTINGS_MODULE": "lianxi.portal.settings",
            "LIANXI_DATA": str(self.log.parent),
            "LIANXI_RAISED_A_MINUTE": "1000000",
            "LIANXI_TEST_KEYS": "1",
            "PYTHONPATH": str(ROOT / "src"),
        }

    def prepare(self) -> None:
        """Tables, the cache, and one street."""
        self.server.start()
        done = subprocess.run(
            [sys.executable, "-m", "lianxi.portal.starting.prepare", "migrate"], env=self.env, capture_output=True,
            text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        self.ask(
            "INSERT INTO units_unit (name, short_name, name_en, kind, code, since)"
            " VALUES ('砚湖街道党工委', '', '', 'street', '', '2000-01-01')"
        )

    def serve(self) -> None:
        """Start the web process and wait until it answers."""
        self.port = self.port or free_port()
        with self.log.open("ab") as log:
            self.web = subprocess.Popen(
                [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
                 "--workers", "1", "--blocking-threads", "4", "--no-ws", "lianxi.portal.wsgi:application"],
                env=self.env, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        until(self.answers, lambda: self.log.read_text(errors="replace")[-3000:])

    def answers(self) -> bool:
        return call(self.port, "GET", "/api/v1/units")[0] == 200

    def kill_web(self) -> None:
        """The web process and all that belongs to it, hard and at once."""
        if self.web and self.web.poll() is None:
            os.killpg(self.web.pid, signal.SIGKILL)
            self.web.wait(20)

    def kill_database(self) -> None:
        """Every process of the database, hard and at once."""
        for pid in working_in(self.server.folder):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert self.server.process is not None
        self.server.process.wait(20)

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.server.address.url, autocommit=True) as connection:
            found = connection.execute(sql)  # type: ignore[call-overload]
            return found.fetchall() if found.description else []


def call(port: int, method: str, path: str, body: object = None) -> tuple[int, bytes]:
    """One request; status 0 where the connection ends without an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        headers = {"Content-Type": "application/json"}
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


@dataclass
class Residents:
    """Some who raise voices, each with a text of its own, and never send one twice.

    `acknowledged`: text → key and reference of each 201; `broken`: texts to which there was another answer, or none.
    """

    house: House
    name: str
    count: int = 4
    acknowledged: dict[str, tuple[int, str]] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Residents:
        self.threads = [threading.Thread(target=self._speak, args=(n,)) for n in range(self.count)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.done.set()
        for thread in self.threads:
            thread.join(PATIENCE)

    def _speak(self, who: int) -> None:
        said = 0
        while not self.done.is_set():
            said += 1
            text = f"{self.name}的第{who}位居民说的第{said}件事"
            status, answer = call(self.house.port, "POST", "/api/v1/residents/voices", {"text": text})
            if status == 201:
                voice = json.loads(answer)
                self.acknowledged[text] = voice["id"], voice["reference"]
            else:
                self.broken.append(text)
                time.sleep(0.05)

    def more(self, count: int) -> None:
        """Wait for so many more acknowledged voices."""
        wanted = len(self.acknowledged) + count
        until(lambda: len(self.acknowledged) >= wanted, lambda: f"{len(self.acknowledged)} of {wanted}")


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Made once for the session; the web process is started by the tests."""
    folder = Folder(tmp_path_factory.mktemp("resilience") / "data")
    folder.make()
    made = House(Server(folder.postgres, folder.run / "postgres.log", "a password"), folder.run / "web.log")
    try:
        made.prepare()
        yield made
    finally:
        made.kill_web()
        made.server.stop()
