"""What voices give to My work today and to the search of the house."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxi.commons.search import marked
from lianxi.commons.views.due import counted
from lianxi.commons.views.rows import Awaited, Duty, Found, Hit, Rate, Today

from ..queries import Asked, listed
from ..queries import today as due_now
from ..queries.figures import week
from ..terms import ClockKind, State
from . import showing
from .acts import BY_NAME


def of_today(*, actor: Any, at: dt.datetime) -> Today:
    """Duties, what waits for others, last week."""
    if not actor.posts:
        return Today()
    waiting = due_now.waiting(actor=actor, at=at)
    alone, together = _several(waiting)
    duties = [_duty(one, at) for one in alone]
    for act, many in together.items():
        duties.append(_new(many, at) if act == "accept" else _late(many, at))
    tally = _tally(waiting, at) if len(waiting) < due_now.MOST else due_now.tally(actor=actor, at=at)
    return Today(
        duties=duties,
        more=tally["all"] - len(duties),
        tally=tally,
        awaited=[_awaited(voice, at) for voice in due_now.awaited(actor=actor, at=at)],
        week=[Rate(*one) for one in week(actor=actor, at=at)],
    )


def _tally(waiting: list[due_now.Waiting], at: dt.datetime) -> dict[str, int]:
    """The numbers of `due_now.tally`, where everything that waits is at hand."""
    voices = (one.voice for one in waiting)
    return counted((None if voice.due_clock == ClockKind.RATE else voice.due_at for voice in voices), at)


TOGETHER = {"accept": 0, "urge": 5}
"""Acts of which more than so many (accept: more than one) stand together in one row behind the first."""


def _several(waiting: list[due_now.Waiting]) -> tuple[list[due_now.Waiting], dict[str, list[due_now.Waiting]]]:
    """What stands alone, and what stands together in one row."""
    together: dict[str, list[due_now.Waiting]] = {}
    for act, first in TOGETHER.items():
        many = [one for one in waiting if one.act == act][first:]
        if len(many) > 1:
            together[act] = many
    folded = {id(one) for many in together.values() for one in many}
    return [one for one in waiting if id(one) not in folded], together


def _duty(one: due_now.Waiting, at: dt.datetime) -> Duty:
    voice = one.voice
    who = _("，").join([str(voice.owner), *([voice.handler.name] if voice.handler else [])])
    to = f"/voices/{voice.pk}/" if one.act == "publish" else f"/voices/{voice.pk}/do/{one.act}/"
    due = showing.due(voice, at)
    return Duty(
        title=voice.title,
        meta=_("民情%(reference)s · %(who)s") % {"reference": voice.reference, "who": who},
        url=f"/voices/{voice.pk}/",
        action=_label(one),
        action_url=to,
        due=due,
        at=None if due["kind"] == "rating" else voice.due_at,
        sentence=_sentence(one, due),
    )


def _label(one: due_now.Waiting) -> Any:
    if one.act == "publish":
        return _("审公开件")
    if one.act == "dispatch" and one.voice.state == State.OBJECTED:
        return _("审异议")
    return BY_NAME[one.act].label


def _sentence(one: due_now.Waiting, due: dict[str, Any]) -> str:
    """Why it waits, in a sentence."""
    voice = one.voice
    until = showing.day(due["at"]) if due.get("at") else ""
    if due["kind"] == "late" and one.act == "urge":
        return _("%(day)s到期，现在%(state)s。") % {"day": until, "state": voice.get_state_display()}
    if until:
        return _("现在%(state)s，期限%(day)s。") % {"day": until, "state": voice.get_state_display()}
    return _("现在%(state)s。") % {"state": voice.get_state_display()}


def _late(many: list[due_now.Waiting], at: dt.datetime) -> Duty:
    first = many[0].voice
    return Duty(
        title=ngettext("还有%(n)d件逾期，没有催过", "还有%(n)d件逾期，没有催过", len(many)) % {"n": len(many)},
        meta=_("民情 · 可以一起催"),
        url="/voices/?view=late",
        action=_("选着催"),
        action_url="/voices/?view=late",
        due=showing.due(first, at),
        at=first.due_at,
    )


def _new(new: list[due_now.Waiting], at: dt.datetime) -> Duty:
    first, oldest = new[0].voice, min(one.voice.received_at for one in new)
    when = timezone.localtime(oldest)
    return Duty(
        title=ngettext("%(n)d件新来的民情还没有受理", "%(n)d件新来的民情还没有受理", len(new)) % {"n": len(new)},
        meta=_("民情 · 最早一件%(moment)s") % {"moment": f"{showing.day(when)} {when:%-H:%M}"},
        url="/voices/?state=received",
        action=_("逐件受理"),
        action_url=f"/voices/{first.pk}/do/accept/",
        due=showing.due(first, at),
        at=first.due_at,
        sentence=_("先受理，再派给承办单位。"),
    )


def _awaited(voice: Any, at: dt.datetime) -> Awaited:
    due = showing.due(voice, at)
    who = _("居民") if voice.state == State.AWAITING_RESIDENT else str(voice.owner)
    what = _("，").join(part for part in (voice.get_state_display(), str(due["text"])) if part)
    return Awaited(who=who, what=f"{voice.title[:16]} · {what}", url=f"/voices/{voice.pk}/")


def count(*, actor: Any, at: dt.datetime) -> int:
    """For the rail."""
    return due_now.tally(actor=actor, at=at)["all"] if actor.posts else 0


def search(q: str, *, actor: Any, at: dt.datetime) -> Found:
    """Voices with these words, newest first, among what the actor may see."""
    asked = Asked(view="all", q=q, order="-received", size=10)
    page = listed(asked, actor=actor, at=at)
    hits = [
        Hit(
            title=marked(voice.title, q),
            url=f"/voices/{voice.pk}/",
            meta=f"{voice.reference} · {voice.place.as_place} · {showing.day(timezone.localtime(voice.received_at))}",
            text=marked(_around(voice.text, q), q),
            state=voice.state,
            state_word=voice.get_state_display(),
        )
        for voice in page.rows
    ]
    return Found(_("民情"), hits, f"/voices/?{asked.query(size=25)}" if page.next else "")


def _around(text: str, q: str, most: int = 80) -> str:
    """The part of a text round the first word found."""
    place = max((text.lower().find(word.lower()) for word in q.split()[:1]), default=0)
    start = max(place - 20, 0)
    return ("…" if start else "") + text[start : start + most] + ("…" if len(text) > start + most else "")
