"""What is said about voices, verb by verb: to whoever raised it, and to staff. `%(what)s` is the title in the house, and
the number in letters that leave it."""

from collections.abc import Collection
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from lianxi.commons.notices.kinds import Facts, Group, NoticeKind, Subject, declare
from lianxi.commons.notices.terms import Urgency
from lianxi.commons.permissions import Actor

from . import policies
from .terms import ClockKind, Level, Satisfied, Solved

NOW, LATER = Urgency.AT_ONCE, Urgency.DIGEST
MINE = Group("voices.mine", _("我说的事"))
WORK = Group("voices.work", _("交办的民情"), staff=True)
LIMITS = Group("voices.limits", _("快到期、逾期和催办"), may_be_off=False, staff=True)


def words(actor: Actor, keys: Collection[int]) -> dict[int, dict[str, Any]]:
    """Title and number of the voices that the actor may meet now."""
    rows = policies.VIEW.all(actor).filter(pk__in=list(keys)).only("title", "year", "number")
    return {row.pk: {"what": row.title, "reference": row.reference} for row in rows}


def follow_link() -> str:
    return _link("follow") or "/"


def mine_link(pk: int) -> str:
    """Where whoever raised it reads it."""
    return _link("my_voice", pk) or follow_link()


def record_link(pk: int) -> str:
    """Where staff read it."""
    return _link("voice", pk) or f"/voices/{pk}/"


def _link(name: str, *args: int) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


VOICE = Subject(
    "voices.voice",
    words,
    news_title=_("您反映的事有新消息"),
    news_body=_("凭收件码查看。邮件里不写事情的内容。"),
    news_link=follow_link,
)
_CODES = {"solved": Solved, "satisfied": Satisfied, "clock": ClockKind}


def read(facts: Facts) -> Facts:
    """Codes among the facts, in words."""
    return {
        name: _CODES[name](value).label if name in _CODES and value in _CODES[name].values else value
        for name, value in facts.items()
    }


def _kind(name: str, group: Group, urgency: Urgency, title: Any, body: Any = "", *, breaks: bool = False) -> NoticeKind:
    made = NoticeKind(f"voices.{name}", group, title, body, urgency, VOICE, breaks_quiet=breaks, read=read)
    declare(made)
    return made


def _mine(name: str, urgency: Urgency, title: Any, body: Any = "") -> NoticeKind:
    return _kind(f"mine.{name}", MINE, urgency, title, body)


def _work(name: str, urgency: Urgency, title: Any, body: Any = "") -> NoticeKind:
    return _kind(f"work.{name}", WORK, urgency, title, body)


TO_AUTHOR: dict[str, NoticeKind] = {
    "accept": _mine("accept", LATER, _("您说的事受理了：%(what)s"), _("%(answer_due)s前给您答复。")),
    "decline": _mine("decline", NOW, _("您说的事街道不能受理：%(what)s"), _("为什么、该找哪里，里面都写了。")),
    "discipline_door": _mine(
        "discipline_door", NOW, _("您说的事要找纪检监察机关"), _("这类内容这里不接收，已经删去。请拨12388。")
    ),
    "dispatch": _mine("dispatch", LATER, _("您说的事交给%(unit)s办：%(what)s"), _("%(answer_due)s前给您答复。")),
    "take": _mine("take", LATER, _("%(unit)s开始办了：%(what)s"), _("承办人是%(handler)s，会先联系您。")),
    "ask_resident": _mine(
        "ask_resident", NOW, _("请您补充情况：%(what)s"), _("要补充什么，里面写了。补充以前，期限停着。")
    ),
    "grant_extension": _mine(
        "grant_extension",
        NOW,
        ngettext_lazy("您说的事要多办%(days)s天：%(what)s", "您说的事要多办%(days)s天：%(what)s", "days"),
        _("改到%(answer_due)s前答复，原因里面写了。"),
    ),
    "progress": _mine("progress", LATER, _("您说的事有进展：%(what)s")),
    "answer": _mine(
        "answer",
        NOW,
        _("您说的事有答复了：%(what)s"),
        _("看看解决了没有，%(rate_due)s前可以评价。不评价就记“没有评价”，不算满意。"),
    ),
    "rate_badly": _mine(
        "rate_badly", NOW, _("记下了，重新办理：%(what)s"), _("%(second_due)s前再答复您，由单位负责人参加。")
    ),
    "rated_badly_again": _mine(
        "rated_badly_again", LATER, _("记下了：%(what)s"), _("二次办理后您仍不满意，已照实记下，办理到此结束。")
    ),
    "call_back_well": _mine("call_back_well", LATER, _("您说的事办结了：%(what)s"), _("回访时您说的已经记下。")),
    "close_unrated": _mine(
        "close_unrated", LATER, _("您说的事办结了：%(what)s"), _("到期没有收到评价，记的是“没有评价”，不算满意。")
    ),
    "second_handling": _mine(
        "second_handling", LATER, _("正在二次办理：%(what)s"), _("单位负责人参加，%(second_due)s前答复您。")
    ),
    "reopen": _mine("reopen", NOW, _("您说的事重新打开了：%(what)s"), _("会重新派单办理，再给您答复。")),
    "late": _mine("late", NOW, _("过了期限还没有答复：%(what)s"), _("已告诉%(unit)s的负责人和社区书记，由他们催办。")),
}
TO_AUTHOR["call_back_badly"] = TO_AUTHOR["rate_badly"]

