"""Web, worker and database are killed hard while people vote: no acknowledged ballot is lost, none is in the box twice."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from lianxi.engines.ballots.archive import read_event
from lianxi.portal.starting.processes import alive
from tests.resilience.conftest import PATIENCE, ROOT, House, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def votes(house: House, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Open votes, with ballots made beforehand."""
    file = tmp_path_factory.mktemp("votes") / "votes.json"
    env = house.env | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    names = ("web", "database", "worker")
    subprocess.run(
        [sys.executable, "-m", "tests.commons_ballotbox.prepared", str(file), *(f"{name}:motions:150" for name in names), "hints:motions:200:1:counted"],
        env=env, check=True, timeout=300,
    )  # fmt: skip
    return {one["name"]: one for one in json.loads(file.read_text(encoding="utf-8"))}


@dataclass
class Voters:
    """They send their ballots, each until it is acknowledged, as the booth does. `got`: hash → how often 201 came."""

    house: House
    uuid: str
    texts: list[str]
    count: int = 4
    got: dict[str, int] = field(default_factory=dict)
    broken: int = 0
    refused: list[bytes] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Voters:
        parts = [self.texts[n :: self.count] for n in range(self.count)]
        self.threads = [threading.Thread(target=self._vote, args=(part,)) for part in parts]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for thread in self.threads:
            thread.join(3 * PATIENCE)

    def _vote(self, texts: list[str]) -> None:
        for text in texts:
            while True:
                status, answer = posted(self.house.port, self.uuid, text)
                with self.lock:
                    if status == 201:
                        digest = json.loads(answer)["hash"]
                        self.got[digest] = self.got.get(digest, 0) + 1
                        break
                    self.broken += 1
                    if 400 <= status < 500:
                        self.refused.append(answer)
                        break
                time.sleep(0.05)

    def more(self, count: int) -> None:
        wanted = min(len(self.got) + count, len(self.texts))
        until(lambda: len(self.got) >= wanted, lambda: f"{len(self.got)} of {wanted}; {self.refused[:1]!r}")


def posted(port: int, uuid: str, text: str) -> tuple[int, bytes]:
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", f"/vote/{uuid}/ballots", text.encode(), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


@pytest.fixture(autouse=True)
def web(house: House) -> Iterator[None]:
    house.serve()
    yield
    house.kill_web()


def whole(house: House, vote: dict[str, Any], voters: Voters) -> None:
    """Every acknowledged ballot stands in the box exactly once, letter by letter, in one chain; and nothing else does."""
    assert voters.refused == []
    rows = house.ask(
        f"SELECT height, kind, payload, hash, text FROM ballotbox_entry WHERE poll_id = {vote['pk']} ORDER BY height"
    )
    parent = None
    for place, (height, kind, payload, digest, text) in enumerate(rows):
        event = read_event(str(text).encode(), "")
        assert (event.height, event.parent, event.type.value, event.payload or "") == (height, parent, kind, payload)
        assert height == place
        parent = digest
    assert house.ask(f"SELECT head, height, ballots FROM ballotbox_poll WHERE id = {vote['pk']}") == [
        (parent, len(rows) - 1, len(voters.texts))
    ]
    inside = [payload for _height, kind, payload, _hash, _text in rows if kind == "Ballot"]
    assert sorted(inside) == sorted(hashlib.sha256(text.encode()).hexdigest() for text in voters.texts)
    assert set(voters.got) == set(inside)
    assert house.ask(
        f"SELECT count(*) FROM ballotbox_blob b WHERE poll_id = {vote['pk']} AND hash = encode(sha256(text), 'hex')"
        f" AND hash IN (SELECT payload FROM ballotbox_entry WHERE poll_id = {vote['pk']} AND kind = 'Ballot')"
    ) == [(len(inside),)]


def test_web_killed_while_people_vote(house: House, votes: dict[str, Any]) -> None:
    vote = votes["web"]
    with Voters(house, vote["uuid"], vote["ballots"]) as voters:
        for moment in (0.0, 0.02, 0.07):
            voters.more(25)
            time.sleep(moment)
            house.kill_web()
            broken = voters.broken
            until(lambda broken=broken: voters.broken > broken)
            house.serve()
    assert voters.broken
    whole(house, vote, voters)


def test_database_killed_while_people_vote(house: House, votes: dict[str, Any]) -> None:
    vote = votes["database"]
    with Voters(house, vote["uuid"], vote["ballots"]) as voters:
        for _ in range(2):
            voters.more(30)
            house.kill_database()
            broken = voters.broken
            until(lambda broken=broken: voters.broken > broken)
            house.server.start()
    assert voters.broken
    whole(house, vote, voters)


def test_no_log_tells_of_a_ballot(house: House, votes: dict[str, Any]) -> None:
    """Neither the web server's nor the database's; good ballots, bad ones, repeated ones, and cards that are asked for."""
    vote = votes["worker"]
    posted(house.port, vote["uuid"], "{}")
    posted(house.port, vote["uuid"], vote["ballots"][0])
    posted(house.port, vote["uuid"], vote["ballots"][0])
    posted(house.port, "1" * 14, vote["ballots"][0])
    house.kill_web()
    logs = [house.log, house.server.log]
    for log in logs:
        text = log.read_text(errors="replace")
        assert vote["uuid"] not in text
        assert "/vote/" not in text
        assert "ballotbox" not in text
        assert hashlib.sha256(vote["ballots"][0].encode()).hexdigest() not in text


