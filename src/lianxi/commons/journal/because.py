"""Who writes, and why: put on every history row of one act."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pghistory
from pghistory.runtime import Context, _tracker

from lianxi.commons.permissions import Actor


@contextmanager
def because(actor: Actor, reason: str = "") -> Iterator[None]:
    """Rows of history written inside carry this actor and reason.

    `pghistory.context` would join the context of the request or job that is open already: the last reason given would
    then stand at everything written in it. An act has a context of its own.
    """
    said = {"by": actor.name, "person": actor.person_id, "job": actor.job, "reason": str(reason)}
    outer = getattr(_tracker, "value", None)
    if outer is None:
        with pghistory.context(**said):
            yield
        return
    _tracker.value = Context(uuid.uuid4(), {**outer.metadata, **said})
    try:
        yield
    finally:
        _tracker.value = outer
