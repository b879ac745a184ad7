"""Opening, resetting and disabling accounts: who may, what it leaves, and the split of the three."""

import datetime as dt
import random
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from lianxi.commons.accounts.models import Account, Person
from lianxi.commons.people import services
from lianxi.commons.people.models import PersonEvent
from lianxi.commons.refusals import BadInput, Blocked, NotFound, NotPermitted, Refusal
from lianxi.commons.tokens import services as tokens
from tests.officers import PASSWORD, account_of, login, prove, sure

MINE = "Own-password-of-3"


def body(answer: Any) -> str:
    return str(answer.content.decode())


def state() -> Any:
    return (
        list(Account.objects.order_by("pk").values()), Person.objects.count(), PersonEvent.objects.count(),
        Authenticator.objects.count(),
    )  # fmt: skip


def opened(s: SimpleNamespace, at: dt.datetime, by: str = "system_admin", **more: Any) -> tuple[Account, str]:
    words = {"name": "程未晚", "phone": "", "username": "weiwan", "reason": "新到岗"} | more
    return services.open_account(**words, actor=s.actor(getattr(s, by)), at=at, lot=random.Random(1))


def test_an_account_is_opened_with_a_password_for_one_time(office: SimpleNamespace, at: dt.datetime) -> None:
    account, password = opened(office, at)
    assert account.must_change_password
    assert account.check_password(password)
    assert password not in str(PersonEvent.objects.get(person=account.person).__dict__)
    client = Client()
    client.post("/account/login/", {"login": "weiwan", "password": password})
    for path in ("/account/permissions/", "/people/", "/units/"):
        assert client.get(path).url == "/account/password/change/"
    page = client.get("/account/password/change/")
    assert page.status_code == 200
    same = {"oldpassword": password, "password1": password, "password2": password}
    assert "新密码要和现在的不一样" in body(client.post("/account/password/change/", same))
    account.refresh_from_db()
    assert account.must_change_password
    other = {"oldpassword": password, "password1": MINE, "password2": MINE}
    assert client.post("/account/password/change/", other).status_code == 302
    account.refresh_from_db()
    assert not account.must_change_password
    assert account.check_password(MINE)
    assert client.get("/account/permissions/").status_code == 200


def test_a_registered_person_is_matched_by_name_and_phone(office: SimpleNamespace, at: dt.datetime) -> None:
    account, _password = opened(office, at, name="苏青禾", phone="139 0000 0999", username="qinghe")
    assert account.person == office.resident


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": "别人", "phone": "13900000999"}, "phone"),
        ({"phone": "abc"}, "phone"),
        ({"name": ""}, "name"),
        ({"name": "长" * 61}, "name"),
        ({"name": "程\u202e未晚"}, "name"),
        ({"username": ""}, "username"),
        ({"username": "有 空格"}, "username"),
        ({"username": "x" * 61}, "username"),
        ({"username": "TAKEN"}, "username"),
        ({"reason": ""}, "reason"),
    ],
)
def test_bad_input_is_named_and_changes_nothing(
    office: SimpleNamespace, at: dt.datetime, more: dict[str, str], field: str
) -> None:
    Account.objects.create_user("taken", PASSWORD, person=office.secretary)
    before = state()
    with pytest.raises(BadInput) as refused:
        opened(office, at, **more)
    assert set(refused.value.errors) == {field}
    assert state() == before


def test_nobody_gets_a_second_account(office: SimpleNamespace, at: dt.datetime) -> None:
    opened(office, at, name="苏青禾", phone="13900000999", username="qinghe")
    before = state()
    with pytest.raises(BadInput):
        opened(office, at, name="苏青禾", phone="13900000999", username="qinghe2")
    assert state() == before


@pytest.mark.parametrize("by", ["organiser", "security_admin", "audit_admin", "secretary", "resident"])
def test_only_whoever_manages_accounts_opens_one(office: SimpleNamespace, at: dt.datetime, by: str) -> None:
    before = state()
    with pytest.raises(NotPermitted):
        opened(office, at, by)
    assert state() == before


ACTS: dict[str, Any] = {
    "reset": lambda who, **more: services.reset_password(who, lot=random.Random(2), **more),
    "disable": services.disable,
    "drop": services.drop_second_factor,
}


@pytest.mark.parametrize("act", sorted(ACTS))
@pytest.mark.parametrize(
    ("by", "refused"),
    [
        ("outsider", NotFound), ("secretary", NotFound), ("far_organiser", NotFound),
        ("organiser", NotPermitted), ("security_admin", NotPermitted), ("audit_admin", NotPermitted),
        ("handler", NotPermitted),
    ],
)  # fmt: skip
def test_others_leave_an_account_alone(
    office: SimpleNamespace, at: dt.datetime, act: str, by: str, refused: type[Refusal]
) -> None:
    account_of(office.handler)
    before = state()
    with pytest.raises(refused):
        ACTS[act](office.handler, actor=office.actor(getattr(office, by)), at=at, reason="试试")
    assert state() == before


