"""Who looked at my data: every look is there, but for records kept away."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from lianxi.commons.protection.services import reveal
from lianxi.participation.voices import services as voices
from lianxi.participation.voices.models import Party
from tests.officers import login


@pytest.mark.django_db(transaction=True)
def test_a_look_is_on_the_page_of_whom_it_concerns(office: SimpleNamespace, at: dt.datetime, lot: Any) -> None:
    person = office.handler
    reveal(person, "phone", actor=office.actor(office.organiser), at=at, reason="核对号码", subject_id=person.pk)
    page = login(person).get("/account/looks/").content.decode()
    assert "顾明远" in page
    assert "核对号码" in page
    assert "核对号码" not in login(office.secretary).get("/account/looks/").content.decode()
    said = voices.Said(text="有人占道。", place=office.wanghuai, phone="13900000999")
    voice, _code = voices.raise_voice(said, actor=office.actor(office.resident), at=at, lot=lot)
    reveal(voice, "phone", actor=office.actor(office.supervisor), at=at, reason="回访不满意", subject_id=person.pk)
    assert "回访不满意" in login(person).get("/account/looks/").content.decode()
    Party._base_manager.create(voice=voice, person=person, part="accused", at=at)
    page = login(person).get("/account/looks/").content.decode()
    assert "回访不满意" not in page
    assert "核对号码" in page
