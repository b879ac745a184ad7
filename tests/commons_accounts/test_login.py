"""Logging in by name and phone, lock-out, and how long it lasts."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client

from lianxi.commons.accounts.middleware import SEEN, SINCE
from lianxi.commons.accounts.queries import account_for
from tests.officers import PASSWORD, account_of, login

WRONG = "Wrong-of-tests-9"


def body(answer: Any) -> str:
    return str(answer.content.decode())


def tried(client: Client, name: str, password: str = WRONG) -> Any:
    return client.post("/account/login/", {"login": name, "password": password})


def inside(client: Client) -> bool:
    return client.get("/account/permissions/").status_code == 200


@pytest.mark.parametrize("typed", ["13900000417", "139 0000 0417", "+86 139-0000-0417", "\uff11\uff139-0000-0417"])
def test_a_phone_opens_the_account_in_whatever_form(office: SimpleNamespace, typed: str) -> None:
    account = account_of(office.handler)
    assert account_for(typed) == account
    client = Client()
    assert tried(client, typed, PASSWORD).status_code == 302
    assert inside(client)


def test_a_phone_of_two_opens_neither(office: SimpleNamespace) -> None:
    from lianxi.commons.accounts.models import Person

    account_of(office.handler)
    account_of(Person.objects.create(name="陆砚冬", phone="13900000417"))
    client = Client()
    assert tried(client, "13900000417", PASSWORD).status_code == 200
    assert not inside(client)


def test_too_many_wrong_passwords_lock_name_and_phone_together(office: SimpleNamespace) -> None:
    name = account_of(office.handler).username
    client = Client()
    for typed in ("13900000417", "139 0000 0417", "+8613900000417", name, name.upper()):
        assert "姓名、手机号或密码不对" in body(tried(client, typed))
    for typed in (name, "139-0000-0417"):
        shut = tried(Client(REMOTE_ADDR="10.1.1.1"), typed, PASSWORD)
        assert shut.status_code == 200
        assert "密码错了太多次，先停五分钟再试" in body(shut)
        assert "_auth_user_id" not in client.session
    other = Client(REMOTE_ADDR="10.1.1.2")
    assert tried(other, account_of(office.secretary).username, PASSWORD).status_code == 302


def test_one_address_is_stopped_whatever_name_it_tries(office: SimpleNamespace) -> None:
    client = Client()
    for n in range(10):
        tried(client, f"nobody-{n}")
    assert "密码错了太多次" in body(tried(client, account_of(office.handler).username, PASSWORD))
    assert not inside(client)


def test_an_unknown_name_and_a_wrong_password_sound_the_same(office: SimpleNamespace) -> None:
    known, unknown = tried(Client(), account_of(office.handler).username), tried(Client(), "nobody-here")
    assert known.status_code == unknown.status_code == 200
    for page in (known, unknown):
        assert "姓名、手机号或密码不对" in body(page)


@pytest.mark.parametrize("by_phone", [False, True])
def test_a_disabled_account_does_not_open(office: SimpleNamespace, by_phone: bool) -> None:
    account = account_of(office.handler)
    account.is_active = False
    account.save()
    client = Client()
    tried(client, "13900000417" if by_phone else account.username, PASSWORD)
    assert not inside(client)


def test_a_disabled_account_is_out_of_the_pages_that_stood_open(office: SimpleNamespace) -> None:
    client = login(office.handler)
    assert inside(client)
    account = account_of(office.handler)
    account.is_active = False
    account.save()
    assert not inside(client)


def moved(client: Client, name: str, seconds: int) -> None:
    session = client.session
    session[name] = session[name] - seconds
    session.save()


@pytest.mark.parametrize(
    ("name", "lasts", "said"), [(SINCE, "SESSION_LASTS", "登录满八小时了"), (SEEN, "SESSION_IDLE", "离开太久")]
)
def test_a_log_in_ends(office: SimpleNamespace, name: str, lasts: str, said: str) -> None:
    client, seconds = login(office.handler), getattr(configured, lasts)
    assert inside(client)
    moved(client, name, seconds - 30)
    assert inside(client)
    moved(client, name, 60 if name == SINCE else seconds + 60)
    answer = client.get("/account/permissions/")
    assert answer.status_code == 302
    assert answer.url.startswith("/account/login/")
    assert said in body(client.get(answer.url))
    assert not inside(client)


def test_whoever_works_stays_in(office: SimpleNamespace) -> None:
    client = login(office.handler)
    for _quarter in range(6):
        assert inside(client)
        moved(client, SEEN, configured.SESSION_IDLE - 60)
    assert inside(client)


def test_a_page_does_not_write_the_session_each_time(office: SimpleNamespace) -> None:
    client = login(office.handler)
    inside(client)
    before = client.session[SEEN]
    assert inside(client)
    assert client.session[SEEN] == before


def test_beside_the_ballot_box_nobody_is_noted(office: SimpleNamespace) -> None:
    client = login(office.handler)
    inside(client)
    moved(client, SEEN, 600)
    before = client.session[SEEN]
    client.get("/vote/NotAVoteThatIs/")
    assert client.session[SEEN] == before
    inside(client)
    assert client.session[SEEN] > before


def test_a_new_log_in_begins_to_count_anew(office: SimpleNamespace) -> None:
    client = login(office.handler)
    inside(client)
    moved(client, SINCE, 7 * 3600)
    client.post("/account/logout/")
    tried(client, account_of(office.handler).username, PASSWORD)
    moved_since = client.get("/account/permissions/") and client.session[SINCE]
    assert moved_since > client.session[SEEN] - 60


def test_a_list_is_taken_out_after_proof(office: SimpleNamespace) -> None:
    from lianxi.commons.papers.models import Export
    from tests.officers import prove

    client = login(office.supervisor)
    asked = client.get("/voices/export.xlsx?q=x")
    assert asked.url == "/account/reauthenticate/?next=%2Fvoices%2Fexport.xlsx%3Fq%3Dx"
    assert not Export.objects.exists()
    back = prove(client, "/voices/export.xlsx?q=x")
    assert back.url == "/voices/export.xlsx?q=x"
    assert client.get(back.url).status_code == 200
    assert Export.objects.get().by_name == "许知行"


def test_members_are_taken_out_after_proof(office: SimpleNamespace) -> None:
    from lianxi.commons.papers.models import Export
    from tests.officers import prove
    from tests.organization import grow

    client = login(grow(office).organiser)
    typed = {"format": "csv", "reveal": ["phone"], "reason": "核对名册"}
    assert client.post("/members/export/", typed).url.startswith("/account/reauthenticate/")
    assert not Export.objects.exists()
    page = client.get(prove(client, "/members/export/").url).content.decode()
    assert "核对名册" in page
    assert client.post("/members/export/", typed).status_code == 200
    assert Export.objects.get().revealed == ["phone"]
