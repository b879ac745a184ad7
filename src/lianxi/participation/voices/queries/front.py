"""What the person who raised a voice sees of it: the same events, in a resident's words."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import NotFound
from lianxi.commons.rulebook import Figure, Rule, rule
from lianxi.commons.units.models import Unit
from lianxi.engines import worktime

from .. import clock, policies
from ..models import Answer, Extension, Photo, Supplement, Voice
from ..terms import PUBLIC_STATES, ClockKind, Contact, Exit, Satisfied, Solved, State
from ..workflow import WALK
from .counts import due_words
from .public import community_name

RATABLE = (State.ANSWERED, State.CALL_BACK)
WORKING = (State.ACCEPTED, State.IN_HAND, State.SECOND_HANDLING)
"""Public states in which somebody works on it."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event in a resident's words."""

    icon: str
    title: str
    at: dt.datetime
    who: str = ""
    text: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Appeal:
    """How an answer can be objected to 复查 (X-12): until when, and by which article."""

    rule: Rule
    apply: Figure
    answer: Figure
    until: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Followed:
    """A voice as its author follows it."""

    voice: Voice
    state: str
    state_word: str
    where: str
    lead: str
    due: dict[str, Any]
    due_at: dt.datetime | None
    answer: Answer | None
    earlier: list[Answer]
    answered_by: str
    handler: str
    question: str
    may_rate: bool
    may_add: bool
    rate_until: dt.datetime | None
    second: Figure
    extension: Extension | None
    appeal: Appeal | None
    exit: str
    exit_reason: str
    photos: list[Photo]
    supplements: list[Supplement]
    history: list[Told]


def followed(pk: int, *, actor: Actor, at: dt.datetime) -> Followed:
    """Raises NotFound for a stranger, and for whom it is kept from; also for staff who are not its author."""
    voice = _own(actor).select_related("owner", "place", "handler").filter(pk=pk).first()
    if voice is None:
        raise NotFound
    events = list(WALK.events(voice))
    answers = list(_of(Answer, voice).filter(given_at__isnull=False).order_by("number"))
    supplements = list(_of(Supplement, voice).order_by("at", "pk"))
    extensions = list(_of(Extension, voice).filter(granted=True).order_by("decided_at"))
    reads = clock.readings(voice, events)
    state = PUBLIC_STATES.get(voice.state, voice.state)
    last = answers[-1] if answers and voice.answered_at else None
    main = reads.get(ClockKind.SECOND) if voice.round > 1 else reads.get(ClockKind.ANSWER)
    rating = reads.get(ClockKind.RATE)
    return Followed(
        voice=voice,
        state=state,
        state_word=str(State(state).label),
        where=community_name(voice.place),
        lead=_lead(voice, state, main, at),
        due=due_words(voice, at),
        due_at=_due(main) or voice.due_at,
        answer=last,
        earlier=answers[:-1],
        answered_by=str(voice.owner),
        handler=voice.handler.name if voice.handler else "",
        question=_question(voice, events),
        may_rate=voice.state in RATABLE,
        may_add=voice.state not in (State.DECLINED, State.CLOSED),
        rate_until=rating.due if rating and voice.state in RATABLE else None,
        second=clock.rule_of(voice, ClockKind.SECOND).figure(),
        extension=extensions[-1] if extensions and state in WORKING else None,
        appeal=_appeal(last, at) if last and voice.state in (*RATABLE, State.CLOSED) else None,
        exit=str(Exit(voice.exit).label) if voice.exit in Exit.values else "",
        exit_reason=next((e.reason for e in reversed(events) if e.verb == "decline"), ""),
        photos=list(_of(Photo, voice).order_by("at", "key")),
        supplements=supplements,
        history=_history(voice, events, supplements, extensions),
    )


def own_voices(*, actor: Actor) -> list[Voice]:
    """The voices that this person raised with a name, newest first."""
    if not actor.person_id:
        return []
    found = policies.VIEW.all(actor).filter(author=actor.person_id)
    return list(found.select_related("owner", "place").order_by("-received_at", "-pk")[:200])


@dataclass(frozen=True, slots=True)
class OwnRow:
    """An own voice in a list."""

    voice: Voice
    state: str
    state_word: str
    due: dict[str, Any]


def own_rows(*, actor: Actor, at: dt.datetime) -> list[OwnRow]:
    """The own voices with their states as residents read them."""
    rows = []
    for voice in own_voices(actor=actor):
        state = PUBLIC_STATES.get(voice.state, voice.state)
        rows.append(OwnRow(voice, state, str(State(state).label), due_words(voice, at)))
    return rows


