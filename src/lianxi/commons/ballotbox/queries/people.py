"""Who may be named as trustee or card giver: found by account, phone, or by name among those who work nearby."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils.translation import get_language

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

    key: int
    login: str
    name: str
    post: str
    text: str = ""
    """As whoever leads knows him or her, and told apart from everybody else: what a field of the form holds."""


BETWEEN = " · "


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a poll names now, as `Near.text` says it."""

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
    gap = " " if (get_language() or "").startswith("en") else ""
    for post in held[: NEAR_AT_MOST * 2]:
        held_as = f"{post.unit.brief}{gap}{post.get_role_display()}"
        one = Near(post.person_id, post.person.account.username, post.person.name, held_as)
        found.setdefault(one.key, one)
    return _told_apart(list(found.values())[:NEAR_AT_MOST])


def _told_apart(found: list[Near]) -> list[Near]:
    """With name and post; the account besides, where two of one name hold the same post."""
    short = Counter((one.name, one.post) for one in found)
    return [
        replace(one, text=BETWEEN.join((one.name, one.post, one.login)[: 2 + (short[one.name, one.post] > 1)]))
        for one in found
    ]


def person_typed(text: str, nearby: list[Near]) -> Person | None:
    """Whose account name, whole phone number or, among those nearby, name it is, or what the form offered; None where
    nobody or several are."""
    typed = text.strip()
    account = account_for(typed)
    if account is None:
        logins = [one.login for one in nearby if typed in (one.text, one.name)]
        account = Account.objects.filter(username=logins[0]).first() if len(logins) == 1 else None
    if account is None and BETWEEN in typed:
        name, *_rest, login = typed.split(BETWEEN)
        account = Account.objects.filter(username=login, person__name=name).first()
    return account.person if account and account.is_active else None


def named(poll: Poll, nearby: list[Near], *, on: dt.date) -> Named:
    """For the form. For a poll that came through the door."""
    people = list(Trustee._base_manager.filter(poll=poll.pk).order_by("number").values_list("person", flat=True))
    wanted = [*people, *([poll.giver_id] if poll.giver_id else [])]
    accounts = Account.objects.filter(person__in=wanted).values_list("person", "person__name", "username")
    texts = {key: BETWEEN.join((name, login)) for key, name, login in accounts}
    texts |= {one.key: one.text for one in nearby if one.key in texts}
    trustees = tuple(texts.get(key, "") for key in people)
    least = int(rule("V-02", on=on, at=poll.unit).value)
    return Named(trustees, poll.threshold, texts.get(poll.giver_id or 0, ""), poll.few_reason, least)


def unit_of(poll: Poll) -> Unit:
    """The unit in which the vote is held."""
    return Unit.objects.get(pk=poll.unit_id)
