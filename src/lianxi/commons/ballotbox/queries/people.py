"""Who may be named as trustee or card giver: found by account, phone, or by name among those who work nearby."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from lianxi.commons.accounts.models import Account, Person
from lianxi.commons.accounts.queries import account_for
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import ADMINS
from lianxi.commons.rulebook import rule
from lianxi.commons.units.models import Unit

from ..models import Poll, Trustee

NEAR_AT_MOST = 120


@dataclass(frozen=True, slots=True)
class Near:
    """Somebody with an account and a post in the unit, above or below it."""

    login: str
    name: str
    post: str


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a poll names now, by account."""

    trustees: tuple[str, ...]
    threshold: int
    giver: str
    few_reason: str
    least: int
    """Trustees that the rule asks for; with fewer the reason is written down."""


def near(poll: Poll, *, on: dt.date) -> list[Near]:
    """For the list under the field; who keeps the system is not in it."""
    line = [int(key) for key in poll.unit_path.split(".") if key]
    held = (
        Posting.objects.held(on)
        .filter(Q(unit__in=line) | Q(unit__path__startswith=poll.unit_path), person__account__is_active=True)
        .exclude(person__in=Posting.objects.held(on).filter(role__in=ADMINS).order_by().values("person"))
        .select_related("person__account", "unit")
        .order_by("-unit__path", "pk")
    )
    found: dict[int, Near] = {}
    for post in held[: NEAR_AT_MOST * 2]:
        found.setdefault(
            post.person_id,
            Near(post.person.account.username, post.person.name, f"{post.unit.brief}{post.get_role_display()}"),
        )
    return list(found.values())[:NEAR_AT_MOST]


def person_typed(text: str, nearby: list[Near]) -> Person | None:
    """Whose account name, whole phone number or, among those nearby, name it is; None where nobody or several are."""
    typed = text.strip()
    account = account_for(typed)
    if account is None:
        logins = [one.login for one in nearby if one.name == typed]
        account = Account.objects.filter(username=logins[0]).first() if len(logins) == 1 else None
    return account.person if account and account.is_active else None


def named(poll: Poll, *, on: dt.date) -> Named:
    """For the form. For a poll that came through the door."""
    people = list(Trustee._base_manager.filter(poll=poll.pk).order_by("number").values_list("person", flat=True))
    wanted = [*people, *([poll.giver_id] if poll.giver_id else [])]
    logins = dict(Account.objects.filter(person__in=wanted).values_list("person", "username"))
    trustees = tuple(logins.get(key, "") for key in people)
    least = int(rule("V-02", on=on, at=poll.unit).value)
    return Named(trustees, poll.threshold, logins.get(poll.giver_id or 0, ""), poll.few_reason, least)


def unit_of(poll: Poll) -> Unit:
    """The unit in which the vote is held."""
    return Unit.objects.get(pk=poll.unit_id)
