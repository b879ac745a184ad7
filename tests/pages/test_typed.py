"""A wrong input is refused in words, changes nothing, and what was typed is still in the form."""

import time
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.account.internal.flows import login as login_flow
from allauth.account.internal.userkit import user_id_to_str
from django.apps import apps
from django.test import Client

from lianxi.commons.accounts.models import Account

from .conftest import browser_of

pytestmark = pytest.mark.django_db
KEPT = "写了半天的字Ω"
LONG = KEPT * 2000

FORMS: tuple[tuple[str, str, dict[str, str], tuple[str, ...]], ...] = (
    # who            address                              what is typed                                      what must still be there
    ("anybody", "/say/", {"text": "短", "address": KEPT, "contact_name": KEPT, "phone": "12ab"}, (KEPT, "12ab")),
    ("anybody", "/say/", {"text": LONG, "address": KEPT}, (KEPT,)),
    ("anybody", "/follow/", {"code": KEPT}, (KEPT,)),
    ("anybody", "/account/login/", {"login": KEPT, "password": "x"}, (KEPT,)),
    ("clerk", "/voices/register/", {"text": "短", "title": KEPT, "phone": "12ab", "address": KEPT}, (KEPT, "12ab")),
    ("handler", "/voices/{voice}/do/draft/", {"facts": LONG, "opinion": KEPT, "basis": KEPT}, (KEPT,)),
    ("handler", "/voices/{voice}/do/ask_extension/", {"days": "many", "reason": KEPT}, (KEPT, "many")),
    ("handler", "/voices/{voice}/do/ask_resident/", {"question": ""}, ()),
    ("organiser", "/members/new/", {"name": KEPT, "identity": "123", "phone": "12ab", "address": KEPT}, (KEPT, "123", "12ab")),
    ("organiser", "/units/{unit}/change/", {"name": "", "name_en": KEPT}, (KEPT,)),
    ("organiser", "/units/{unit}/change/", {"name": LONG, "name_en": KEPT}, (KEPT,)),
    ("organiser", "/people/appoint/", {"who": KEPT, "reason": KEPT, "since": "never"}, (KEPT, "never")),
    ("admin", "/people/open/", {"username": "a b", "name": KEPT, "phone": "12ab"}, (KEPT, "12ab")),
    ("organiser", "/rules/X-11/change/", {"value": "many", "reason": KEPT}, (KEPT,)),
    ("secretary", "/account/tokens/", {"name": KEPT, "days": "many"}, (KEPT,)),
)  # fmt: skip


def _proved(person: Any) -> Client:
    """A browser whose person has just proved who he or she is."""
    client = browser_of(person)
    if person is None:
        return client
    account = Account.objects.get(person=person)
    session = client.session
    proof = {"method": "password", "at": time.time(), "reauthenticated": True, "username": account.username}
    session[login_flow.AUTHENTICATION_METHODS_SESSION_KEY] = [proof]
    session[login_flow._AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(account)
    session.save()
    return client


def _rows() -> dict[str, int]:
    """How many rows every table of the house has."""
    return {
        one._meta.label: one._base_manager.count()
        for one in apps.get_models()
        if one.__module__.startswith("lianxi.") and one._meta.managed
    }


def test_what_was_typed_is_still_there(world: SimpleNamespace) -> None:
    world.people["anybody"] = None
    keys = {"voice": world.records["/voices/"]["pk"], "unit": world.first.pk}
    problems = []
    clients = {name: _proved(world.people[name]) for name in {one[0] for one in FORMS}}
    for who, address, typed, kept in FORMS:
        before = _rows()
        answer = clients[who].post(address.format(**keys), typed)
        body = unescape(answer.content.decode(errors="replace"))
        if answer.status_code not in (200, 400, 404, 422):
            problems.append(f"{address}: {answer.status_code}")
        problems += [f"{address}: “{text}” is lost" for text in kept if text not in body]
        if "lx-error" not in body and 'role="alert"' not in body:
            problems.append(f"{address}: says nothing")
        if _rows() != before:
            problems.append(f"{address}: changed {dict(_rows().items() - before.items())}")
    assert problems == []
