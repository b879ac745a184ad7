"""Jobs of posts: the reminder before one runs out."""

from django.utils import timezone
from procrastinate.contrib.django import app

from lianxi.commons.permissions import asking, system

from . import services


@app.periodic(cron="15 7 * * *")
@app.task(name="people.remind", queueing_lock="people.remind")
def remind(timestamp: int) -> None:
    """Every morning: remind people of their posts that run out, each once for each last day."""
    actor = system("people.remind")
    with asking(actor):
        services.remind(actor=actor, at=timezone.now())
