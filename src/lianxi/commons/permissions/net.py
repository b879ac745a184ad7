"""The net under the door: default managers that leave out what is kept from whoever asks, and raise when nobody does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import pghistory
from django.db import models
from django.db.models import Q, QuerySet

from .actor import Actor

_ASKING: ContextVar[Actor | None] = ContextVar("lianxi_asking", default=None)
_WRITTEN_BY: ContextVar[dict[str, Any] | None] = ContextVar("lianxi_written_by", default=None)
Bar = Callable[[Actor], QuerySet[Any, Any] | None]
_BARS: dict[str, tuple[Bar, ...]] = {}


class NobodyAsks(RuntimeError):
    """A guarded table was read before it was known who asks."""


@contextmanager
def asking(actor: Actor, **context: Any) -> Iterator[Actor]:
    """From here on `actor` asks. Opened by the middleware, a job or a command, never by a service.

    Who asks is kept with every row written meanwhile; of a resident only that it was one.
    """
    token = _ASKING.set(actor)
    outer = _WRITTEN_BY.get()
    told = {"by": actor.written_name, "person": actor.written_id, "job": actor.job}
    told_token = _WRITTEN_BY.set(told)
    try:
        with pghistory.context(**told, **context):
            yield actor
    finally:
        _WRITTEN_BY.reset(told_token)
        _ASKING.reset(token)
        if outer is not None:
            # pghistory keeps what an inner context says until the outermost ends.
            pghistory.context(**outer)


def who_asks() -> Actor:
    """Raises NobodyAsks outside `asking`."""
    actor = _ASKING.get()
    if actor is None:
        raise NobodyAsks("A guarded record was asked for outside `with asking(actor)`.")
    return actor


def bar(model: type[models.Model], *bars: Bar) -> None:
    """Declare what an actor must never meet: each bar gives the keys of such records."""
    _BARS[model._meta.label] = (*_BARS.get(model._meta.label, ()), *bars)


def bars() -> dict[str, tuple[Bar, ...]]:
    """Everything declared so, by the label of its model."""
    return dict(_BARS)


def kept_keys(model: type[models.Model], actor: Actor) -> list[int]:
    """Keys of the records kept from the actor."""
    found: set[int] = set()
    for one in _BARS.get(model._meta.label, ()):
        if (rows := one(actor)) is not None:
            found.update(rows)
    return sorted(found)


def kept_from(model: type[models.Model], actor: Actor, via: str = "pk") -> Q:
    """The condition of being kept from the actor; `via` is the way from the queried model to `model`. Use it negated."""
    kept = Q()
    for one in _BARS.get(model._meta.label, ()):
        if (rows := one(actor)) is not None:
            kept |= Q(**{f"{via}__in": rows})
    return kept


class Guarded(models.Manager[Any]):
    """Default manager of a guarded model and of what hangs on it: raises until it is known who asks. The net, not the door."""

    def __init__(self, owner: str = "", via: str = "pk") -> None:
        super().__init__()
        self.owner, self.via = owner, via

    def deconstruct(self) -> Any:
        return super().deconstruct()

    def get_queryset(self) -> QuerySet[Any, Any]:
        from django.apps import apps

        owner = apps.get_model(self.owner) if self.owner else self.model
        kept = kept_from(owner, who_asks(), self.via)
        found = super().get_queryset()
        return found.exclude(kept) if kept else found
