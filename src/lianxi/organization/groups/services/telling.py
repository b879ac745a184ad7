"""Tell the members and the officers what happened to a round. Running twice tells once."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from lianxi.commons.accounts.models import Person
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import NotPermitted

from .. import notices_of as told
from .. import policies
from ..models import Participant, Round, RoundStep, Seat
from ..terms import SEEN_BY_MEMBERS, SOON, State


@transaction.atomic
def tell_event(event_id: int, *, actor: Actor, at: dt.datetime) -> int:
    """Tell whom the event concerns; gives how many notices came to be."""
    event = RoundStep.objects.get(pk=event_id)
    record = policies.VIEW.all(actor).select_related("unit").filter(pk=event.round_id).first()
    if record is None:
        raise NotPermitted(open_to=[policies.telling.says])
    tellers = {
        "open": _opened, "designate": _designated, "publish": _placed, "move": _moved, "object": _objected,
        "answer_objection": _answered, "report": _reported, "cancel": _cancelled,
    }  # fmt: skip
    teller = tellers.get(event.verb)
    return teller(record, event, at) if teller else 0


@transaction.atomic
def remind(*, actor: Actor, at: dt.datetime) -> int:
    """Remind who has not answered that the lists close soon; gives how many notices came to be. Once for each closing time."""
    soon = policies.VIEW.all(actor).filter(state=State.OPEN, closes_at__gt=at, closes_at__lte=at + SOON)
    count = 0
    for record in soon.select_related("unit"):
        key = f"groups:{record.pk}:soon:{record.closes_at:%Y%m%dT%H%M}"
        for one in _people(record).filter(answer="", designated=None).iterator():
            facts = {"until": record.closes_at}
            count += told.tell_member(told.SOON, record, one.member.person, key=key, at=at, facts=facts)
    return count


def _people(record: Round) -> Any:
    return Participant.objects.filter(round=record).select_related("member__person", "designated")


def _opened(record: Round, event: RoundStep, at: dt.datetime) -> int:
    day = timezone.localtime(record.closes_at).date()
    count = 0
    for one in _people(record).iterator():
        kind = told.DESIGNATED if one.designated else told.OPENED
        facts: dict[str, Any] = {"group": one.designated.name} if one.designated else {"day": day}
        count += _member(kind, record, one.member.person, event, at, facts)
    return count


def _designated(record: Round, event: RoundStep, at: dt.datetime) -> int:
    one = _people(record).filter(pk=event.facts.get("who")).exclude(designated=None).first()
    if one is None or record.state not in SEEN_BY_MEMBERS:
        return 0
    return _member(told.DESIGNATED, record, one.member.person, event, at, {"group": one.designated.name})


def _placed(record: Round, event: RoundStep, at: dt.datetime) -> int:
    count = 0
    rows = Seat.objects.filter(round=record).select_related("participant__member__person", "group")
    for one in rows.iterator():
        person = one.participant
        silent = not person.wishes and person.designated_id is None
        facts = {"group": one.group.name, "day": record.objections_until}
        count += _member(told.SILENT if silent else told.RESULT, record, person.member.person, event, at, facts)
    return count


def _moved(record: Round, event: RoundStep, at: dt.datetime) -> int:
    """Who knows the first group already, and did not ask for another, hears of the second."""
    one = _people(record).filter(pk=event.facts.get("who")).first()
    if one is None or record.state != State.OBJECTIONS or event.facts.get("asked"):
        return 0
    facts = {"group": event.facts["group"], "day": record.objections_until}
    return _member(told.MOVED, record, one.member.person, event, at, facts)


def _objected(record: Round, event: RoundStep, at: dt.datetime) -> int:
    people = told.keepers(record.unit, timezone.localtime(at).date())
    return sum(told.tell_officer(told.OBJECTED, record, one, key=_key(event), at=at, facts={}) for one in people)


def _answered(record: Round, event: RoundStep, at: dt.datetime) -> int:
    one = _people(record).filter(pk=event.facts.get("who")).first()
    return _member(told.ANSWERED, record, one.member.person, event, at, {}) if one else 0


def _reported(record: Round, event: RoundStep, at: dt.datetime) -> int:
    people = told.above(record.unit, timezone.localtime(at).date())
    facts = {"unit": record.unit.name}
    return sum(told.tell_officer(told.REPORTED, record, one, key=_key(event), at=at, facts=facts) for one in people)


def _cancelled(record: Round, event: RoundStep, at: dt.datetime) -> int:
    if event.source == State.DRAFTING:
        return 0
    facts = {"title": record.title, "reason": event.reason}
    return sum(_member(told.CANCELLED, record, one.member.person, event, at, facts) for one in _people(record))


def _key(event: RoundStep) -> str:
    return f"groups:{event.round_id}:{event.number}"


def _member(kind: Any, record: Round, person: Person, event: RoundStep, at: dt.datetime, facts: dict[str, Any]) -> int:
    return int(told.tell_member(kind, record, person, key=_key(event), at=at, facts=facts))
