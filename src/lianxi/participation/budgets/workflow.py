"""The walk of a round and of a proposal: guards and rows."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from lianxi.commons.jobs import enqueue
from lianxi.commons.rulebook import Check, applies, rule
from lianxi.commons.views.due import day
from lianxi.commons.workflow import Row, Walk

from . import policies as may
from .models import (
    Ballot,
    Elector,
    FormerResult,
    Objection,
    ObjectionEvent,
    Proposal,
    ProposalEvent,
    Result,
    Round,
    RoundEvent,
    Sheet,
    Slip,
)
from .terms import RUNNING, Channel, Given
from .terms import ObjectionState as O
from .terms import ProposalState as P
from .terms import State as S


def _on(at: dt.datetime) -> dt.date:
    return timezone.localtime(at).date()


@applies("F-06", where=_("居民项目开始征集"))
def studied_first(one: Round, at: dt.datetime) -> Check:
    done = one.studied_on is not None and one.studied_on <= _on(at)
    return Check(
        rule("F-06", on=_on(at)),
        _("社区党组织先研究讨论"),
        day(one.studied_on) if one.studied_on else _("没有写日期"),
        done,
        label=_("社区党组织研究"),
    )


@applies("S-20", where=_("居民项目开始投票"))
def all_reviewed(one: Round, at: dt.datetime) -> Check:
    waiting = Proposal._base_manager.filter(round=one.pk, state=P.PROPOSED).count()
    return Check(
        rule("S-20", on=_on(at)),
        _("每个项目都审核过"),
        _("还有%(n)d个没有审核") % {"n": waiting} if waiting else _("都审核过了"),
        not waiting,
        label=_("逐件审核"),
    )


@applies("S-20", where=_("居民项目开始投票"))
def something_to_choose(one: Round, at: dt.datetime) -> Check:
    admitted = Proposal._base_manager.filter(round=one.pk, state=P.ADMITTED).count()
    return Check(
        rule("S-20", on=_on(at)),
        _("至少有两个项目可选"),
        _("列入%(n)d个") % {"n": admitted},
        admitted > 1,
        label=_("有得选"),
    )


@applies("S-22", where=_("居民项目计票"))
def papers_agree(one: Round, at: dt.datetime) -> Check:
    """Papers that were given out and did not come back are nobody's fault: the numbers stand here for who counts to see."""
    sheets = list(Sheet._base_manager.filter(round=one.pk))
    open_sheets = sum(1 for sheet in sheets if not sheet.agreed)
    given = Elector._base_manager.filter(round=one.pk, given=Given.PAPER).count()
    return Check(
        rule("S-22", on=_on(at)),
        _("每张纸票两遍一致"),
        _("%(n)d张还不一致或只录了一遍") % {"n": open_sheets}
        if open_sheets
        else _("发出%(given)d张，录了%(n)d张，都一致") % {"given": given, "n": len(sheets)},
        not open_sheets,
        label=_("纸票录入"),
    )


@applies("S-21", where=_("居民项目计票"))
def no_more_than_given(one: Round, at: dt.datetime) -> Check:
    given = Elector._base_manager.filter(round=one.pk)
    codes, papers = given.filter(given=Given.CODE).count(), given.filter(given=Given.PAPER).count()
    used = Slip._base_manager.filter(round=one.pk, used=True).count()
    sheets = Sheet._base_manager.filter(round=one.pk).count()
    return Check(
        rule("S-21", on=_on(at)),
        _("收到的不多于发出的：手机%(codes)d、纸票%(papers)d") % {"codes": codes, "papers": papers},
        _("手机%(used)d、纸票%(sheets)d") % {"used": used, "sheets": sheets},
        used <= codes and sheets <= papers,
        label=_("票数相符"),
    )


@applies("S-21", where=_("居民项目计票"))
def somebody_voted(one: Round, at: dt.datetime) -> Check:
    found = Ballot._base_manager.filter(round=one.pk).exclude(channel=Channel.PAPER).count()
    found += Sheet._base_manager.filter(round=one.pk).count()
    return Check(rule("S-21", on=_on(at)), _("有人投票"), _("收到%(n)d张") % {"n": found}, found > 0, label=_("有选票"))


