"""Jobs of secret votes: adding up, the count, the archive. None of them names a ballot or a card."""

from django.utils import timezone
from django.utils.translation import override
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from lianxi.commons.jobs import Backoff
from lianxi.commons.permissions import asking, system

from . import services
from .services import telling

RETRY = RetryStrategy(max_attempts=5, wait=5)


@app.task(name="ballotbox.add_up", retry=RETRY)
def add_up(poll_id: int) -> None:
    """Add up the ballots of a poll that has ended. Enqueued by the end."""
    actor = system("ballotbox.add_up")
    with asking(actor):
        services.add_up(poll_id, actor=actor, at=timezone.now())


@app.task(name="ballotbox.count", retry=RETRY)
def count(poll_id: int) -> None:
    """Open the sum with the trustees' shares and verify the whole archive. Enqueued by the last share that is needed."""
    actor = system("ballotbox.count")
    with asking(actor), override("zh-hans"):
        services.count(poll_id, actor=actor, at=timezone.now())


@app.task(name="ballotbox.publish_archive", retry=RETRY)
def publish_archive(poll_id: int) -> None:
    """Size and hash of the archive of a published poll, and its hints. Enqueued by the publication."""
    with asking(system("ballotbox.publish_archive")):
        services.publish_archive(poll_id, at=timezone.now())


@app.task(name="ballotbox.tell", retry=Backoff())
def tell(event_id: int) -> int:
    """Tell whom a step of a poll concerns. Enqueued by the step in its own transaction."""
    with asking(system("ballotbox.tell")):
        return telling.tell_event(event_id, at=timezone.now())
