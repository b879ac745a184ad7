"""Projects are proposed and reviewed."""

import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, NotFound, NotOpenFromHere

from ..models import Proposal, Round
from ..terms import ProposalState, State
from ..workflow import PROPOSALS
from .rounds import BUDGET_AT_MOST
from .typed import need_reason, plain


def locked(one: Round, *states: State) -> Round:
    """The round, held until the transaction ends. Raises NotFound, and NotOpenFromHere in any other state."""
    found = Round._base_manager.select_for_update().filter(pk=one.pk).first()
    if found is None:
        raise NotFound
    if found.state not in states:
        raise NotOpenFromHere(state=found.state)
    return found


@transaction.atomic
def propose(
    one: Round,
    *,
    title: str,
    text: str,
    actor: Actor,
    at: dt.datetime,
    place: str = "",
    asked: int | None = None,
    contact: str = "",
    tell_me: bool = False,
) -> Proposal:
    """提项目: anybody, without an account, while proposals are taken. The same words sent twice are one proposal.

    `tell_me`: the actor, logged in, is told what becomes of it. Raises NotOpenFromHere, BadInput.
    """
    now = locked(one, State.PROPOSING)
    made = {"title": plain(title), "text": plain(text, lines=True), "place": plain(place)}
    errors = {name: _("这一项要写。") for name in ("title", "text") if not made[name]}
    if asked is not None and not 0 < asked <= BUDGET_AT_MOST:
        errors["asked"] = _("写整数元，大于0；不知道就空着。")
    if errors:
        raise BadInput(errors)
    if already := Proposal._base_manager.filter(round=now, state=ProposalState.PROPOSED, asked=asked, **made).first():
        return already
    last = Proposal._base_manager.filter(round=now).aggregate(last=Max("number"))["last"] or 0
    proposal = Proposal(round=now, number=last + 1, asked=asked, contact=plain(contact), **made)
    proposal.told_id = actor.person_id if tell_me else None
    return PROPOSALS.begin(proposal, verb="propose", actor=actor, at=at)


def admit(
    proposal: Proposal, *, cost: int, actor: Actor, at: dt.datetime, note: str = "", seen: int | None = None
) -> Proposal:
    """列入投票, with the cost as reviewed."""
    if not 0 < cost <= BUDGET_AT_MOST:
        raise BadInput({"cost": _("写整数元，大于0；不花钱的另行决定。")})
    with transaction.atomic():
        locked(proposal.round, State.PROPOSING, State.REVIEW)
        return PROPOSALS.take("admit", proposal, actor=actor, at=at, seen=seen, cost=cost, note=plain(note))


def decline(proposal: Proposal, *, reason: str, actor: Actor, at: dt.datetime, seen: int | None = None) -> Proposal:
    """不列入, with the reason that everybody reads."""
    why = need_reason(reason)
    with transaction.atomic():
        locked(proposal.round, State.PROPOSING, State.REVIEW)
        return PROPOSALS.take("decline", proposal, actor=actor, at=at, seen=seen, reason=why, note=why)


def review_again(
    proposal: Proposal, *, reason: str, actor: Actor, at: dt.datetime, seen: int | None = None
) -> Proposal:
    """重新审核."""
    why = need_reason(reason)
    with transaction.atomic():
        locked(proposal.round, State.PROPOSING, State.REVIEW)
        return PROPOSALS.take("again", proposal, actor=actor, at=at, seen=seen, reason=why)
