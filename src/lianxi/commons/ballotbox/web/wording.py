"""How the pages of polls speak: history, who owns it, the rule about trustees."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from lianxi.commons.rulebook import Rule, rule

from ..queries import Record
from ..terms import State, Step
from ..workflow import WALK

ICONS = {
    "draft": "pencil", "change": "pencil", "prepare": "lock", "reopen_draft": "arrow-back-up", "trustee_file": "key", "make_cards": "id",
    "reissue": "replace", "open": "player-play", "attendance": "list-check", "close": "player-stop", "add_up": "progress", "share": "key",
    "count": "checks", "publish": "eye", "withdraw": "circle-x",
}  # fmt: skip


def _title(event: Any) -> str:
    if event.verb == "draft":
        return _("开始筹备")
    if event.verb == "change":
        named = {"roll": _("写选民名册"), "people": _("定监票人和发卡人"), "items": _("写议题")}
        return named.get(str(event.facts.get("what")), _("修改筹备"))
    return str(WALK.by_verb[event.verb].label)


def _text(event: Any) -> str:
    facts = event.facts
    parts = []
    if facts.get("step") in Step.values:
        parts.append(str(Step(facts["step"]).label))
    if event.verb == "attendance":
        parts.append(
            _("签到%(n)s人，发卡%(cards)s张") % {"n": facts.get("attended"), "cards": facts.get("cards_given")}
        )
    if isinstance(facts.get("cards"), int):
        parts.append(_("%(n)d张") % {"n": facts["cards"]})
    if isinstance(facts.get("roll"), int):
        parts.append(_("%(n)d人") % {"n": facts["roll"]})
    if source := SOURCES.get(str(facts.get("source"))):
        parts.append(str(source()))
    return " · ".join([*parts, event.reason] if event.reason else parts)


SOURCES = {
    "members": lambda: _("取自党员名册"),
    "edited": lambda: _("取自党员名册，有改动"),
    "typed": lambda: _("粘贴的名单"),
    "sheet": lambda: _("来自表格"),
}


def timeline(events: list[Any]) -> list[dict[str, Any]]:
    """Newest first, for `<c-timeline>`."""
    return [
        {
            "icon": ICONS.get(one.verb, "circle"),
            "title": _title(one),
            "at": one.at,
            "who": one.by_name,
            "text": _text(one),
        }
        for one in reversed(events)
    ]


def owner(it: Record) -> dict[str, str]:
    """Who has it now, and who comes next."""
    poll, leads = it.poll, str(it.poll.unit)
    waits = _("、").join(it.waits_for)
    who = waits if waits and it.state in (State.PREPARING, State.CLOSED) else leads
    if it.state == State.CLOSED and not it.added_up:
        who = _("系统正在合计")
    after = {
        State.DRAFT: _("监票人和发卡人"), State.PREPARING: _("都做好了，开始投票"), State.OPEN: _("监票人"),
        State.CLOSED: _("公布结果"),
    }.get(it.state, "")  # fmt: skip
    return {"who": who, "next": after, "ended": poll.state in (State.PUBLISHED, State.WITHDRAWN)}  # type: ignore[dict-item]


def trustee_rule(at: dt.datetime) -> Rule:
    """Why who keeps the system is never a trustee."""
    return rule("V-03", on=timezone.localtime(at).date())
