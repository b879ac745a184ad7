"""The roll of a round: who takes part, who has answered, who is where. Wishes show only on a member's own page."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Case, Count, Q, QuerySet, Value, When

from lianxi.commons.permissions import Actor
from lianxi.commons.questions import Address, Question
from lianxi.commons.refusals import NotFound

from .. import checks, policies
from ..models import HandChange, Objection, Participant, Proof, Round, RoundGroup, RoundStep, Seat
from ..terms import HAS_RESULT, Answer, State
from ..workflow import WALK

SIZE = 50
PERSON_VERBS = ("designate", "undesignate", "move", "take_back_slip", "name_leader")
ANSWERS = ("all", "silent", "answered", "none", "designated")


@dataclass(frozen=True, slots=True)
class RollAsked(Question):
    """What the roll is asked for."""

    view: str = "all"
    q: str = ""
    group: int = 0
    branch: int = 0
    rank: str = ""
    after: int = 0

    @classmethod
    def of(cls, params: Any) -> "RollAsked":
        """Read an address; whatever does not fit is left out."""
        said = Address(params)
        return cls(
            view=said.one("view", ANSWERS, "all"),
            q=said.words("q"),
            group=said.number("group"),
            branch=said.number("branch"),
            rank=said.one("rank", {"-2", "-1", *map(str, range(11))}),
            after=said.number("after"),
        )


@dataclass(slots=True)
class Listed:
    """A page of the roll."""

    rows: list[Participant]
    next: int
    counts: dict[str, int]


def _view(view: str) -> Q:
    return {
        "all": Q(),
        "silent": Q(answer="", designated=None),
        "answered": ~Q(answer=""),
        "none": ~Q(answer="") & Q(wishes=[], designated=None),
        "designated": ~Q(designated=None),
    }[view]


def roll_found(record: Round, asked: RollAsked, *, actor: Actor) -> QuerySet[Participant, Any]:
    """Who the question asks for, in the order of the roll."""
    rows: QuerySet[Participant, Any] = policies.ROLL.all(actor).filter(_view(asked.view), round=record)
    if asked.q:
        rows = rows.filter(number=int(asked.q)) if asked.q.isdecimal() and len(asked.q) < 8 else rows.filter(member__person__name__startswith=asked.q)  # fmt: skip
    if asked.branch:
        rows = rows.filter(branch=asked.branch)
    if record.state in HAS_RESULT:
        if asked.group:
            rows = rows.filter(seat__group=asked.group)
        if asked.rank:
            rows = rows.filter(seat__rank=int(asked.rank))
    elif asked.group:
        rows = rows.filter(designated=asked.group)
    return rows.order_by("number")


def roll(record: Round, asked: RollAsked, *, actor: Actor) -> Listed:
    """One page of the roll."""
    wanted = ["member__person", "branch", "designated"]
    if record.state in HAS_RESULT:
        wanted.append("seat__group")
    rows = roll_found(record, asked, actor=actor).select_related(*wanted).defer("member__identity", "member__address")
    base = policies.ROLL.all(actor).filter(round=record)
    counted = base.aggregate(
        **{f"n_{view}": Count("pk", filter=_view(view) if _view(view) else None) for view in ANSWERS}
    )
    counts: dict[str, int] = {name.removeprefix("n_"): n for name, n in counted.items()}
    counts["found"] = rows.count()
    if asked.after:
        rows = rows.filter(number__gt=asked.after)
    got = list(rows[: SIZE + 1])
    more = len(got) > SIZE
    got = got[:SIZE]
    return Listed(got, got[-1].number if more else 0, counts)


def participant(record: Round, pk: int, *, actor: Actor) -> Participant:
    """One member of the roll, for the officers. Raises NotFound."""
    found: Participant | None = (
        policies.ROLL.all(actor)
        .select_related("member__person", "branch", "designated", "round__unit")
        .filter(round=record, pk=pk)
        .first()
    )
    if found is None:
        raise NotFound
    return found


@dataclass(slots=True)
class PersonPage:
    """One member on the roll with everything that the officers' page shows."""

    person: Participant
    seat: Seat | None
    why: list[str]
    wishes: list[RoundGroup]
    hand: list[HandChange]
    objections: list[Objection]
    steps: dict[str, Any]
    left_without_leader: RoundGroup | None
    """The group that this member led until he or she was moved, while it has no other leader."""


