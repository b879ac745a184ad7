"""What is told about a round, and to whom. Nobody's wishes stand in a notice."""

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
from lianxi.commons.units.models import Unit

from . import policies
from .models import Round


def words(actor: Actor, keys: Collection[int]) -> dict[int, dict[str, Any]]:
    """Title of the rounds that the actor may meet now."""
    rows = policies.VIEW.all(actor).filter(pk__in=list(keys)).values_list("pk", "title")
    return {pk: {"what": title, "reference": title} for pk, title in rows}


ROUND = Subject("groups.round", words)
FORMING = Group("groups.forming", _("党小组编组"))
OPENED = NoticeKind(
    "groups.opened",
    FORMING,
    _("%(what)s：请选党小组"),
    _("%(day)s前都可以填，填了也可以改。没有特别想去的，可以不填志愿，组织会安排。"),
    about=ROUND,
)
SOON = NoticeKind(
    "groups.closes_soon",
    FORMING,
    _("%(what)s：%(until)s停止选组"),
    _("您还没有交志愿。没有特别想去的，不填志愿也可以交；不交，组织也会给您安排一个小组。"),
    about=ROUND,
)
DESIGNATED = NoticeKind(
    "groups.designated",
    FORMING,
    _("%(what)s：组织指定您到“%(group)s”"),
    _("理由写在您的编组页上；有意见可以告诉支部。"),
    about=ROUND,
)
RESULT = NoticeKind(
    "groups.result",
    FORMING,
    _("%(what)s：您编入“%(group)s”"),
    _("为什么编在这里，您的编组页上写着。有意见，%(day)s前提。"),
    about=ROUND,
)
SILENT = NoticeKind(
    "groups.result_silent",
    FORMING,
    _("%(what)s：给您在“%(group)s”留了位置"),
    _("您没有填志愿，组织在本支部为您安排了这个小组。想去别的小组，%(day)s前告诉我们就行。"),
    about=ROUND,
)
MOVED = NoticeKind(
    "groups.moved",
    FORMING,
    _("%(what)s：改编您入“%(group)s”"),
    _("理由写在您的编组页上。有意见，%(day)s前提。"),
    about=ROUND,
)
OBJECTED = NoticeKind("groups.objected", FORMING, _("%(what)s：有党员提了意见"), _("请看了以后答复本人。"), about=ROUND)
ANSWERED = NoticeKind(
    "groups.answered", FORMING, _("%(what)s：您的意见有了答复"), _("答复写在您的编组页上。"), about=ROUND
)
REPORTED = NoticeKind(
    "groups.reported", FORMING, _("%(unit)s报来党小组编组结果"), _("支委会已经决定，现报上级知悉。"), about=ROUND
)
CANCELLED = NoticeKind("groups.cancelled", FORMING, _("党小组编组取消：%(title)s"), _("取消的理由：%(reason)s"))
declare(OPENED, SOON, DESIGNATED, RESULT, SILENT, MOVED, OBJECTED, ANSWERED, REPORTED, CANCELLED)


def keepers(unit: Unit, day: dt.date) -> list[Person]:
    """The secretary of a unit, and the nearest organiser."""
    return _found(unit, day, [int(key) for key in unit.path.split(".") if key])


def above(unit: Unit, day: dt.date) -> list[Person]:
    """The secretary of the next Party organisation above, and the nearest organiser above."""
    line = [int(key) for key in unit.path.split(".") if key][:-1]
    return _found(Unit.objects.get(pk=line[-1]), day, line) if line else []


def _found(unit: Unit, day: dt.date, line: list[int]) -> list[Person]:
    held = list(Posting.objects.held(day).filter(unit__in=line).select_related("person"))
    secretaries = [one.person for one in held if one.unit_id == unit.pk and one.role == Role.SECRETARY]
    organisers = [one for one in held if one.role == Role.ORGANISER]
    nearest = max((line.index(one.unit_id) for one in organisers), default=None)
    found = [*secretaries, *(one.person for one in organisers if line.index(one.unit_id) == nearest)]
    return list({person.pk: person for person in found}.values())


def tell_member(
    kind: NoticeKind, record: Round, person: Person, *, key: str, at: dt.datetime, facts: dict[str, Any]
) -> bool:
    """One notice to a member, leading to the own page."""
    about = record.pk if kind.about else None
    link = reverse("my_group_round", args=[record.pk]) if kind.about else reverse("my_groups")
    return post(kind, to=person, link=link, key=key, at=at, facts=facts, about=about) is not None


def tell_officer(
    kind: NoticeKind, record: Round, person: Person, *, key: str, at: dt.datetime, facts: dict[str, Any]
) -> bool:
    """One notice to an officer, leading to the round."""
    link = reverse("group_round", args=[record.pk])
    return post(kind, to=person, link=link, key=key, at=at, facts=facts, about=record.pk) is not None
