"""Rows of transitions, and the one function that applies them."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db import models, transaction
from django.db.models import QuerySet

from lianxi.commons.journal.models import Event
from lianxi.commons.permissions import Actor, Permission, Why, kept_from, why
from lianxi.commons.refusals import Blocked, ChangedMeanwhile, NotFound, NotOpenFromHere, NotPermitted, Text
from lianxi.commons.rulebook import Check

R = TypeVar("R", bound=models.Model)
Guard = Callable[[Any, dt.datetime], Check]


@dataclass(frozen=True, slots=True)
class Fork:
    """A target that depends on a field of the record: value of `on` → state."""

    on: str
    ways: tuple[tuple[Any, str], ...]

    def of(self, record: models.Model) -> str:
        return str(dict(self.ways)[getattr(record, self.on)])


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One step: from which states, to which, who may, what must hold, who is told. `target=None`: the state stays."""

    verb: str
    label: Text
    source: tuple[str, ...]
    target: str | Fork | None
    may: Permission
    needs: tuple[Guard, ...] = ()
    told: tuple[str, ...] = ()

    def targets(self, source: str) -> tuple[str, ...]:
        """Every state this row may lead to from `source`."""
        if self.target is None:
            return (source,)
        return tuple(state for _, state in self.target.ways) if isinstance(self.target, Fork) else (self.target,)


@dataclass(frozen=True, slots=True)
class Step:
    """A next step as a page shows it."""

    row: Row
    why: Why
    checks: tuple[Check, ...]

    @property
    def verb(self) -> str:
        return self.row.verb

    @property
    def label(self) -> Text:
        return self.row.label

    @property
    def missing(self) -> list[Check]:
        return [check for check in self.checks if not check.passed]

    @property
    def open(self) -> bool:
        return bool(self.why) and not self.missing


