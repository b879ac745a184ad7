"""Jobs of the register: the reminder before a probation ends, the alerts of B-05."""

from django.utils import timezone
from procrastinate.contrib.django import app

from lianxi.commons.permissions import asking, system

from . import services


@app.periodic(cron="25 7 * * *")
@app.task(name="members.remind", queueing_lock="members.remind")
def remind(timestamp: int) -> None:
    """Every morning: remind of the probations that end soon, each once."""
    actor = system("members.remind")
    with asking(actor):
        services.remind(actor=actor, at=timezone.now())


@app.periodic(cron="35 7 * * *")
@app.task(name="members.alert", queueing_lock="members.alert")
def alert(timestamp: int) -> None:
    """Every morning: tell of members without a sign of taking part at the steps of B-05, each once."""
    actor = system("members.alert")
    with asking(actor):
        services.alert(actor=actor, at=timezone.now())
