"""What keeps the queue healthy: jobs of dead workers are done again, old ones are removed."""

import datetime as dt
import logging

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate import sql
from procrastinate.jobs import Status

from lianxi.commons.rulebook import applies, rule

from .outbox import MANAGER
from .queries import stalled

log = logging.getLogger(__name__)

TRIES = 5
"""A job that killed its worker so often is not tried again."""
MINUTE = "minute"
"""The queue of what is looked at every minute."""
MINUTES_KEPT = 3 * 24
"""Hours for which finished jobs of that queue are kept: they say nothing about anybody."""


def rescue(*, at: dt.datetime) -> int:
    """Put back what dead workers had taken; gives how many jobs. A job that was taken `TRIES` times is given up.

    Its first half may have run: jobs are written so that running twice does no harm.
    """
    count = 0
    for job in list(stalled()):
        with transaction.atomic():
            if not stalled().select_for_update(skip_locked=True, of=("self",)).filter(pk=job.pk).exists():
                continue
            if job.attempts + 1 >= TRIES:
                log.error("Job %s %s is given up: its workers died %s times.", job.pk, job.task_name, TRIES)
                _finish(job.pk)
                continue
            log.warning("Job %s %s is put back: its worker died.", job.pk, job.task_name)
            MANAGER.retry_job_by_id(job.pk, retry_at=at)
            count += 1
    return count


@applies("Z-03", where=_("后台任务的记录"))
def clean_up(*, at: dt.datetime) -> None:
    """Remove finished jobs once the law lets go of logs (Z-03: at least so many months); those of every minute sooner."""
    entry = rule("Z-03", on=timezone.localtime(at).date())
    if entry.unit != "months":
        raise ValueError(f"Z-03 is kept in months here, not in {entry.unit}.")
    _remove(hours=entry.value * 31 * 24)
    _remove(hours=MINUTES_KEPT, queue=MINUTE)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_periodic_defers WHERE job_id IS NULL AND defer_timestamp < %s",
            [int(at.timestamp()) - MINUTES_KEPT * 3600],
        )


def _finish(job: int) -> None:
    MANAGER.connector.get_sync_connector().execute_query(
        query=sql.queries["finish_job"], job_id=job, status=Status.FAILED.value, delete_job=False
    )


def _remove(*, hours: int, queue: str | None = None) -> None:
    ended = [Status.SUCCEEDED.value] if queue else ["succeeded", "failed", "cancelled", "aborted"]
    MANAGER.connector.get_sync_connector().execute_query(
        query=sql.queries["delete_old_jobs"], nb_hours=hours, queue=queue, statuses=ended
    )
