"""The walk of a secret vote: guards and rows."""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxi.commons.jobs import enqueue
from lianxi.commons.permissions.apart import before_a_post
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import ADMINS
from lianxi.commons.rulebook import Check, applies, rule
from lianxi.commons.workflow import Row, Walk

from . import policies as may
from .models import Credential, Entry, Item, Poll, PollEvent, RollEntry, Trustee, TrusteeFile
from .terms import RUNNING, EntryKind, Kind, Part, Step
from .terms import State as S


def _on(at: dt.datetime) -> dt.date:
    return timezone.localtime(at).date()


def _trustees(poll: Poll) -> list[Trustee]:
    return list(Trustee._base_manager.filter(poll=poll.pk).order_by("number"))


@applies("V-01", where=_("无记名投票开始制作密钥"))
def question_complete(poll: Poll, at: dt.datetime) -> Check:
    items = Item._base_manager.filter(poll=poll.pk, part=Part.ITEM).count()
    roster = Item._base_manager.filter(poll=poll.pk, part=Part.ROSTER).count()
    least = 2 if poll.kind == Kind.CHOICE else 1
    fits = poll.kind == Kind.MOTIONS or poll.most <= items + roster
    return Check(
        rule("V-01", on=_on(at)),
        _("题目和选项写全，最多选几个不超过项数"),
        _("%(n)d项，最多选%(most)d个") % {"n": items, "most": poll.most}
        if poll.kind != Kind.MOTIONS
        else _("%(n)d个议题") % {"n": items},
        items >= least and fits and (not roster or poll.kind == Kind.CANDIDATES),
        label=_("选票写全"),
    )


@applies("V-01", where=_("无记名投票开始制作密钥"))
def roll_not_empty(poll: Poll, at: dt.datetime) -> Check:
    n = RollEntry._base_manager.filter(poll=poll.pk).count()
    return Check(rule("V-01", on=_on(at)), _("选民名册不空"), _("名册上%(n)d人") % {"n": n}, n > 0, label=_("选民名册"))


@applies("V-06", where=_("无记名投票开始制作密钥"))
def enough_voters(poll: Poll, at: dt.datetime) -> Check:
    """Of one or two voters everybody would know how they voted."""
    law = rule("V-06", on=_on(at))
    n = RollEntry._base_manager.filter(poll=poll.pk).count()
    return Check(
        law,
        _("选民名册不少于%(n)d人") % {"n": int(law.value)},
        _("名册上%(n)d人") % {"n": n},
        n >= law.value,
        label=_("人数够保密"),
    )


@applies("V-02", where=_("无记名投票开始制作密钥"))
def enough_trustees(poll: Poll, at: dt.datetime) -> Check:
    law = rule("V-02", on=_on(at), at=poll.unit)
    n = Trustee._base_manager.filter(poll=poll.pk).count()
    return Check(
        law,
        _("监票人不少于%(n)d位，少了要写理由") % {"n": int(law.value)},
        _("%(n)d位") % {"n": n},
        n >= int(law.value) or (n > 1 and bool(poll.few_reason)),
        label=_("监票人数"),
    )


@applies("V-02", where=_("无记名投票开始制作密钥"))
def threshold_of_majority(poll: Poll, at: dt.datetime) -> Check:
    n = Trustee._base_manager.filter(poll=poll.pk).count()
    return Check(
        rule("V-02", on=_on(at), at=poll.unit),
        _("开票要两位以上、过半数的监票人"),
        _("%(n)d位中要%(t)d位") % {"n": n, "t": poll.threshold},
        1 < poll.threshold <= n < 2 * poll.threshold,
        label=_("几位才能开票"),
    )


LEADING = (
    "draft",
    "change",
    "prepare",
    "reopen_draft",
    "open",
    "attendance",
    "correct_attendance",
    "close",
    "publish",
    "withdraw",
)
"""Steps of those who lead a poll."""


def operators(people: set[int], at: dt.datetime) -> set[int]:
    """Who of these people keeps the system, today or later."""
    held = Posting._base_manager.filter(Q(until=None) | Q(until__gte=_on(at)), person__in=people, role__in=ADMINS)
    return set(held.values_list("person", flat=True))


