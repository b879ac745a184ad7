"""Enqueue by name, inside the transaction of the act: rolled back, no job."""

import datetime as dt
from random import Random
from typing import Any

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import DEFAULT_PRIORITY, Job
from procrastinate.manager import JobManager

MANAGER = JobManager(DjangoConnector())
"""Always on Django's own connection. `app.configure_task(…).defer()` is not: inside a worker the app talks through the
worker's pool, so a job enqueued by a job would outlive the rollback of what it was enqueued for."""


def enqueue(
    task: str, *, at: dt.datetime | None = None, lock: str | None = None, queue: str = "default", **facts: Any
) -> int:
    """Enqueue the task of that name with `facts` (JSON), not before `at`; gives the job's key.

    `lock`: jobs of one lock run one after the other.
    """
    job = Job(
        id=None,
        queue=queue,
        lock=lock,
        queueing_lock=None,
        task_name=task,
        priority=DEFAULT_PRIORITY,
        task_kwargs=facts,
        scheduled_at=at,
    )
    found = MANAGER.defer_job(job).id
    assert found is not None
    return found


class Backoff(BaseRetryStrategy):
    """Try a failed job again after 5, 10, 20 … seconds (half to the whole of it, by lot), at most `most` times."""

    def __init__(self, most: int = 10, first: int = 5, longest: int = 3600, lot: Random | None = None) -> None:
        self.most, self.first, self.longest, self.lot = most, first, longest, lot or Random()  # noqa: S311

    def seconds(self, attempts: int) -> float:
        """How long to wait after so many failed attempts before this one (0: the first has just failed)."""
        whole: int = min(self.longest, self.first * 2**attempts)
        return whole * (0.5 + self.lot.random() / 2)

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if job.attempts >= self.most or not isinstance(exception, Exception):
            return None
        return RetryDecision(retry_in={"seconds": round(self.seconds(job.attempts))})
