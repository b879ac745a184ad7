"""The embedded server: first start, later starts, hard kills, and what a killed start leaves behind."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest

from lianxi.portal.starting import binaries, reaching
from lianxi.portal.starting.folder import Folder
from lianxi.portal.starting.postgres import Server, free_port, is_free
from lianxi.portal.starting.processes import working_in
from lianxi.portal.starting.words import Trouble
from tests.portal_starting.conftest import environment, processes_of, until

pytestmark = pytest.mark.processes


def ask(server: Server, sql: str, *values: object) -> list[tuple[object, ...]]:
    with psycopg.connect(server.address.url, autocommit=True) as connection:
        found = connection.execute(sql, values)
        return found.fetchall() if found.description else []


def test_first_start_makes_a_closed_utf8_database(server: Server) -> None:
    address = server.start()
    made = ask(server, "SELECT pg_encoding_to_char(encoding), datlocprovider::text, datlocale FROM pg_database"
                       " WHERE datname = current_database()")  # fmt: skip
    assert made == [("UTF8", "b", "C.UTF-8")]
    assert ask(server, "SELECT '联席' < '街道', upper('ä')") == [(True, "Ä")]
    assert ask(server, "SHOW listen_addresses") == [("127.0.0.1",)]
    assert ask(server, "SHOW unix_socket_directories") == [("",)]
    assert ask(server, "SELECT substr(rolpassword, 1, 13) FROM pg_authid WHERE rolname = 'lianxi'") == [
        ("SCRAM-SHA-256",)
    ]
    assert stat.S_IMODE(server.folder.stat().st_mode) == 0o700
    wrong = address.url.replace("it", "at")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(wrong)


def test_second_start_keeps_rows_and_port(server: Server) -> None:
    server.start()
    ask(server, "CREATE TABLE kept (word text)")
    ask(server, "INSERT INTO kept VALUES ('说到做到')")
    port = server.port
    server.stop()
    assert working_in(server.folder) == []
    assert not (server.folder / "postmaster.pid").exists()
    again = Server(server.folder, server.log, server.password, port=port)
    again.start()
    assert again.port == port
    assert ask(again, "SELECT word FROM kept") == [("说到做到",)]
    again.stop()


def test_kill_under_load_loses_no_acknowledged_row(server: Server) -> None:
    server.start()
    ask(server, "CREATE TABLE counted (n bigint PRIMARY KEY)")
    acknowledged: list[int] = []

    def write(first: int) -> None:
        with psycopg.connect(server.address.url, autocommit=True) as connection:
            for n in range(first, first + 1_000_000):
                try:
                    connection.execute("INSERT INTO counted VALUES (%s)", (n,))
                except psycopg.Error:
                    return
                acknowledged.append(n)

    writers = [threading.Thread(target=write, args=(number * 1_000_000,)) for number in range(4)]
    for writer in writers:
        writer.start()
    assert until(lambda: len(acknowledged) > 500)
    assert server.process is not None
    server.process.kill()
    for writer in writers:
        writer.join(30)
    server.process.wait()
    server.start()
    kept = {row[0] for row in ask(server, "SELECT n FROM counted")}
    assert len(acknowledged) > 500
    assert set(acknowledged) <= kept


def test_everything_killed_at_once(server: Server) -> None:
    server.start()
    ask(server, "CREATE TABLE kept AS SELECT 1 AS n")
    for pid in working_in(server.folder):
        os.kill(pid, signal.SIGKILL)
    assert (server.folder / "postmaster.pid").exists()
    assert server.process is not None
    server.process.wait()
    server.start()
    assert ask(server, "SELECT n FROM kept") == [(1,)]


def test_pid_file_that_names_another_process(server: Server, folder: Folder) -> None:
    """After a crash and a reboot the number in the pid file may be anybody's; that process is left in peace."""
    server.start()
    ask(server, "CREATE TABLE kept AS SELECT 1 AS n")
    pidfile = server.folder / "postmaster.pid"
    lines = pidfile.read_text().splitlines()
    for pid in working_in(server.folder):
        os.kill(pid, signal.SIGKILL)
    assert server.process is not None
    server.process.wait()
    user = {"user": binaries.other_user()[0]} if binaries.needs_other_user() else {}
    stranger = subprocess.Popen(["sleep", "60"], **user)
    try:
        pidfile.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        server.start()
        assert ask(server, "SELECT n FROM kept") == [(1,)]
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_server_left_by_a_killed_start_is_ended_first(server: Server, folder: Folder) -> None:
    """A server that outlived its start (no death signal, as on macOS) is stopped in good order, then started anew."""
    server.start()
    ask(server, "CREATE TABLE kept AS SELECT 1 AS n")
    assert server.process is not None
    left = server.process.pid
    heir = Server(server.folder, server.log, server.password)
    reaper = threading.Thread(target=server.process.wait)
    reaper.start()
    heir.start()
    reaper.join(30)
    assert heir.process is not None
    assert heir.process.pid != left
    assert ask(heir, "SELECT n FROM kept") == [(1,)]
    heir.stop()


