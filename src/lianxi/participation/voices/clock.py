"""Which verb moves which clock, and what the clocks read. Pure reading of the events; `derive` keeps the copies for sorting."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import cast

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.calendar import CALENDAR
from lianxi.commons.rulebook import Rule, applies, rule
from lianxi.commons.rulebook.queries import all_as_used
from lianxi.engines import worktime

from .models import Voice, VoiceEvent
from .terms import ClockKind, State

MEANS: dict[ClockKind, dict[str, worktime.Move]] = {
    ClockKind.ACCEPT: {"raise": "start", "accept": "stop", "decline": "stop", "discipline_door": "stop"},
    ClockKind.OBJECT: {"dispatch": "start", "overrule": "start", "take": "stop", "object": "stop", "recall": "stop"},
    ClockKind.CONTACT: {
        "dispatch": "start",
        "overrule": "start",
        "contact": "stop",
        "recall": "stop",
        "answer": "stop",
    },
    ClockKind.ANSWER: {
        "accept": "start",
        "reopen": "start",
        "ask_resident": "stand",
        "resident_answers": "run",
        "grant_extension": "extend",
        "answer": "stop",
    },
    ClockKind.SECOND: {
        "rate_badly": "start",
        "call_back_badly": "start",
        "ask_resident": "stand",
        "resident_answers": "run",
        "answer": "stop",
    },
    ClockKind.RATE: {
        "answer": "start",
        "rate_well": "stop",
        "rate_badly": "stop",
        "call_back_well": "stop",
        "call_back_badly": "stop",
        "close_unrated": "stop",
    },
}
RULES: dict[ClockKind, str] = {
    ClockKind.ACCEPT: "S-05",
    ClockKind.OBJECT: "X-07",
    ClockKind.CONTACT: "S-01",
    ClockKind.ANSWER: "S-02",
    ClockKind.SECOND: "S-03",
    ClockKind.RATE: "S-04",
}
WARNING = "S-07"
COUNTS: dict[ClockKind, tuple[State, ...]] = {
    ClockKind.ACCEPT: (State.RECEIVED,),
    ClockKind.CONTACT: (State.DISPATCHED, State.IN_HAND),
    ClockKind.ANSWER: (
        State.ACCEPTED,
        State.DISPATCHED,
        State.OBJECTED,
        State.IN_HAND,
        State.AWAITING_RESIDENT,
        State.IN_REVIEW,
        State.REOPENED,
    ),
    ClockKind.SECOND: (State.UNSATISFIED, State.SECOND_HANDLING, State.AWAITING_RESIDENT, State.IN_REVIEW),
    ClockKind.RATE: (State.ANSWERED, State.CALL_BACK),
}
"""In which states a clock is the owner's business."""


for _kind, _where in {
    ClockKind.ACCEPT: _("民情受理的期限"),
    ClockKind.OBJECT: _("派单异议的期限"),
    ClockKind.CONTACT: _("先行联系的期限"),
    ClockKind.ANSWER: _("民情答复的期限"),
    ClockKind.SECOND: _("二次办理的期限"),
    ClockKind.RATE: _("居民评价的期限"),
}.items():
    applies(RULES[_kind], where=_where)
applies(WARNING, where=_("民情到期前提醒"))


def rule_of(voice: Voice, kind: ClockKind) -> Rule:
    """The rule of a clock as of the day of receipt, with the figures of the place: an amended rule moves no running clock."""
    return _used(voice, RULES[kind])


def _used(voice: Voice, rule_id: str) -> Rule:
    """Read once for each voice object, all rules of its clocks in one query: day and place of a voice do not change."""
    known: dict[str, Rule] = voice.__dict__.setdefault("_rules", {})
    if not known:
        on = timezone.localtime(voice.received_at).date()
        law = [rule(one, on=on) for one in (*RULES.values(), WARNING)]
        known.update((one.id, one) for one in all_as_used(law, on=on, at=voice.place_path or voice.place))
    return known[rule_id]


def limit_of(voice: Voice, kind: ClockKind) -> worktime.Limit:
    entry = rule_of(voice, kind)
    name = {ClockKind.ANSWER: voice.kind, ClockKind.OBJECT: "objection_workdays"}.get(kind)
    figure = entry.parameter(name) if name else entry
    return worktime.Limit(int(figure.value), cast(worktime.Unit, figure.unit))


def marks(events: Sequence[VoiceEvent], kind: ClockKind) -> list[worktime.Mark]:
    """The marks of one clock since it was last started anew."""
    means = MEANS[kind]
    found = [
        worktime.Mark(timezone.localtime(event.at), means[event.verb], int(event.facts.get("days", 0) or 0))
        for event in events
        if event.verb in means
    ]
    starts = [index for index, mark in enumerate(found) if mark.move == "start"]
    return found[starts[-1] :] if starts else []


def reading(voice: Voice, events: Sequence[VoiceEvent], kind: ClockKind) -> worktime.Reading | None:
    """What one clock reads; None if it was never started."""
    found = marks(events, kind)
    return worktime.read(found, limit_of(voice, kind), CALENDAR) if found else None


def readings(voice: Voice, events: Iterable[VoiceEvent]) -> dict[ClockKind, worktime.Reading]:
    """Every clock that was started."""
    known = list(events)
    return {kind: read for kind in ClockKind if (read := reading(voice, known, kind))}


def derive(voice: Voice, at: dt.datetime) -> None:
    """Set `due_at`, `due_clock` and `warn_at` from the events: the earliest clock that runs and counts in this state.

    Also the deadlines of contact and answer that the figures count by; they stay when their clock has stopped.
    """
    events = list(VoiceEvent._base_manager.filter(voice=voice.pk).order_by("number"))
    voice.contact_due_at = _limit_end(reading(voice, events, ClockKind.CONTACT))
    voice.answer_due_at = _limit_end(reading(voice, events, ClockKind.ANSWER))
    running = [
        (read.due, kind)
        for kind, states in COUNTS.items()
        if voice.state in states
        and (read := reading(voice, events, kind))
        and read.due
        and not read.stopped
        and not read.standing
    ]
    voice.due_at, voice.due_clock, voice.warn_at = None, "", None
    if running:
        voice.due_at, voice.due_clock = min(running)
        if voice.due_clock != ClockKind.RATE:
            warning = _used(voice, WARNING)
            voice.warn_at = worktime.lead(
                voice.due_at,
                worktime.Limit(int(warning.value), cast(worktime.Unit, warning.unit)),
                CALENDAR,
                known_on=timezone.localtime(voice.received_at).date(),
            )


def _limit_end(read: worktime.Reading | None) -> dt.datetime | None:
    """The deadline of a clock, running or stopped; None while it stands or was never started."""
    return (read.due_at_stop if read.stopped else read.due) if read else None
