"""The last try is given to one: of several at the same moment no more pass than the limit says."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from lianxi.commons.permissions import asking, system
from lianxi.commons.refusals import BadInput, NotFound, Refusal, TooMany
from lianxi.commons.throttling import give_back, guessing, spend, spending
from lianxi.participation.voices import services
from lianxi.participation.voices.models import Voice, VoiceEvent
from tests.resilience.test_at_once import AT_ONCE, TEXT, at_once, no_jobs
from tests.street import NOON, build_street
from tests.voices_front.conftest import token_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.timeout(120)]


@pytest.fixture
def s(transactional_db: None) -> Iterator[SimpleNamespace]:
    no_jobs()
    cache.clear()
    with asking(system("voices.clock")):
        yield build_street()
    cache.clear()
    no_jobs()


def limited(settings: Any, **limits: tuple[int, int]) -> None:
    settings.THROTTLES = settings.THROTTLES | {f"voices.{name}": (one,) for name, one in limits.items()}


def statuses(acts: list[Any]) -> Counter[Any]:
    return Counter(getattr(answer, "status_code", answer) for answer in at_once(acts))


def test_wrong_codes_at_once_are_told_to_no_more_than_the_limit(s: SimpleNamespace, settings: Any) -> None:
    limited(settings, wrong_code=(2, 3600))
    codes = [f"YH-{n:04d}-0000" for n in range(AT_ONCE)]
    told = statuses([lambda code=code: Client().get(f"/follow/{code}/") for code in codes])
    assert told == {404: 2, 429: AT_ONCE - 2}


def test_wrong_codes_by_program_too(s: SimpleNamespace, settings: Any) -> None:
    limited(settings, wrong_code=(2, 3600), follow_api=(100, 3600))
    told = statuses([
        lambda n=n: Client().get("/api/v1/residents/follow", headers={"Receipt-Code": f"YH-{n:04d}-0000"})
        for n in range(AT_ONCE)
    ])  # fmt: skip
    assert told == {404: 2, 429: AT_ONCE - 2}


def test_the_last_voice_of_the_minute_is_one(s: SimpleNamespace, settings: Any) -> None:
    limited(settings, **{"raise": (1, 3600)})
    phones = [Client() for _ in range(AT_ONCE)]
    typed = [{"text": f"{TEXT}第{n}盏。", "token": token_of(phone.get("/say/"))} for n, phone in enumerate(phones)]
    told = statuses([lambda n=n: phones[n].post("/say/", typed[n]) for n in range(AT_ONCE)])
    assert told == {302: 1, 429: AT_ONCE - 1}
    assert Voice._base_manager.count() == 1


def test_what_was_not_raised_does_not_count(s: SimpleNamespace, settings: Any) -> None:
    limited(settings, **{"raise": (1, 3600)})
    phone = Client()
    token = token_of(phone.get("/say/"))
    for _ in range(3):
        assert phone.post("/say/", {"text": "短", "token": token}).status_code == 422
    assert phone.post("/say/", {"text": TEXT, "token": token}).status_code == 302
    assert phone.post("/say/", {"text": TEXT + "又。", "token": token}).status_code == 429


def test_additions_at_once(s: SimpleNamespace, settings: Any) -> None:
    import random

    limited(settings, **{"raise": (2, 3600)})
    from lianxi.commons.permissions import ANYBODY

    voice, code = services.raise_voice(
        services.Said(text=TEXT, place=s.wanghuai), actor=ANYBODY, at=NOON, lot=random.Random(1)
    )
    phones = [Client() for _ in range(AT_ONCE)]
    for phone in phones:
        assert phone.get(f"/follow/{code}/").status_code == 200
    told = statuses([
        lambda n=n: phones[n].post("/follow/add/", {"code": code, "a-text": f"又坏了第{n}盏灯，请一起修。"}) for n in range(AT_ONCE)
    ])  # fmt: skip
    assert told == {302: 2, 429: AT_ONCE - 2}
    assert VoiceEvent._base_manager.filter(voice=voice.pk, verb="supplement").count() == 2


def test_looks_at_once(s: SimpleNamespace, settings: Any) -> None:
    limited(settings, look=(3, 3600))
    told = statuses([lambda: Client().get("/public/?q=路灯")] * AT_ONCE)
    assert told == {200: 3, 429: AT_ONCE - 3}


def _tried(act: Any) -> str:
    try:
        act()
    except Refusal as refused:
        return type(refused).__name__
    return "told"


def test_guesses_at_once_and_the_right_one_after(s: SimpleNamespace, settings: Any) -> None:
    settings.THROTTLES = settings.THROTTLES | {"budgets.wrong_code": ((2, 3600),)}

    def guess(right: bool, refusal: type[Refusal] = NotFound) -> str:
        def act() -> None:
            with guessing("budgets.wrong_code", "203.0.113.7", at=NOON):
                if not right:
                    raise NotFound if refusal is NotFound else BadInput({"code": "x"})

        return _tried(act)

    assert [guess(True) for _ in range(4)] == ["told"] * 4
    assert Counter(at_once([lambda: guess(False)] * AT_ONCE)) == {"NotFound": 2, "TooMany": AT_ONCE - 2}
    assert (guess(True), guess(False, BadInput)) == ("TooMany", "TooMany")


def test_a_refused_try_is_given_back(s: SimpleNamespace, settings: Any) -> None:
    settings.THROTTLES = settings.THROTTLES | {"voices.raise": ((2, 60), (3, 3600))}

    def act(refuse: bool) -> str:
        def inner() -> None:
            with spending("voices.raise", "203.0.113.7", at=NOON):
                if refuse:
                    raise BadInput({"text": "x"})

        return _tried(inner)

    assert Counter(at_once([lambda: act(True)] * 2)) <= Counter({"BadInput": 2})
    assert Counter(at_once([lambda: act(False)] * AT_ONCE)) == {"told": 2, "TooMany": AT_ONCE - 2}
    later = NOON + dt.timedelta(seconds=60)
    give_back("voices.raise", "203.0.113.7", at=later)
    spend("voices.raise", "203.0.113.7", at=later)
    spend("voices.raise", "203.0.113.7", at=later)
    with pytest.raises(TooMany):
        spend("voices.raise", "203.0.113.7", at=later)
