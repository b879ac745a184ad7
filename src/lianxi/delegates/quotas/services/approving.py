"""From the computed plan to the public one."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, ChangedMeanwhile

from .. import notices_of
from ..models import SeatPlan
from ..terms import State
from ..workflow import WALK


def _reason(text: str) -> str:
    if len(text.strip()) < 2:
        raise BadInput({"reason": _("请写一句理由。")})
    return text.strip()


@transaction.atomic
def submit(plan: SeatPlan, *, actor: Actor, at: dt.datetime, seen: int | None = None) -> SeatPlan:
    """报上级审批 (E-09). Raises Blocked with what is missing."""
    done = WALK.take("submit", plan, actor=actor, at=at, seen=seen)
    notices_of.tell_above(done, at=at)
    return done


def take_back(plan: SeatPlan, *, actor: Actor, at: dt.datetime, seen: int | None = None) -> SeatPlan:
    """收回."""
    return WALK.take("take_back", plan, actor=actor, at=at, seen=seen)


@transaction.atomic
def approve(plan: SeatPlan, *, approval: str, actor: Actor, at: dt.datetime, seen: int | None = None) -> SeatPlan:
    """批准, with the number of the paper."""
    day = timezone.localtime(at).date()
    done = WALK.take("approve", plan, actor=actor, at=at, seen=seen, approval=approval.strip(), approved_on=day)
    notices_of.tell_keepers(notices_of.APPROVED, done, at=at)
    return done


@transaction.atomic
def send_back(plan: SeatPlan, *, reason: str, actor: Actor, at: dt.datetime, seen: int | None = None) -> SeatPlan:
    """退回, with what to change."""
    done = WALK.take("return", plan, actor=actor, at=at, seen=seen, reason=_reason(reason))
    notices_of.tell_keepers(notices_of.RETURNED, done, at=at)
    return done


@transaction.atomic
def publish(plan: SeatPlan, *, actor: Actor, at: dt.datetime, seen: int | None = None) -> SeatPlan:
    """公布: anybody can read and check it; the plan that it replaces says so from now on."""
    done = WALK.take("publish", plan, actor=actor, at=at, seen=seen, published_at=at)
    if done.replaces_id:
        old = SeatPlan.objects.get(pk=done.replaces_id)
        if old.state != State.PUBLISHED:
            raise ChangedMeanwhile(state=old.state)
        WALK.take("supersede", old, actor=actor, at=at, facts={"by": done.pk})
    return done