def test_server_ends_with_the_start_that_is_killed(folder: Folder) -> None:
    script = (
        "import sys, time; from pathlib import Path; from lianxi.portal.starting.postgres import Server\n"
        "f = Path(sys.argv[1]); Server(f / 'postgres', f / 'run' / 'log', 'x').start(); print('up', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(folder.path)], env=environment(), stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        assert starter.stdout.readline() == "up\n"
        assert working_in(folder.postgres)
        starter.kill()
    assert until(lambda: not processes_of(folder.path), 20), processes_of(folder.path)


@pytest.mark.parametrize("moment", [0.0, 0.1, 0.25, 0.5, 0.8])
def test_first_start_killed_at_any_moment(folder: Folder, moment: float) -> None:
    script = (
        "import sys; from pathlib import Path; from lianxi.portal.starting.postgres import Server\n"
        "f = Path(sys.argv[1]); print('go', flush=True); Server(f / 'postgres', f / 'run' / 'log', 'x').start()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(folder.path)], env=environment(), stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        starter.stdout.readline()
        time.sleep(moment)
        starter.kill()
    server = Server(folder.postgres, folder.run / "log", "x")
    server.start()
    assert ask(server, "SELECT 1") == [(1,)]
    assert [path.name for path in folder.path.glob("postgres*")] == ["postgres"]
    server.stop()


def test_taken_port_is_replaced(server: Server) -> None:
    server.start()
    rival = Server(server.folder.with_name("other"), server.log.with_name("other.log"), "x", port=server.port)
    rival.start()
    assert rival.port != server.port
    rival.stop()


def test_wrong_password_file_is_named(server: Server) -> None:
    server.start()
    server.stop()
    stranger = Server(server.folder, server.log, "something else")
    with pytest.raises(Trouble, match="does not belong to these data"):
        stranger.start()
    assert working_in(server.folder) == []


def test_data_of_another_version_are_left_alone(server: Server) -> None:
    server.create()
    (server.folder / "PG_VERSION").write_text("15\n")
    with pytest.raises(Trouble, match="written by PostgreSQL 15"):
        server.start()


def test_programs_of_a_private_clone_are_copied_for_the_other_user(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if not binaries.needs_other_user():
        pytest.skip("only root needs the copy")
    binaries.programs.cache_clear()
    monkeypatch.setattr(binaries, "_open_to_all", lambda path: "lianxi" in str(path) and path.exists())
    monkeypatch.setattr(binaries, "_PLACES", (tmp_path / "lianxi",))
    try:
        place = binaries.programs()
        assert tmp_path in place.parents
        done = subprocess.run([place / "postgres", "--version"], capture_output=True, text=True, check=True)
        assert f"PostgreSQL) {binaries.MAJOR}" in done.stdout
        assert binaries.programs() == place
    finally:
        binaries.programs.cache_clear()


def test_free_port() -> None:
    port = free_port()
    assert is_free(port)


def test_address_of_no_postgresql() -> None:
    for url in ("mysql://a@b/c", "nonsense", "sqlite:///x"):
        with pytest.raises(Trouble, match="no address of a PostgreSQL"):
            reaching.parts(url)


def test_unreachable_database_is_named_without_its_password() -> None:
    with pytest.raises(Trouble, match=r"127\.0\.0\.1:1/lianxi cannot be reached") as trouble:
        reaching.connect("postgres://someone:topsecret@127.0.0.1:1/lianxi")
    assert "topsecret" not in trouble.value.en + trouble.value.zh + trouble.value.detail
