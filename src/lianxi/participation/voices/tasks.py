"""Jobs of voices: tell what happened, and look at the clocks every minute."""

from django.utils import timezone
from procrastinate.contrib.django import app

from lianxi.commons.jobs import Backoff
from lianxi.commons.jobs.services import MINUTE
from lianxi.commons.permissions import asking, system

from .services import alerts, photos, public, telling


@app.task(name="voices.tell", retry=Backoff())
def tell(event_id: int) -> int:
    """Tell whom the row names. Enqueued by each step in its own transaction."""
    return telling.tell_event(event_id, at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="voices.clock", queue=MINUTE, queueing_lock="voices.clock")
def clock(timestamp: int) -> int:
    """Warnings, what has become late, and what nobody rated in time."""
    actor, at = system("voices.clock"), timezone.now()
    with asking(actor):
        return alerts.alert_all(actor=actor, at=at) + alerts.end_unrated(actor=actor, at=at)


@app.periodic(cron="40 2 * * *")
@app.task(name="voices.sweep", queueing_lock="voices.sweep")
def sweep(timestamp: int) -> int:
    """Every night: remove files of photos that no voice has."""
    return photos.sweep_photos(at=timezone.now())


@app.periodic(cron="50 2 * * *")
@app.task(name="voices.turn", queueing_lock="voices.turn")
def turn(timestamp: int) -> int:
    """Every night: take down public copies whose time is over."""
    with asking(system("voices.guard")):
        return public.turn_over(at=timezone.now())
