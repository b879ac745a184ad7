"""Those who look after posts and accounts, on the small street, and how they log in."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django.test import Client

PASSWORD = "Willow-of-tests-7"
ONE_YEAR = dt.date(2025, 1, 1)


def add_officers(s: SimpleNamespace) -> SimpleNamespace:
    """Organisers of street and one community, and the three who keep the system."""
    from lianxi.commons.accounts.models import Person
    from lianxi.commons.permissions.models import Posting
    from lianxi.commons.permissions.terms import Role

    for key, name, role, unit in (
        ("organiser", "顾明远", Role.ORGANISER, s.top), ("far_organiser", "傅云舒", Role.ORGANISER, s.tingsong),
        ("system_admin", "方如是", Role.SYSTEM_ADMIN, s.top), ("security_admin", "简以宁", Role.SECURITY_ADMIN, s.top),
        ("audit_admin", "温知新", Role.AUDIT_ADMIN, s.top),
    ):  # fmt: skip
        made = Person.objects.create(name=name)
        Posting.objects.create(person=made, unit=unit, role=role, since=ONE_YEAR)
        setattr(s, key, made)
        s.people[key] = made
    return s


def account_of(person: Any) -> Any:
    """The person's account, with the password of the tests."""
    from lianxi.commons.accounts.models import Account

    found = Account.objects.filter(person=person).first()
    return found or Account.objects.create_user(f"u{person.pk}", PASSWORD, person=person)


def login(person: Any) -> Client:
    """A browser in which the person has typed name and password."""
    client = Client()
    account = account_of(person)
    answer = client.post("/account/login/", {"login": account.username, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()[:400]
    return client


def prove(client: Client, to: str) -> Any:
    """Type the password once more."""
    return client.post("/account/reauthenticate/", {"password": PASSWORD, "next": to})


def sure(person: Any) -> Client:
    """A browser that has proved who it is a moment ago."""
    client = login(person)
    assert prove(client, "/").status_code == 302
    return client
