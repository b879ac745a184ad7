"""What a step sets going, in the step's own transaction: the job exists only if the step does."""

from collections.abc import Callable
from typing import Any

from procrastinate.contrib.django import app


def tell(room: str) -> Callable[[Any, Any], None]:
    """Enqueue `{room}.tell` for each event; recipients are found when it runs."""

    def enqueue(record: Any, event: Any) -> None:
        app.configure_task(f"{room}.tell").defer(event_id=event.pk)

    return enqueue
