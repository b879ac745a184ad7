"""What residents read of rounds of projects."""

from collections.abc import Mapping
from typing import Any

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import NotFound
from lianxi.commons.units.models import Unit

from .. import policies
from ..models import Proposal, Round
from ..terms import SHOWN, ProposalState, State
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


def public_downloads(pk: int, *, actor: Actor) -> Mapping[str, Any]:
    """The same for everybody, once it is published. Raises NotFound."""
    one = public_round(pk, actor=actor)
    if one.state != State.PUBLISHED:
        raise NotFound
    return downloads(one)
