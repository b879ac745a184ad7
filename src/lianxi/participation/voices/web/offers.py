"""Which steps a record's page offers: one red button, or the one that unblocks it; the others beside it or under ⋯."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxi.commons.refusals import Text

from ..terms import State
from .acts import BY_NAME, Act

MAIN: dict[str, tuple[str, ...]] = {
    State.RECEIVED: ("accept",),
    State.ACCEPTED: ("dispatch",),
    State.REOPENED: ("dispatch",),
    State.DISPATCHED: ("take",),
    State.OBJECTED: ("dispatch",),
    State.IN_HAND: ("decide_extension", "submit"),
    State.SECOND_HANDLING: ("submit",),
    State.AWAITING_RESIDENT: ("decide_extension", "resident_answers"),
    State.IN_REVIEW: ("answer",),
    State.ANSWERED: ("call_back",),
    State.CALL_BACK: ("call_back_result",),
    State.UNSATISFIED: ("second_handling",),
}
"""The step that moves a matter on, by its state."""

UNBLOCKS: dict[str, str] = {
    "accused_known": "name_accused",
    "contacted": "contact",
    "answer_complete": "draft",
    "handler_has_no_interest": "assign",
    "no_extension_waits": "decide_extension",
}
"""Guard → the step that satisfies it, in the order in which they are offered."""

BESIDE: tuple[str, ...] = (
    "no_official", "overrule", "send_back", "draft", "progress", "contact", "ask_extension", "ask_resident", "object", "urge", "decline",
    "assign", "supplement",
)  # fmt: skip
"""What stands as a button beside the red one, if it is open; at most three. The rest is under ⋯."""


@dataclass(frozen=True, slots=True)
class Button:
    act: Act
    label: Text
    icon: str


@dataclass(slots=True)
class Offered:
    """`checks`: of the main step `step`; they explain what is missing even if the red button is another step."""

    main: Button | None = None
    beside: list[Button] = field(default_factory=list)
    menu: list[Button] = field(default_factory=list)
    checks: list[Any] = field(default_factory=list)
    step: str = ""

    @property
    def buttons(self) -> list[Button]:
        return [*([self.main] if self.main else []), *self.beside, *self.menu]


def blocked(act: Act, steps: dict[str, Any]) -> list[str]:
    """Names of the guards that stand in the way and that the form does not satisfy; of the freest of its rows."""
    ways = [
        [
            need.__name__
            for need, check in zip(step.row.needs, step.checks, strict=False)
            if not check.passed and need.__name__ not in act.fills
        ]
        for verb in act.verbs
        if (step := steps.get(verb)) and step.why
    ]
    return min(ways, key=len) if ways else ["not permitted"]


def offered(record: Any, *, late: bool = False) -> Offered:
    """The buttons of a record's page."""
    steps = {step.verb: step for step in record.steps}
    may = {act.name for act in BY_NAME.values() if any(verb in steps and steps[verb].why for verb in act.verbs)}
    open_ = {name for name in may if not blocked(BY_NAME[name], steps)}
    if not record.co_handlers:
        open_.discard("drop_co_handler")
    if record.voice.state == State.AWAITING_RESIDENT:
        open_.discard("supplement")
    found = Offered()
    for name in MAIN.get(record.voice.state, ()):
        if name not in may:
            continue
        act = BY_NAME[name]
        stands = blocked(act, steps)
        shown = next(steps[verb] for verb in act.verbs if verb in steps and steps[verb].why)
        if not stands:
            found.main = _button(act, record)
        else:
            way_out = next((to for guard, to in UNBLOCKS.items() if guard in stands and to in open_), "")
            found.main = _button(BY_NAME[way_out], record) if way_out else None
        if shown.checks and (found.main or not found.checks):
            found.checks = [
                c for n, c in zip(shown.row.needs, shown.checks, strict=False) if n.__name__ not in act.fills
            ]
            found.step = name
        if found.main:
            break
    if found.main is None and late and "urge" in open_:
        found.main = _button(BY_NAME["urge"], record)
    rest = [name for name in BY_NAME if name in open_ and not (found.main and name == found.main.act.name)]
    first = sorted((name for name in rest if name in BESIDE), key=BESIDE.index)[: 3 if found.main else 4]
    found.beside = [_button(BY_NAME[name], record) for name in first]
    found.menu = [_button(BY_NAME[name], record) for name in rest if name not in first]
    return found


def title_of(name: str, n: int) -> str:
    """The title of the checks: 送审要过4项."""
    if name == "submit":
        return ngettext("送审要过%(n)d项", "送审要过%(n)d项", n) % {"n": n}
    return ngettext("这一步要过%(n)d项", "这一步要过%(n)d项", n) % {"n": n} if n else ""


def _button(act: Act, record: Any) -> Button:
    if act.name == "draft" and record.answers:
        return Button(act, draft_label(record.answers[-1]), act.icon)
    if act.name == "dispatch" and record.voice.state in (State.OBJECTED, State.REOPENED):
        return Button(act, _("改派") if record.voice.state == State.OBJECTED else _("再派单"), act.icon)
    return Button(act, act.label, act.icon)


def draft_label(last: Any) -> str:
    """补写答复依据, if that is all that is missing."""
    lacking = [
        word
        for word, there in (
            (_("补写答复事实"), last.facts),
            (_("补写答复意见"), last.opinion and last.result),
            (_("补写答复依据"), last.basis),
        )
        if not there
    ]
    return _("改答复") if not lacking else lacking[0] if len(lacking) == 1 else _("补写答复")
