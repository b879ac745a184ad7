"""What a member sees: the rounds that he or she takes part in, the own wishes, the own place with its reason."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import NotFound

from .. import checks, policies
from ..models import HandChange, Objection, Participant, Proof, RoundGroup, Seat
from ..terms import TOLD, State


@dataclass(slots=True)
class Mine:
    """The own page of a round."""

    person: Participant
    groups: list[RoundGroup]
    seat: Seat | None
    why: list[str]
    fellows: list[str]
    objections: list[Objection]
    hand: list[HandChange]
    """What was changed by hand since, the newest first."""
    sha256: str
    at: dt.datetime

    @property
    def round(self) -> Any:
        return self.person.round

    @property
    def may_choose(self) -> bool:
        return self.round.state == State.OPEN and self.at < self.round.closes_at and self.person.designated_id is None

    @property
    def may_object(self) -> bool:
        return self.round.state == State.OBJECTIONS and not any(one.state == "open" for one in self.objections)

    @property
    def wishes(self) -> list[RoundGroup]:
        by = {one.pk: one for one in self.groups}
        return [by[key] for key in self.person.wishes if key in by]


def my_rounds(*, actor: Actor) -> list[Participant]:
    """The rounds in which the actor takes part, newest first."""
    rows = policies.CHOOSE.all(actor).select_related("round__unit")
    return list(rows.order_by("-round__begun_at")[:20])


def choosable(person: Participant) -> list[RoundGroup]:
    """The groups that a member may wish for."""
    rows = RoundGroup.objects.filter(round=person.round_id).select_related("leader__member__person", "branch")
    if not person.round.functional:
        rows = rows.filter(branch=person.branch_id)
    return list(rows.order_by("pk"))


def mine(round_pk: int, *, actor: Actor, at: dt.datetime) -> Mine:
    """The own page. Raises NotFound."""
    person: Participant | None = (
        policies.CHOOSE.all(actor)
        .select_related("round__unit", "designated", "member__person", "branch")
        .filter(round=round_pk)
        .first()
    )
    if person is None:
        raise NotFound
    seat = None
    if person.round.state in TOLD:
        seat = Seat.objects.select_related("group__leader__member__person", "best").filter(participant=person).first()
    fellows = []
    if seat is not None:
        rows = Seat.objects.filter(group=seat.group_id).order_by("participant__number")
        fellows = list(rows.values_list("participant__member__person__name", flat=True))
    hand = HandChange.objects.filter(participant=person).select_related("source", "target") if seat else []
    proof = Proof.objects.filter(round=round_pk).values_list("sha256", flat=True).first() if seat else None
    return Mine(
        person=person,
        groups=choosable(person),
        seat=seat,
        why=checks.read(seat.said) if seat else [],
        fellows=fellows,
        objections=list(Objection.objects.filter(participant=person).select_related("wanted")),
        hand=list(hand),
        sha256=proof or "",
        at=at,
    )