@applies("S-23", where=_("居民项目公布结果"))
def counted(one: Round, at: dt.datetime) -> Check:
    done = Result._base_manager.filter(round=one.pk).exists()
    return Check(
        rule("S-23", on=_on(at)), _("结果已计算"), _("已计算") if done else _("还没有算"), done, label=_("已计算")
    )


@applies("S-23", where=_("居民项目公示结果"))
def another_publishes(one: Round, at: dt.datetime) -> Check:
    """Set by the service: `one.publisher_id` is who is about to put it on display or to publish."""
    result = Result._base_manager.filter(round=one.pk).first()
    same = result is not None and result.by_id is not None and result.by_id == getattr(one, "publisher_id", None)
    return Check(
        rule("S-23", on=_on(at)),
        _("公示、公布的不是计算的人"),
        _("是同一个人") if same else _("不是同一个人"),
        not same,
        label=_("两个人把关"),
    )


@applies("S-24", where=_("居民项目公布结果"))
def ties_drawn(one: Round, at: dt.datetime) -> Check:
    result = Result._base_manager.filter(round=one.pk).first()
    tied = sum(not {int(key) for key in group} <= set(one.order) for group in result.ties) if result else 0
    return Check(
        rule("S-24", on=_on(at)),
        _("分不出先后的已抽签"),
        _("还有%(n)d处没有抽签") % {"n": tied} if tied else _("没有，或已抽签"),
        not tied,
        label=_("抽签"),
    )


@applies("F-30", where=_("居民项目的公示期"))
def displayed_long_enough(one: Round, at: dt.datetime) -> Check:
    """The day of the beginning is not counted; the last day is over."""
    law, found, over = rule("F-30", on=_on(at), at=one.unit), str(_("还没有公示")), False
    if one.displayed_on:
        last = one.displayed_on + dt.timedelta(days=int(law.value))
        days = {"first": date_format(one.displayed_on), "last": date_format(last)}
        found, over = _("公示从%(first)s起，到%(last)s满") % days, _on(at) > last
    return Check(law, _("公示满%(n)d日") % {"n": law.value}, found, over, label=_("公示"))


@applies("S-25", where=_("居民项目公布结果"))
def objections_answered(one: Round, at: dt.datetime) -> Check:
    waiting = Objection._base_manager.filter(round=one.pk, state=O.OPEN).count()
    return Check(
        rule("S-25", on=_on(at), at=one.unit),
        _("异议都答复了"),
        _("还有%(n)d件没有答复") % {"n": waiting} if waiting else _("都答复了，或没有异议"),
        not waiting,
        label=_("异议"),
    )


@applies("S-25", where=_("居民项目重新计票"))
def objection_upheld(one: Round, at: dt.datetime) -> Check:
    """Only an objection against the result as it stands leads back to the count."""
    against = FormerResult._base_manager.filter(round=one.pk).count()
    found = Objection._base_manager.filter(round=one.pk, state=O.UPHELD, against=against).count()
    return Check(
        rule("S-25", on=_on(at), at=one.unit),
        _("对现在的结果有异议成立"),
        _("%(n)d件成立") % {"n": found},
        found > 0,
        label=_("异议成立"),
    )


@applies("S-25", where=_("答复对居民项目结果的异议"))
def another_answers(objection: Objection, at: dt.datetime) -> Check:
    """Set by the service: `objection.judge_id` is who is about to answer."""
    rows = FormerResult._base_manager.filter(round=objection.round_id, number=objection.against + 1)
    result = rows.first() or Result._base_manager.filter(round=objection.round_id).first()
    same = result is not None and result.by_id is not None and result.by_id == getattr(objection, "judge_id", None)
    return Check(
        rule("S-25", on=_on(at)),
        _("答复的不是计算这个结果的人"),
        _("是同一个人") if same else _("不是同一个人"),
        not same,
        label=_("另一个人答复"),
    )


@applies("S-20", where=_("审核提的项目"))
def before_the_vote(proposal: Proposal, at: dt.datetime) -> Check:
    state = S(Round._base_manager.values_list("state", flat=True).get(pk=proposal.round_id))
    return Check(
        rule("S-20", on=_on(at)),
        _("征集或审核期间"),
        state.label,
        state in (S.PROPOSING, S.REVIEW),
        label=_("还没有开始投票"),
    )