def own_voice(pk: int, *, actor: Actor) -> Voice:
    """A voice that the actor raised or holds the receipt of. Raises NotFound."""
    voice: Voice | None = _own(actor).filter(pk=pk).first()
    if voice is None:
        raise NotFound
    return voice


def photo_of(key: Any, *, actor: Actor) -> Photo:
    """A photo of a voice that the actor may view. Raises NotFound."""
    photo = Photo._base_manager.filter(pk=key).first()
    if photo is None or not policies.VIEW.all(actor).filter(pk=photo.voice_id).exists():
        raise NotFound
    return photo


@dataclass(frozen=True, slots=True)
class Next:
    """What comes after sending, and by when: from the rulebook, by the clock."""

    accept_until: dt.datetime | None
    contact: Figure
    answer: Figure
    second: Figure
    rules: list[Rule]


def what_comes(voice: Voice) -> Next:
    """The limits that a new voice begins with."""
    rules = {kind: clock.rule_of(voice, kind) for kind in (ClockKind.CONTACT, ClockKind.ANSWER, ClockKind.SECOND)}
    return Next(
        accept_until=voice.due_at,
        contact=rules[ClockKind.CONTACT].figure(),
        answer=rules[ClockKind.ANSWER].figure(voice.kind),
        second=rules[ClockKind.SECOND].figure(),
        rules=list(rules.values()),
    )


def usual_answer(on: dt.date) -> Figure:
    """Within what time most matters are answered."""
    return rule(clock.RULES[ClockKind.ANSWER], on=on).figure()


def privacy_rules(on: dt.date) -> dict[str, Rule]:
    """The rules that the privacy notice quotes, by their number with an underscore."""
    numbers = ("X-14", "X-19", "Z-01", "Z-03", "Z-07", "Z-09", "S-17")
    return {number.replace("-", "_"): rule(number, on=on) for number in numbers}


def day_words(at: dt.datetime) -> str:
    """11月26日; 26 Nov."""
    local = timezone.localtime(at)
    return date_format(local, "j M" if (get_language() or "").startswith("en") else "n月j日")


def discipline_rule(on: dt.date) -> Rule:
    """Why complaints about discipline are neither taken nor kept here."""
    return rule("X-19", on=on)


def _own(actor: Actor) -> QuerySet[Any, Any]:
    """What the actor raised or holds the receipt of; the never clauses stay."""
    return policies.RATE.all(actor)


def _of(model: Any, voice: Voice) -> QuerySet[Any, Any]:
    found: QuerySet[Any, Any] = model._base_manager.filter(voice=voice.pk)
    return found


def _due(read: worktime.Reading | None) -> dt.datetime | None:
    return (read.due or read.due_at_stop) if read else None


def _lead(voice: Voice, state: str, main: worktime.Reading | None, at: dt.datetime) -> str:
    """Which sentence stands under the title; the page has one for each."""
    if state == State.DECLINED:
        return "declined"
    if voice.state == State.AWAITING_RESIDENT:
        return "waiting"
    if state in (State.ANSWERED, State.CLOSED):
        return "answered_late" if main and main.was_late else "answered"
    if state == State.RECEIVED:
        return "received" if not voice.due_at or at <= voice.due_at else "received_late"
    due = _due(main)
    return "late" if due and due < timezone.localtime(at) else "working"


def _question(voice: Voice, events: list[Any]) -> str:
    if voice.state != State.AWAITING_RESIDENT:
        return ""
    return next((event.reason for event in reversed(events) if event.verb == "ask_resident"), "")


def _appeal(last: Answer, at: dt.datetime) -> Appeal:
    law = rule("X-12", on=timezone.localtime(last.given_at or at).date())
    apply = law.figure("apply_days")
    until = timezone.localtime(last.given_at) + dt.timedelta(days=int(apply.value)) if last.given_at else None
    return Appeal(law, apply, law.figure(), until)


HIDDEN = frozenset(
    {
        "object",
        "overrule",
        "ask_extension",
        "refuse_extension",
        "draft",
        "send_back",
        "drop_co_handler",
    }
)
"""What the house settles within itself. Everything else is told; a verb in neither is caught by a test."""


def _history(voice: Voice, events: list[Any], added: list[Supplement], extensions: list[Extension]) -> list[Told]:
    """Newest first."""
    names = _Names(voice, events)
    told = [one for event in events if (one := _tell(event, names, added, extensions))]
    return told[::-1]


