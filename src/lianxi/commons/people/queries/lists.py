"""The list of people with their posts."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import get_language

from lianxi.commons.accounts.models import Account, Person
from lianxi.commons.accounts.queries import number_in
from lianxi.commons.permissions import Actor
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import Role
from lianxi.commons.questions import Address, Question
from lianxi.commons.refusals import NotFound
from lianxi.commons.units.models import Unit

from .. import clock
from .. import policies as may

SIZE = 25
VIEWS = ("now", "soon", "past", "none", "all")


@dataclass(frozen=True, slots=True)
class Asked(Question):
    """What the list is asked for."""

    view: str = "now"
    q: str = ""
    unit: int = 0
    role: str = ""
    after: int = 0

    @classmethod
    def of(cls, given: QueryDict) -> "Asked":
        """Whatever does not make sense is left out."""
        said = Address(given)
        return cls(
            said.one("view", VIEWS, "now"), said.words("q"), said.number("unit"), said.one("role", Role.values), said.number("after"),
        )  # fmt: skip


@dataclass(slots=True)
class Row:
    person: Person
    account: Account | None
    posts: list[Posting] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Row]
    next: int = 0


def page(asked: Asked, *, actor: Actor, on: dt.date) -> Page:
    """A page of people, by name. Raises NotFound for whoever has nobody to look after."""
    found = matching(asked, actor=actor, on=on)
    if asked.after and (last := Person.objects.filter(pk=asked.after).first()):
        found = found.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))
    people = list(found.order_by("name", "pk")[: SIZE + 1])
    more = people[SIZE - 1].pk if len(people) > SIZE else 0
    return Page(_rows(people[:SIZE], on), more)


def matching(asked: Asked, *, actor: Actor, on: dt.date) -> QuerySet[Person, Any]:
    """Those whom the actor may see and who fit."""
    if not actor.holds(Role.ORGANISER, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.SYSTEM_ADMIN):
        raise NotFound
    found: QuerySet[Person, Any] = may.VIEW.all(actor)
    posts = _posts(asked, on)
    if posts is not None:
        found = found.filter(pk__in=posts.order_by().values("person"))
    elif asked.view == "none":
        held = Posting.objects.held(on).order_by().values("person")
        found = found.filter(pk__in=Account.objects.values("person")).exclude(pk__in=held)
    if asked.q:
        number = number_in(asked.q)
        found = found.filter(
            Q(phone_is=number) if len(number) >= 7 else Q(name__contains=asked.q) | Q(account__username__iexact=asked.q)
        )
    return found


def _posts(asked: Asked, on: dt.date) -> QuerySet[Posting, Any] | None:
    """The posts that the view, the unit and the role ask for; None: it does not matter."""
    posts: QuerySet[Posting, Any] = Posting.objects.all()
    if asked.view == "now":
        posts = Posting.objects.held(on)
    elif asked.view == "soon":
        posts = Posting.objects.held(on).filter(until__lte=on + clock.lead())
    elif asked.view == "past":
        posts = posts.filter(until__lt=on)
    elif not (asked.unit or asked.role):
        return None
    if asked.view == "none":
        return None
    if asked.unit:
        top = Unit.objects.filter(pk=asked.unit).first()
        posts = posts.filter(unit__path__startswith=top.path) if top else posts.none()
    return posts.filter(role=asked.role) if asked.role else posts


def _rows(people: list[Person], on: dt.date) -> list[Row]:
    accounts = {one.person_id: one for one in Account.objects.filter(person__in=people)}
    rows = {one.pk: Row(one, accounts.get(one.pk)) for one in people}
    for post in Posting.objects.held(on).filter(person__in=people).select_related("unit"):
        rows[post.person_id].posts.append(post)
    return list(rows.values())


def roles_of(post: Posting) -> str:
    """The post as people say it: 望槐社区党委书记."""
    gap = " " if (get_language() or "").startswith("en") else ""
    return f"{post.unit}{gap}{post.get_role_display()}"
