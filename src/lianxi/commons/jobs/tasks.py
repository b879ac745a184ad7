"""Every minute: do again what a dead worker left. Every night: remove what is old."""

from django.utils import timezone
from procrastinate.contrib.django import app

from . import services


@app.periodic(cron="* * * * *")
@app.task(name="jobs.rescue", queue=services.MINUTE, queueing_lock="jobs.rescue", priority=100)
def rescue(timestamp: int) -> int:
    """Put back the jobs of dead workers, so that they are done again.

    Without a `lock`: a rescue whose own worker is killed must not keep the next one out.
    """
    return services.rescue(at=timezone.now())


@app.periodic(cron="20 3 * * *")
@app.task(name="jobs.clean_up", queueing_lock="jobs.clean_up")
def clean_up(timestamp: int) -> None:
    """Remove finished jobs once the law lets go of logs (Z-03), those of every minute sooner."""
    services.clean_up(at=timezone.now())
