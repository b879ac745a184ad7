"""我也反映: joining a published matter, and what the public reads of it."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from lianxi.participation.voices import services
from lianxi.participation.voices.models import Joining, Voice
from lianxi.participation.voices.queries import joined, public

Open = Callable[..., Any]
TEXT = "我这栋楼门口的灯也不亮了，晚上看不见路。"


@pytest.fixture(autouse=True)
def unhurried(settings: Any) -> None:
    """Many residents from one address: that is what the throttle is for, and not what is tested here."""
    settings.THROTTLES = settings.THROTTLES | {"voices.raise": [(1000, 60)]}


def _say(copy: Any, **more: str) -> Client:
    resident = Client(headers={"accept-language": "zh-CN"})
    page = resident.get("/say/", {"joins": copy.pk})
    token = re.search(r'name="token" value="([^"]+)"', page.content.decode())
    assert token
    answer = resident.post("/say/", {"text": TEXT, "token": token[1], "joins": str(copy.pk), **more})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return resident


def test_a_resident_joins_and_has_the_own_receipt(street: SimpleNamespace, open_copy: Open) -> None:
    copy = open_copy()
    page = Client(headers={"accept-language": "zh-CN"}).get(f"/public/{copy.pk}/").content.decode()
    assert f"/say/?joins={copy.pk}" in page
    resident = _say(copy)
    receipt = resident.get("/receipt/").content.decode()
    assert "已算上您" in receipt
    joining = Joining._base_manager.get()
    assert joining.matter_id == copy.voice_id
    assert Voice._base_manager.get(pk=joining.voice_id).text == TEXT


def test_few_are_not_counted_in_public_and_many_only_about(street: SimpleNamespace, open_copy: Open) -> None:
    copy = open_copy()
    for n in range(3):
        _say(copy, phone=f"1390000100{n}")
    assert public.public_copy(copy.pk).people is None
    assert "人反映" not in Client().get("/public/").content.decode()
    for n in range(3, 6):
        _say(copy, phone=f"1390000100{n}")
    assert public.public_copy(copy.pk).people == 5
    page = Client(headers={"accept-language": "zh-CN"}).get("/public/").content.decode()
    assert "约5人反映" in page
    assert "7人" not in page


def test_one_who_says_it_twice_is_one(street: SimpleNamespace, open_copy: Open) -> None:
    copy = open_copy()
    for n in range(8):
        _say(copy, phone="13900001000", text=f"{TEXT}第{n}次")
    assert Joining._base_manager.count() == 8
    assert joined.people_of([copy.voice_id]) == {}


def test_whoever_complains_about_somebody_is_not_counted(street: SimpleNamespace, open_copy: Open) -> None:
    copy = open_copy()
    _say(copy, about="on", accused_units=str(street.estate.pk), accused_words="")
    assert Voice._base_manager.filter(accused_any=True).count() == 1
    assert Joining._base_manager.count() == 0


def test_a_complaint_named_later_leaves_the_count(street: SimpleNamespace, open_copy: Open) -> None:
    copy = open_copy()
    for n in range(5):
        _say(copy, phone=f"1390000100{n}")
    assert joined.people_of([copy.voice_id]) == {copy.voice_id: 5}
    Voice._base_manager.filter(pk__in=Joining._base_manager.values("voice")[:2]).update(accused_any=True)
    assert joined.people_of([copy.voice_id]) == {}


def test_naming_somebody_later_changes_nothing_for_who_joins(street: SimpleNamespace, open_copy: Open) -> None:
    """The moment of naming must not be read from a public page: the matter stands and can be joined as before."""
    copy = open_copy()
    Voice._base_manager.filter(pk=copy.voice_id).update(accused_any=True)
    assert 'name="joins"' in Client().get("/say/", {"joins": copy.pk}).content.decode()
    _say(copy)
    assert Joining._base_manager.count() == 1


@pytest.mark.parametrize("gone", ["withdrawn", "unknown"])
def test_what_is_not_public_cannot_be_joined(street: SimpleNamespace, open_copy: Open, now: Any, gone: str) -> None:
    copy = open_copy()
    if gone == "withdrawn":
        services.withdraw(copy, reason="居民要求撤下", actor=street.actor(street.publisher), at=now)
    else:
        copy.pk = 999_999
    before = Voice._base_manager.count()
    assert 'name="joins"' not in Client().get("/say/", {"joins": copy.pk}).content.decode()
    _say(copy)
    assert Voice._base_manager.count() == before + 1
    assert Joining._base_manager.count() == 0


def test_the_desk_shows_the_others_to_those_who_may_see_them(street: SimpleNamespace, open_copy: Open) -> None:
    s, copy = street, open_copy()
    _say(copy, place=str(s.tingsong.pk))
    other = Joining._base_manager.get().voice
    matter = Voice._base_manager.get(pk=copy.voice_id)
    assert [one.pk for one in joined.others(matter, actor=s.actor(s.dispatcher))] == [other.pk]
    assert [one.pk for one in joined.others(other, actor=s.actor(s.dispatcher))] == [matter.pk]
    assert joined.others(matter, actor=s.actor(s.handler)) == []


def test_what_was_ticked_is_kept_when_the_form_comes_back(street: SimpleNamespace, open_copy: Open) -> None:
    copy = open_copy()
    page = Client(headers={"accept-language": "zh-CN"}).post("/say/", {"text": "短", "joins": str(copy.pk)})
    assert page.status_code == 422
    assert re.search(rf'name="joins" value="{copy.pk}"[^>]*checked', page.content.decode())
    assert Joining._base_manager.count() == 0