@dataclass(slots=True, eq=False)
class Walk(Generic[R]):
    """The table of one kind of record. The record has `state` and `version`; its events hang on `link`.

    `derive(record, at)` recomputes what follows from the events; `tell(record, event)` enqueues, in the same transaction.
    `unkept`: changed fields whose content is not copied into the event (it may have to be erased one day).
    """

    record: type[R]
    event: type[Event]
    link: str
    view: Permission
    rows: tuple[Row, ...]
    derive: Callable[[R, dt.datetime], None] = lambda record, at: None
    tell: Callable[[R, Any], None] = lambda record, event: None
    unkept: frozenset[str] = frozenset()
    by_verb: dict[str, Row] = field(init=False)

    def __post_init__(self) -> None:
        self.by_verb = {row.verb: row for row in self.rows}
        if len(self.by_verb) != len(self.rows):
            raise ValueError("A verb stands in two rows.")

    @transaction.atomic
    def take(
        self,
        verb: str,
        record: R,
        *,
        actor: Actor,
        at: dt.datetime,
        seen: int | None = None,
        reason: str = "",
        facts: dict[str, Any] | None = None,
        **change: Any,
    ) -> R:
        """Apply a row: lock → permission → guards → write → event → enqueue. All of it or nothing.

        `seen`: the version on the actor's page; `change`: fields to set, kept in the event; `facts`: more to keep there.
        Raises NotFound, ChangedMeanwhile, NotOpenFromHere, NotPermitted, Blocked.
        """
        row = self.by_verb[verb]
        now = self._locked(record.pk, actor)
        answers = why(actor, now, {self.view, row.may})
        if not answers[self.view]:
            raise NotFound
        if seen is not None and now.version != seen:  # type: ignore[attr-defined]
            raise ChangedMeanwhile(since=list(self.events(now).filter(number__gt=seen)), state=now.state)  # type: ignore[attr-defined]
        if not answers[row.may]:
            raise NotPermitted(open_to=answers[row.may].open_to)
        if now.state not in row.source:  # type: ignore[attr-defined]
            raise NotOpenFromHere(state=now.state)  # type: ignore[attr-defined]
        for name, value in change.items():
            setattr(now, name, value)
        if missing := [check for need in row.needs if not (check := need(now, at)).passed]:
            raise Blocked(missing)
        return self._write(row, now, actor, at, reason, {**self._told(change), **(facts or {})})

    def begin(self, record: R, *, verb: str, actor: Actor, at: dt.datetime, facts: dict[str, Any] | None = None) -> R:
        """Save a new record with its event 1, and tell. The record has its first state; the caller checked the permission."""
        record.version = 1  # type: ignore[attr-defined]
        record.save(force_insert=True)
        event = self._append(record, verb, "", record.state, actor, at, "", facts or {})  # type: ignore[attr-defined]
        self.derive(record, at)
        record.save()
        self.tell(record, event)
        return record

    def steps(self, record: R, *, actor: Actor, at: dt.datetime) -> list[Step]:
        """Each row out of the record's state, with "may I, why, what is missing": one query for all permissions."""
        rows = [row for row in self.rows if record.state in row.source]  # type: ignore[attr-defined]
        answers = why(actor, record, {self.view, *(row.may for row in rows)})
        if not answers[self.view]:
            raise NotFound
        known: dict[Guard, Check] = {}

        def checked(need: Guard) -> Check:
            if need not in known:
                known[need] = need(record, at)
            return known[need]

        return [Step(row, answers[row.may], tuple(map(checked, row.needs)) if answers[row.may] else ()) for row in rows]

    def events(self, record: R) -> QuerySet[Any, Any]:
        """What happened, in order. Read it for a record that came through the door."""
        return self.event._base_manager.filter(**{self.link: record.pk}).order_by("number")

    def _locked(self, pk: Any, actor: Actor) -> R:
        found = self.record._base_manager.select_for_update().filter(pk=pk)
        if kept := kept_from(self.record, actor):
            found = found.exclude(kept)
        record = found.first()
        if record is None:
            raise NotFound
        return record

    def _write(self, row: Row, now: R, actor: Actor, at: dt.datetime, reason: str, facts: dict[str, Any]) -> R:
        source = now.state  # type: ignore[attr-defined]
        target = row.target.of(now) if isinstance(row.target, Fork) else (row.target or source)
        now.state, now.version = target, now.version + 1  # type: ignore[attr-defined]
        event = self._append(now, row.verb, source, target, actor, at, reason, facts)
        self.derive(now, at)
        now.save()
        self.tell(now, event)
        return now

    def _append(
        self,
        record: R,
        verb: str,
        source: str,
        target: str,
        actor: Actor,
        at: dt.datetime,
        reason: str,
        facts: dict[str, Any],
    ) -> Event:
        row: dict[str, Any] = {
            self.link: record,
            "number": record.version,  # type: ignore[attr-defined]
            "verb": verb,
            "source": source,
            "target": target,
            "at": at,
            "by_id": actor.written_id,
            "by_name": actor.written_name,
            "reason": reason,
            "facts": facts,
        }
        return self.event._base_manager.create(**row)

    def _told(self, change: dict[str, Any]) -> dict[str, Any]:
        """The changed fields as an event keeps them: records by key, everything else by its text or number."""
        return {
            name: value.pk
            if isinstance(value, models.Model)
            else value
            if isinstance(value, int | str | bool | None)
            else str(value)
            for name, value in change.items()
            if name not in self.unkept
        }


def diagram(walk: "Walk[Any]", first: Sequence[str] = ()) -> str:
    """The walk as a Mermaid state diagram, drawn from its rows; verbs are the labels."""
    lines = ["stateDiagram-v2", *(f"    [*] --> {state}" for state in first)]
    lines += [
        f"    {source} --> {target}: {row.verb}"
        for row in walk.rows
        for source in row.source
        for target in row.targets(source)
    ]
    return "\n".join(lines) + "\n"


def every_forbidden(walk: "Walk[Any]", states: Iterable[str]) -> list[tuple[str, str]]:
    """Each (verb, state) that no row allows; for tests that try them all."""
    return [(row.verb, state) for row in walk.rows for state in states if state not in row.source]
