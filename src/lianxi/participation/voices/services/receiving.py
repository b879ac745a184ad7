"""Receiving 受理: accept, decline, dispatch, review of objections, supervision."""

import datetime as dt
from functools import partial
from typing import Any

import pgtrigger
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.permissions import Actor, system
from lianxi.commons.permissions.models import Posting
from lianxi.commons.refusals import BadInput
from lianxi.commons.units.models import Unit

from .. import policies
from ..models import CoHandler, Party, Photo, Spot, Voice, VoiceHistory
from ..terms import Exit, Kind, Part, Topic
from ..workflow import CAN_RECALL, WALK, accused_units, is_accused, keeper_of
from .intake import clean_line, clean_text


def need_reason(reason: str, field: str = "reason") -> str:
    """The reason without blanks, control and bidirectional characters. Raises BadInput when there is none."""
    reason = clean_text(reason)
    if len(reason) < 2:
        raise BadInput({field: _("请写理由。")})
    return reason


def accept(
    voice: Voice,
    *,
    actor: Actor,
    at: dt.datetime,
    seen: int | None = None,
    topic: str = "",
    kind: str = "",
    title: str = "",
) -> Voice:
    """受理: take the matter; topic, kind and title may be set right on the way."""
    errors = {
        name: _("请从这几类里选一类。")
        for name, value, known in (("topic", topic, Topic.values), ("kind", kind, Kind.values))
        if value and value not in known
    }
    if errors:
        raise BadInput(errors)
    change: dict[str, Any] = {
        name: value for name, value in (("topic", topic), ("kind", kind), ("title", clean_line(title)[:80])) if value
    }
    return WALK.take("accept", voice, actor=actor, at=at, seen=seen, **change)


def decline(voice: Voice, *, exit: str, reason: str, actor: Actor, at: dt.datetime, seen: int | None = None) -> Voice:
    """不予受理: by one of the six lawful exits (J-02), telling the right door in `reason`."""
    return WALK.take(
        "decline", voice, actor=actor, at=at, seen=seen, reason=need_reason(reason), exit=exit, ended_at=at
    )


@transaction.atomic
def discipline_door(voice: Voice, *, actor: Actor, at: dt.datetime, seen: int | None = None) -> Voice:
    """转纪检渠道: point to the discipline inspection office and erase what was written, history included (X-19)."""
    erased = str(_("（内容属于纪检监察受理范围，已按规定不保存）"))
    voice = WALK.take("discipline_door", voice, actor=actor, at=at, seen=seen, exit=Exit.OUTSIDE, ended_at=at)
    voice.title, voice.text, voice.address = erased, erased, ""
    voice.contact_name = voice.phone = voice.email = ""
    voice.save()
    with pgtrigger.ignore(f"{VoiceHistory._meta.label}:append_only"):
        VoiceHistory._base_manager.filter(pgh_obj=voice.pk).update(
            title=erased, text=erased, address="", contact_name="", phone="", phone_is=None, email=""
        )
    Spot._base_manager.filter(voice=voice.pk).delete()
    for photo in Photo._base_manager.filter(voice=voice.pk):
        transaction.on_commit(partial(photo.image.storage.delete, str(photo.image.name)))
        photo.delete()
    return voice


def dispatch(
    voice: Voice, *, to: Unit, actor: Actor, at: dt.datetime, seen: int | None = None, reason: str = ""
) -> Voice:
    """派单: give the voice to the unit that shall handle it. Refused to the party complained about (X-14)."""
    return WALK.take(
        "dispatch", voice, actor=actor, at=at, seen=seen, reason=clean_text(reason), owner=to, handler=None
    )


def overrule(voice: Voice, *, reason: str, actor: Actor, at: dt.datetime, seen: int | None = None) -> Voice:
    """维持派单: the objection was reviewed and does not hold."""
    return WALK.take("overrule", voice, actor=actor, at=at, seen=seen, reason=need_reason(reason))


