"""One voice, with everything its page shows."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from lianxi.commons.permissions import Actor, Permission, Why, why
from lianxi.commons.workflow import Step
from lianxi.engines import worktime

from .. import clock, policies
from ..models import Answer, CoHandler, Extension, Note, Party, Photo, PublicCopy, Supplement, Voice, VoiceHistory
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


def record_of(pk: int, *, actor: Actor, at: dt.datetime) -> Record:
    """Raises NotFound for a stranger and for whom it is kept from."""
    voice = policies.VIEW.get(actor, pk=pk)
    return _record(voice, actor, at)


def _record(voice: Voice, actor: Actor, at: dt.datetime) -> Record:
    voice = Voice._base_manager.select_related("owner", "place", "handler").get(pk=voice.pk)
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
    events = list(WALK.events(voice).select_related("by"))
    staff = bool(may[policies.HISTORY])

    def of(model: Any, *related: str) -> list[Any]:
        found = model._base_manager.filter(voice=voice.pk)
        return list(found.select_related(*related) if related else found)

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
    )


def history_of(pk: int, *, actor: Actor) -> list[Any]:
    """Every earlier version of the record's row, oldest first (django-pghistory)."""
    voice = policies.HISTORY.get(actor, pk=pk)
    return list(VoiceHistory._base_manager.filter(pgh_obj=voice.pk).select_related("pgh_context").order_by("pgh_id"))
