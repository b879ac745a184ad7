"""One round with everything that its page shows."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import NotFound
from lianxi.commons.views.due import day
from lianxi.commons.workflow.walk import Step
from lianxi.engines.assignment import Said

from .. import checks, policies
from ..models import HandChange, Objection, Participant, Proof, Round, RoundGroup, RoundStep, Seat
from ..terms import DESIGNATED, HAS_RESULT, NO_WISH, OUTSIDE, ObjectionState, State, rank_word
from ..workflow import WALK


@dataclass(slots=True)
class GroupLine:
    """A group as the round's page shows it."""

    group: RoundGroup
    now: int = 0
    full: int = 0
    designated: int = 0
    said: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Leaderless:
    """A group that must get a leader before the committee decides; who led it and where he or she was moved, if so."""

    group: RoundGroup
    led: str = ""
    moved_to: str = ""


@dataclass(slots=True)
class Record:
    """A round as its page shows it."""

    round: Round
    steps: list[Step]
    events: list[RoundStep]
    groups: list[GroupLine]
    roll: dict[str, int]
    proof: Proof | None
    hand: list[HandChange]
    objections: list[Objection]
    split: list[RoundGroup]
    split_law: Any
    may: dict[str, bool]
    leaderless: list[Leaderless]

    @property
    def open_steps(self) -> dict[str, Step]:
        return {step.verb: step for step in self.steps if step.why}

    @property
    def has_result(self) -> bool:
        return self.round.state in HAS_RESULT

    @property
    def checks(self) -> list[Any]:
        """What the next step must pass, once each."""
        seen: dict[str, Any] = {}
        for verb in ("open", "close", "draw", "place", "publish", "confirm"):
            step = self.open_steps.get(verb)
            for check in _before_the_form(step) if step else ():
                seen.setdefault(str(check.label), check)
        return list(seen.values())

    def blocking(self, step: Step) -> list[Any]:
        """What keeps a step from being taken and is not asked for by its own form."""
        return [check for check in _before_the_form(step) if not check.passed]

    @property
    def profile(self) -> list[tuple[str, int, int]]:
        """Place, how many by the plan, how many now. Whoever named no wish is counted apart from those whose wishes were full."""
        if self.proof is None:
            return []
        places = [DESIGNATED, *range(1, self.proof.ranks + 1), OUTSIDE, NO_WISH]
        best, now = by_rank(self.round, "best_rank"), by_rank(self.round, "rank")
        return [(str(rank_word(rank)), best.get(rank, 0), now.get(rank, 0)) for rank in places]

    @property
    def hand_said(self) -> str:
        """What the changes by hand cost against the plan, in words."""
        if self.proof is None or not self.hand:
            return ""
        best, now = by_rank(self.round, "best_rank"), by_rank(self.round, "rank")
        places = [(DESIGNATED,), *((rank,) for rank in range(1, self.proof.ranks + 1)), (OUTSIDE, NO_WISH)]
        change = [sum(now.get(rank, 0) - best.get(rank, 0) for rank in place) for place in places]
        return checks.said(Said("hand-more", {"change": change}) if any(change) else Said("hand-same", {}))

    @property
    def timeline(self) -> list[dict[str, Any]]:
        return [_told(event) for event in reversed(self.events)]

    @property
    def path(self) -> list[dict[str, Any]]:
        """The steps of the walk for the stepper."""
        order = [State.DRAFTING, State.OPEN, State.CLOSED, State.DRAWN, State.PLACED, State.OBJECTIONS, State.CONFIRMED, State.REPORTED]  # fmt: skip
        reached: dict[str, dt.datetime] = {}
        for event in self.events:
            if event.target != event.source:
                reached[event.target] = event.at
        here = order.index(State(self.round.state)) if self.round.state in order else -1
        done = [index < here or (self.round.state == State.REPORTED) for index in range(len(order))]
        return [
            {
                "title": state.label,
                "state": "done" if done[index] else "now" if index == here else "come",
                "date": day(timezone.localtime(reached[state]).date()) if state in reached and index <= here else "",
            }
            for index, state in enumerate(order)
        ]

    @property
    def here(self) -> str:
        now = next((n for n, one in enumerate(self.path, 1) if one["state"] == "now"), len(self.path))
        return _("第%(n)d步，共%(all)d步") % {"n": now, "all": len(self.path)}


