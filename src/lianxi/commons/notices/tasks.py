"""Letters go out: one at once, and every minute all whose time has come."""

from random import Random
from typing import Any

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from lianxi.commons.jobs import Backoff
from lianxi.commons.jobs.services import MINUTE

from . import services


@app.task(name="notices.deliver", pass_context=True, retry=Backoff())
def deliver(context: JobContext, delivery: int) -> None:
    """Send what a moment ago was posted to go out at once."""
    services.deliver(delivery, job=_key(context), at=timezone.now(), lot=Random())  # noqa: S311


@app.periodic(cron="* * * * *")
@app.task(name="notices.sweep", queue=MINUTE, queueing_lock="notices.sweep", pass_context=True)
def sweep(context: JobContext, timestamp: int) -> int:
    """Digests, ends of quiet hours, second tries, and whatever was left lying: all that is due."""
    return services.sweep(job=_key(context), at=timezone.now(), lot=Random())  # noqa: S311


def _key(context: JobContext) -> int:
    job: Any = context.job.id
    return int(job)
