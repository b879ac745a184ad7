"""`lianxi demo` as a person starts it: it comes up, stops clean, and comes up again whatever was killed, whenever."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import signal
import stat
import subprocess
import time

import psycopg
import pytest

from lianxi.portal.starting import secrets
from lianxi.portal.starting.folder import Folder
from tests.portal_starting.conftest import ROOT, Start, environment, processes_of, until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """An installation that has been started once and stopped."""
    made = Folder(tmp_path_factory.mktemp("prepared") / "data")
    made.make()
    first = Start(made).up()
    assert answers(first.port)
    assert f"http://127.0.0.1:{first.port}/" in first.said
    assert "[5/5]" in first.said
    assert "lianxi-demo" in first.said  # the people and their password
    assert first.down() == 0
    assert "Stopped; no process is left" in first.said
    assert processes_of(made.path) == {}
    return made


@pytest.fixture
def begun(prepared: Folder, folder: Folder) -> Folder:
    """A copy of it."""
    shutil.rmtree(folder.path)
    subprocess.run(["cp", "-a", prepared.path, folder.path], check=True)
    return folder


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def reached(folder: Folder) -> bool:
    try:
        psycopg.connect(str(folder.holder()["database"])).close()
    except psycopg.OperationalError:
        return False
    return True


def ask(folder: Folder, sql: str) -> list[tuple[object, ...]]:
    """Ask the database that runs in the folder; one that is just recovering is waited for."""
    assert until(lambda: reached(folder), 30)
    with psycopg.connect(str(folder.holder()["database"]), autocommit=True) as connection:
        found = connection.execute(sql)
        return found.fetchall() if found.description else []


def test_later_start_is_quick_and_keeps_everything(begun: Folder) -> None:
    assert stat.S_IMODE(begun.secrets.stat().st_mode) == 0o600
    keys = secrets.read(begun.secrets)
    second = Start(begun).up()
    people = ask(begun, "SELECT count(*) FROM accounts_account")
    assert people > [(0,)]
    ask(begun, "CREATE TABLE probe AS SELECT 7 AS n")
    assert second.down() == 0
    third = Start(begun).up()
    assert "%" not in third.said  # nothing was built, migrated or loaded again
    assert ask(begun, "SELECT n FROM probe") == [(7,)]
    assert ask(begun, "SELECT count(*) FROM accounts_account") == people
    assert secrets.read(begun.secrets) == keys
    assert third.down(signal.SIGTERM) == 0
    assert processes_of(begun.path) == {}


def test_two_starts_at_once(begun: Folder) -> None:
    starts = [Start(begun), Start(begun)]
    assert until(lambda: any(one.process.poll() is not None for one in starts), 60)
    loser, winner = sorted(starts, key=lambda one: one.process.poll() is None)
    assert loser.process.returncode == 1
    assert f"process {winner.process.pid} already runs" in loser.said
    assert "Traceback" not in loser.said
    winner.up()
    assert winner.down() == 0


def test_killed_hard_in_every_part(begun: Folder) -> None:
    """One part after the other is killed; whatever was acknowledged before stays, and the site answers again."""
    start = Start(begun).up()
    ask(begun, "CREATE TABLE probe (n int)")

    def part(*words: str) -> list[int]:
        return [pid for pid, command in processes_of(begun.path).items() if all(word in command for word in words)]

    victims = {
        "a web process": lambda: part("multiprocessing") or part("granian")[-1:],
        "the web server": lambda: part("granian", "--interface"),
        "the worker": lambda: part("procrastinate worker"),
        "a database session": lambda: part("postgres: lianxi lianxi"),
        "the database": lambda: part("postgres", "-D"),
    }
    for number, (name, find) in enumerate(victims.items(), 1):
        ask(begun, f"INSERT INTO probe VALUES ({number})")
        assert until(find, 30), f"{name} is not to be seen: {processes_of(begun.path)}"
        pids = find()
        os.kill(pids[0], signal.SIGKILL)
        assert until(lambda was=pids[0]: was not in processes_of(begun.path))
        assert until(lambda find=find: answers(start.port) and find(), 180), f"{name} did not come back\n{start.said}"
        assert ask(begun, "SELECT count(*) FROM probe") == [(number,)], name
    assert start.process.poll() is None
    start.process.kill()
    start.process.wait()
    assert until(lambda: not processes_of(begun.path), 20), processes_of(begun.path)

    again = Start(begun, port=start.port).up()
    assert ask(begun, "SELECT count(*) FROM probe") == [(len(victims),)]
    for pid in processes_of(begun.path):
        with contextlib.suppress(ProcessLookupError):  # it may have ended with the one before
            os.kill(pid, signal.SIGKILL)
    again.process.wait()
    last = Start(begun, port=start.port).up()
    assert ask(begun, "SELECT count(*) FROM probe") == [(len(victims),)]
    assert last.down() == 0
    assert processes_of(begun.path) == {}


def test_killed_at_any_moment_of_the_first_start(folder: Folder) -> None:
    for moment in (0.3, 0.9, 1.6, 2.5, 4.0, 6.0):
        start = Start(folder)
        time.sleep(moment)
        start.process.kill()
        start.process.wait()
    start = Start(folder).up()
    assert answers(start.port)
    assert start.down() == 0
    assert processes_of(folder.path) == {}


def test_load_cut_short_begins_again_and_so_does_fresh(begun: Folder) -> None:
    """Half a demo street is no demo street: the mark of an unfinished load empties the database. So does FRESH=1."""
    start = Start(begun).up()
    ask(begun, "CREATE TABLE half (n int)")
    voices = ask(begun, "SELECT count(*) FROM voices_voice")
    assert start.down() == 0
    begun.loading.write_text("")
    start = Start(begun).up()
    assert ask(begun, "SELECT to_regclass('half')") == [(None,)]
    assert ask(begun, "SELECT count(*) FROM voices_voice") == voices
    assert not begun.loading.exists()
    ask(begun, "CREATE TABLE probe (n int)")
    assert start.down() == 0
    keys = secrets.read(begun.secrets)
    start = Start(begun, "--fresh").up()
    assert ask(begun, "SELECT to_regclass('probe')") == [(None,)]
    assert ask(begun, "SELECT count(*) FROM voices_voice") == voices
    assert secrets.read(begun.secrets) != keys
    assert start.down() == 0


def test_ends_with_make(begun: Folder) -> None:
    """`make demo` that is killed takes its site along; the next start finds the folder free."""
    if not (ROOT / ".venv" / "bin" / "python").exists():
        pytest.skip("no environment beside the sources")
    script = f"{ROOT}/.venv/bin/python -m lianxi.portal.command demo --data {begun.path} --port {Start.free()}; true"
    with subprocess.Popen(
        ["sh", "-c", script], env=environment(LIANXI_WITH_PARENT="1"), stdout=subprocess.PIPE, text=True
    ) as shell:
        assert shell.stdout is not None
        for line in shell.stdout:
            if "Ctrl-C" in line:
                break
        shell.kill()
        shell.wait()
        assert until(lambda: not processes_of(begun.path), 30), processes_of(begun.path)
