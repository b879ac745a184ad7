"""What is public: found, filtered, withdrawn; never more."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from lianxi.participation.voices import services
from lianxi.participation.voices.models import PublicCopy
from lianxi.participation.voices.queries import public
from lianxi.participation.voices.services.public import turn_over

Open = Callable[..., Any]


def test_the_front_door_shows_a_no_among_three(
    street: SimpleNamespace, open_copy: Open, answered: Any, now: dt.datetime
) -> None:
    s = street
    voice, _code = answered(text="想在北门装一部电梯，请街道支持。")
    copy = services.redact(
        voice,
        title="北门加装电梯没有通过",
        text="想装电梯。",
        answer="低层住户没有同意。",
        actor=s.actor(s.handler),
        at=now,
    )
    services.publish(copy, actor=s.actor(s.publisher), at=now - dt.timedelta(days=30))
    type(copy)._base_manager.filter(pk=copy.pk).update(solved="no")
    for n in range(4):
        open_copy(title=f"第{n}件办好了")
    rows = public.newest()
    assert len(rows) == 3
    assert [row.is_no for row in rows] == [False, False, True]
    assert "北门加装电梯没有通过" in Client().get("/").content.decode()


@pytest.mark.parametrize("q", ["灯", "路灯", "路灯夜里", "4盏", "路灯 院"])
def test_found_by_one_two_and_more_characters(open_copy: Open, phone: Client, q: str) -> None:
    open_copy()
    open_copy(title="停车位划线", text="小区里停车位的线看不清了。")
    page = phone.get("/public/", {"q": q}).content.decode()
    assert "路灯已换好" in page
    assert "停车位" not in page


def test_filtered_by_community_and_month_and_paged(
    street: SimpleNamespace, open_copy: Open, phone: Client, monkeypatch: Any, now: dt.datetime
) -> None:
    monkeypatch.setattr(public, "SIZE", 2)
    for n in range(3):
        open_copy(title=f"第{n}件")
    first = phone.get("/public/")
    assert [row.title for row in first.context["page"].rows] == ["第2件", "第1件"]
    second = phone.get("/public/", {"after": first.context["page"].next})
    assert [row.title for row in second.context["page"].rows] == ["第0件"]
    assert phone.get("/public/", {"place": street.tingsong.pk}).context["page"].rows == []
    assert len(phone.get("/public/", {"place": street.wanghuai.pk}).context["page"].rows) == 2
    assert phone.get("/public/", {"month": "2001-01"}).context["page"].rows == []
    assert len(phone.get("/public/", {"month": f"{now:%Y-%m}"}).context["page"].rows) == 2


@pytest.mark.parametrize(
    "query",
    [
        "?q=%01&place=x&month=2026-13&after=abc",
        "?after=99999999999999999999",
        "?place=9999999",
        "?month=9999-12",
        "?q=" + "%F0%9F%98%80" * 50,
    ],
)
def test_an_address_that_fits_nothing_breaks_nothing(open_copy: Open, phone: Client, query: str) -> None:
    open_copy()
    assert phone.get("/public/" + query).status_code == 200


def test_a_withdrawn_copy_says_so_and_keeps_no_word(
    street: SimpleNamespace, open_copy: Open, phone: Client, now: dt.datetime
) -> None:
    copy = open_copy(title="有秘密的标题", text="有秘密的内容，不该公开。")
    services.withdraw(copy, reason="写着住址，撤下重涂", actor=street.actor(street.publisher), at=now)
    for address in ("/public/", f"/public/{copy.pk}/", "/public/?q=秘密", "/"):
        page = phone.get(address)
        assert page.status_code == 200
        assert "有秘密" not in page.content.decode(), address
    assert "写着住址，撤下重涂" in phone.get("/public/").content.decode()
    assert "写着住址，撤下重涂" in phone.get(f"/public/{copy.pk}/").content.decode()


def test_a_draft_and_what_later_accuses_somebody_are_not_there(
    street: SimpleNamespace, open_copy: Open, answered: Any, phone: Client, now: dt.datetime
) -> None:
    s = street
    voice, _code = answered()
    draft = services.redact(
        voice, title="还没有公开", text="还没有公开。", answer="还没有。", actor=s.actor(s.handler), at=now
    )
    assert phone.get(f"/public/{draft.pk}/").status_code == 404
    copy = open_copy(title="后来才知道反映的是谁")
    services.name_accused(copy.voice, unit=s.estate, actor=s.actor(s.dispatcher), at=now)
    assert "后来才知道" in phone.get("/public/").content.decode(), "that moment itself would tell"


def test_what_later_accuses_somebody_goes_with_others_and_says_the_same(
    street: SimpleNamespace, open_copy: Open, phone: Client, now: dt.datetime
) -> None:
    s = street
    copies = [open_copy(title=f"第{number}件公开的事") for number in range(8)]
    days = [now - dt.timedelta(days=n) for n in (0, 0, 45, 90, 90, 135, 135, 500)]
    for copy, day in zip(copies, days, strict=True):
        PublicCopy._base_manager.filter(pk=copy.pk).update(published_at=day)
    named = copies[3]
    services.name_accused(named.voice, unit=s.estate, actor=s.actor(s.dispatcher), at=now)
    assert turn_over(at=now) == 5, "the whole month, older ones up to five, and what is over anyway"
    gone = PublicCopy._base_manager.exclude(withdrawn_at=None)
    assert {copy.pk for copy in copies[3:]} == set(gone.values_list("pk", flat=True))
    assert set(gone.values_list("withdrawn_at", "withdrawn_why")) == {(now, "公开期满")}
    assert turn_over(at=now) == 0
    said = {
        (one.title, one.text, one.answer, one.outcome, one.is_no, one.withdrawn_at, one.withdrawn_why)
        for one in (public.public_copy(copy.pk) for copy in copies[3:])
    }
    assert len(said) == 1, "of none can be told that it was the reason"
    assert "第3件公开的事" not in phone.get("/public/").content.decode()


def test_what_is_public_is_the_same_for_everybody(street: SimpleNamespace, open_copy: Open, phone: Client) -> None:
    from lianxi.commons.accounts.models import Account

    open_copy()
    head = Client()
    head.force_login(Account.objects.create_user("mengzhiqiu", "a-long-password", person=street.estate_head))
    rows = [[row.pk for row in one.get("/public/").context["page"].rows] for one in (phone, head)]
    assert rows[0] == rows[1] != []
