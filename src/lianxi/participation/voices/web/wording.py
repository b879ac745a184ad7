"""What happened, in words: one table from verb to sentence and icon."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxi.commons.refusals import Text

from ..terms import Channel, Contact, Exit, Satisfied, Solved


@dataclass(frozen=True, slots=True)
class Said:
    """An event as the history shows it."""

    icon: str
    title: Text
    at: Any
    who: str = ""
    text: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)


SENTENCES: dict[str, tuple[str, Text]] = {
    "raise": ("inbox", pgettext_lazy("event", "收到")),
    "accept": ("user-check", pgettext_lazy("event", "受理")),
    "decline": ("door-exit", gettext_lazy("不予受理：%(exit)s")),
    "discipline_door": ("shield-lock", gettext_lazy("转纪检渠道，内容没有保存")),
    "dispatch": ("send", gettext_lazy("派给%(owner)s")),
    "overrule": ("send", gettext_lazy("维持派单")),
    "recall": ("arrow-back-up", gettext_lazy("收回派单，回到%(owner)s")),
    "object": ("arrow-back-up", gettext_lazy("提出派单异议")),
    "take": ("user-check", gettext_lazy("签收，由%(handler)s承办")),
    "assign": ("switch-horizontal", gettext_lazy("换承办人，由%(handler)s承办")),
    "stand_aside": ("user-x", gettext_lazy("%(by)s回避")),
    "contact": ("phone", gettext_lazy("先行联系：%(how)s")),
    "ask_resident": ("player-pause", gettext_lazy("请居民补充，时限停下")),
    "resident_answers": ("player-play", gettext_lazy("居民补充了，时限接着算")),
    "supplement": ("message-2", gettext_lazy("居民补充了情况")),
    "ask_extension": ("hourglass", gettext_lazy("申请延期%(asked_days)s天")),
    "grant_extension": ("hourglass", gettext_lazy("批准延期%(days)s天")),
    "refuse_extension": ("circle-x", gettext_lazy("没有批准延期")),
    "progress": ("tool", gettext_lazy("办理情况")),
    "draft": ("pencil", gettext_lazy("答复稿第%(draft)s版")),
    "submit": ("file-search", gettext_lazy("送审答复")),
    "send_back": ("arrow-back-up", gettext_lazy("退回修改")),
    "answer": ("circle-check", gettext_lazy("答复居民，用第%(draft)s版")),
    "call_back": ("phone", gettext_lazy("开始回访")),
    "rate_well": ("mood-check", gettext_lazy("居民评价：%(solved_resident)s，%(satisfied)s")),
    "rate_badly": ("mood-empty", gettext_lazy("居民评价：%(solved_resident)s，%(satisfied)s")),
    "call_back_well": ("mood-check", gettext_lazy("回访查到：%(solved_call_back)s，%(satisfied)s")),
    "call_back_badly": ("mood-empty", gettext_lazy("回访查到：%(solved_call_back)s，%(satisfied)s")),
    "close_unrated": ("checks", gettext_lazy("期限到了没有评价，按期办结")),
    "second_handling": ("rotate-2", gettext_lazy("二次办理，%(head)s参加")),
    "reopen": ("refresh", gettext_lazy("重新打开")),
    "urge": ("speakerphone", gettext_lazy("催办")),
    "add_co_handler": ("users", gettext_lazy("请%(name)s协办")),
    "drop_co_handler": ("users", gettext_lazy("%(name)s不再协办")),
    "name_accused": ("shield-lock", gettext_lazy("登记被反映方，他们从此看不到本件")),
    "no_official": ("shield-check", gettext_lazy("写明不涉及工作人员")),
}
"""Every verb of the walk, and the beginning. A test holds it complete."""

CHOICES: dict[str, Any] = {
    "exit": Exit,
    "how": Contact,
    "solved_resident": Solved,
    "solved_call_back": Solved,
    "satisfied": Satisfied,
    "channel": Channel,
}


def said(event: Any, names: Mapping[tuple[str, int], str]) -> Said:
    """One event. `names`: of the units and persons that its facts mention, by ("owner" or "handler", key)."""
    icon, sentence = SENTENCES.get(event.verb, ("circle", event.verb))
    facts: dict[str, Any] = {
        "by": event.by_name or _("系统"),
        "owner": "",
        "handler": "",
        "name": "",
        "head": "",
        "draft": "",
    }
    for name, value in event.facts.items():
        if name in CHOICES and value in CHOICES[name].values:
            value = CHOICES[name](value).label
        elif name in ("owner", "handler") and value is not None:
            value = names.get((name, value), "")
        facts[name] = value
    try:
        title = str(sentence) % facts
    except KeyError:
        title = str(sentence).split("%", 1)[0]
    who = event.by_name or _("系统")
    if event.verb == "raise":
        channel = facts.get("channel")
        who = f"{channel} · {event.by_name}" if event.by_name and event.by_id else str(channel or "")
    elif event.verb == "stand_aside":
        who = ""
    return Said(icon, title, event.at, _jobs().get(who, who), event.reason)


def _jobs() -> dict[str, str]:
    return {"voices.clock": _("系统计时"), "voices.guard": _("系统")}


def history(events: Iterable[Any], names: Mapping[tuple[str, int], str]) -> list[Said]:
    """All events, newest first."""
    return [said(event, names) for event in reversed(list(events))]
