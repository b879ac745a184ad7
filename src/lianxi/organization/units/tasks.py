"""Jobs of the tree: moves, and the reminder before a term ends."""

from django.utils import timezone
from django.utils.translation import override
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from lianxi.commons.permissions import asking, system
from lianxi.commons.permissions.actor import actor_of

from . import services
from .models import Move


@app.task(name="org_units.move", retry=RetryStrategy(max_attempts=3, wait=5), pass_context=True)
def move(context: JobContext, move_id: int) -> None:
    """Move a unit, as the person who asked, with the posts of this moment. A second run, a minute later, gathers what came to be meanwhile."""
    row = Move.objects.filter(pk=move_id).first()
    if row is None or row.by_id is None:
        return
    at = timezone.now()
    actor = actor_of(row.by_id, on=timezone.localtime(at).date())
    with override("zh-hans"), asking(actor):
        moved = services.run_move(move_id, actor=actor, at=at)
    if moved:  # once more, for what was being written while the move was not yet seen
        app.configure_task("org_units.move", schedule_in={"seconds": 60}).defer(move_id=move_id)


@app.periodic(cron="20 7 * * *")
@app.task(name="org_units.remind", queueing_lock="org_units.remind")
def remind(timestamp: int) -> None:
    """Every morning: remind of the terms that end within the lead of E-03, each once."""
    actor = system("org_units.remind")
    with asking(actor):
        services.remind(actor=actor, at=timezone.now())
