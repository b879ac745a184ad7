"""Tell people what happened to a voice, each with his or her own eyes: no view, no notice."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from lianxi.commons.accounts.models import Person
from lianxi.commons.notices import services as notices
from lianxi.commons.notices.kinds import NoticeKind
from lianxi.commons.permissions import asking
from lianxi.commons.permissions.actor import actor_of
from lianxi.commons.refusals import NotFound

from .. import clock, notices_of, policies, told
from ..models import Voice, VoiceEvent
from ..terms import ClockKind, State
from ..workflow import WALK

BY_RESIDENT = {"raise", "resident_answers", "supplement", "rate_well", "rate_badly"}
"""Verbs of whoever raised it: no need to tell him or her."""
BADLY = {"rate_badly", "call_back_badly"}


@transaction.atomic
def tell_event(event_id: int, *, at: dt.datetime) -> int:
    """Tell everybody whom the row of the event names; gives how many notices came to be. Running twice tells once."""
    event = VoiceEvent._base_manager.get(pk=event_id)
    voice = _with_people(event.voice_id)
    row = WALK.by_verb.get(event.verb)
    if row is None:
        return 0
    key, facts, count = f"voice:{voice.pk}:{event.number}", facts_of(voice, event), 0
    for role in row.told:
        if role == "author":
            if not (event.verb in BY_RESIDENT and event.by_id in (None, voice.author_id)):
                count += tell_author(voice, _kind(notices_of.TO_AUTHOR, event), key=key, facts=facts, at=at)
            continue
        kind = _kind(notices_of.TO_STAFF, event)
        people = told.levels(role, voice, event, _day(at))
        count += tell_people(voice, people, kind, key=key, facts=facts, at=at, but=event.by_id)
    return count


def tell_people(
    voice: Voice,
    levels: Iterable[list[Person]],
    kind: NoticeKind,
    *,
    key: str,
    facts: dict[str, Any],
    at: dt.datetime,
    but: int | None = None,
) -> int:
    """Tell the first level in which somebody may meet the voice; `but`: who did it and knows."""
    for people in levels:
        seeing = [person for person in dict.fromkeys(people) if _sees(person, voice, at)]
        if not seeing:
            continue
        link = notices_of.record_link(voice.pk)
        made = [
            notices.post(kind, to=person, about=voice.pk, facts=facts, link=link, key=key, at=at)
            for person in seeing
            if person.pk != but
        ]
        return sum(one is not None for one in made)
    return 0


def tell_author(voice: Voice, kind: NoticeKind, *, key: str, facts: dict[str, Any], at: dt.datetime) -> int:
    """Tell whoever raised it: in the own list, or by a letter that says only that there is news."""
    to = told.author(voice)
    if to is None or (isinstance(to, Person) and not _sees(to, voice, at)):
        return 0
    link = notices_of.mine_link(voice.pk) if isinstance(to, Person) else notices_of.follow_link()
    kept = facts if isinstance(to, Person) else {}
    return notices.post(kind, to=to, about=voice.pk, facts=kept, link=link, key=key, at=at) is not None


def facts_of(voice: Voice, event: VoiceEvent | None = None) -> dict[str, Any]:
    """What the sentences may say: names, days and moments as of the event; nothing of what was written."""
    events = list(WALK.events(voice))
    if event:
        events = [one for one in events if one.number <= event.number]
    reads = clock.readings(voice, events)
    dues = {f"{kind}_due": read.due for kind, read in reads.items()}
    given: dict[str, Any] = event.facts if event else {}
    return (
        {f"{kind}_due": None for kind in ClockKind}
        | dues
        | {
            "due": voice.due_at,
            "unit": voice.owner.name,
            "handler": voice.handler.name if voice.handler else None,
            "by": event.by_name if event else "",
            "days": given.get("days") or given.get("asked_days"),
            "solved": voice.solved_resident or voice.solved_call_back or None,
            "satisfied": voice.satisfied or None,
            "clock": voice.due_clock or None,
        }
    )


def _kind(table: dict[str, NoticeKind], event: VoiceEvent) -> NoticeKind:
    ended = event.verb in BADLY and event.target == State.CLOSED
    return table["rated_badly_again" if ended else event.verb]


def _with_people(pk: int) -> Voice:
    found: Voice = Voice._base_manager.select_related("owner", "place", "handler", "author").get(pk=pk)
    return found


def _sees(person: Person, voice: Voice, at: dt.datetime) -> bool:
    actor = actor_of(person.pk, on=_day(at))
    with asking(actor):
        try:
            policies.VIEW.get(actor, pk=voice.pk)
        except NotFound:
            return False
    return True


def _day(at: dt.datetime) -> dt.date:
    return timezone.localtime(at).date()
