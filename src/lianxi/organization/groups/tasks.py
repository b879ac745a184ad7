"""Jobs of the rounds: tell the members what happened."""

from django.utils import timezone
from procrastinate.contrib.django import app

from lianxi.commons.jobs import Backoff
from lianxi.commons.permissions import asking, system

from . import services


@app.task(name="groups.tell", retry=Backoff())
def tell(event_id: int) -> int:
    """Tell the members and officers of a round what happened. Enqueued by each step in its own transaction."""
    actor = system("groups.tell")
    with asking(actor):
        return services.tell_event(event_id, actor=actor, at=timezone.now())


@app.periodic(cron="35 7 * * *")
@app.task(name="groups.remind", queueing_lock="groups.remind")
def remind(timestamp: int) -> None:
    """Every morning: remind members who have not chosen a group that the lists close soon, each once for each closing time."""
    actor = system("groups.remind")
    with asking(actor):
        services.remind(actor=actor, at=timezone.now())
