"""What may I do here, and why: true to the permissions, and silent about what is kept away."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from lianxi.commons.people import queries
from lianxi.commons.permissions import permissions
from lianxi.commons.refusals import NotFound
from lianxi.participation.voices import services as voices
from lianxi.participation.voices.models import Voice
from tests.officers import login


@pytest.fixture
def voice(office: SimpleNamespace, at: Any, lot: Any) -> Voice:
    said = voices.Said(text="物业乱收停车费，已经三个月。", place=office.wanghuai)
    return voices.raise_voice(said, actor=office.actor(office.resident), at=at, lot=lot)[0]


@pytest.mark.parametrize("who", ["dispatcher", "handler", "secretary", "outsider", "organiser", "audit_admin"])
def test_a_page_for_each_is_true_to_the_permissions(office: SimpleNamespace, who: str) -> None:
    actor = office.actor(getattr(office, who))
    found = {one.permission.name: one for one in queries.answers(actor)}
    for one in permissions():
        if one.anywhere(actor):
            assert found[one.name].allowed, one.name
        if one.name in found and not found[one.name].allowed:
            assert found[one.name].open_to


def test_posts_and_reasons_are_on_the_page(office: SimpleNamespace) -> None:
    page = login(office.dispatcher).get("/account/permissions/").content.decode()
    assert "受理派单" in page
    assert "您受理派单这一片区" in page
    assert "派给承办单位" in page
    assert "计时任务" not in page


def test_one_record_answers_those_who_may_something(office: SimpleNamespace, voice: Voice) -> None:
    page = login(office.dispatcher).get(f"/account/permissions/?of=voice:{voice.pk}")
    assert page.status_code == 200
    assert "您受理派单这一片区" in page.content.decode()
    assert "物业乱收" not in page.content.decode()


def test_stranger_accused_and_nothing_at_all_look_the_same(office: SimpleNamespace, voice: Voice, at: Any) -> None:
    from lianxi.participation.voices.models import Party

    key = voice.pk
    Party._base_manager.create(voice=Voice._base_manager.get(pk=key), person=office.secretary, part="accused", at=at)
    pages = {}
    for who in ("outsider", "secretary"):
        client = login(getattr(office, who))
        there, absent = (
            client.get(f"/account/permissions/?of=voice:{key}"),
            client.get("/account/permissions/?of=voice:999999"),
        )
        assert there.status_code == absent.status_code == 404
        pages[who] = client.get("/account/permissions/").content.decode()
    assert f"voice:{key}" not in pages["secretary"]


def test_the_general_page_does_not_change_when_one_is_accused(office: SimpleNamespace, voice: Voice, at: Any) -> None:
    from lianxi.participation.voices.models import Party

    actor = office.actor(office.secretary)
    before = queries.answers(actor)
    Party._base_manager.create(
        voice=Voice._base_manager.get(pk=voice.pk), person=office.secretary, part="accused", at=at
    )
    assert queries.answers(office.actor(office.secretary)) == before


@pytest.mark.parametrize(
    "of", ["voice", "voice:", "voice:x", "voice:٣", "nothing:1", "voice:" + "9" * 40, "session:1", ":1"]
)
def test_a_bad_address_is_not_found(office: SimpleNamespace, of: str) -> None:
    with pytest.raises(NotFound):
        queries.answers_on(office.actor(office.dispatcher), of)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("organiser", 200), ("security_admin", 200), ("handler", 200),
        ("far_organiser", 404), ("system_admin", 404), ("audit_admin", 404), ("secretary", 404), ("outsider", 404),
    ],
)  # fmt: skip
def test_an_officer_asks_about_a_person(office: SimpleNamespace, who: str, status: int) -> None:
    page = login(getattr(office, who)).get(f"/people/{office.handler.pk}/permissions/")
    assert page.status_code == status
    if status == 200:
        assert "您在主办单位办理" in page.content.decode()


def test_nobody_in_particular_is_asked_to_log_in(office: SimpleNamespace) -> None:
    for path in (
        "/account/permissions/",
        "/people/",
        f"/people/{office.handler.pk}/",
        "/account/tokens/",
        "/account/looks/",
    ):
        answer = Client().get(path)
        assert answer.status_code == 302
        assert answer.url.startswith("/account/login/")
