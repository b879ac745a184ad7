"""Membership ends, stands still, or is resumed."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.journal.because import because
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, NotPermitted, Text

from .. import policies
from ..models import Affiliation, Member, Transfer
from ..terms import CURRENT, OPEN_TRANSFERS, Standing, WayOut

_WAY_OUT = {Standing.LEFT: WayOut.LEFT, Standing.DIED: WayOut.DIED}


@transaction.atomic
def set_standing(member: Member, *, standing: str, on: dt.date, reason: str, actor: Actor, at: dt.datetime) -> Member:
    """党籍状态变动: suspended and normal again, left, died. A membership that ended is not resumed here.

    Raises NotPermitted, BadInput.
    """
    now: Member | None = policies.EDIT.all(actor).select_for_update(of=("self",)).filter(pk=member.pk).first()
    if now is None:
        raise NotPermitted(open_to=[policies.keeps.says])
    wrong: dict[str, Text] = {}
    if now.standing not in CURRENT or standing == Standing.MERGED:
        wrong["standing"] = _("组织关系已经不在册，不能再变动。")
    elif standing == now.standing:
        wrong["standing"] = _("已经是这个状态。")
    elif standing in _WAY_OUT and Transfer.objects.filter(member=now, state__in=OPEN_TRANSFERS).exists():
        wrong["standing"] = _("有转接在办，先撤回。")
    current = Affiliation.objects.select_for_update().filter(member=now, until=None).first()
    if current and not current.since <= on <= timezone.localtime(at).date():
        wrong["on"] = _("日期早于转入日期%(day)s，或者还没有到。") % {"day": current.since}
    if len(reason.strip()) < 2:
        wrong["reason"] = _("请写一句理由。")
    if wrong:
        raise BadInput(wrong)
    with because(actor, reason):
        if standing in _WAY_OUT:
            end_membership(now, on=on, standing=standing, way_out=_WAY_OUT[Standing(standing)])
        else:
            now.standing = standing
            now.save()
    return now


def end_membership(member: Member, *, on: dt.date, standing: str, way_out: str) -> None:
    """Close the current affiliation and set the standing; the caller has checked and locked."""
    Affiliation.objects.filter(member=member, until=None).update(until=on, way_out=way_out)
    member.standing = standing
    member.save()
