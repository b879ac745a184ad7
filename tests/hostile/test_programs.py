"""What a program can send and read beside the pages: not more than they, and nothing that breaks."""

import json
import random
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from lianxi.commons.accounts.models import Account
from lianxi.commons.throttling import address_of
from lianxi.commons.tokens import services as tokens
from lianxi.participation.voices.models import Voice, VoiceEvent


@pytest.fixture(autouse=True)
def _plain_cache(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


def bearer(street: SimpleNamespace, who: str) -> dict[str, str]:
    actor = street.actor(getattr(street, who))
    roles = sorted({post.role for post in actor.posts})
    _token, text = tokens.issue(
        name="测试", roles=roles, days=10, actor=actor, at=timezone.now(), lot=random.Random(who)
    )
    return {"Authorization": f"Bearer {text}"}


def post(path: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> Any:
    return Client().post(path, json.dumps(body), content_type="application/json", headers=headers or {})


def test_guessing_by_program_is_as_slow_as_by_hand(
    street: SimpleNamespace,
    answered: Callable[..., Any],
    settings: Any,
) -> None:
    settings.THROTTLES = settings.THROTTLES | {"voices.follow_api": ((10_000, 60),)}
    _voice, code = answered()
    wrong = [
        Client().get("/api/v1/residents/follow", headers={"Receipt-Code": f"0000000{n}"}).status_code for n in range(8)
    ]
    assert wrong == [404] * 5 + [429] * 3
    assert Client().get(f"/follow/{code}/").status_code == 429, "the page counts the same tries"
    assert Client().get("/api/v1/residents/follow", headers={"Receipt-Code": code}).status_code == 429, (
        "a right code looks like a wrong one"
    )
    assert (
        Client().get("/api/v1/residents/follow", headers={"Receipt-Code": code}, REMOTE_ADDR="198.51.100.7").status_code
        == 200
    )


def test_behind_a_proxy_one_address_does_not_use_up_the_limit_of_another(
    street: SimpleNamespace, settings: Any
) -> None:
    settings.THROTTLES, settings.PROXIES = settings.THROTTLES | {"voices.follow_api": ((2, 60),)}, 1

    def look(address: str) -> int:
        return (
            Client()
            .get("/api/v1/residents/follow", headers={"Receipt-Code": "x", "x-forwarded-for": f"10.9.8.7, {address}"})
            .status_code
        )

    assert [look("198.51.100.1") for _ in range(3)] == [404, 404, 429]
    assert look("198.51.100.2") == 404
    assert address_of({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "1.1.1.1, 198.51.100.1"}) == "198.51.100.1"


def test_whoever_raised_it_does_not_read_by_program_what_the_house_settles_within_itself(
    street: SimpleNamespace,
    answered: Callable[..., Any],
) -> None:
    s = street
    voice, _code = answered()
    Voice._base_manager.filter(pk=voice.pk).update(author=s.other_handler)
    headers = bearer(s, "other_handler")
    for path in ("", "/events", "/steps"):
        assert Client().get(f"/api/v1/voices/{voice.pk}{path}", headers=headers).status_code == 404, path
    inside = bearer(s, "handler")
    for path in ("", "/events", "/steps"):
        assert Client().get(f"/api/v1/voices/{voice.pk}{path}", headers=inside).status_code == 200, path


@pytest.mark.parametrize(
    "bad", [{"channel": "x" * 40}, {"channel": "carrier pigeon"}, {"naming": "x" * 40}, {"naming": "somehow"}]
)
def test_codes_that_are_none_are_refused_at_intake(street: SimpleNamespace, bad: dict[str, str]) -> None:
    answer = post("/api/v1/voices", {"text": "路灯坏了三天，看不清路。"} | bad, bearer(street, "dispatcher"))
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == set(bad)
    assert not Voice._base_manager.exists()


@pytest.mark.parametrize("bad", [{"topic": "x" * 40}, {"topic": "weather"}, {"kind": "x" * 40}, {"kind": "none"}])
def test_codes_that_are_none_are_refused_at_acceptance(
    street: SimpleNamespace,
    raised: Callable[..., Any],
    bad: dict[str, str],
) -> None:
    voice, _code = raised()
    before = Voice._base_manager.filter(pk=voice.pk).values().get()
    answer = post(f"/api/v1/voices/{voice.pk}/steps/accept", bad, bearer(street, "dispatcher"))
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == set(bad)
    assert Voice._base_manager.filter(pk=voice.pk).values().get() == before


def test_a_reason_loses_what_cannot_be_seen(street: SimpleNamespace, raised: Callable[..., Any]) -> None:
    voice, _code = raised()
    answer = post(
        f"/api/v1/voices/{voice.pk}/steps/decline",
        {"exit": "outside", "reason": "\u202e请找\u2066区里\x07"},
        bearer(street, "dispatcher"),
    )
    assert answer.status_code == 200, answer.content
    assert VoiceEvent._base_manager.get(voice=voice.pk, verb="decline").reason == "请找区里"


def test_numbers_that_are_none_break_no_page(street: SimpleNamespace, raised: Callable[..., Any]) -> None:
    voice, _code = raised()
    client = Client()
    client.force_login(Account.objects.create_user("zhou", "a-long-password", person=street.dispatcher))
    for number in ("²", "9" * 5000, "-1", "\uff11"):
        assert client.post("/follow/rate/", {"own": number}).status_code == 404
        typed = {"row": [voice.pk], f"seen_{voice.pk}": number, "reason": "快"}
        assert client.post("/voices/together/urge/", typed).status_code == 200
    before = client.get(f"/voices/{voice.pk}/").status_code
    answer = client.post(f"/voices/{voice.pk}/reveal/phone/", {"reason": "核实\x00情况"})
    assert (before, answer.status_code) == (200, 200)
