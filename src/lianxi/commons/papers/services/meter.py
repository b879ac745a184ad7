"""How far a job is, for others to see while its transaction is still open."""

import datetime as dt
from types import TracebackType

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from ..models import ImportProgress
from ..terms import Work


class Stopped(Exception):
    """Somebody asked the job to stop."""


class Meter:
    """Writes the progress of an import over a connection of its own, so that it is seen before the job commits.

    `tick` raises Stopped once `stop` has been set.
    """

    def __init__(self, batch_id: int, work: Work) -> None:
        self.batch_id, self.work = batch_id, work
        self.connection: BaseDatabaseWrapper = connections.create_connection("default")

    def __enter__(self) -> "Meter":
        self._write("work = %s, done = 0, total = 0, began = %s, moved = %s", self.work, _now(), _now())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()

    def tick(self, done: int, total: int) -> None:
        """Say how many of how many things are done."""
        if self._write("done = %s, total = %s, moved = %s", done, max(done, total), _now()):
            raise Stopped

    def _write(self, what: str, *values: str | int | dt.datetime) -> bool:
        table = ImportProgress._meta.db_table
        with self.connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {what} WHERE batch_id = %s RETURNING stop", [*values, self.batch_id])
            row = cursor.fetchone()
        return bool(row and row[0])


def _now() -> dt.datetime:
    """The clock on the wall: progress is not a fact of the record."""
    return dt.datetime.now(dt.UTC)
