"""The register's pages, and who sees what on them."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from lianxi.commons.accounts.models import Account


def client_of(person: Any) -> Client:
    account = Account.objects.create_user(f"u{person.pk}", person=person)
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_organiser_sees_every_member_of_the_street(town: SimpleNamespace) -> None:
    page = client_of(town.organiser).get("/members/").content.decode()
    assert "周望舒" in page
    assert "沈听澜" in page


@pytest.mark.parametrize(
    ("who", "seen", "hidden"),
    [
        ("far_organiser", ["沈听澜"], ["周望舒", "顾怀瑾"]),
        ("branch_secretary", ["周望舒", "顾怀瑾"], ["沈听澜"]),
        ("admin", [], ["周望舒", "沈听澜"]),
        ("outsider", [], ["周望舒", "沈听澜"]),
    ],
)
def test_others_see_their_own_part(town: SimpleNamespace, who: str, seen: list[str], hidden: list[str]) -> None:
    page = client_of(getattr(town, who)).get("/members/").content.decode()
    assert all(name in page for name in seen)
    assert not any(name in page for name in hidden)


def test_a_stranger_finds_no_record(town: SimpleNamespace) -> None:
    member = town.members["zhou"]
    assert client_of(town.organiser).get(f"/members/{member.pk}/").status_code == 200
    assert client_of(town.far_organiser).get(f"/members/{member.pk}/").status_code == 404


def test_the_tree_opens_level_by_level(town: SimpleNamespace) -> None:
    client = client_of(town.organiser)
    page = client.get("/units/").content.decode()
    assert "砚湖区委" in page
    assert "望槐社区党委" in page
    below = client.get(f"/units/{town.wanghuai.pk}/below/").content.decode()
    assert "望槐社区第一党支部" in below
    assert "党员2名" in below
