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
    "reissue": "replace", "open": "player-play", "attendance": "list-check", "correct_attendance": "list-check", "close": "player-stop", "add_up": "progress", "share": "key",
    "count": "checks", "publish": "eye", "withdraw": "circle-x",
}  # fmt: skip


def _title(event: Any) -> str:
    if event.verb == "draft":
        return _("开始筹备")
    if event.verb == "change":
        named = {"roll": _("写选民名册"), "people": _("定监票人和发卡人"), "items": _("写议题")}
        return named.get(str(event.facts.get("what")), _("修改筹备"))
    if event.verb == "trustee_file" and event.facts.get("step") in Step.values:
        return _("监票人交%(what)s") % {"what": Step(event.facts["step"]).label}
    return str(WALK.by_verb[event.verb].label)


def _text(event: Any) -> str:
    facts = event.facts
    parts = []
    if event.verb in ("attendance", "correct_attendance"):
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
    """Newest first, for `<c-timeline>`. Files that several trustees hand in at one step are one entry with their names."""
    found: list[dict[str, Any]] = []
    last = ("", "")
    for one in events:
        what = (one.verb, str(one.facts.get("step", "")))
        if one.verb == "trustee_file" and what == last:
            found[-1] |= {"at": one.at, "who": _("、").join((found[-1]["who"], one.by_name))}
        else:
            who = one.by_name if one.by_id or "." not in one.by_name else _("系统")
            icon = ICONS.get(one.verb, "circle")
            found.append({"icon": icon, "title": _title(one), "at": one.at, "who": who, "text": _text(one)})
        last = what
    return found[::-1]


def owner(it: Record) -> dict[str, Any]:
    """Who has it now, who comes next, and whether the day of the vote is the limit."""
    leads = str(it.poll.unit)
    waits = _("、").join(it.waits_for)
    who = waits if waits and it.state in (State.PREPARING, State.CLOSED) else leads
    if it.state == State.CLOSED and not it.added_up:
        who = _("系统正在合计")
    after = {
        State.DRAFT: _("监票人和发卡人"), State.PREPARING: leads, State.OPEN: _("监票人"), State.CLOSED: leads,
    }.get(it.state, "")  # fmt: skip
    return {"who": who, "next": after, "dated": it.state in (State.DRAFT, State.PREPARING, State.OPEN)}


def trustee_rule(at: dt.datetime) -> Rule:
    """Why who keeps the system is never a trustee."""
    return rule("V-03", on=timezone.localtime(at).date())
