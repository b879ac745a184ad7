"""One member with everything that the record's page shows."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxi.commons.permissions import Actor, Permission, Why, why
from lianxi.commons.protection.queries import looks_at
from lianxi.commons.refusals import NotFound
from lianxi.commons.units.models import Unit
from lianxi.commons.units.terms import BRANCH_KINDS, UnitKind

from .. import policies
from ..models import Affiliation, Member, Merge, Probation, Transfer
from ..terms import CURRENT, OPEN_TRANSFERS, Sex, Standing
from .lists import Asked
from .probation import LEAD


@dataclass(slots=True)
class Record:
    """A member as its page shows it."""

    member: Member
    affiliations: list[Affiliation]
    probation: Probation | None
    transfer: Transfer | None
    may: dict[str, Why]
    looks: dict[str, list[Any]]
    age: int
    on: dt.date

    @property
    def current(self) -> Affiliation | None:
        return next((one for one in self.affiliations if one.until is None), None)

    @property
    def sex(self) -> str:
        return str(Sex(self.member.sex).label)

    @property
    def belongs(self) -> bool:
        """Whether the membership lasts."""
        return self.member.standing in CURRENT

    @property
    def merged(self) -> bool:
        return self.member.standing == Standing.MERGED


def record(pk: int, *, actor: Actor, on: dt.date) -> Record:
    """Raises NotFound."""
    member = policies.VIEW.get(actor, pk=pk)
    wanted: dict[str, Permission] = {
        "edit": policies.EDIT,
        "reveal": policies.REVEAL,
        "history": policies.HISTORY,
        "request": policies.REQUEST,
        "merge": policies.MERGE,
    }
    answers = why(actor, member, wanted.values())
    looks: dict[str, list[Any]] = {"identity": [], "address": [], "phone": []}
    for look in looks_at(member)[:50]:
        looks.setdefault(look.field, []).append(look)
    looks["phone"] = list(looks_at(member.person).filter(field="phone")[:50])
    return Record(
        member=member,
        affiliations=list(
            Affiliation.objects.filter(member=member).select_related("unit", "group").order_by("-since", "-pk")
        ),
        probation=Probation.objects.filter(member=member).order_by("-since").first(),
        transfer=Transfer.objects.filter(member=member, state__in=OPEN_TRANSFERS)
        .select_related("source", "target")
        .first(),
        may={name: answers[one] for name, one in wanted.items()},
        looks=looks,
        age=member.age(on),
        on=on,
    )


def unit_of(asked: Asked, *, actor: Actor) -> Unit | None:
    """The unit that a list is narrowed to."""
    return Unit.objects.filter(pk=asked.unit).first() if asked.unit else None


def areas(*, actor: Actor) -> list[Unit]:
    """What the filter by organisation offers: communities and committees under the actor's posts; else the branches."""
    found = policies.FIGURES.all(actor).filter(until=None)
    large = list(
        found.filter(kind__in=(UnitKind.COMMUNITY, UnitKind.COMMITTEE, UnitKind.GENERAL_BRANCH)).order_by("path")[:60]
    )
    return large or list(found.filter(kind__in=BRANCH_KINDS).order_by("path")[:60])


def merges_of(member: Member) -> list[Merge]:
    """Merges into this record that were not undone."""
    return list(Merge.objects.filter(kept=member, undone_at=None).select_related("gone__person"))


def merge_of(member: Member, pk: int) -> Merge:
    """Raises NotFound."""
    row = Merge.objects.filter(kept=member, pk=pk).first()
    if row is None:
        raise NotFound
    return row


def probation_due(probation: Probation | None, *, on: dt.date) -> dict[str, str] | None:
    """The deadline chip of a running probation, as `<c-due>` takes it."""
    if probation is None or probation.ended_on:
        return None
    left = (probation.due - on).days
    if left < 0:
        return {"kind": "late", "text": ngettext("预备期已满%(n)d天", "预备期已满%(n)d天", -left) % {"n": -left}}
    if left <= LEAD.days:
        return {"kind": "today", "text": ngettext("预备期还有%(n)d天", "预备期还有%(n)d天", left) % {"n": left}}
    return {"kind": "later", "text": _("预备期到%(day)s") % {"day": probation.due}}
