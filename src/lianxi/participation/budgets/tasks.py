"""Jobs of rounds of projects: tell what happened, and every morning what is due."""

from django.utils import timezone
from procrastinate.contrib.django import app

from lianxi.commons.jobs import Backoff
from lianxi.commons.permissions import asking, system

from .services import telling


@app.task(name="budgets.tell", retry=Backoff())
def tell(kind: str, event_id: int) -> int:
    """Tell whom a step of a round concerns. Enqueued by the step in its own transaction."""
    with asking(system("budgets.tell")):
        return telling.tell_event(kind, event_id, at=timezone.now())


@app.periodic(cron="35 7 * * *")
@app.task(name="budgets.remind", queueing_lock="budgets.remind")
def remind(timestamp: int) -> int:
    """Every morning: what ends soon, and what waits to be closed, reviewed or entered."""
    with asking(system("budgets.remind")):
        return telling.remind(at=timezone.now())
