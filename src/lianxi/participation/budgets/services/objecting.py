"""Residents object to a result; the answer has a reason; an objection that is upheld leads back to the count."""

import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.blinding import blind
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, NotOpenFromHere
from lianxi.commons.rulebook import rule

from ..models import Elector, FormerResult, Objection, Result, Round
from ..queries import may_object
from ..terms import OUT, ObjectionState, State
from ..workflow import OBJECTIONS, WALK
from .proposing import locked
from .typed import need_reason, plain
from .voting import elector_key


@transaction.atomic
def object_to(
    one: Round,
    *,
    text: str,
    entitled: bool,
    actor: Actor,
    at: dt.datetime,
    name: str = "",
    door: str = "",
    tell_me: bool = False,
) -> Objection:
    """提异议: any resident, without an account, while the result is on display and for some days after publication (S-25).

    `entitled`: says that he or she belongs to this community. `name` and `door` are looked for on the roll and not kept.
    The same words sent twice are one objection. Raises NotOpenFromHere, BadInput.
    """
    now = locked(one, *OUT)
    if not may_object(now, at=at):
        raise NotOpenFromHere(_("公布后可以提异议的时间已过。"), state=now.state)
    made = plain(text, lines=True)
    errors = {} if len(made) > 3 else {"text": _("请写哪里不对、为什么。")}
    if not entitled:
        errors["entitled"] = _("结果是本社区居民的事，请勾上您是本社区的。")
    if errors:
        raise BadInput(errors)
    against = FormerResult._base_manager.filter(round=now).count()
    same = Objection._base_manager.filter(round=now, against=against, state=ObjectionState.OPEN, text=made)
    if already := same.first():
        return already
    day = timezone.localtime(at).date()
    last = Objection._base_manager.filter(round=now).aggregate(last=Max("number"))["last"] or 0
    objection = Objection(
        round=now,
        number=last + 1,
        text=made,
        on_roll=_on_roll(now, plain(name), plain(door)),
        told_id=actor.person_id if tell_me else None,
        against=against,
        at=at,
        due_on=day + dt.timedelta(days=int(rule("S-25", on=day, at=now.unit).value)),
    )
    return OBJECTIONS.begin(objection, verb="object", actor=actor, at=at)


def _on_roll(one: Round, name: str, door: str) -> bool:
    if not name or not door:
        return False
    return Elector._base_manager.filter(round=one.pk, who_is=blind(elector_key(one.pk, name, door))).exists()


@transaction.atomic
def reject_objection(
    objection: Objection, *, reason: str, actor: Actor, at: dt.datetime, seen: int | None = None
) -> Objection:
    """异议不成立, with the reason that everybody reads."""
    why = need_reason(reason)
    locked(objection.round, *OUT, State.COUNTING)
    return OBJECTIONS.take(
        "reject",
        objection,
        actor=actor,
        at=at,
        seen=seen,
        reason=why,
        answer=why,
        answered_at=at,
        judge_id=actor.person_id,
    )


@transaction.atomic
def uphold_objection(
    objection: Objection, *, reason: str, actor: Actor, at: dt.datetime, seen: int | None = None
) -> Objection:
    """异议成立: the result is kept as a former one, and the round goes back to the count; there paper is entered anew.

    A round that is being counted again already stays where it is.
    """
    why = need_reason(reason)
    now = locked(objection.round, *OUT, State.COUNTING)
    done = OBJECTIONS.take(
        "uphold",
        objection,
        actor=actor,
        at=at,
        seen=seen,
        reason=why,
        answer=why,
        answered_at=at,
        judge_id=actor.person_id,
    )
    if now.state in OUT:
        WALK.take(
            "recount", now, actor=actor, at=at, reason=why, facts={"objection": done.number},
            displayed_on=None, published_at=None, ends_on=None,
        )  # fmt: skip
        _replace(now, at)
    return done


def _replace(one: Round, at: dt.datetime) -> None:
    """Keep the result as it stood; the next count makes a new one. `one`: the round as it was before the step."""
    result = Result._base_manager.get(round=one.pk)
    FormerResult._base_manager.create(
        round=one,
        number=FormerResult._base_manager.filter(round=one.pk).count() + 1,
        at=result.at,
        by_id=result.by_id,
        displayed_on=one.displayed_on,
        published_at=one.published_at,
        replaced_at=at,
        **{name: getattr(result, name) for name in ("certificate", "ties", "file")},
        **{name: getattr(one, name) for name in ("order", "order_note")},
    )
    result.delete()
