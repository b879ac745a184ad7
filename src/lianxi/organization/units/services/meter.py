"""How far a move is, for others to see while its transaction is still open."""

import time
from types import TracebackType

from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from ..models import Move

EVERY = 0.25
"""Seconds between two notes."""


class Meter:
    """Notes over a connection of its own how many records of how many have followed.

    It is a courtesy: trouble in noting never stops the move.
    """

    def __init__(self, move_id: int, records: int) -> None:
        self.move_id, self.records = move_id, records
        self.done, self.noted = 0, 0.0
        self.connection: BaseDatabaseWrapper | None = None

    def __enter__(self) -> "Meter":
        self.connection = connections.create_connection("default")
        self._write()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.connection is not None:
            self.connection.close()

    def tick(self, more: int) -> None:
        """So many more records have followed."""
        self.done += more
        if time.monotonic() - self.noted > EVERY:
            self._write()

    def _write(self) -> None:
        self.noted = time.monotonic()
        if self.connection is None:
            return
        try:
            with self.connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '200ms'")
                cursor.execute(
                    f"UPDATE {Move._meta.db_table} SET done = %s, records = %s WHERE id = %s",
                    [min(self.done, self.records), self.records, self.move_id],
                )
        except DatabaseError:
            self.connection.close()
            self.connection = None