ACT = """
import sys, django, datetime as dt
django.setup()
from lianxi.commons.ballotbox import services
from lianxi.commons.ballotbox.models import Poll
from lianxi.commons.accounts.models import Person
from lianxi.commons.permissions import asking
from lianxi.commons.permissions.actor import actor_of
poll = Poll._base_manager.get(pk=int(sys.argv[1]))
at = dt.datetime.now(dt.UTC)
actor = actor_of(Person.objects.filter(name="林岚").order_by("pk").first().pk, on=at.date())
with asking(actor):
    getattr(services, sys.argv[2])(poll, actor=actor, at=at)
"""


RESCUE = """
import django
django.setup()
from django.utils import timezone
from lianxi.commons.jobs.services import rescue
assert rescue(at=timezone.now()) == 1
"""
"""What happens at the next full minute."""


def act(house: House, vote: dict[str, Any], name: str) -> None:
    subprocess.run([sys.executable, "-c", ACT, str(vote["pk"]), name], env=house.env, check=True, timeout=120)


def worker(env: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "django", "procrastinate", "worker", "--concurrency", "2"], env=env, stdout=out,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip


def found_dead(house: House) -> None:
    """A dead worker is found out by its silence; here it fell silent long ago."""
    house.ask("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 hour'")


def test_worker_killed_while_it_adds_up(house: House, votes: dict[str, Any], tmp_path: Path) -> None:
    """The job is put back and done again: one sum stands in the box."""
    vote = votes["worker"]
    with Voters(house, vote["uuid"], vote["ballots"]) as voters:
        pass
    whole(house, vote, voters)
    act(house, vote, "close_poll")
    slow = house.env | {
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "DJANGO_SETTINGS_MODULE": "tests.resilience.slow_sums",
    }
    jobs = "SELECT status FROM procrastinate_jobs WHERE task_name = 'ballotbox.add_up' ORDER BY id DESC LIMIT 1"
    log = tmp_path / "worker.log"
    first = worker(slow, log)
    try:
        until(lambda: house.ask(jobs) == [("doing",)])
        until(lambda: house.ask(f"SELECT done FROM ballotbox_progress WHERE poll_id = {vote['pk']} AND done > 0") != [])
    finally:
        os.killpg(first.pid, signal.SIGKILL)
        first.wait(20)
    tally = f"SELECT count(*) FROM ballotbox_entry WHERE poll_id = {vote['pk']} AND kind = 'EncryptedTally'"
    assert house.ask(tally) == [(0,)]
    found_dead(house)
    second = worker(house.env, log)
    try:
        until(lambda: house.ask(tally) == [(1,)], lambda: log.read_text(errors="replace")[-2000:])
        until(lambda: house.ask(jobs) == [("succeeded",)])
    finally:
        os.killpg(second.pid, signal.SIGKILL)
        second.wait(20)
    assert house.ask(f"SELECT done = whole, ended FROM ballotbox_progress WHERE poll_id = {vote['pk']}") == [
        (True, True)
    ]
    assert house.ask(f"SELECT state FROM ballotbox_poll WHERE id = {vote['pk']}") == [("poll_closed",)]


def test_worker_killed_while_it_makes_hints(house: House, votes: dict[str, Any], tmp_path: Path) -> None:
    """Only the worker is killed, as for want of memory: its processes end by themselves, and the next one goes on after the last part."""
    vote, log = votes["hints"], tmp_path / "worker.log"
    act(house, vote, "publish")
    parts = f"SELECT number, md5(content) FROM ballotbox_hintpart WHERE poll_id = {vote['pk']} ORDER BY number"
    first = worker(house.env, log)
    try:
        until(lambda: house.ask(parts) != [], lambda: log.read_text(errors="replace")[-2000:])
        helpers = [one.pid for one in psutil.Process(first.pid).children(recursive=True)]
        os.kill(first.pid, signal.SIGKILL)
        first.wait(20)
        until(lambda: not [pid for pid in helpers if alive(pid)])
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(first.pid, signal.SIGKILL)
    assert len(helpers) > 1 or os.cpu_count() == 1
    done = house.ask(parts)
    assert len(done) < 8
    found_dead(house)
    subprocess.run([sys.executable, "-c", RESCUE], env=house.env, check=True, timeout=120)
    second = worker(house.env, log)
    published = f"SELECT hints_hash FROM ballotbox_poll WHERE id = {vote['pk']} AND hints_hash <> ''"
    try:
        until(lambda: house.ask(published) != [], lambda: log.read_text(errors="replace")[-2000:])
    finally:
        os.killpg(second.pid, signal.SIGKILL)
        second.wait(20)
    assert house.ask(parts)[: len(done)] == done
    texts = house.ask(f"SELECT content FROM ballotbox_hintpart WHERE poll_id = {vote['pk']} ORDER BY number")
    assert len(texts) == 8
    content = b"".join(bytes(one) for (one,) in texts)  # type: ignore[call-overload]
    assert house.ask(published) == [(hashlib.sha256(content).hexdigest(),)]
