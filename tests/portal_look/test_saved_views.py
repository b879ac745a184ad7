"""Every list can keep its question under a name; a view keeps nobody's number."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from lianxi.commons.accounts.models import Account
from lianxi.commons.views.models import SavedView
from tests.organization import grow

pytestmark = pytest.mark.django_db

LISTS = {
    "voices": ("/voices/", "topic=noise"),
    "members": ("/members/", "kind=01"),
    "people": ("/people/", "role=secretary"),
    "units": ("/units/", "kind=branch"),
}


@pytest.fixture
def officer(street: SimpleNamespace) -> Client:
    s = grow(street)
    Account.objects.create(username="organiser", person=s.organiser, password="!")
    client = Client(headers={"accept-language": "zh-CN"})
    client.force_login(Account.objects.get(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("room", LISTS)
def test_a_list_keeps_its_question(officer: Client, room: str) -> None:
    address, query = LISTS[room]
    page = officer.get(f"{address}?{query}").content.decode()
    assert f'action="/views/{room}/save/"' in page
    assert f'name="query" value="{query}"' in page
    officer.post(f"/views/{room}/save/", {"label": "我的", "query": query, "next": address})
    opened = officer.get(f"{address}?{query}")
    current = [tab["label"] for tab in opened.context["views"] if tab["current"]]
    assert current == ["我的"]
    assert "改这个视图" in opened.content.decode()
    plain = officer.get(address)
    assert [tab["current"] for tab in plain.context["views"] if tab["label"] == "我的"] == [False]


WIDE = "".join(chr(ord(digit) + 0xFEE0) for digit in "13900000001")


@pytest.mark.parametrize("q", ["999123198005061018", "139 0000 0001", WIDE])
def test_nobodys_number_is_kept(officer: Client, q: str) -> None:
    answer: Any = officer.post(
        "/views/members/save/", {"label": "他", "query": f"q={q}", "next": "/members/"}, follow=True
    )
    assert "号码" in answer.content.decode()
    assert SavedView.objects.count() == 0
