"""Jobs of imports and long exports. A worker may be killed at any moment and a job run twice: each works once."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import override
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from lianxi.commons.permissions import Actor, asking
from lianxi.commons.permissions.actor import actor_of

from . import services
from .models import ExportOrder, ImportBatch
from .services.meter import Meter
from .terms import Work

ATTEMPTS = 3
RETRY = RetryStrategy(max_attempts=ATTEMPTS, wait=5)


def _run(context: JobContext, batch_id: int, work: Work, verb: Callable[..., None]) -> None:
    """Run a job as the person who uploaded, with the posts of this moment."""
    at = timezone.now()
    batch = ImportBatch.objects.filter(pk=batch_id).first()
    if batch is None:
        return
    actor: Actor = actor_of(batch.by_id, on=timezone.localtime(at).date())
    try:
        with override("zh-hans"), asking(actor), Meter(batch_id, work) as meter:
            verb(batch_id, actor=actor, at=at, meter=meter)
    except Exception:
        if context.job.attempts >= ATTEMPTS:
            services.give_up(batch_id, at=at)
        raise


@app.task(name="papers.check", retry=RETRY, pass_context=True)
def check(context: JobContext, batch_id: int) -> None:
    """Check an uploaded sheet row by row."""
    _run(context, batch_id, Work.CHECK, services.check_batch)


@app.task(name="papers.apply", retry=RETRY, pass_context=True)
def apply(context: JobContext, batch_id: int) -> None:
    """Import the good rows."""
    _run(context, batch_id, Work.APPLY, services.apply_batch)


@app.task(name="papers.undo", retry=RETRY, pass_context=True)
def undo(context: JobContext, batch_id: int) -> None:
    """Take an import back."""
    _run(context, batch_id, Work.UNDO, services.undo_batch)


@app.task(name="papers.export", retry=RETRY, pass_context=True)
def export(context: JobContext, order_id: int) -> None:
    """Write a long list that somebody takes out, as that person, with the posts of this moment."""
    at = timezone.now()
    order = ExportOrder.objects.filter(pk=order_id).first()
    if order is None:
        return
    actor: Actor = actor_of(order.by_id, on=timezone.localtime(at).date())
    try:
        with override(order.language), asking(actor):
            services.write_order(order_id, actor=actor, at=at)
    except Exception:
        if context.job.attempts >= ATTEMPTS:
            services.fail(order_id, at=at)
        raise


@app.periodic(cron="10 * * * *")
@app.task(name="papers.expire", queueing_lock="papers.expire")
def expire(timestamp: int) -> None:
    """Every hour: clear away the files of long exports whose time is over, and give up those whose job is no more."""
    services.expire(at=timezone.now())


@app.periodic(cron="40 3 * * *")
@app.task(name="papers.forget")
def forget(timestamp: int, **_: Any) -> None:
    """Empty imports left lying for 30 days, every night."""
    services.forget_old(at=dt.datetime.fromtimestamp(timestamp, dt.UTC))