class _Names:
    """Names of units and handlers in the events: two queries."""

    def __init__(self, voice: Voice, events: list[Any]) -> None:
        units = {e.facts["owner"] for e in events if isinstance(e.facts.get("owner"), int)}
        people = {e.facts["handler"] for e in events if isinstance(e.facts.get("handler"), int)}
        self.units = {unit.pk: str(unit) for unit in Unit.objects.filter(pk__in=units)} if units else {}
        self.people = dict(Person.objects.filter(pk__in=people).values_list("pk", "name")) if people else {}
        self.owner = str(voice.owner)

    def unit(self, event: Any) -> str:
        return self.units.get(event.facts.get("owner"), "")

    def person(self, event: Any) -> str:
        return self.people.get(event.facts.get("handler"), "")


def _tell(event: Any, names: _Names, added: list[Supplement], extensions: list[Extension]) -> Told | None:
    if event.verb in HIDDEN:
        return None
    icon, title, text = _words(event, names, added, extensions)
    who = {"take": names.person(event), "assign": names.person(event)}.get(event.verb, "")
    return Told(icon, str(title), event.at, who, str(text))


def _words(event: Any, names: _Names, added: list[Supplement], extensions: list[Extension]) -> tuple[str, str, str]:
    """Icon, title and sentence of an event."""
    facts, reason = event.facts, event.reason
    match event.verb:
        case "raise":
            return "inbox", _("收到"), _came(facts.get("channel", ""))
        case "accept":
            return "user-check", _("已受理"), ""
        case "decline":
            return "door-exit", _("不予受理"), reason
        case "discipline_door":
            return "door-exit", _("转到纪检监察渠道"), _("这类内容由纪检监察机关受理，这里已删除，不保存。")
        case "dispatch":
            unit = names.unit(event)
            return "send", _("交给%(unit)s办") % {"unit": unit} if unit else _("交给承办单位"), ""
        case "recall":
            return "arrow-back-up", _("收回，另安排单位办"), ""
        case "take":
            return "progress", _("开始办理"), ""
        case "assign":
            return "user", _("换了承办人"), ""
        case "stand_aside":
            return "user", _("一名工作人员回避，不再经手"), ""
        case "contact":
            return "phone", _contacted(facts.get("how", "")), reason
        case "ask_resident":
            return "message-2", _("请您补充"), reason
        case "resident_answers" | "supplement":
            return "pencil", _("您补充了情况"), next((one.text for one in added if one.at == event.at), "")
        case "grant_extension":
            why = next((one.reason for one in extensions if one.decided_at == event.at), "")
            days = facts.get("days", 0)
            return "clock", ngettext("延期%(n)s天，经负责人批准", "延期%(n)s天，经负责人批准", days) % {"n": days}, why
        case "progress":
            return "tool", _("办理情况"), reason
        case "submit":
            return "file-search", _("答复写好了，正在审核"), ""
        case "answer":
            return "circle-check", _("已答复"), names.owner
        case "call_back":
            return "phone", _("街道开始回访"), ""
        case "rate_well" | "rate_badly":
            return "message-2", _("您评价了"), _rated(facts)
        case "call_back_well" | "call_back_badly":
            return "phone", _("街道回访过您"), reason
        case "close_unrated":
            return "checks", _("到期没有评价，办结"), _("只记“未评价”，不算满意。")
        case "second_handling":
            return "rotate-2", _("二次办理"), _("%(head)s参加。") % {"head": facts.get("head", "")}
        case "reopen":
            return "refresh", _("重新打开"), reason
        case "urge":
            return "bell", _("督办催了一次"), ""
        case "add_co_handler":
            return "users", _("请%(unit)s一起办") % {"unit": facts.get("name", "")}, ""
        case "name_accused":
            return "shield-check", _("登记了反映的对象"), _("对方看不到这件事。")
        case "no_official":
            return "shield-check", _("核对了反映的对象，不是工作人员"), reason
    raise LookupError(f"The verb {event.verb} has no words for residents.")


def _came(channel: str) -> str:
    return {
        "phone": _("您在手机上提交"),
        "window": _("在窗口登记"),
        "telephone": _("电话里登记"),
        "letter": _("按来信登记"),
        "sheet": _("由街道登记"),
        "api": _("由别的平台转来"),
    }.get(channel, "")


def _contacted(how: str) -> str:
    words: dict[str, str] = {
        Contact.CALL: _("电话联系过您"),
        Contact.VISIT: _("上门找过您"),
        Contact.MEET: _("当面和您谈过"),
        Contact.MESSAGE: _("给您留了言"),
    }
    return words.get(how, _("联系过您"))


def _rated(facts: dict[str, Any]) -> str:
    said = [
        str(terms(value).label)
        for terms, value in ((Solved, facts.get("solved_resident")), (Satisfied, facts.get("satisfied")))
        if value in terms.values
    ]
    return " · ".join(said)