@pytest.mark.parametrize("act", sorted(ACTS))
def test_nobody_manages_the_own_account(office: SimpleNamespace, at: dt.datetime, act: str) -> None:
    account_of(office.system_admin)
    before = state()
    with pytest.raises(NotPermitted):
        ACTS[act](office.system_admin, actor=office.actor(office.system_admin), at=at, reason="试试")
    assert state() == before


def test_a_reset_shuts_the_open_pages_and_asks_for_a_new_password(office: SimpleNamespace, at: dt.datetime) -> None:
    inside = login(office.handler)
    password = services.reset_password(
        office.handler, actor=office.actor(office.system_admin), at=at, lot=random.Random(3), reason="忘了密码"
    )
    assert inside.get("/account/permissions/").url.startswith("/account/login/")
    account = account_of(office.handler)
    assert account.check_password(password)
    assert account.must_change_password
    assert [one.verb for one in PersonEvent.objects.filter(person=office.handler)] == ["reset_password"]


@pytest.mark.parametrize("who", ["security_admin", "audit_admin"])
def test_whoever_manages_accounts_gets_into_no_other_administrators(
    office: SimpleNamespace, at: dt.datetime, who: str
) -> None:
    person, actor = getattr(office, who), office.actor(office.system_admin)
    account = account_of(person)
    before = state()
    for act in ("reset", "drop"):
        with pytest.raises((Blocked, BadInput)):
            ACTS[act](person, actor=actor, at=at, reason="试试")
    assert state() == before
    Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={"secret": "x"})
    before = state()
    with pytest.raises(Blocked) as refused:
        ACTS["drop"](person, actor=actor, at=at, reason="试试")
    assert refused.value.missing[0].rule.id == "Z-04"
    assert state() == before
    assert ACTS["reset"](person, actor=actor, at=at, reason="忘了密码")


def test_disabled_and_enabled_with_tokens(office: SimpleNamespace, at: dt.datetime) -> None:
    account_of(office.handler)
    _token, text = tokens.issue(
        name="查询", roles=["handler"], days=9, actor=office.actor(office.handler), at=at, lot=random.Random(4)
    )
    keeper = office.actor(office.system_admin)
    assert tokens.actor_with(text, at=at).person_id == office.handler.pk
    services.disable(office.handler, actor=keeper, at=at, reason="离岗")
    with pytest.raises(tokens.NoToken):
        tokens.actor_with(text, at=at)
    before = state()
    with pytest.raises(BadInput):
        services.disable(office.handler, actor=keeper, at=at, reason="再停")
    assert state() == before
    services.enable(office.handler, actor=keeper, at=at, reason="回岗")
    assert tokens.actor_with(text, at=at).person_id == office.handler.pk


def test_the_page_asks_again_and_shows_the_password_once(office: SimpleNamespace) -> None:
    client = login(office.system_admin)
    account_of(office.handler)
    path = f"/people/{office.handler.pk}/password/"
    assert client.post(path, {"reason": "忘了密码"}).url.startswith("/account/reauthenticate/")
    assert not account_of(office.handler).must_change_password
    prove(client, path)
    assert "忘了密码" in body(client.get(path))
    sent = client.post(path, {"reason": "忘了密码"})
    assert (sent.status_code, sent["Location"]) == (302, "/people/once/")
    before = PersonEvent.objects.count()
    shown = client.get("/people/once/")
    password = shown.context["password"]
    assert password in body(shown)
    assert "no-store" in shown["Cache-Control"]
    assert account_of(office.handler).check_password(password)
    assert client.get("/people/once/")["Location"] == "/people/", "a reload shows and does nothing"
    assert PersonEvent.objects.count() == before
    assert account_of(office.handler).check_password(password)
    assert password not in body(client.get(f"/people/{office.handler.pk}/"))


def test_what_is_shown_once_is_for_this_account_only(office: SimpleNamespace) -> None:
    client = sure(office.system_admin)
    account_of(office.handler)
    client.post(f"/people/{office.handler.pk}/password/", {"reason": "忘了密码"})
    other = sure(office.security_admin)
    other.cookies["once"] = client.cookies["once"].value
    assert other.get("/people/once/").status_code == 302


def test_opening_on_the_page(office: SimpleNamespace) -> None:
    client = sure(office.system_admin)
    wrong = client.post("/people/open/", {"name": "程未晚", "phone": "", "username": "有 空格", "reason": "新到岗"})
    assert wrong.status_code == 422
    assert "有 空格" in body(wrong)
    assert not Account.objects.filter(person=office.outsider).exists()
    assert (
        client.post("/people/open/", {"name": "程未晚", "phone": "", "username": "wan", "reason": "新到岗"}).url
        == "/people/once/"
    )
    good = client.get("/people/once/")
    assert good.context["password"] in body(good)
    made = Account.objects.get(username="wan")
    assert "wan" in body(client.get("/people/?view=none"))
    assert client.get(f"/people/{made.person_id}/").status_code == 200