def _told(kind: str, first: str, rows: Callable[[], dict[str, Row]]) -> Callable[[Any, Any], None]:
    """Enqueue the telling where the row of the verb names somebody, and of the `first` event; other steps are nobody's news."""

    def told(record: Any, event: Any) -> None:
        row = rows().get(event.verb)
        if event.verb == first or (row and row.told):
            enqueue("budgets.tell", kind=kind, event_id=event.pk)

    return told


WALK: Walk[Round] = Walk(
    Round, RoundEvent, "round", view=may.VIEW,
    tell=_told("round", "", lambda: WALK.by_verb),
    rows=(
        Row("change",    _("修改筹备"),   (S.DRAFT,),      None,         may.RUN),
        Row("open",      _("开始征集"),   (S.DRAFT,),      S.PROPOSING,  may.RUN,     (studied_first,), ("followers",)),
        Row("close_proposals", _("截止征集"), (S.PROPOSING,), S.REVIEW,  may.RUN, (), ("reviewers",)),
        Row("reopen_proposals", _("再征集"), (S.REVIEW,),  S.PROPOSING,  may.RUN),
        Row("open_vote", _("开始投票"),   (S.REVIEW,),     S.VOTING,     may.RUN,     (all_reviewed, something_to_choose), ("followers",)),
        Row("print_slips", _("印投票码"), (S.VOTING,),     None,         may.ROLL),
        Row("give",      _("登记领票"),   (S.VOTING,),     None,         may.ROLL),
        Row("close_vote", _("截止投票"),  (S.VOTING,),     S.COUNTING,   may.RUN, (), ("clerks",)),
        Row("enter",     _("录入纸票"),   (S.COUNTING,),   None,         may.ENTER),
        Row("count",     _("计算结果"),   (S.COUNTING,),   None,         may.COUNT,   (papers_agree, no_more_than_given, somebody_voted), ("publishers",)),
        Row("draw",      _("登记抽签"),   (S.COUNTING,),   None,         may.COUNT,   (counted,), ("publishers",)),
        Row("display",   _("公示结果"),   (S.COUNTING,),   S.DISPLAYED,  may.PUBLISH, (counted, another_publishes, ties_drawn), ("followers", "proposers")),
        Row("publish",   _("公布结果"),   (S.DISPLAYED,),  S.PUBLISHED,  may.PUBLISH, (another_publishes, displayed_long_enough, objections_answered), ("followers", "proposers")),
        Row("recount",   _("重新计票"),   (S.DISPLAYED, S.PUBLISHED), S.COUNTING, may.RECOUNT, (objection_upheld,), ("followers",)),
        Row("withdraw",  _("终止这一轮"), RUNNING,         S.WITHDRAWN,  may.RUN, (), ("followers", "proposers")),
    ),
)  # fmt: skip

PROPOSALS: Walk[Proposal] = Walk(
    Proposal, ProposalEvent, "proposal", view=may.VIEW_PROPOSAL, unkept=frozenset({"contact", "told"}),
    tell=_told("proposal", "propose", lambda: PROPOSALS.by_verb),
    rows=(
        Row("admit",   _("列入投票"), (P.PROPOSED,),             P.ADMITTED, may.REVIEW, (before_the_vote,), ("proposer",)),
        Row("decline", _("不列入"),   (P.PROPOSED,),             P.DECLINED, may.REVIEW, (before_the_vote,), ("proposer",)),
        Row("again",   _("重新审核"), (P.ADMITTED, P.DECLINED),  P.PROPOSED, may.REVIEW, (before_the_vote,), ("proposer",)),
    ),
)  # fmt: skip

OBJECTIONS: Walk[Objection] = Walk(
    Objection, ObjectionEvent, "objection", view=may.VIEW_OBJECTION, unkept=frozenset({"told", "on_roll"}),
    tell=_told("objection", "object", lambda: OBJECTIONS.by_verb),
    rows=(
        Row("uphold", _("异议成立"),   (O.OPEN,), O.UPHELD,   may.ANSWER, (another_answers,), ("objector",)),
        Row("reject", _("异议不成立"), (O.OPEN,), O.REJECTED, may.ANSWER, (another_answers,), ("objector",)),
    ),
)  # fmt: skip
