"""What is told about terms, and to whom."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.notices.kinds import Group, NoticeKind, declare
from lianxi.commons.notices.services import post
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import Role
from lianxi.commons.units.models import Unit

from .models import CommitteeTerm

TERMS = Group("org_units.terms", _("任期和换届"))
ENDS = NoticeKind(
    "org_units.term_ends",
    TERMS,
    _("%(unit)s的任期%(day)s届满"),
    _("请按期准备换届；要提前或者延期，先报上级批准。"),
)
declare(ENDS)


def keepers(unit: Unit, day: dt.date) -> list[Person]:
    """The secretary of a unit, and the nearest organiser: who keeps what is due there."""
    above = [int(key) for key in unit.path.split(".") if key]
    held = list(Posting.objects.held(day).filter(unit__in=above).select_related("person"))
    secretaries = [one.person for one in held if one.unit_id == unit.pk and one.role == Role.SECRETARY]
    organisers = [one for one in held if one.role == Role.ORGANISER]
    nearest = max((above.index(one.unit_id) for one in organisers), default=None)
    found = [*secretaries, *(one.person for one in organisers if above.index(one.unit_id) == nearest)]
    return list({person.pk: person for person in found}.values())


def tell_of_end(term: CommitteeTerm, *, day: dt.date, at: dt.datetime) -> None:
    """Tell the secretary and the organiser that a term runs out (E-03), each once for each end."""
    for person in keepers(term.body, day):
        post(
            ENDS,
            to=person,
            link=reverse("unit", args=[term.body_id]),
            key=f"org_units.term:{term.pk}:{term.due}",
            at=at,
            facts={"unit": term.body.name, "day": term.due},
        )
