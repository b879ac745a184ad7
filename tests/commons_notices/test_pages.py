"""The pages of notices: what they show, to whom, and that nothing else is changed."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lianxi.commons.accounts.models import Account
from lianxi.commons.notices import services
from lianxi.commons.notices.models import Delivery, Notice, Preference, Stopped
from lianxi.commons.notices.services import Address
from lianxi.commons.notices.terms import DeliveryState

from .conftest import AT_ONCE, PLAIN, URGENT


def log_in(person: Any, language: str = "zh-hans") -> Client:
    client = Client()
    account = Account.objects.filter(person=person).first() or Account.objects.create_user(
        f"u{person.pk}", person=person
    )
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["language"] = language
    return client


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "没有没看过的通知"), ("en", "Nothing unread")])
def test_an_empty_list_says_so(people: SimpleNamespace, language: str, word: str) -> None:
    page = log_in(people.lu, language).get("/notices/")
    assert page.status_code == 200
    assert word in page.content.decode()


def test_the_list_counts_reads_and_leads_on(people: SimpleNamespace, now: dt.datetime) -> None:
    for number in range(30):
        services.post(PLAIN, to=people.lu, link="/x/", key=str(number), at=now, facts={"n": number, "day": now.date()})
    client = log_in(people.lu)
    page = client.get("/notices/").content.decode()
    assert 'lx-count">30<' in page
    assert "办好了29件" in page
    assert "办好了4件" not in page
    newest = Notice.objects.order_by("-pk").first()
    assert newest
    answer = client.get(f"/notices/{newest.pk}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/x/")
    assert Notice.objects.filter(read_at=None).count() == 29
    later = services.post(PLAIN, to=people.lu, link="/x/", key="later", at=now, facts={"n": 99, "day": now.date()})
    assert later
    client.post("/notices/read/", {"up_to": newest.pk})
    assert list(Notice.objects.filter(read_at=None)) == [later]
    assert (
        "办好了4件"
        in client.get("/notices/?view=all&after=" + str(Notice.objects.order_by("pk")[10].pk)).content.decode()
    )


def test_a_stranger_is_asked_to_log_in_and_another_person_finds_nothing(
    people: SimpleNamespace, now: dt.datetime
) -> None:
    notice = services.post(URGENT, to=people.lu, link="/x/", key="a", at=now)
    assert notice
    for path in ("/notices/", f"/notices/{notice.pk}/", "/notices/settings/", "/notices/undelivered/"):
        answer = Client().get(path)
        assert answer.status_code == 302
        assert "/account/login/" in answer.headers["Location"]
    other = log_in(people.ann)
    assert other.get(f"/notices/{notice.pk}/").status_code == 404
    assert other.post("/notices/read/", {"notice": notice.pk}).status_code == 404
    assert other.get("/notices/undelivered/").status_code == 404
    assert other.get("/notices/?after=x").status_code == 200
    notice.refresh_from_db()
    assert notice.read_at is None


def test_a_link_never_leads_out_of_the_house(people: SimpleNamespace, now: dt.datetime) -> None:
    notice = services.post(URGENT, to=people.lu, link="//elsewhere.example/", key="a", at=now)
    assert notice
    assert log_in(people.lu).get(f"/notices/{notice.pk}/").headers["Location"] == "/notices/"


def test_settings_are_kept_and_what_was_typed_stays(people: SimpleNamespace) -> None:
    client = log_in(people.lu)
    page = client.get("/notices/settings/").content.decode()
    assert "平常的" in page
    assert "要紧的" not in page, "a group that cannot be switched off"
    assert "交办的民情" not in page, "a group for staff"
    typed = {"channels": ["email"], "digest_at": "18:15", "quiet_from": "22:00", "quiet_until": "06:30", "on": []}
    assert client.post("/notices/settings/", typed).status_code == 302
    kept = Preference.objects.get(person=people.lu)
    assert (kept.digest_at, kept.channels) == (dt.time(18, 15), ["email"])
    assert "tests.calm" in kept.off
    wrong = client.post("/notices/settings/", typed | {"digest_at": "23:00"})
    assert wrong.status_code == 422
    assert 'value="23:00"' in wrong.content.decode()
    assert "免打扰时段" in wrong.content.decode()
    kept.refresh_from_db()
    assert kept.digest_at == dt.time(18, 15)


def test_the_end_of_letters_asks_first_and_mail_programs_may_post(people: SimpleNamespace, now: dt.datetime) -> None:
    from lianxi.commons.notices.letters import token

    services.post(AT_ONCE, to=Address("r@example.org"), about=7, link="/follow/", key="a", at=now)
    path = f"/notices/stop/{token(Delivery.objects.get())}/"
    client = Client(enforce_csrf_checks=True)
    assert client.get(path).status_code == 200
    assert Stopped.objects.count() == 0
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Stopped.objects.count() == 1
    assert Delivery.objects.get().state == DeliveryState.NOT_NEEDED
    assert client.post("/notices/stop/made:up/").status_code == 404


def test_who_looks_after_the_system_sees_what_failed_and_sends_it_again(
    people: SimpleNamespace, admin: Any, now: dt.datetime
) -> None:
    services.post(URGENT, to=people.lu, link="/x/", key="a", at=now)
    Delivery.objects.update(state=DeliveryState.GIVEN_UP, trouble="SMTPRecipientsRefused 550", ended_at=now)
    client = log_in(admin)
    services.post(URGENT, to=admin, link="/x/", key="a", at=now)
    assert "催办" in client.get("/notices/").content.decode()
    page = client.get("/notices/undelivered/").content.decode()
    assert "1条通知" in page, "the badge of the desk"
    assert "SMTPRecipientsRefused 550" in page
    assert "lu@example.org" not in page
    lost = Delivery.objects.get(notice__person=people.lu).pk
    assert client.post("/notices/undelivered/", {"delivery": lost}).status_code == 302
    assert Delivery.objects.get(pk=lost).state == DeliveryState.WAITING
    assert client.post("/notices/undelivered/", {"delivery": "x"}).status_code == 404
