"""Codes of units by the national standards."""

import datetime as dt
from typing import Any, cast

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxi.commons.journal.because import because
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, Text
from lianxi.commons.rulebook import applies
from lianxi.commons.units.models import Unit
from lianxi.engines import codes

from ..models import UnitCode
from ..terms import CODE_PROBLEMS, Scheme
from .growing import locked

READ = {Scheme.STATISTICS: codes.statistics, Scheme.CREDIT: codes.credit, Scheme.ORGANIZATION: codes.organization}


def problem_of(scheme: str, reading: codes.Reading) -> Text | None:
    """The sentence for what is wrong with a code."""
    if reading.problem is None:
        return None
    said: Any = CODE_PROBLEMS[reading.problem]
    return cast(Text, said[Scheme(scheme)] if isinstance(said, dict) else said)


@applies("K-01", "K-03", "K-04", where=_("单位代码"))
@transaction.atomic
def set_code(unit: Unit, *, scheme: str, code: str, actor: Actor, at: dt.datetime, kept_because: str = "") -> UnitCode:
    """登记代码. A code whose check digit is wrong is kept only with a reason (such codes have been issued).

    Raises NotPermitted, BadInput.
    """
    now = locked(unit, actor)
    reading = READ[Scheme(scheme)](code)
    problem = problem_of(scheme, reading)
    reason = kept_because.strip()
    if problem and not (reading.may_be_overridden and len(reason) >= 2):
        raise BadInput({"code": problem})
    other = UnitCode.objects.filter(scheme=scheme, code=reading.code).exclude(unit=now).select_related("unit").first()
    if other:
        raise BadInput({"code": _("这个代码已经是“%(unit)s”的。") % {"unit": other.unit}})
    with because(actor, reason):
        row, _made = UnitCode.objects.update_or_create(
            unit=now, scheme=scheme, defaults={"code": reading.code, "kept_because": reason if problem else ""}
        )
    return row


@transaction.atomic
def clear_code(unit: Unit, *, scheme: str, actor: Actor, at: dt.datetime) -> None:
    """Take a code away; its history stays. Raises NotPermitted."""
    UnitCode.objects.filter(unit=locked(unit, actor), scheme=scheme).delete()