def recall(voice: Voice, *, reason: str, actor: Actor, at: dt.datetime, seen: int | None = None) -> Voice:
    """收回派单: take the voice back from its unit, to dispatch it anew."""
    keeper = keeper_of(voice.place, accused_units(voice, timezone.localtime(at).date()))
    return WALK.take(
        "recall", voice, actor=actor, at=at, seen=seen, reason=need_reason(reason), owner=keeper, handler=None
    )


def reopen(voice: Voice, *, reason: str, actor: Actor, at: dt.datetime, seen: int | None = None) -> Voice:
    """重新打开: a closed matter is taken up again; its ratings belong to the first time and stay in the history."""
    return WALK.take(
        "reopen",
        voice,
        actor=actor,
        at=at,
        seen=seen,
        reason=need_reason(reason),
        round=1,
        ended_at=None,
        solved_resident="",
        solved_call_back="",
        satisfied="",
        comment="",
    )


def urge(voice: Voice, *, reason: str, actor: Actor, at: dt.datetime, seen: int | None = None) -> Voice:
    """催办: remind handler and head."""
    return WALK.take("urge", voice, actor=actor, at=at, seen=seen, reason=clean_text(reason))


@transaction.atomic
def no_official(voice: Voice, *, reason: str, actor: Actor, at: dt.datetime, seen: int | None = None) -> Voice:
    """写明不涉及工作人员: whom the resident wrote about is nobody of the house; why is kept."""
    voice = WALK.take("no_official", voice, actor=actor, at=at, seen=seen, reason=need_reason(reason))
    voice.accused_open = False
    voice.accused_any = Party._base_manager.filter(voice=voice.pk, part=Part.ACCUSED).exists()
    voice.save()
    return voice


@transaction.atomic
def name_accused(
    voice: Voice,
    *,
    unit: Unit | None = None,
    person: Person | None = None,
    more: bool = False,
    actor: Actor,
    at: dt.datetime,
    seen: int | None = None,
) -> Voice:
    """登记被反映方: from now on they never meet the voice; if it lies with them, it is taken back first (X-14).

    Where it was not yet known who is complained about, it is known from here on, unless there is `more` to name.
    """
    if (unit is None) == (person is None):
        raise BadInput({"accused": _("请选一个单位或一个人。")})
    change: dict[str, Any] = {"accused_any": True}
    if not more and policies.SETTLE.may(actor, voice):
        change["accused_open"] = False
    day = timezone.localtime(at).date()
    helping = _helping(voice, unit, person, day)
    facts = {"helps_no_more": [row.unit_id for row in helping]} if helping else {}
    voice = WALK.take("name_accused", voice, actor=actor, at=at, seen=seen, facts=facts, **change)
    CoHandler._base_manager.filter(pk__in=[row.pk for row in helping]).update(until=at)
    Party._base_manager.update_or_create(
        voice=voice, unit=unit, person=person, defaults={"part": Part.ACCUSED, "at": at, "by_name": actor.name}
    )
    holds_it = is_accused(voice, voice.owner, day) or (person is not None and voice.handler_id == person.pk)
    if holds_it and voice.state in CAN_RECALL:
        voice = WALK.take(
            "recall",
            voice,
            actor=system("voices.guard"),
            at=at,
            reason=str(_("主办单位是被反映方，收回重派")),
            owner=keeper_of(voice.place, accused_units(voice, day)),
            handler=None,
        )
    return voice


def _helping(voice: Voice, unit: Unit | None, person: Person | None, on: dt.date) -> list[CoHandler]:
    """Who helps, and is complained about from now on: at or below the unit, or a unit that the person heads."""
    headed = Posting.objects.held(on).filter(person=person, head=True).values_list("unit__path", flat=True)
    paths = [unit.path] if unit else list(headed)
    rows = CoHandler._base_manager.filter(voice=voice.pk, until=None).select_related("unit")
    return [row for row in rows if any(row.unit.path.startswith(path) for path in paths)]