@applies("V-03", where=_("无记名投票的监票人"))
def trustees_apart(poll: Poll, at: dt.datetime) -> Check:
    """Who runs the server, makes the cards or has led the poll so far holds no share of its key. Set by the service:
    `poll.leader_id` is who is about to lead it on."""
    people = {one.person_id: one.name for one in _trustees(poll)}
    led = set(PollEvent._base_manager.filter(poll=poll.pk, verb__in=LEADING).values_list("by", flat=True))
    led |= {key for key in (getattr(poll, "leader_id", None), poll.giver_id) if key is not None}
    wrong = set(people) & (operators(set(people), at) | led)
    return Check(
        rule("V-03", on=_on(at)),
        _("监票人不是系统管理、组织投票的人或发卡人"),
        _("不能监票：%(names)s") % {"names": gettext("、").join(sorted(people[key] for key in wrong))}
        if wrong
        else _("都不是"),
        not wrong,
        label=_("监票人独立"),
    )


@applies("V-04", where=_("无记名投票的发卡人"))
def giver_apart(poll: Poll, at: dt.datetime) -> Check:
    operator = poll.giver_id is not None and bool(operators({poll.giver_id}, at))
    return Check(
        rule("V-04", on=_on(at)),
        _("有发卡人，不是系统管理"),
        _("还没有定") if poll.giver_id is None else _("是系统管理") if operator else _("已定，不是系统管理"),
        poll.giver_id is not None and not operator,
        label=_("发卡人"),
    )


@before_a_post
@applies("V-03", "V-04", where=_("任命系统、安全、审计管理员"))
def no_key_and_no_cards(person: int, role: str, at: dt.datetime) -> Check | None:
    """Who is trustee or card giver of a vote that is not counted yet does not begin to keep the system."""
    if role not in ADMINS:
        return None
    going = Poll._base_manager.filter(state__in=(S.PREPARING, S.OPEN, S.CLOSED))
    keys = going.filter(pk__in=Trustee._base_manager.filter(person=person).values("poll")).count()
    cards = going.filter(giver=person).count()
    n = keys + cards  # nobody is both in one vote
    return Check(
        rule("V-04" if cards and not keys else "V-03", on=_on(at)),
        _("不是还没有开票的无记名投票的监票人或发卡人"),
        _("还有%(n)d次没有开票") % {"n": n} if n else _("都不是"),
        not n,
        label=_("发卡人") if cards and not keys else _("监票人独立"),
    )


@applies("E-37", where=_("选举采用无记名电子投票"))
def approved(poll: Poll, at: dt.datetime) -> Check:
    return Check(
        rule("E-37", on=_on(at)),
        _("是选举的，有上级批准采用电子投票的文件"),
        _("不是选举") if not poll.is_election else poll.approval or _("没有写批准文件"),
        not poll.is_election or bool(poll.approval.strip()),
        label=_("上级批准"),
    )


@applies("V-02", where=_("无记名投票开始"))
def key_complete(poll: Poll, at: dt.datetime) -> Check:
    n = Trustee._base_manager.filter(poll=poll.pk).count()
    done = TrusteeFile._base_manager.filter(trustee__poll=poll.pk, step=Step.OUTPUT).count()
    return Check(
        rule("V-02", on=_on(at), at=poll.unit),
        _("监票人都做完了密钥"),
        _("%(n)d位中做完%(done)d位") % {"n": n, "done": done},
        n > 0 and done == n,
        label=_("密钥"),
    )


@applies("V-04", where=_("无记名投票开始"))
def cards_complete(poll: Poll, at: dt.datetime) -> Check:
    roll = RollEntry._base_manager.filter(poll=poll.pk).count()
    cards = Credential._base_manager.filter(poll=poll.pk, revoked=False).count()
    return Check(
        rule("V-04", on=_on(at)),
        _("有效的选票卡和名册人数一样多：%(n)d") % {"n": roll},
        _("%(n)d张") % {"n": cards},
        cards == roll,
        label=_("选票卡"),
    )


@applies("V-05", where=_("无记名投票开票"))
def added_up(poll: Poll, at: dt.datetime) -> Check:
    done = Entry._base_manager.filter(poll=poll.pk, kind=EntryKind.TALLY).exists()
    return Check(
        rule("V-05", on=_on(at)),
        _("选票已经合计"),
        _("已合计") if done else _("还在合计"),
        done,
        label=_("加密的合计"),
    )


@applies("V-05", where=_("无记名投票开票"))
def attendance_recorded(poll: Poll, at: dt.datetime) -> Check:
    return Check(
        rule("V-05", on=_on(at)),
        _("签到人数已登记"),
        _("还没有登记") if poll.attended is None else _("签到%(n)d人") % {"n": poll.attended},
        poll.attended is not None,
        label=_("签到"),
    )


