"""Follow: with a code what one handed in, with an account the rounds of a community."""

from random import Random

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxi.commons.blinding import blind
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import NotFound, NotPermitted

from ..models import FollowCode, Follower, Objection, Proposal, Round
from .codes import drawn, normal_code, shown_code


def follow_code(thing: Proposal | Objection, *, lot: Random) -> str:
    """收件码: a code to follow a proposal or an objection with, given this once. Sent twice, it has two codes: both lead to it."""
    code = drawn(lot)
    link = {"objection" if isinstance(thing, Objection) else "proposal": thing}
    FollowCode._base_manager.create(**link, code_is=blind(f"follow:{code}"))
    return shown_code(code)


def with_follow_code(typed: str) -> Proposal | Objection:
    """What was handed in with this code. Raises NotFound; callers throttle."""
    code = normal_code(typed)
    rows = FollowCode._base_manager.select_related("proposal__round", "objection__round")
    found = rows.filter(code_is=blind(f"follow:{code}")).first() if code else None
    thing = (found.proposal or found.objection) if found else None
    if thing is None:
        raise NotFound(_("没有这个收件码。请对照再看一遍。"))
    return thing


@transaction.atomic
def follow(one: Round, *, actor: Actor, wanted: bool) -> None:
    """关注: be told, or no longer, of the rounds of this community. Raises NotPermitted without an account."""
    if actor.person_id is None:
        raise NotPermitted
    if wanted:
        Follower._base_manager.get_or_create(unit_id=one.unit_id, person_id=actor.person_id)
    else:
        Follower._base_manager.filter(unit=one.unit_id, person=actor.person_id).delete()
