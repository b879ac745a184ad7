"""Terms of elected bodies: begun, shifted with approval, ended by the next election; and the reminder."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, NotPermitted
from lianxi.commons.rulebook import applies
from lianxi.commons.units.models import Unit

from .. import clock
from ..models import CommitteeTerm
from ..notices_of import tell_of_end
from ..queries.terms import facts_of, to_remind
from ..terms import TermState
from ..workflow import WALK
from .growing import locked


@transaction.atomic
def begin_term(
    body: Unit, *, since: dt.date, actor: Actor, at: dt.datetime, number: int | None = None
) -> CommitteeTerm:
    """登记届次: a term begins with its election; it ends after the years of E-01. Raises NotPermitted, BadInput."""
    now = locked(body, actor)
    sector, in_community = facts_of(now)
    length = clock.term_length(now, on=since, sector=sector, in_community=in_community)
    if length is None:
        raise BadInput({"body": _("%(kind)s不是选举产生的，没有任期。") % {"kind": now.get_kind_display()}})
    if since > timezone.localtime(at).date():
        raise BadInput({"since": _("选举日期还没有到。")})
    if CommitteeTerm.objects.filter(body=now, ended_on=None).exists():
        raise BadInput({"since": _("上一届还没有登记换届。")})
    last = CommitteeTerm.objects.filter(body=now).order_by("-number").first()
    if last and last.ended_on and since < last.ended_on:
        raise BadInput({"since": _("早于上一届的换届日期%(day)s。") % {"day": last.ended_on}})
    if number and CommitteeTerm.objects.filter(body=now, number=number).exists():
        raise BadInput({"number": _("第%(n)d届已经登记过。") % {"n": number}})
    term = CommitteeTerm(
        body=now,
        number=number or (last.number + 1 if last else 1),
        since=since,
        until=clock.shifted(since, years=length[1]),
    )
    return WALK.begin(term, verb="begin", actor=actor, at=at)


def ask_shift(
    term: CommitteeTerm, *, to: dt.date, reason: str, actor: Actor, at: dt.datetime, seen: int | None = None
) -> CommitteeTerm:
    """请示提前或延期换届. Refused beyond the bound of E-02."""
    if len(reason.strip()) < 2:
        raise BadInput({"reason": _("请写一句理由。")})
    return WALK.take("ask_shift", term, actor=actor, at=at, seen=seen, reason=reason, asked_for=to)


@transaction.atomic
def approve_shift(
    term: CommitteeTerm, *, approval: str, actor: Actor, at: dt.datetime, seen: int | None = None
) -> CommitteeTerm:
    """批准: the day asked for holds instead of the end of the term. `approval`: number of the paper."""
    now = CommitteeTerm.objects.get(pk=term.pk)
    return WALK.take(
        "approve_shift",
        now,
        actor=actor,
        at=at,
        seen=seen,
        approval=approval,
        shifted_to=now.asked_for,
        asked_for=None,
        reminded_at=None,
    )


def refuse_shift(
    term: CommitteeTerm, *, reason: str, actor: Actor, at: dt.datetime, seen: int | None = None
) -> CommitteeTerm:
    """不批准."""
    return WALK.take("refuse_shift", term, actor=actor, at=at, seen=seen, reason=reason, asked_for=None)


def take_back_shift(term: CommitteeTerm, *, actor: Actor, at: dt.datetime, seen: int | None = None) -> CommitteeTerm:
    """收回请示."""
    return WALK.take("take_back_shift", term, actor=actor, at=at, seen=seen, asked_for=None)


@transaction.atomic
def close_term(
    term: CommitteeTerm,
    *,
    on: dt.date,
    actor: Actor,
    at: dt.datetime,
    seen: int | None = None,
    approval: str = "",
    late: bool = False,
    begin_next: bool = True,
) -> CommitteeTerm:
    """登记换届: the election was held; the next term begins with it. Early or late only as approved (E-02).

    `late`: an election held out of time without approval is written down by the higher organisation, with its paper.
    Gives the new term (or the ended one with `begin_next=False`).
    """
    if on > timezone.localtime(at).date():
        raise BadInput({"on": _("换届日期还没有到。")})
    if on <= term.since:
        raise BadInput({"on": _("换届日期要晚于本届选举日期。")})
    change: dict[str, Any] = {"approval": approval} if late else {}
    ended = WALK.take("close_late" if late else "close", term, actor=actor, at=at, seen=seen, ended_on=on, **change)
    return begin_term(ended.body, since=on, actor=actor, at=at) if begin_next else ended


@applies("E-03", where=_("任期届满前的提醒"))
def remind(*, actor: Actor, at: dt.datetime) -> list[CommitteeTerm]:
    """Tell the secretary and the organiser of the terms whose reminder is due (E-03), each once; gives these terms."""
    if not actor.job:
        raise NotPermitted
    due = [term.pk for term in to_remind(actor=actor, on=timezone.localtime(at).date())]
    with transaction.atomic():
        rows = list(
            CommitteeTerm.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(pk__in=due, reminded_at=None)
            .exclude(state=TermState.ENDED)
            .select_related("body")
        )
        CommitteeTerm.objects.filter(pk__in=[term.pk for term in rows]).update(reminded_at=at)
        for term in rows:
            tell_of_end(term, day=timezone.localtime(at).date(), at=at)
    return rows
