"""Declarations: clauses, permissions, and the answers drawn from them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from lianxi.commons.refusals import NotFound, Text

from .actor import Actor
from .net import bar, kept_from
from .rows import NOBODY
from .terms import Role

EVERYBODY = Q(pk__isnull=False)


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition in SQL and a sentence that completes "you may, because …" and "open to those …"."""

    says: Text
    q: Callable[[Actor], Q]
    open: bool = True
    """Whether the sentence is told to those who may not."""


def clause(says: Text, *, open: bool = True) -> Callable[[Callable[[Actor], Q]], Clause]:
    """Make a clause of a function from the actor to a condition."""
    return lambda q: Clause(says, q, open)


def holds(*roles: Role, over: str, says: Text, head: bool = False) -> Clause:
    """One of the roles is held at the unit in `over`, or above it. `over="unit"` reads `unit_path`; `over=""` the record's own `path`."""
    column = f"{over}_path" if over else "path"

    def q(actor: Actor) -> Q:
        found = NOBODY
        paths = actor.paths(*roles) if not head else [p.path for p in actor.posts if p.head and p.role in roles]
        for path in paths:
            condition = Q(**{f"{column}__startswith": path})
            found = condition if found is NOBODY else found | condition
        return found

    return Clause(says, q)


def job(*names: str, says: Text) -> Clause:
    """A named job of the system."""
    return Clause(says, lambda actor: EVERYBODY if actor.job in names else NOBODY, open=False)


def everybody(says: Text) -> Clause:
    return Clause(says, lambda actor: EVERYBODY)


@dataclass(frozen=True, slots=True)
class Why:
    """Whether the actor may, because of which sentences, and to whom it is open."""

    allowed: bool
    because: tuple[Text, ...] = ()
    open_to: tuple[Text, ...] = ()

    def __bool__(self) -> bool:
        return self.allowed


@dataclass(frozen=True, slots=True, eq=False)
class Permission:
    name: str
    label: Text
    model: type[models.Model]
    clauses: tuple[Clause, ...]

    def q(self, actor: Actor) -> Q:
        found = NOBODY
        for one in self.clauses:
            condition = one.q(actor)
            if condition is not NOBODY:
                found = condition if found is NOBODY else found | condition
        return found

    def all(self, actor: Actor) -> QuerySet[Any, Any]:
        """Which ones?"""
        found = self.model._base_manager.filter(self.q(actor))
        kept = kept_from(self.model, actor)
        return found.exclude(kept) if kept else found

    def get(self, actor: Actor, **lookup: Any) -> Any:
        """This one. Raises NotFound: a stranger and one from whom it is kept see the same."""
        try:
            return self.all(actor).get(**lookup)
        except (ObjectDoesNotExist, ValueError):
            raise NotFound from None

    def may(self, actor: Actor, record: models.Model) -> bool:
        return self.all(actor).filter(pk=record.pk).exists()

    def anywhere(self, actor: Actor) -> bool:
        """Whether there is any record at all on which the actor may."""
        return self.q(actor) is not NOBODY and self.all(actor).exists()

    def why(self, actor: Actor, record: models.Model) -> Why:
        return why(actor, record, [self])[self]


_PERMISSIONS: dict[str, Permission] = {}


def permission(name: str, label: Text, model: type[models.Model], *clauses: Clause) -> Permission:
    """Declare a permission. Names are unique."""
    if name in _PERMISSIONS:
        raise ValueError(f"Permission {name} is declared twice.")
    _PERMISSIONS[name] = Permission(name, label, model, clauses)
    return _PERMISSIONS[name]


def permission_named(name: str) -> Permission:
    """Raises KeyError for an unknown name."""
    return _PERMISSIONS[name]


def permissions() -> Sequence[Permission]:
    return tuple(_PERMISSIONS.values())


def never(model: type[models.Model], *bars: Callable[[Actor], QuerySet[Any, Any] | None]) -> None:
    """Declare what an actor must never meet, whatever else permits it."""
    bar(model, *bars)


def why(actor: Actor, record: models.Model, wanted: Iterable[Permission]) -> dict[Permission, Why]:
    """May I, and why? One query for all `wanted`. Raises NotFound if the record is kept from the actor."""
    wanted = list(wanted)
    model = type(record)
    columns = {
        f"may_{number}_{index}": Case(
            When(condition, then=Value(True)), default=Value(False), output_field=BooleanField()
        )
        for number, one in enumerate(wanted)
        for index, part in enumerate(one.clauses)
        if (condition := part.q(actor)) is not NOBODY
    }
    row = (
        model._base_manager.filter(pk=record.pk)
        .exclude(kept_from(model, actor) or NOBODY)
        .annotate(**columns)
        .values(*columns, "pk")
        .first()
    )
    if row is None:
        raise NotFound
    answers = {}
    for number, one in enumerate(wanted):
        because = tuple(part.says for index, part in enumerate(one.clauses) if row.get(f"may_{number}_{index}"))
        answers[one] = Why(bool(because), because, tuple(part.says for part in one.clauses if part.open))
    return answers
