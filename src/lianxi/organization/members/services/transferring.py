"""Transfers of affiliation: both sides confirm, then the member moves and the past stays."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lianxi.commons.journal.because import because
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, NotPermitted, Text
from lianxi.commons.units.models import Unit
from lianxi.commons.units.terms import BRANCH_KINDS

from .. import policies
from ..models import Affiliation, Member, Transfer
from ..terms import CURRENT, WayIn, WayOut
from ..workflow import WALK


@transaction.atomic
def request_transfer(member: Member, *, target: Unit, reason: str, actor: Actor, at: dt.datetime) -> Transfer:
    """提出转接: the branch asks another to receive the member. Raises NotPermitted, BadInput."""
    now: Member | None = policies.REQUEST.all(actor).select_for_update(of=("self",)).filter(pk=member.pk).first()
    if now is None:
        raise NotPermitted(open_to=[policies.keeps.says, policies.heads.says])
    wrong: dict[str, Text] = {}
    if now.standing not in CURRENT:
        wrong["target"] = _("这位党员的组织关系已经不在册。")
    elif target.pk == now.branch_id:
        wrong["target"] = _("组织关系已经在“%(unit)s”。") % {"unit": target}
    elif target.kind not in BRANCH_KINDS or target.until:
        wrong["target"] = _("“%(unit)s”不是党支部，或者已经撤销。") % {"unit": target}
    if len(reason.strip()) < 2:
        wrong["reason"] = _("请写一句事由。")
    if wrong:
        raise BadInput(wrong)
    transfer = Transfer(member=now, source=now.branch, target=target, reason=reason.strip()[:200], asked_at=at)
    try:
        with transaction.atomic():
            return WALK.begin(transfer, verb="request", actor=actor, at=at)
    except IntegrityError:
        raise BadInput({"target": _("已经有一个转接在办。")}) from None


def accept_transfer(transfer: Transfer, *, actor: Actor, at: dt.datetime, seen: int | None = None) -> Transfer:
    """同意接收."""
    return WALK.take("accept", transfer, actor=actor, at=at, seen=seen)


def refuse_transfer(
    transfer: Transfer, *, reason: str, actor: Actor, at: dt.datetime, seen: int | None = None
) -> Transfer:
    """不同意接收, with a reason."""
    if len(reason.strip()) < 2:
        raise BadInput({"reason": _("请写一句理由。")})
    return WALK.take("refuse", transfer, actor=actor, at=at, seen=seen, reason=reason)


def withdraw_transfer(transfer: Transfer, *, actor: Actor, at: dt.datetime, seen: int | None = None) -> Transfer:
    """撤回."""
    return WALK.take("withdraw", transfer, actor=actor, at=at, seen=seen)


@transaction.atomic
def complete_transfer(
    transfer: Transfer, *, on: dt.date, actor: Actor, at: dt.datetime, seen: int | None = None
) -> Transfer:
    """办结转出: on that day the affiliation ends here and begins there."""
    Member.objects.select_for_update().get(pk=transfer.member_id)
    done = WALK.take("complete", transfer, actor=actor, at=at, seen=seen, moved_on=on)
    with because(actor, done.reason):
        move_affiliation(done.member_id, to=done.target, on=on, way_out=WayOut.TRANSFERRED, way_in=WayIn.TRANSFERRED)
    return done


def move_affiliation(member_id: int, *, to: Unit, on: dt.date, way_out: str, way_in: str) -> Affiliation:
    """End the current affiliation and begin another; the branch on the member follows by trigger."""
    current = Affiliation.objects.select_for_update().get(member=member_id, until=None)
    current.until, current.way_out = on, way_out
    current.save()
    return Affiliation.objects.create(member_id=member_id, unit=to, since=on, way_in=way_in)


@transaction.atomic
def put_in_group(member: Member, *, group: Unit | None, actor: Actor, at: dt.datetime) -> Affiliation:
    """编入党小组: a group of the member's own branch, or none. Raises NotPermitted, BadInput."""
    if not policies.EDIT.may(actor, member):
        raise NotPermitted(open_to=[policies.keeps.says])
    current = Affiliation.objects.select_for_update().get(member=member, until=None)
    if group is not None and (group.parent_id != current.unit_id or group.kind != "group" or group.until):
        raise BadInput({"group": _("“%(unit)s”不是本支部的党小组。") % {"unit": group}})
    current.group = group
    with because(actor):
        current.save()
    return current
