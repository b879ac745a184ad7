"""The database was started anew: the connections that a process still holds are replaced, not lent out dead."""

import psycopg
import pytest
from django.db import connection


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_cut_is_replaced() -> None:
    def ours() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return int(cursor.fetchone()[0])

    connection.close()
    connection.close_pool()  # tests before this one may have filled it with connections of sixty threads
    ours()
    connection.close()  # back to the pool
    parts = connection.get_connection_params()
    with psycopg.connect(
        host=parts["host"],
        port=parts["port"],
        user=parts["user"],
        password=parts.get("password"),
        dbname=parts["dbname"],
    ) as other:
        cut = other.execute(
            "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
    assert cut
    assert ours() not in {pid for pid, _done in cut}
