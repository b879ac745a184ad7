"""Terms of elected bodies: which run out, which are over."""

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet

from lianxi.commons.notices.wording import day
from lianxi.commons.permissions import Actor
from lianxi.commons.units.models import Unit
from lianxi.commons.units.terms import UnitKind

from .. import clock, policies
from ..models import CommitteeTerm, Profile


def facts_of(body: Unit) -> tuple[str, bool]:
    """Sector of a body, and whether it lies below a community's committee: what the length of its term depends on."""
    sector = Profile.objects.filter(unit=body).values_list("sector", flat=True).first() or ""
    above = [int(key) for key in body.path.split(".") if key][:-1]
    return sector, Unit.objects.filter(pk__in=above, kind=UnitKind.COMMUNITY).exists()


def running(*, actor: Actor) -> QuerySet[CommitteeTerm, Any]:
    """Terms that have not ended, the one that runs out first in front."""
    return policies.VIEW_TERM.all(actor).filter(ended_on=None).select_related("body").order_by("until", "pk")


def to_remind(*, actor: Actor, on: dt.date) -> list[CommitteeTerm]:
    """Running terms that nobody was reminded of and that end within the lead of E-03."""
    horizon = clock.shifted(on, months=clock.lead_months(on=on))
    soon = Q(shifted_to=None, until__lte=horizon) | Q(shifted_to__lte=horizon)
    return list(running(actor=actor).filter(soon, reminded_at=None))


def to_renew(*, actor: Actor, on: dt.date) -> QuerySet[CommitteeTerm, Any]:
    """Running terms of bodies that the actor keeps or heads, over or ending within the lead of E-03."""
    horizon = clock.shifted(on, months=clock.lead_months(on=on))
    soon = Q(shifted_to=None, until__lte=horizon) | Q(shifted_to__lte=horizon)
    found: QuerySet[CommitteeTerm, Any] = policies.ASK_SHIFT.all(actor).filter(soon, ended_on=None)
    return found.select_related("body").order_by("until", "pk")


def overdue(*, actor: Actor, on: dt.date) -> QuerySet[CommitteeTerm, Any]:
    """Running terms that should have ended."""
    return running(actor=actor).filter(Q(shifted_to=None, until__lt=on) | Q(shifted_to__lt=on))


def chip(term: CommitteeTerm | None, *, on: dt.date) -> dict[str, str] | None:
    """The deadline chip of a term, as `<c-due>` takes it: 任期已满12天 in ink, the last months in ochre, else plain."""
    if term is None or term.ended_on:
        return None
    from django.utils.translation import gettext as _
    from django.utils.translation import ngettext

    over = clock.days_over(term.due, on=on)
    if over > 0:
        return {"kind": "late", "text": ngettext("任期已满%(n)d天", "任期已满%(n)d天", over) % {"n": over}}
    if on >= clock.remind_from(term.due, on=on):
        return {"kind": "today", "text": ngettext("任期还有%(n)d天", "任期还有%(n)d天", -over) % {"n": -over}}
    return {"kind": "later", "text": _("%(day)s届满") % {"day": day(term.due, year=True)}}
