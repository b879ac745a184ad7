"""Publication 公开: a redacted copy after approval; the original is kept."""

import datetime as dt
import re

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, NotPermitted, Text

from .. import policies
from ..models import Answer, Party, PublicCopy, Voice
from ..terms import TERM_OVER, State
from .intake import clean_line, clean_text
from .receiving import need_reason

NUMBERS = re.compile(
    r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)|\d{17}[\dXx](?![0-9A-Za-z])|(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)"
)
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
ROOM = re.compile(r"\d{1,3}(?:号楼|幢|栋|单元|室|号房)(?:\d{1,4}(?:单元|室|号))*")


def suggest_copy(voice: Voice) -> dict[str, str]:
    """A first redacted copy: numbers, mail addresses and room numbers blacked out. A person reads it before it is published."""
    given = Answer._base_manager.filter(voice=voice.pk, given_at__isnull=False).order_by("number").last()

    def without(text: str) -> str:
        for pattern in (NUMBERS, MAIL, ROOM):
            text = pattern.sub("■■", text)
        return text

    parts = [given.facts, given.opinion] if given else []
    return {"title": without(voice.title), "text": without(voice.text), "answer": without("\n".join(parts))}


@transaction.atomic
def redact(voice: Voice, *, title: str, text: str, answer: str, actor: Actor, at: dt.datetime) -> PublicCopy:
    """拟公开件: write the redacted copy of an answered voice. Refused where somebody is complained about (X-14)."""
    voice = policies.VIEW.get(actor, pk=voice.pk)
    _may(policies.DRAFT_COPY, actor, voice)
    if actor.person_id is None:
        raise NotPermitted
    if voice.state not in (State.ANSWERED, State.CALL_BACK, State.CLOSED, State.DECLINED):
        raise BadInput({"title": _("还没有答复的事不能公开。")})
    _about_nobody(voice)
    errors: dict[str, Text] = {}
    for name, words in (("title", title), ("text", text), ("answer", answer)):
        if not clean_text(words):
            errors[name] = _("这一项是空的。")
        elif NUMBERS.search(words) or MAIL.search(words):
            errors[name] = _("里面还有电话、证件号或邮箱，请涂掉。")
    if errors:
        raise BadInput(errors)
    copy, _made = PublicCopy._base_manager.update_or_create(
        voice=voice,
        withdrawn_at=None,
        published_at=None,
        defaults={
            "title": clean_line(title)[:80],
            "text": clean_text(text),
            "answer": clean_text(answer),
            "place": voice.place,
            "solved": voice.solved_call_back or voice.solved_resident or voice.solved_handler,
            "drafted_at": at,
            "drafted_by_id": actor.person_id,
        },
    )
    return copy


@transaction.atomic
def publish(copy: PublicCopy, *, actor: Actor, at: dt.datetime) -> PublicCopy:
    """公开: approved by a publisher who did not draft it."""
    voice = policies.VIEW.get(actor, pk=copy.voice_id)
    _may(policies.PUBLISH, actor, voice)
    copy = PublicCopy._base_manager.select_for_update().get(pk=copy.pk)
    if copy.drafted_by_id == actor.person_id:
        raise NotPermitted(_("自己拟的公开件，要由别人审。"))
    if copy.withdrawn_at or copy.published_at:
        raise BadInput({"title": _("它已经公开或撤下了。")})
    _about_nobody(voice)
    copy.published_at, copy.published_by_id = at, actor.person_id
    copy.save()
    return copy


@transaction.atomic
def withdraw(copy: PublicCopy, *, reason: str, actor: Actor, at: dt.datetime) -> PublicCopy:
    """撤下: residents see that it was withdrawn, and why."""
    voice = policies.VIEW.get(actor, pk=copy.voice_id)
    _may(policies.PUBLISH, actor, voice)
    copy = PublicCopy._base_manager.select_for_update().get(pk=copy.pk)
    copy.withdrawn_at, copy.withdrawn_why = at, need_reason(reason)[:200]
    copy.save()
    return copy


SHOWN_MONTHS = 12
TOGETHER = 5
"""So many copies at least are taken down together, so that nobody can tell which of them was the reason."""


@transaction.atomic
def turn_over(*, at: dt.datetime) -> int:
    """撤下公开期满的: copies of the months before the last twelve; and, with the same words, each month in which one stands
    in whose matter somebody was named as complained about since, with as many older ones as make up a group.
    """
    stand = PublicCopy._base_manager.filter(withdrawn_at=None, published_at__isnull=False)
    index = timezone.localtime(at).year * 12 + timezone.localtime(at).month - 1 - SHOWN_MONTHS
    first = timezone.localtime(at).replace(
        year=index // 12, month=index % 12 + 1, day=1, hour=0, minute=0, second=0, microsecond=0
    )
    over = set(stand.filter(published_at__lt=first).values_list("pk", flat=True))
    for moment in stand.filter(voice__accused_any=True).values_list("published_at", flat=True):
        month = timezone.localtime(moment).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        after = (month + dt.timedelta(days=32)).replace(day=1)
        same = stand.filter(published_at__gte=month, published_at__lt=after).values_list("pk", flat=True)
        older = stand.filter(published_at__lt=month).order_by("-published_at", "-pk").values_list("pk", flat=True)
        group = list(same)
        over |= {*group, *older[: max(0, TOGETHER - len(group))]}
    return stand.filter(pk__in=over).update(withdrawn_at=at, withdrawn_why=TERM_OVER)


def _about_nobody(voice: Voice) -> None:
    if voice.accused_open or Party._base_manager.filter(voice=voice.pk, part="accused").exists():
        raise BadInput({"title": _("反映具体单位或人员的事不公开，免得认出反映人（信访工作条例第三十条）。")})


def _may(permission: object, actor: Actor, voice: Voice) -> None:
    may = permission.why(actor, voice)  # type: ignore[attr-defined]
    if not may:
        raise NotPermitted(open_to=may.open_to)
