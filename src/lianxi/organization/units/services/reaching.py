"""Which resident units a Party organisation covers."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxi.commons.journal.because import because
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput
from lianxi.commons.units.models import Unit
from lianxi.commons.units.terms import BRANCH_KINDS, RESIDENT_UNIT_KINDS, UnitKind

from ..models import Coverage
from .growing import locked

COVERING = BRANCH_KINDS | {UnitKind.GENERAL_BRANCH, UnitKind.COMMITTEE}


@transaction.atomic
def cover(body: Unit, *, unit: Unit, since: dt.date, actor: Actor, at: dt.datetime) -> Coverage:
    """登记覆盖: from that day the organisation answers for the members in a resident unit. Raises NotPermitted, BadInput."""
    now = locked(body, actor)
    if now.kind not in COVERING:
        raise BadInput({"body": _("只有党支部、总支、基层党委覆盖单位。")})
    if unit.kind not in RESIDENT_UNIT_KINDS:
        raise BadInput({"unit": _("覆盖的是驻区单位；“%(unit)s”不是。") % {"unit": unit}})
    if Coverage.objects.filter(body=now, unit=unit, until=None).exists():
        raise BadInput({"unit": _("已经覆盖“%(unit)s”。") % {"unit": unit}})
    with because(actor):
        return Coverage.objects.create(body=now, unit=unit, since=since)


@transaction.atomic
def uncover(row: Coverage, *, until: dt.date, actor: Actor, at: dt.datetime) -> Coverage:
    """结束覆盖. Raises NotPermitted, BadInput."""
    locked(row.body, actor)
    now = Coverage.objects.select_for_update().get(pk=row.pk)
    if now.until or until < now.since:
        raise BadInput({"until": _("结束日期不对。")})
    now.until = until
    with because(actor):
        now.save()
    return now
