"""Probations that run out."""

import datetime as dt
from typing import Any, Final

from django.db.models import Q, QuerySet

from lianxi.commons.permissions import Actor

from .. import policies
from ..models import Probation

LEAD: Final = dt.timedelta(days=30)
"""How long before its end a probation is reminded of; a habit of this house, no rule."""


def to_remind(*, on: dt.date) -> QuerySet[Probation, Any]:
    """Running probations that end within the lead and that nobody was reminded of."""
    last = on + LEAD
    soon = Q(extended_to=None, until__lte=last) | Q(extended_to__lte=last)
    return Probation.objects.filter(soon, ended_on=None, reminded_at=None).order_by("until", "pk")


def running(*, actor: Actor) -> QuerySet[Probation, Any]:
    """Running probations of members that the actor may see, the first to end in front."""
    mine = policies.VIEW.all(actor).values("pk")
    return (
        Probation.objects.filter(ended_on=None, member__in=mine)
        .select_related("member__person", "member__branch")
        .order_by("until", "pk")
    )
