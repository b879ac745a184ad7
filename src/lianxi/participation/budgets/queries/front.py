"""What residents read of rounds of projects."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import NotFound
from lianxi.commons.rulebook import Rule, rule
from lianxi.commons.units.models import Unit

from .. import policies
from ..models import Objection, Proposal, Round
from ..terms import OUT, SHOWN, ProposalState, State
from .results import downloads

PAGE = 50


def public_rounds(*, unit: int = 0) -> list[Round]:
    """Rounds that everybody sees, newest first."""
    found = Round._base_manager.filter(state__in=SHOWN).select_related("unit").order_by("-created_at")
    return list((found.filter(unit=unit) if unit else found)[:PAGE])


def public_round(pk: int, *, actor: Actor) -> Round:
    """Raises NotFound."""
    found: Round = policies.READ.get(actor, pk=pk)
    found.unit = Unit.objects.get(pk=found.unit_id)
    return found


def takes_proposals(one: Round) -> bool:
    """Whether residents may propose in it now."""
    return one.state == State.PROPOSING


def public_proposals(one: Round) -> list[Proposal]:
    """All proposals, with what came of them."""
    return list(Proposal._base_manager.filter(round=one.pk).order_by("number"))


def admitted(one: Round) -> list[Proposal]:
    """The projects on the ballot, in published order."""
    return list(Proposal._base_manager.filter(round=one.pk, state=ProposalState.ADMITTED).order_by("number"))


def public_downloads(pk: int, *, actor: Actor, former: int = 0) -> Mapping[str, Any]:
    """The same for everybody, once it is on display; a former result at any time. Raises NotFound."""
    one = public_round(pk, actor=actor)
    if one.state not in OUT and not former:
        raise NotFound
    return downloads(one, former)


@dataclass(frozen=True, slots=True)
class Display:
    """How long a result is on display, and by which rule."""

    since: dt.date
    until: dt.date
    law: Rule
    over: bool


def display_of(one: Round, *, at: dt.datetime) -> Display | None:
    """The days of public display (F-30); None while nothing is on display."""
    if one.displayed_on is None:
        return None
    day = timezone.localtime(at).date()
    law = rule("F-30", on=one.displayed_on, at=one.unit)
    until = one.displayed_on + dt.timedelta(days=int(law.value))
    return Display(one.displayed_on, until, law, day > until)


def may_object(one: Round, *, at: dt.datetime) -> bool:
    """Whether the result may be objected to now (S-25)."""
    if one.state != State.PUBLISHED or one.published_at is None:
        return one.state == State.DISPLAYED
    day = timezone.localtime(at).date()
    after = int(rule("S-25", on=day, at=one.unit).figure("after").value)
    return day <= timezone.localtime(one.published_at).date() + dt.timedelta(days=after)


def public_objections(one: Round) -> list[Objection]:
    """Objections with their answers: pages show the number, the state and the reason, not the words of the objection."""
    return list(Objection._base_manager.filter(round=one.pk).order_by("number"))
