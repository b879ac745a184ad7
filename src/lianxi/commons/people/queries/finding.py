"""Find a person by account or phone, and the units where an actor may give posts."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Account, Person
from lianxi.commons.accounts.queries import account_for, number_in
from lianxi.commons.permissions import Actor
from lianxi.commons.permissions.terms import Role
from lianxi.commons.refusals import BadInput
from lianxi.commons.units.models import Unit

from .. import policies as may

UNITS_AT_MOST = 2000
AREAS_AT_MOST = 80


def person_for(text: str) -> Person:
    """The person with that account name or phone number, written out whole. Raises BadInput."""
    account = account_for(text)
    if account is not None:
        return account.person
    number = number_in(text)
    found = list(Person.objects.filter(phone_is=number)[:2]) if len(number) >= 7 else []
    if len(found) != 1:
        raise BadInput({"who": _("没有找到这个账号名或手机号。请写全；没有登记的人，先请管账号的人开账号。")})
    return found[0]


def units_for(actor: Actor) -> list[Unit]:
    """The units where the actor may give posts, in the order of the tree."""
    found = Unit.objects.filter(may.APPOINT.q(actor) | may.APPOINT_ADMIN.q(actor)).order_by("path")
    return list(found[:UNITS_AT_MOST])


def unit_named(actor: Actor, pk: int) -> Unit | None:
    """One of them."""
    return Unit.objects.filter(may.APPOINT.q(actor) | may.APPOINT_ADMIN.q(actor), pk=pk).first()


def areas(actor: Actor) -> list[Unit]:
    """The units by which the actor may narrow the list: the first of those under the posts held."""
    tops = Q()
    for path in actor.paths(Role.ORGANISER, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.SYSTEM_ADMIN):
        tops |= Q(path__startswith=path)
    return list(Unit.objects.filter(tops).order_by("path")[:AREAS_AT_MOST]) if tops else []


def login_of(person: Person) -> str:
    """The name with which the person logs in; empty without an account."""
    return Account.objects.filter(person=person).values_list("username", flat=True).first() or ""