@applies("V-05", where=_("更正无记名投票的签到人数"))
def not_opened_yet(poll: Poll, at: dt.datetime) -> Check:
    n = TrusteeFile._base_manager.filter(trustee__poll=poll.pk, step=Step.SHARE).count()
    done = poll.attended is not None
    return Check(
        rule("V-05", on=_on(at)),
        _("登记过签到人数，还没有监票人解密"),
        _("%(n)d位已经解密") % {"n": n} if n else _("没有人解密") if done else _("还没有登记"),
        done and not n,
        label=_("还能更正"),
    )


@applies("E-29", where=_("无记名投票开票"))
def no_more_than_attended(poll: Poll, at: dt.datetime) -> Check:
    most = min(poll.attended or 0, poll.cards_given or 0)
    return Check(
        rule("E-29", on=_on(at)),
        _("收到的不多于签到的人数和发出的卡：%(n)d") % {"n": most},
        _("收到%(n)d张") % {"n": poll.ballots},
        poll.ballots <= most,
        label=_("票数相符"),
    )


@applies("V-06", where=_("无记名投票开票"))
def enough_ballots(poll: Poll, at: dt.datetime) -> Check:
    law = rule("V-06", on=_on(at))
    return Check(
        law,
        _("收到的票不少于%(n)d张，或者一张也没有") % {"n": int(law.value)},
        _("收到%(n)d张") % {"n": poll.ballots},
        not 0 < poll.ballots < law.value,
        label=_("票数够保密"),
    )


@applies("V-05", where=_("无记名投票开票"))
def shares_enough(poll: Poll, at: dt.datetime) -> Check:
    n = TrusteeFile._base_manager.filter(trustee__poll=poll.pk, step=Step.SHARE).count()
    return Check(
        rule("V-05", on=_on(at)),
        _("%(n)d位监票人交了解密份额") % {"n": poll.threshold},
        _("%(n)d位") % {"n": n},
        n >= poll.threshold,
        label=_("解密份额"),
    )


def _tell(poll: Poll, event: Any) -> None:
    """Whom a step concerns is told by a job."""
    row = WALK.by_verb.get(event.verb)
    if row is not None and row.told:
        enqueue("ballotbox.tell", event_id=event.pk)


PREPARE = (
    question_complete,
    roll_not_empty,
    enough_voters,
    enough_trustees,
    threshold_of_majority,
    trustees_apart,
    giver_apart,
    approved,
)

SHARE = (added_up, attendance_recorded, no_more_than_attended, enough_ballots)

WALK: Walk[Poll] = Walk(
    Poll, PollEvent, "poll", view=may.VIEW, tell=_tell, unkept=frozenset({"leader_id", "stamp", "cards_lost", "archive_hash", "archive_size", "hints_hash", "hints_size"}),
    rows=(
        Row("change",       _("修改筹备"),         (S.DRAFT,),          None,        may.RUN),
        Row("prepare",      _("定稿，制作密钥和选票卡"), (S.DRAFT,),     S.PREPARING, may.RUN, PREPARE, ("trustees", "giver")),
        Row("reopen_draft", _("退回筹备"),         (S.PREPARING,),      S.DRAFT,     may.RUN, (), ("trustees", "giver")),
        Row("trustee_file", _("交密钥文件"),       (S.PREPARING,),      None,        may.TRUST, (), ("trustees",)),
        Row("make_cards",   _("制作选票卡"),       (S.PREPARING,),      None,        may.GIVE, (), ("organisers",)),
        Row("reissue",      _("挂失补发"),         (S.PREPARING,),      None,        may.GIVE),
        Row("open",         _("开始投票"),         (S.PREPARING,),      S.OPEN,      may.RUN, (key_complete, cards_complete, trustees_apart, giver_apart)),
        Row("attendance",   _("登记签到人数"),     (S.OPEN, S.CLOSED),  None,        may.RUN, (), ("trustees",)),
        Row("correct_attendance", _("更正签到人数"), (S.OPEN, S.CLOSED), None,       may.RUN, (not_opened_yet,), ("trustees",)),
        Row("close",        _("截止投票"),         (S.OPEN,),           S.CLOSED,    may.RUN),
        Row("add_up",       _("合计选票"),         (S.CLOSED,),         None,        may.COUNT, (), ("trustees",)),
        Row("share",        _("交解密份额"),       (S.CLOSED,),         None,        may.TRUST, SHARE),
        Row("count",        _("开票"),             (S.CLOSED,),         S.COUNTED,   may.COUNT, (shares_enough,), ("organisers",)),
        Row("publish",      _("公布结果"),         (S.COUNTED,),        S.PUBLISHED, may.RUN, (), ("trustees",)),
        Row("withdraw",     _("终止投票"),         RUNNING,             S.WITHDRAWN, may.RUN, (), ("trustees", "giver")),
    ),
)  # fmt: skip
