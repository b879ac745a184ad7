"""What somebody follows: with a code the own proposal, with an account the rounds of a community."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lianxi.commons.permissions import Actor
from lianxi.commons.units.models import Unit

from ..models import Follower, Objection, Proposal, Round
from ..terms import OUT, SHOWN
from ..workflow import OBJECTIONS, PROPOSALS
from .results import bought, outcome_of


@dataclass(frozen=True, slots=True)
class Followed:
    """A proposal as the page of its code shows it: nothing that is not public."""

    proposal: Proposal
    round: Round
    unit: Unit
    outcome: str
    shown: bool
    timeline: list[dict[str, Any]]


def followed(proposal: Proposal) -> Followed:
    """What became of a proposal; for who showed its code."""
    words = {"propose": _("收到了")}
    steps = [
        {
            "icon": "circle-x" if event.verb == "decline" else "circle",
            "title": words.get(event.verb) or str(PROPOSALS.by_verb[event.verb].label),
            "at": event.at,
            "text": event.reason or event.facts.get("note", ""),
        }
        for event in reversed(list(PROPOSALS.events(proposal)))
    ]
    one = proposal.round
    outcome = outcome_of(proposal, bought(one)) if one.state in OUT else ""
    return Followed(proposal, one, Unit.objects.get(pk=one.unit_id), outcome, one.state in SHOWN, steps)


@dataclass(frozen=True, slots=True)
class FollowedObjection:
    """An objection as the page of its code shows it."""

    objection: Objection
    round: Round
    unit: Unit
    timeline: list[dict[str, Any]]


def followed_objection(objection: Objection) -> FollowedObjection:
    """What became of an objection; for who showed its code."""
    steps = [
        {
            "icon": "circle-x" if event.verb == "reject" else "circle",
            "title": _("收到了") if event.verb == "object" else str(OBJECTIONS.by_verb[event.verb].label),
            "at": event.at,
            "text": event.reason,
        }
        for event in reversed(list(OBJECTIONS.events(objection)))
    ]
    one = objection.round
    return FollowedObjection(objection, one, Unit.objects.get(pk=one.unit_id), steps)


def follows(one: Round, *, actor: Actor) -> bool:
    """Whether the actor is told of the rounds of this community."""
    return (
        actor.person_id is not None and Follower._base_manager.filter(unit=one.unit_id, person=actor.person_id).exists()
    )
