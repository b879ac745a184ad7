"""What is told about probations, and to whom. Names stay in the house: letters carry the number."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.notices.kinds import Group, NoticeKind, Subject, declare
from lianxi.commons.notices.services import post
from lianxi.commons.permissions import Actor
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import Role

from . import policies
from .models import Probation


def words(actor: Actor, keys: Collection[int]) -> dict[int, dict[str, Any]]:
    """Name and number of the members that the actor may meet now."""
    rows = policies.VIEW.all(actor).filter(pk__in=list(keys)).select_related("person")
    return {row.pk: {"what": row.person.name, "reference": row.number} for row in rows}


MEMBER = Subject("members.member", words)
PROBATIONS = Group("members.probations", _("预备党员转正"))
ENDS = NoticeKind(
    "members.probation_ends",
    PROBATIONS,
    _("%(what)s的预备期%(day)s满"),
    _("请支部大会讨论能不能转正。"),
    about=MEMBER,
)
declare(ENDS)


def tell_of_end(row: Probation, *, day: dt.date, at: dt.datetime) -> None:
    """Tell the secretary of the branch and the nearest organiser, each once for each end."""
    above = [int(key) for key in row.member.branch_path.split(".") if key]
    held = list(Posting.objects.held(day).filter(unit__in=above).select_related("person"))
    organisers = [one for one in held if one.role == Role.ORGANISER]
    nearest = max((above.index(one.unit_id) for one in organisers), default=None)
    told: dict[int, Person] = {
        one.person_id: one.person
        for one in held
        if (one.role == Role.SECRETARY and one.unit_id == row.member.branch_id)
        or (one.role == Role.ORGANISER and above.index(one.unit_id) == nearest)
    }
    for person in told.values():
        post(
            ENDS,
            to=person,
            link=reverse("member", args=[row.member_id]),
            key=f"members.probation:{row.pk}:{row.due}",
            at=at,
            facts={"day": row.due},
            about=row.member_id,
        )