def person(record: Round, pk: int, *, actor: Actor, at: dt.datetime) -> PersonPage:
    """Raises NotFound."""
    found = participant(record, pk, actor=actor)
    seat = Seat.objects.select_related("group", "best").filter(participant=found).first()
    by = {one.pk: one for one in checks.groups_of(record)}
    hand = list(HandChange.objects.filter(participant=found).select_related("source", "target"))
    return PersonPage(
        person=found,
        seat=seat,
        why=checks.read(seat.said) if seat else [],
        wishes=[by[key] for key in found.wishes if key in by],
        hand=hand,
        objections=list(Objection.objects.filter(participant=found).select_related("wanted")),
        steps={
            step.verb: step for step in WALK.steps(record, actor=actor, at=at) if step.why and step.verb in PERSON_VERBS
        },
        left_without_leader=_left_without_leader(record, found, hand),
    )


def _left_without_leader(record: Round, found: Participant, hand: list[HandChange]) -> RoundGroup | None:
    if record.state not in (State.PLACED, State.OBJECTIONS):
        return None
    alone = {one.source_id: one.source for one in hand if one.source.leader_id is None and not one.source.shut}
    if not alone:
        return None
    steps = RoundStep.objects.filter(round=record, verb="move", facts__who=found.pk, facts__led__in=list(alone))
    led = steps.order_by("-number").values_list("facts__led", flat=True).first()
    return alone.get(led) if led else None


def round_of(pk: int, *, actor: Actor) -> Round:
    """A round for those who keep it. Raises NotFound."""
    found: Round | None = policies.KEEP.all(actor).select_related("unit").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def group_of(record: Round, pk: int) -> RoundGroup:
    """Raises NotFound."""
    found = RoundGroup.objects.select_related("round__unit", "branch").filter(round=record, pk=pk).first()
    if found is None:
        raise NotFound
    return found


def objection_of(record: Round, pk: int, *, actor: Actor) -> Objection:
    """Raises NotFound."""
    rows = policies.ANSWER.all(actor).select_related("participant__member__person", "participant__round__unit", "round")
    found: Objection | None = rows.filter(round=record, pk=pk).first()
    if found is None:
        raise NotFound
    return found


def proof_of(pk: int, *, actor: Actor) -> Proof:
    """The certificate of a round. Raises NotFound."""
    found = Proof.objects.filter(round__in=policies.PROOF.all(actor), round=pk).first()
    if found is None:
        raise NotFound
    return found


def next_silent(record: Round, *, after: int, actor: Actor) -> tuple[int | None, int]:
    """The next member on the roll who has not answered, beginning again at its head, and how many there are beside this one."""
    rows = policies.ROLL.all(actor).filter(_view("silent"), round=record).exclude(number=after)
    again = Case(When(number__lt=after, then=Value(1)), default=Value(0))
    found = list(rows.order_by(again, "number").values_list("pk", flat=True)[:1])
    return (found[0], rows.count()) if found else (None, 0)


def before_this_slip(person: Participant) -> dict[str, Any]:
    """What the member had answered before the slip that was entered last, from the history; nothing where it was the first."""
    rows = apps.get_model("groups", "ParticipantEvent")._base_manager.filter(pgh_obj=person.pk)
    earlier = rows.exclude(answered_at=person.answered_at).order_by("-pgh_id")
    found: dict[str, Any] | None = earlier.values("wishes", "answer", "answered_at", "entered_by").first()
    return found or {"wishes": [], "answer": Answer.NONE, "answered_at": None, "entered_by": ""}


def branches_on(record: Round) -> list[tuple[int, str]]:
    """The branches of the roll, for its filter."""
    rows = Participant.objects.filter(round=record).order_by("branch__path").distinct()
    return [(pk, name) for pk, name, _path in rows.values_list("branch", "branch__name", "branch__path")]


def members_by_group(record: Round) -> list[tuple[RoundGroup, list[str]]]:
    """Each group with the names of who is in it, in the order of the roll. Names only: a round may have thousands."""
    rows = Seat.objects.filter(round=record).order_by("participant__number")
    inside: dict[int, list[str]] = {}
    for group, name in rows.values_list("group", "participant__member__person__name"):
        inside.setdefault(group, []).append(name)
    return [(group, inside.get(group.pk, [])) for group in checks.groups_of(record)]
