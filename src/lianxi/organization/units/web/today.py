"""What terms give to My work today: those that run out within the lead of E-03, and those that are over."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lianxi.commons.notices.wording import day
from lianxi.commons.permissions import Actor
from lianxi.commons.permissions.terms import Role
from lianxi.commons.views.rows import Duty, Today

from ..queries import terms

MOST = 10


def of_today(*, actor: Actor, at: dt.datetime) -> Today:
    """Terms that the actor has to see to, the one that runs out first in front."""
    if not _keeps(actor):
        return Today()
    on = timezone.localtime(at).date()
    found = list(terms.to_renew(actor=actor, on=on))
    rows = [_duty(one, on) for one in found[:MOST]]
    return Today(
        duties=rows,
        more=len(found) - len(rows),
        tally={"all": len(found), "late": sum(one.due < on for one in found)},
    )


def count(*, actor: Actor, at: dt.datetime) -> int:
    """For the rail."""
    return terms.to_renew(actor=actor, on=timezone.localtime(at).date()).count() if _keeps(actor) else 0


def _keeps(actor: Actor) -> bool:
    return actor.holds(Role.ORGANISER, Role.SECRETARY)


def _duty(term: Any, on: dt.date) -> Duty:
    url = reverse("unit", args=[term.body_id])
    due: Any = terms.chip(term, on=on)
    ends = timezone.make_aware(dt.datetime.combine(term.due, dt.time(23, 59)))
    return Duty(
        title=_("%(unit)s换届") % {"unit": term.body},
        meta=_("任期 · %(day)s届满") % {"day": day(term.due, year=True)},
        url=url,
        action=_("看任期"),
        action_url=url,
        due=due,
        at=ends,
        sentence=_("届满前要换届；提前或者延期，先报上级批准。"),
    )
