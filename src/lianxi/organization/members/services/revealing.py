"""Protected items in the open: for whom it is permitted, with a reason, on record."""

import datetime as dt
from typing import Final

from lianxi.commons.permissions import Actor
from lianxi.commons.protection.services import reveal
from lianxi.commons.refusals import NotFound, NotPermitted

from .. import policies
from ..models import Member

PROTECTED: Final = ("identity", "phone", "address")


def reveal_item(member: Member, item: str, *, reason: str, actor: Actor, at: dt.datetime) -> str:
    """查看: the plain text of a protected item. Raises NotFound, NotPermitted, BadInput without a reason."""
    if item not in PROTECTED:
        raise NotFound
    if not policies.REVEAL.may(actor, member):
        raise NotPermitted(open_to=[one.says for one in policies.REVEAL.clauses if one.open])
    record = member.person if item == "phone" else member
    return reveal(record, item, actor=actor, at=at, reason=reason, subject_id=member.person_id)