def record(pk: int, *, actor: Actor, at: dt.datetime) -> Record:
    """A round for those who keep it. Raises NotFound."""
    found: Round | None = policies.KEEP.all(actor).select_related("unit", "after").filter(pk=pk).first()
    if found is None:
        raise NotFound
    steps = WALK.steps(found, actor=actor, at=at)
    proof = Proof.objects.filter(round=found).defer("text").first()
    lines = [GroupLine(one) for one in checks.groups_of(found)]
    counted = dict(
        Participant.objects.filter(round=found).exclude(designated=None).order_by().values_list("designated").annotate(n=Count("pk"))
    )  # fmt: skip
    sizes = checks.sizes_now(found) if proof else {}
    for line in lines:
        line.designated = counted.get(line.group.pk, 0)
        if proof:
            line.now, line.full = sizes[line.group.pk]
            line.said = checks.read(line.group.said)
    roll = Participant.objects.filter(round=found).aggregate(
        all=Count("pk"),
        fixed=Count("pk", filter=~Q(designated=None)),
        answered=Count("pk", filter=~Q(answer="")),
        none=Count("pk", filter=~Q(answer="") & Q(wishes=[], designated=None)),
        paper=Count("pk", filter=Q(answer="paper")),
        silent=Count("pk", filter=Q(answer="", designated=None)),
    )
    hand = list(
        HandChange.objects.filter(round=found).select_related("participant__member__person", "source", "target")[:200]
    ) if proof else []  # fmt: skip
    objections = list(
        Objection.objects.filter(round=found).select_related("participant__member__person", "wanted").order_by(
            F("answered_at").asc(nulls_first=True), "at")[:200]
    ) if proof else []  # fmt: skip
    events = list(WALK.events(found))
    return Record(
        round=found, steps=steps, events=events, leaderless=_leaderless(found, events, hand), groups=lines, roll=roll, proof=proof, hand=hand,
        objections=objections, split=checks.split_advised(found, at), split_law=checks.law(at, found),
        may={"open_objections": any(one.state == ObjectionState.OPEN for one in objections)},
    )  # fmt: skip


def _before_the_form(step: Step) -> list[Any]:
    return [check for need, check in zip(step.row.needs, step.checks, strict=False) if need not in checks.ON_THE_FORM]


def _leaderless(found: Round, events: list[RoundStep], hand: list[HandChange]) -> list[Leaderless]:
    if found.state not in (State.PLACED, State.OBJECTIONS):
        return []
    names = {one.participant_id: str(one.participant) for one in hand}
    moved = {event.facts["led"]: event.facts for event in events if event.verb == "move" and event.facts.get("led")}
    rows = [(group, moved.get(group.pk, {})) for group in checks.leaderless(found)]
    return [Leaderless(group, names.get(facts.get("who"), ""), facts.get("group", "")) for group, facts in rows]


def by_rank(found: Round, column: str) -> dict[int, int]:
    """How many members stand in each rank, by the plan (`best_rank`) or now (`rank`)."""
    known: dict[int, int] | None = found.__dict__.get(f"_{column}")
    if known is None:
        rows = Seat.objects.filter(round=found).order_by().values_list(column).annotate(n=Count("pk"))
        known = dict(rows)
        found.__dict__[f"_{column}"] = known
    return known


def participants_of(group: RoundGroup) -> QuerySet[Seat, Any]:
    """Who is in a group now, by name in the order of the roll: nobody is ranked."""
    return (
        Seat.objects.filter(group=group).select_related("participant__member__person").order_by("participant__number")
    )


ICONS = {
    "open": "player-play", "close": "lock", "reopen": "lock-open", "draw": "qrcode", "place": "users-group", "publish": "send",
    "move": "switch-horizontal", "object": "messages", "answer_objection": "message-2", "confirm": "circle-check", "report": "checks",
    "cancel": "circle-x", "designate": "user-plus", "undesignate": "user-x", "name_leader": "user-check", "amend": "adjustments-horizontal",
    "extend": "clock", "take_back_slip": "arrow-back-up",
}  # fmt: skip


def _told(event: RoundStep) -> dict[str, Any]:
    row = WALK.by_verb.get(event.verb)
    return {
        "icon": ICONS.get(event.verb, "pencil"),
        "title": str(row.label) if row else _("发起编组"),
        "at": event.at,
        "who": event.by_name,
        "text": "；".join(part for part in (_fact(event), event.reason) if part),
    }


def _fact(event: RoundStep) -> str:
    facts = event.facts
    if event.verb == "draw":
        return _("种子：%(seed)s；见证人：%(who)s") % {"seed": facts.get("seed", ""), "who": facts.get("witnesses", "")}
    if event.verb in ("open", "close") and (facts.get("came") or facts.get("left")):
        return _("名单新增%(came)d人，减少%(left)d人") % {"came": facts.get("came", 0), "left": facts.get("left", 0)}
    if event.verb == "close" and facts.get("silent"):
        return ngettext("%(n)d人没有交志愿", "%(n)d人没有交志愿", facts["silent"]) % {"n": facts["silent"]}
    if event.verb == "move" and facts.get("led_group"):
        return _("调到“%(group)s”；“%(led)s”没有组长了") % {"group": facts.get("group", ""), "led": facts["led_group"]}
    if event.verb == "set_group" and facts.get("removed"):
        return _("去掉“%(group)s”") % {"group": facts["removed"]}
    return str(facts.get("group", "") or "")