TO_STAFF: dict[str, NoticeKind] = {
    "dispatch": _work("dispatch", NOW, _("新派来一件：%(what)s"), _("%(object_due)s前签收，或提派单异议。")),
    "overrule": _work("overrule", NOW, _("派单维持不变：%(what)s"), _("异议看过了，请签收办理。")),
    "recall": _work("recall", NOW, _("收回了，等重派：%(what)s")),
    "object": _work("object", NOW, _("提出派单异议：%(what)s"), _("%(unit)s认为不该由它办，等审。")),
    "assign": _work("assign", NOW, _("转来承办：%(what)s"), _("%(answer_due)s前答复。")),
    "stand_aside": _work("stand_aside", NOW, _("有人回避，要定承办人：%(what)s")),
    "resident_answers": _work("resident_answers", NOW, _("居民补充了：%(what)s"), _("时限又走了，%(due)s前办。")),
    "supplement": _work("supplement", LATER, _("居民又补充了情况：%(what)s")),
    "ask_extension": _work(
        "ask_extension",
        NOW,
        _("申请延期，等审批：%(what)s"),
        ngettext_lazy("%(by)s申请延长%(days)s天。", "%(by)s申请延长%(days)s天。", "days"),
    ),
    "grant_extension": _work("grant_extension", NOW, _("延期批了：%(what)s"), _("改到%(answer_due)s。")),
    "refuse_extension": _work("refuse_extension", NOW, _("延期没有批：%(what)s"), _("期限还是%(answer_due)s。")),
    "submit": _work("submit", NOW, _("答复稿等审核：%(what)s"), _("%(by)s送审，%(answer_due)s前要答复居民。")),
    "send_back": _work("send_back", NOW, _("答复稿退回修改：%(what)s"), _("%(by)s写了要改什么。")),
    "rate_well": _work("rate_well", LATER, _("居民评价了：%(what)s"), _("%(solved)s，%(satisfied)s。")),
    "rate_badly": _work(
        "rate_badly",
        NOW,
        _("居民说没解决或不满意：%(what)s"),
        _("要二次办理，单位负责人参加，%(second_due)s前答复。"),
    ),
    "rated_badly_again": _work("rated_badly_again", NOW, _("二次办理后仍不满意：%(what)s"), _("已照实记下并办结。")),
    "second_handling": _work("second_handling", NOW, _("开始二次办理：%(what)s"), _("%(second_due)s前答复。")),
    "reopen": _work("reopen", NOW, _("重新打开，等派单：%(what)s")),
    "add_co_handler": _work("add_co_handler", NOW, _("请协办：%(what)s"), _("主办是%(unit)s。")),
    "urge": _kind("urge", LIMITS, NOW, _("催办：%(what)s"), _("%(by)s催办，期限%(due)s。"), breaks=True),
}
TO_STAFF["call_back_badly"] = TO_STAFF["rate_badly"]

OF_LEVEL: dict[Level, NoticeKind] = {
    Level.WARNED: _kind("warned", LIMITS, NOW, _("快到期：%(what)s"), _("%(clock)s的期限是%(due)s。")),
    Level.LATE: _kind("late", LIMITS, NOW, _("逾期了：%(what)s"), _("%(clock)s的期限是%(due)s。")),
    Level.SECRETARY: _kind(
        "late.secretary", LIMITS, NOW, _("社区有一件逾期：%(what)s"), _("%(unit)s办，%(due)s到期。")
    ),
    Level.SUPERVISOR: _kind(
        "late.supervisor",
        LIMITS,
        NOW,
        ngettext_lazy("逾期%(days)s个工作日：%(what)s", "逾期%(days)s个工作日：%(what)s", "days"),
        _("%(unit)s办，%(due)s到期。"),
    ),
}
