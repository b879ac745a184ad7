"""The backend itself; Django looks for it under this name."""

from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg_pool import ConnectionPool

TRIES = 3
"""Connections that may die between being lent and being tried, before the request is told so."""


class DatabaseWrapper(base.DatabaseWrapper):
    """Tries a connection before it lends it, and after the first dead one looks through the whole pool.

    psycopg_pool's own check goes on from one dead connection to the next and waits 1, 2, 4, 8 s in between, so that
    the first request after a restart of the database failed in a process whose pool was full.
    """

    def get_new_connection(self, conn_params: dict[str, Any]) -> psycopg.Connection[Any]:
        """A connection that has just answered.

        Raises:
            psycopg.OperationalError: the database does not answer.
            psycopg_pool.PoolTimeout: no connection came free within the pool's time.
        """
        pool = self.pool
        if pool is None:
            plain: psycopg.Connection[Any] = super().get_new_connection(conn_params)
            return plain
        for last in range(TRIES - 1, -1, -1):
            connection: psycopg.Connection[Any] = super().get_new_connection(conn_params)
            try:
                ConnectionPool.check_connection(connection)
            except psycopg.Error:
                pool.putconn(connection)  # the pool throws it away and opens another
                pool.check()
                if not last:
                    raise
            else:
                return connection
        raise AssertionError
