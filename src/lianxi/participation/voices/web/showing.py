"""Deadlines, clocks and rows as pages show them."""

import datetime as dt
from itertools import takewhile
from typing import Any

from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from lianxi.commons.calendar import CALENDAR

from .. import clock
from ..queries import due_words, head_of
from ..terms import ClockKind, State


def day(value: dt.date | dt.datetime) -> str:
    """11月25日, 25 Nov; with the year if it is another one."""
    other = value.year != timezone.localdate().year
    if (get_language() or "").startswith("en"):
        return date_format(value, "j M Y" if other else "j M")
    return date_format(value, "Y年n月j日" if other else "n月j日")


def due(voice: Any, at: dt.datetime) -> dict[str, Any]:
    """For `<c-due>`: kind and words."""
    found = due_words(voice, at)
    moment = found["at"]
    if found["text"] or moment is None:
        return found
    text = _("今天%(time)s") % {"time": f"{moment:%-H:%M}"} if found["kind"] == "today" else day(moment)
    return found | {"text": text}


def until_note(record: Any, at: dt.datetime) -> str:
    """On which working day of the running clock we are: 第3个工作日."""
    read = _running(record)
    if read is None or read.started is None or any(line.move == "stand" for line in read.working):
        return ""
    first = read.started.date() + dt.timedelta(days=1)
    today = timezone.localtime(at).date()
    known = timezone.localtime(record.voice.received_at).date()
    n = sum(1 for _day in takewhile(lambda one: one <= today, CALENDAR.working_days(first, known_on=known)))
    return _("第%(n)d个工作日") % {"n": n} if 0 < n < 100 else ""


def _running(record: Any) -> Any:
    return record.clocks.get(record.voice.due_clock) if record.voice.due_clock else None


def clock_check(record: Any, at: dt.datetime) -> dict[str, Any] | None:
    """The running deadline as one of the checks: what the rule requires, on which day we are."""
    voice = record.voice
    kind = next((k for k in (ClockKind.SECOND, ClockKind.ANSWER) if k == voice.due_clock), None)
    read = record.clocks.get(kind) if kind else None
    if kind is None or read is None or read.due is None:
        return None
    rule = clock.rule_of(voice, kind)
    figure = rule.parameter(voice.kind) if kind == ClockKind.ANSWER else rule.figure()
    words = due(voice, at)
    found = _("，").join(part for part in (until_note(record, at), f"{day(read.due)} {read.due:%-H:%M}") if part)
    late = words["kind"] == "late"
    return {
        "label": _("二次办理期限") if kind == ClockKind.SECOND else _("答复期限"),
        "required": _("受理后%(limit)s") % {"limit": figure.text} if kind == ClockKind.ANSWER else figure.text,
        "found": found,
        "passed": True,  # a late answer may still be given: the deadline stands in nobody's way
        "due": late or words["kind"] in ("today", "tomorrow"),
        "verdict": words["text"] if late or words["kind"] in ("today", "tomorrow") else "",
        "rule": rule,
    }


def next_by(voice: Any, at: dt.datetime) -> str:
    """Whose turn it is, and for what."""
    head = ""
    if voice.state in (State.IN_HAND, State.SECOND_HANDLING, State.IN_REVIEW, State.UNSATISFIED):
        head = head_of(voice.owner, on=timezone.localtime(at).date()) or str(voice.owner)
    return {
        State.RECEIVED: _("受理台受理"),
        State.ACCEPTED: _("受理台派单"),
        State.REOPENED: _("受理台再派单"),
        State.DISPATCHED: _("%(unit)s签收") % {"unit": voice.owner},
        State.OBJECTED: _("受理台审异议"),
        State.IN_HAND: _("%(head)s审核") % {"head": head},
        State.SECOND_HANDLING: _("%(head)s审核") % {"head": head},
        State.AWAITING_RESIDENT: _("居民补充"),
        State.IN_REVIEW: _("%(head)s审核，发出答复") % {"head": head},
        State.ANSWERED: _("居民评价，街道回访"),
        State.CALL_BACK: _("督办记回访结果"),
        State.UNSATISFIED: _("%(head)s组织二次办理") % {"head": head},
    }.get(voice.state, "")


def workings(record: Any) -> list[dict[str, Any]]:
    """Every clock with its sum, line by line."""
    moves = {"start": _("起算"), "stand": _("停下"), "run": _("接着算"), "extend": _("延长"), "stop": _("算完")}
    result = []
    for kind, read in record.clocks.items():
        lines = []
        for line in read.working:
            said = moves[line.move] + (
                ngettext("%(n)d天", "%(n)d天", line.amount) % {"n": line.amount} if line.move == "extend" else ""
            )
            lines.append({"at": line.at, "move": said, "due": line.due, "note": _passed_over(line)})
        result.append(
            {
                "label": ClockKind(kind).label,
                "rule": clock.rule_of(record.voice, kind),
                "late": read.was_late,
                "lines": lines,
            }
        )
    return result


def _passed_over(line: Any) -> str:
    """Which days were left out as holidays, and which weekend days were worked."""
    parts = []
    if line.rest:
        parts.append(_("放假不算：%(days)s") % {"days": "、".join(day(one) for one in line.rest[:10])})
    if line.shifted:
        parts.append(_("调休上班算：%(days)s") % {"days": "、".join(day(one) for one in line.shifted[:10])})
    if line.unknown:
        parts.append(
            _("%(years)s年的放假通知当时还没有出，按周一到周五算") % {"years": "、".join(str(y) for y in line.unknown)}
        )
    return "；".join(parts)


def looked(looks: list[Any]) -> str:
    """Who looked at the contact: 已看1次：周亦远，11月16日。"""
    rule = _("每次查看都记下是谁、为什么。")
    if not looks:
        return rule
    last = looks[0]
    times = ngettext("已看%(n)d次", "已看%(n)d次", len(looks)) % {"n": len(looks)}
    return rule + _("%(times)s：%(name)s，%(day)s。") % {
        "times": times,
        "name": last.by_name,
        "day": day(timezone.localtime(last.at)),
    }
