"""What is told about probations and taking part, and to whom. Names stay in the house: letters carry the number, or how many."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.notices.kinds import Facts, Group, NoticeKind, Subject, declare
from lianxi.commons.notices.services import post
from lianxi.commons.notices.wording import english
from lianxi.commons.permissions import Actor
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import Role
from lianxi.commons.rulebook import rule
from lianxi.commons.units.models import Unit

from . import policies
from .models import Member, Probation


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


def _read_silence(facts: Facts) -> Facts:
    """The branch and the article in the active language."""
    named = facts["branch_en"] if english() and facts["branch_en"] else facts["branch"]
    return {**facts, "branch": named, "law": rule("B-05", on=facts["day"]).citation}


PARTS = Group("members.parts", _("党员参加的情况"), staff=True)
SILENT = NoticeKind(
    "members.silent", PARTS, _("%(branch)s：%(n)s名党员满%(months)s个月没有参加的记录"),
    _("先看是不是漏了登记，再和本人联系，弄清楚原因。"), read=_read_silence,
)  # fmt: skip
SILENT_FULL = NoticeKind(
    "members.silent_full", PARTS, _("%(branch)s：%(n)s名党员满%(months)s个月没有参加的记录"),
    _("有没有正当理由，由支部弄清楚；没有的，支部大会可以决定除名，报上级批准（%(law)s）。这里什么也不自动办。"),
    read=_read_silence,
)  # fmt: skip
OWN_SILENCE = NoticeKind(
    "members.own_silence", PARTS, _("您有%(months)s个月没有参加组织生活、交党费、做分配工作的记录"),
    _("可能是漏了登记。有困难，或者有别的原因，请告诉所在党支部。"), outside=False,
)  # fmt: skip
declare(ENDS, SILENT, SILENT_FULL, OWN_SILENCE)


def keepers(branch: Unit, *, day: dt.date) -> list[Person]:
    """The secretary of a branch, and the nearest organiser."""
    above = [int(key) for key in branch.path.split(".") if key]
    held = list(Posting.objects.held(day).filter(unit__in=above).select_related("person"))
    organisers = [one for one in held if one.role == Role.ORGANISER]
    nearest = max((above.index(one.unit_id) for one in organisers), default=None)
    told: dict[int, Person] = {
        one.person_id: one.person
        for one in held
        if (one.role == Role.SECRETARY and one.unit_id == branch.pk)
        or (one.role == Role.ORGANISER and above.index(one.unit_id) == nearest)
    }
    return list(told.values())


def tell_of_end(row: Probation, *, day: dt.date, at: dt.datetime) -> None:
    """Tell the secretary of the branch and the nearest organiser, each once for each end."""
    for person in keepers(row.member.branch, day=day):
        post(
            ENDS,
            to=person,
            link=reverse("member", args=[row.member_id]),
            key=f"members.probation:{row.pk}:{row.due}",
            at=at,
            facts={"day": row.due},
            about=row.member_id,
        )


def tell_of_silence(members: list[Member], *, months: int, full: bool, on: dt.date, at: dt.datetime) -> None:
    """Tell the keepers of a branch how many of its members reached a step of B-05, and each of these members.

    `members`: of one branch, with `quiet_since`. `full`: the step after which the branch may decide. No name is in it:
    who it is stands behind the link, for whoever may see it then. What the member is told never leaves the house.
    """
    branch = members[0].branch
    for person in keepers(branch, day=on):
        post(
            SILENT_FULL if full else SILENT,
            to=person,
            link=f"{reverse('taking_part')}?step={months}&unit={branch.pk}",
            key=f"members.silent:{branch.pk}:{months}:{on}",
            at=at,
            facts={
                "branch": branch.name, "branch_en": branch.name_en, "n": len(members), "months": months, "day": on,
            },
        )  # fmt: skip
    for member in members:
        since = member.quiet_since  # type: ignore[attr-defined]
        post(
            OWN_SILENCE,
            to=member.person,
            link=reverse("my_record"),
            key=f"members.own_silence:{member.pk}:{since}:{months}",
            at=at,
            facts={"months": months},
        )
