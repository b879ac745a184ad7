"""One voice, with everything its page shows."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from lianxi.commons.accounts.models import Person
from lianxi.commons.permissions import Actor, Permission, Why, why
from lianxi.commons.refusals import NotFound
from lianxi.commons.units.models import Unit
from lianxi.commons.views.due import moment
from lianxi.commons.workflow import Step
from lianxi.engines import worktime

from .. import clock, policies
from ..models import Answer, CoHandler, Extension, Note, Party, Photo, PublicCopy, Spot, Supplement, Voice, VoiceHistory
from ..terms import ClockKind
from ..workflow import WALK


@dataclass(slots=True)
class Record:
    """What a record page shows. Lists that the actor may not read are empty."""

    voice: Voice
    events: list[Any]
    steps: list[Step]
    may: dict[Permission, Why]
    clocks: dict[ClockKind, worktime.Reading]
    answers: list[Answer]
    notes: list[Note]
    supplements: list[Supplement]
    photos: list[Photo]
    co_handlers: list[CoHandler]
    parties: list[Party]
    extensions: list[Extension]
    copies: list[PublicCopy]
    spots: list[Spot]


HANGING = {"notes": Note, "supplements": Supplement, "photos": Photo, "co_handlers": CoHandler, "parties": Party,
           "extensions": Extension, "copies": PublicCopy, "spots": Spot}  # fmt: skip


def record_of(pk: int, *, actor: Actor, at: dt.datetime) -> Record:
    """Raises NotFound for a stranger and for whom it is kept from.

    What hangs on the voice is asked for only where the voice's own row says that there is some: most have none.
    """
    there = {f"has_{name}": Exists(model._base_manager.filter(voice=OuterRef("pk"))) for name, model in HANGING.items()}
    found = policies.VIEW.all(actor).select_related("owner", "place", "handler").annotate(**there).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return _record(found, actor, at)


def _record(voice: Voice, actor: Actor, at: dt.datetime) -> Record:
    may = why(
        actor,
        voice,
        [
            policies.HISTORY,
            policies.CONTACT,
            policies.NOTE,
            policies.DRAFT_COPY,
            policies.PUBLISH,
            policies.RATE,
            policies.SUPPLEMENT,
        ],
    )
    voice.reviewer_id = actor.person_id  # type: ignore[attr-defined]  # for the guard of two pairs of eyes
    events = list(WALK.events(voice))
    staff = bool(may[policies.HISTORY])

    def of(model: Any, *related: str) -> list[Any]:
        name = next((key for key, one in HANGING.items() if one is model), "")
        if name and not getattr(voice, f"has_{name}"):
            return []
        rows = model._base_manager.filter(voice=voice.pk)
        return list(rows.select_related(*related) if related else rows)

    answers = sorted(of(Answer, "by"), key=lambda one: one.number)
    return Record(
        voice=voice,
        events=events,
        steps=WALK.steps(voice, actor=actor, at=at),
        may=may,
        clocks=clock.readings(voice, events),
        answers=answers if staff else [a for a in answers if a.given_at],
        notes=of(Note) if staff else [],
        supplements=of(Supplement),
        photos=of(Photo),
        co_handlers=[row for row in of(CoHandler, "unit") if row.until is None],
        parties=of(Party, "person", "unit") if staff else [],
        extensions=of(Extension, "asked_by", "decided_by"),
        copies=of(PublicCopy, "drafted_by", "published_by") if staff else [],
        spots=of(Spot),
    )


def history_of(pk: int, *, actor: Actor) -> list[Any]:
    """Every earlier version of the record's row, oldest first (django-pghistory)."""
    voice = policies.HISTORY.get(actor, pk=pk)
    return list(VoiceHistory._base_manager.filter(pgh_obj=voice.pk).select_related("pgh_context").order_by("pgh_id"))


@dataclass(frozen=True, slots=True)
class Change:
    """One version of the record: who made it, when, and which fields it changed (name, before, after)."""

    at: dt.datetime
    by: str
    fields: list[tuple[str, str, str]]


HIDDEN = {
    "id",
    "version",
    "code_is",
    "phone_is",
    "year",
    "number",
    "author",
    "accused_any",
    "accused_open",
    "warn_at",
    "due_clock",
    "language",
    "contact_due_at",
    "answer_due_at",
}


def changes_of(pk: int, *, actor: Actor) -> list[Change]:
    """Every version, newest first, with what it changed. Sealed fields stay masked. Two queries for names."""
    rows = history_of(pk, actor=actor)
    fields = [f for f in Voice._meta.concrete_fields if f.name not in HIDDEN and not f.name.endswith("_path")]
    names = _names(rows)
    found = []
    for before, after in zip([None, *rows[:-1]], rows, strict=True):
        if before is None:
            continue
        changed = [
            (str(field.verbose_name), was, now)
            for field in fields
            if (was := _shown(before, field, names)) != (now := _shown(after, field, names))
        ]
        if changed:
            context = after.pgh_context
            found.append(Change(after.pgh_created_at, (context.metadata.get("by") if context else "") or "", changed))
    return found[::-1]


def _names(rows: list[Any]) -> dict[tuple[str, Any], str]:
    units = {row.owner_id for row in rows} | {row.place_id for row in rows}
    people = {row.handler_id for row in rows if row.handler_id}
    found: dict[tuple[str, Any], str] = {("unit", one.pk): str(one) for one in Unit.objects.filter(pk__in=units)}
    return found | {("person", pk): name for pk, name in Person.objects.filter(pk__in=people).values_list("pk", "name")}


def _shown(row: Any, field: Any, names: dict[tuple[str, Any], str]) -> str:
    value = getattr(row, field.attname)
    if value in (None, ""):
        return ""
    if field.name in ("owner", "place"):
        return names.get(("unit", value), "")
    if field.name == "handler":
        return names.get(("person", value), "")
    if isinstance(value, dt.datetime):
        return moment(value)
    return str(dict(field.flatchoices).get(value, value)) if field.choices else str(value)
