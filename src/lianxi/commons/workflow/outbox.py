"""What a step sets going, in the step's own transaction: the job exists only if the step does."""

from collections.abc import Callable
from typing import Any

from lianxi.commons.jobs import enqueue


def tell(room: str) -> Callable[[Any, Any], None]:
    """Enqueue `{room}.tell` for each event; recipients are found when it runs."""

    def told(record: Any, event: Any) -> None:
        enqueue(f"{room}.tell", event_id=event.pk)

    return told
