"""Handling 办理: by the unit that owns the voice."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, NotPermitted
from lianxi.commons.rulebook import rule
from lianxi.commons.units.models import Unit

from .. import policies
from ..models import Answer, CoHandler, Extension, Note, Party, Voice
from ..terms import Contact, Part, Result, Solved
from ..workflow import WALK
from .intake import clean_text
from .receiving import need_reason


def object_to_dispatch(voice: Voice, *, reason: str, actor: Actor, at: dt.datetime, seen: int | None = None) -> Voice:
    """提出派单异议: within five working days, with a reason (X-07)."""
    return WALK.take("object", voice, actor=actor, at=at, seen=seen, reason=need_reason(reason))


def take_in_hand(voice: Voice, *, handler: Person, actor: Actor, at: dt.datetime, seen: int | None = None) -> Voice:
    """签收办理: the unit takes the voice, and names who handles it."""
    return WALK.take("take", voice, actor=actor, at=at, seen=seen, handler=handler)


def assign(
    voice: Voice, *, handler: Person, actor: Actor, at: dt.datetime, seen: int | None = None, reason: str = ""
) -> Voice:
    """换承办人."""
    return WALK.take("assign", voice, actor=actor, at=at, seen=seen, reason=clean_text(reason), handler=handler)


@transaction.atomic
def stand_aside(voice: Voice, *, reason: str, actor: Actor, at: dt.datetime, seen: int | None = None) -> Voice:
    """回避: who has a direct interest stands aside, and does not meet the voice again (X-08)."""
    reason = need_reason(reason)
    if actor.person_id is None:
        raise NotPermitted
    change = {"handler": None} if voice.handler_id == actor.person_id else {}
    voice = WALK.take("stand_aside", voice, actor=actor, at=at, seen=seen, reason=reason, **change)
    Party._base_manager.get_or_create(
        voice=voice,
        person_id=actor.person_id,
        unit=None,
        defaults={"part": Part.INTERESTED, "reason": reason[:200], "at": at, "by_name": actor.name},
    )
    return voice


def contact(voice: Voice, *, how: str, words: str, actor: Actor, at: dt.datetime, seen: int | None = None) -> Voice:
    """记先行联系: how the resident was contacted, and what was agreed."""
    if how not in Contact.values:
        raise BadInput({"how": _("请选联系方式。")})
    first = {} if voice.contacted_at else {"contacted_at": at}
    return WALK.take(
        "contact", voice, actor=actor, at=at, seen=seen, reason=need_reason(words, "words"), facts={"how": how}, **first
    )


def ask_resident(voice: Voice, *, question: str, actor: Actor, at: dt.datetime, seen: int | None = None) -> Voice:
    """请居民补充: the clock stands until the answer comes."""
    return WALK.take("ask_resident", voice, actor=actor, at=at, seen=seen, reason=need_reason(question, "question"))


@transaction.atomic
def ask_extension(
    voice: Voice, *, days: int, reason: str, actor: Actor, at: dt.datetime, seen: int | None = None
) -> Voice:
    """申请延期: at most as many days as the article allows (X-11)."""
    most = int(rule("X-11", on=timezone.localtime(at).date()).parameter("extension_days").value)
    if not 1 <= days <= most:
        raise BadInput({"days": _("延长1到%(most)d天。") % {"most": most}})
    reason = need_reason(reason)
    voice = WALK.take("ask_extension", voice, actor=actor, at=at, seen=seen, reason=reason, facts={"asked_days": days})
    Extension._base_manager.create(voice=voice, days=days, reason=reason, asked_at=at, asked_by_id=actor.person_id)
    return voice


def grant_extension(
    voice: Voice, *, actor: Actor, at: dt.datetime, seen: int | None = None, decision: str = ""
) -> Voice:
    """批准延期: by the head, not by who asked."""
    return _decide(voice, True, decision, actor, at, seen)


def refuse_extension(voice: Voice, *, decision: str, actor: Actor, at: dt.datetime, seen: int | None = None) -> Voice:
    """不批延期: with a reason."""
    return _decide(voice, False, need_reason(decision, "decision"), actor, at, seen)


@transaction.atomic
def _decide(voice: Voice, granted: bool, decision: str, actor: Actor, at: dt.datetime, seen: int | None) -> Voice:
    decision = clean_text(decision)
    asked = Extension._base_manager.select_for_update().filter(voice=voice.pk, granted=None).first()
    if granted and asked and asked.asked_by_id == actor.person_id:
        raise NotPermitted(_("自己申请的延期，要由别人批。"))
    verb = "grant_extension" if granted else "refuse_extension"
    facts = {"days": asked.days if asked and granted else 0}
    voice = WALK.take(verb, voice, actor=actor, at=at, seen=seen, reason=decision, facts=facts)
    if asked:
        asked.granted, asked.decided_at, asked.decided_by_id, asked.decision = granted, at, actor.person_id, decision
        asked.save()
    return voice


def progress(voice: Voice, *, words: str, actor: Actor, at: dt.datetime, seen: int | None = None) -> Voice:
    """记办理情况: what was done; the resident reads it too."""
    return WALK.take("progress", voice, actor=actor, at=at, seen=seen, reason=need_reason(words, "words"))


@transaction.atomic
def draft_answer(
    voice: Voice,
    *,
    facts: str,
    result: str,
    opinion: str,
    basis: str,
    solved: str = "",
    actor: Actor,
    at: dt.datetime,
    seen: int | None = None,
) -> Voice:
    """写答复: a new version of the draft (X-10). An unfinished one may be kept."""
    if result and result not in Result.values:
        raise BadInput({"result": _("请选支持、解释说明或不予支持。")})
    if solved and solved not in Solved.values:
        raise BadInput({"solved": _("请从这几项里选。")})
    last = Answer._base_manager.filter(voice=voice.pk).order_by("number").last()
    number = last.number + 1 if last else 1
    voice = WALK.take("draft", voice, actor=actor, at=at, seen=seen, facts={"draft": number})
    Answer._base_manager.create(
        voice=voice,
        number=number,
        facts=clean_text(facts),
        result=result,
        opinion=clean_text(opinion),
        basis=clean_text(basis),
        solved=solved,
        at=at,
        by_id=actor.person_id,
        by_name=actor.name,
    )
    return voice


def submit_answer(voice: Voice, *, actor: Actor, at: dt.datetime, seen: int | None = None) -> Voice:
    """送审答复."""
    return WALK.take("submit", voice, actor=actor, at=at, seen=seen)


@transaction.atomic
def add_co_handler(voice: Voice, *, unit: Unit, actor: Actor, at: dt.datetime, seen: int | None = None) -> Voice:
    """加协办单位. Refused to the party complained about (X-14)."""
    if unit.pk == voice.owner_id:
        raise BadInput({"unit": _("它已经是主办单位。")})
    policies.VIEW.get(actor, pk=voice.pk)
    CoHandler._base_manager.get_or_create(voice=voice, unit=unit, until=None, defaults={"since": at})
    return WALK.take("add_co_handler", voice, actor=actor, at=at, seen=seen, facts={"unit": unit.pk, "name": unit.name})


@transaction.atomic
def drop_co_handler(voice: Voice, *, unit: Unit, actor: Actor, at: dt.datetime, seen: int | None = None) -> Voice:
    """去掉协办单位; the past stays."""
    voice = WALK.take(
        "drop_co_handler", voice, actor=actor, at=at, seen=seen, facts={"unit": unit.pk, "name": unit.name}
    )
    CoHandler._base_manager.filter(voice=voice.pk, unit=unit, until=None).update(until=at)
    return voice


def write_note(voice: Voice, *, text: str, actor: Actor, at: dt.datetime) -> Note:
    """写内部备注: residents never see it. Raises NotFound, NotPermitted, BadInput."""
    voice = policies.VIEW.get(actor, pk=voice.pk)
    may = policies.NOTE.why(actor, voice)
    if not may:
        raise NotPermitted(open_to=may.open_to)
    if not clean_text(text):
        raise BadInput({"text": _("备注是空的。")})
    return Note._base_manager.create(
        voice=voice, text=clean_text(text)[:2000], at=at, by_id=actor.person_id, by_name=actor.name
    )
