"""Registering a member, and mending an entry."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.journal.because import because
from lianxi.commons.permissions import Actor
from lianxi.commons.protection.services import open_for_delivery
from lianxi.commons.refusals import BadInput, NotPermitted
from lianxi.commons.rulebook import book, rule
from lianxi.commons.units.models import Unit
from lianxi.commons.units.terms import BRANCH_KINDS
from lianxi.engines import codes

from .. import policies
from ..checks import problems, years_after
from ..models import Affiliation, Member, Probation
from ..terms import Kind, WayIn

ITEMS = frozenset(
    [
        "sex",
        "identity",
        "nationality",
        "born_on",
        "education",
        "kind",
        "joined_on",
        "full_on",
        "work",
        "address",
        "lost",
        "mobile",
    ]
)
"""What `change` may set on the member; name and phone are set on the person."""


@transaction.atomic
def register(
    *,
    branch: Unit,
    name: str,
    items: Mapping[str, Any],
    actor: Actor,
    at: dt.datetime,
    phone: str = "",
    way_in: str = WayIn.REGISTERED,
    since: dt.date | None = None,
    person: Person | None = None,
) -> Member:
    """登记: a person becomes a member of a branch in the register, with the first affiliation (and the probation, if one).

    `since`: the day from which the member is known to belong there; the day of registering if nothing is known.

    `items`: the fields of K-06. Raises NotPermitted, BadInput (item → sentence). Nothing is written then.
    """
    if not policies.REGISTER.may(actor, branch):
        raise NotPermitted(open_to=[policies.keeps_unit.says])
    day = timezone.localtime(at).date()
    name = " ".join(name.split())
    wrong: dict[str, Any] = problems({**items, "phone": phone}, on=day) | branch_problems(branch, day)
    if not name:
        wrong["name"] = _("没有填姓名。")
    if not wrong and (known := same_identity(str(items["identity"]))):
        wrong["identity"] = _("这个身份证号已经登记过（编号%(n)s，%(branch)s）。") % known
    if wrong:
        raise BadInput(wrong)
    values = {key: value for key, value in items.items() if key in ITEMS}
    values["identity"] = codes.plain(str(values["identity"]))
    try:
        with transaction.atomic(), because(actor):
            person = person or Person.objects.create(name=name, phone=phone)
            member = Member.objects.create(person=person, branch=branch, **values)
    except IntegrityError:
        raise BadInput({"identity": _("这个身份证号已经登记过。")}) from None
    with because(actor):
        begin(member, branch, since=since or day, way_in=way_in)
    return member


def begin(member: Member, branch: Unit, *, since: dt.date, way_in: str) -> None:
    """The first affiliation of a member, and the probation of one who is on probation."""
    Affiliation.objects.create(member=member, unit=branch, since=since, way_in=way_in)
    if member.kind == Kind.PROBATIONARY:
        Probation.objects.create(member=member, since=member.joined_on, until=probation_end(member.joined_on))


def probation_end(joined_on: dt.date) -> dt.date:
    """Last day of a probation that began with the branch's vote on that day (B-11); before the book by its first edition."""
    first = min(one.since for one in book().history("B-11"))
    return years_after(joined_on, int(rule("B-11", on=max(joined_on, first)).figure("probation_years").value))


def branch_problems(branch: Unit, day: dt.date) -> dict[str, Any]:
    """Why nobody can be entered in this unit on that day (B-05: everyone belongs to a branch)."""
    if branch.kind not in BRANCH_KINDS:
        return {"branch": _("党员编入党支部；“%(unit)s”不是党支部。") % {"unit": branch}}
    if not branch.stands(day):
        return {"branch": _("“%(unit)s”已经撤销或者还没有成立。") % {"unit": branch}}
    return {}


def same_identity(identity: str) -> dict[str, Any] | None:
    """Number and branch of the member who has this ID already."""
    known = Member.objects.filter(identity_is=identity).select_related("branch").exclude(standing="merged").first()
    return {"n": known.number, "branch": known.branch} if known else None


@transaction.atomic
def change(member: Member, *, actor: Actor, at: dt.datetime, reason: str = "", **items: Any) -> Member:
    """修改: set items of a member. Kind, standing and branch have verbs of their own. Raises NotFound, NotPermitted, BadInput."""
    now: Member | None = (
        policies.VIEW.all(actor).select_for_update(of=("self",)).select_related("person").filter(pk=member.pk).first()
    )
    if now is None or not policies.EDIT.may(actor, now):
        raise NotPermitted(open_to=[policies.keeps.says])
    name, phone = items.pop("name", None), items.pop("phone", None)
    if strange := items.keys() - (ITEMS - {"kind"}):
        raise TypeError(f"Not an item that can be changed: {', '.join(sorted(strange))}")
    whole = {key: getattr(now, key) for key in ("sex", "born_on", "kind", "joined_on", "full_on")} | items
    # Read to be compared with birth and sex only; it does not leave this function.
    whole["identity"] = items["identity"] if items.get("identity") else open_for_delivery(now.identity)
    wrong: dict[str, Any] = problems(whole | ({"phone": phone} if phone else {}), on=timezone.localtime(at).date())
    if name is not None and not name.strip():
        wrong["name"] = _("没有填姓名。")
    if wrong:
        raise BadInput(wrong)
    if "identity" in items:
        items["identity"] = codes.plain(items["identity"])
    for key, value in items.items():
        setattr(now, key, value)
    with because(actor, reason):
        if name is not None or phone is not None:
            now.person.name = " ".join(name.split()) if name is not None else now.person.name
            if phone is not None:
                now.person.phone = phone
            now.person.save()
        try:
            with transaction.atomic():
                now.save()
        except IntegrityError:
            raise BadInput({"identity": _("这个身份证号已经登记过。")}) from None
    return now
