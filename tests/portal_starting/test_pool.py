"""The database was started anew: the connections that a process still holds are replaced, not lent out dead."""

import threading
import time
from collections.abc import Iterator

import psycopg
import pytest
from django.db import OperationalError, connection


@pytest.fixture(autouse=True)
def _own_pool() -> Iterator[None]:
    """Threads of tests before this one may have filled the pool."""
    connection.close()
    connection.close_pool()
    yield
    connection.close()
    connection.close_pool()


def ours() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def fill(size: int) -> set[int]:
    """So many connections idle in the pool; their processes."""
    together, pids = threading.Barrier(size), set()

    def one() -> None:
        pids.add(ours())
        together.wait(20)
        connection.close()

    threads = [threading.Thread(target=one) for _ in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return pids


def cut() -> set[int]:
    """End every connection but this one, as a restart does."""
    parts = connection.get_connection_params()
    where = {name: parts.get(name) for name in ("host", "port", "user", "password", "dbname")}
    with psycopg.connect(**where) as other:  # type: ignore[arg-type]
        rows = other.execute(
            "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
    return {pid for pid, _done in rows}


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_cut_is_replaced() -> None:
    ours()
    connection.close()  # back to the pool
    dead = cut()
    assert dead
    assert ours() not in dead


@pytest.mark.django_db(transaction=True)
def test_a_full_pool_that_was_cut_serves_the_next_request_at_once() -> None:
    """psycopg_pool alone waits 1, 2, 4, 8 s between its dead connections and gives up at 20 s."""
    connection.close()
    held = fill(connection.settings_dict["OPTIONS"]["pool"]["max_size"])
    dead = cut()
    assert len(held) > 4
    assert held <= dead
    begun = time.monotonic()
    assert ours() not in dead
    assert time.monotonic() - begun < 5


@pytest.mark.django_db(transaction=True)
def test_a_database_that_lends_only_dead_connections_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    import psycopg_pool

    def dead(_connection: object) -> None:
        raise psycopg.OperationalError("cut")

    connection.close()
    with monkeypatch.context() as patch:
        patch.setattr(psycopg_pool.ConnectionPool, "check_connection", staticmethod(dead))
        with pytest.raises(OperationalError):
            ours()
    assert ours()
