"""The API: tokens, the walk by program, problems, and what schemathesis finds."""

import datetime as dt
import json
import random
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from django.core.cache import cache
from django.test import Client

from lianxi.commons.permissions import ANYBODY, asking, system
from lianxi.commons.refusals import BadInput
from lianxi.commons.tokens import services as tokens
from lianxi.commons.tokens.models import Token
from lianxi.participation.voices import services
from lianxi.participation.voices.api import STEPS
from lianxi.participation.voices.models import Voice
from lianxi.participation.voices.workflow import WALK


@pytest.fixture(autouse=True)
def _plain_cache(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


def bearer(
    street: SimpleNamespace, who: str, at: dt.datetime | None = None, roles: list[str] | None = None
) -> dict[str, str]:
    actor = street.actor(getattr(street, who))
    roles = roles or sorted({post.role for post in actor.posts})
    from django.utils import timezone

    _token, text = tokens.issue(
        name="测试", roles=roles, days=10, actor=actor, at=at or timezone.now(), lot=random.Random(who)
    )
    return {"Authorization": f"Bearer {text}"}


def post(path: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> Any:
    return Client().post(path, json.dumps(body), content_type="application/json", headers=headers or {})


def test_a_program_walks_a_voice_from_intake_to_rating(street: SimpleNamespace) -> None:
    s = street
    raised = post(
        "/api/v1/residents/voices",
        {"text": "路灯坏了三天，晚上看不清路。", "place": s.wanghuai.pk, "phone": "13900000417"},
    )
    assert raised.status_code == 201, raised.content
    voice = raised.json()
    base = f"/api/v1/voices/{voice['id']}/steps"
    for who, verb, body in (
        ("dispatcher", "accept", {}),
        ("dispatcher", "dispatch", {"to": s.wanghuai_committee.pk}),
        ("handler", "take", {"handler": s.handler.pk}),
        ("handler", "contact", {"how": "call", "words": "约好上门"}),
        ("handler", "draft", {"facts": "断线", "result": "support", "opinion": "修好", "basis": "第三十二条"}),
        ("handler", "submit", {}),
        ("director", "answer", {}),
    ):
        answer = post(
            f"{base}/{verb}",
            body,
            bearer(s, who) if not Token.objects.filter(person=getattr(s, who)).exists() else bearer_again(s, who),
        )
        assert answer.status_code == 200, (verb, answer.content)
    followed = Client().get("/api/v1/residents/follow", headers={"Receipt-Code": voice["code"]}).json()
    assert followed["state"] == "answered"
    assert "修好" in followed["answer"]
    rated = post(
        "/api/v1/residents/follow/rating", {"solved": "yes", "satisfied": "yes"}, {"Receipt-Code": voice["code"]}
    )
    assert rated.json()["state"] == "closed"


def bearer_again(street: SimpleNamespace, who: str) -> dict[str, str]:
    Token.objects.filter(person=getattr(street, who)).delete()
    return bearer(street, who)


def test_every_step_of_the_walk_is_open_to_programs() -> None:
    names = {"object", "call_back_result"}
    covered = {verb for verb, _wants, _service in STEPS} | {
        "rate_well",
        "rate_badly",
        "call_back_well",
        "call_back_badly",
        "supplement",
        "resident_answers",
    }
    assert set(WALK.by_verb) <= covered
    assert names <= covered


@pytest.mark.parametrize("path", ["/api/v1/me", "/api/v1/voices", "/api/v1/voices/1", "/api/v1/voices/1/steps"])
def test_without_a_token_nothing_is_told(street: SimpleNamespace, path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["type"] == "/problems/no-token"


def test_a_wrong_late_or_withdrawn_token_is_refused(street: SimpleNamespace) -> None:
    from django.utils import timezone

    headers = bearer(street, "handler")
    assert Client().get("/api/v1/me", headers=headers).status_code == 200
    assert Client().get("/api/v1/me", headers={"Authorization": "Bearer lx_wrong"}).status_code == 401
    token = Token.objects.get()
    tokens.withdraw(token.pk, actor=street.actor(street.handler), at=timezone.now())
    assert Client().get("/api/v1/me", headers=headers).status_code == 401
    Token.objects.update(withdrawn_at=None, until=timezone.now() - dt.timedelta(seconds=1))
    assert Client().get("/api/v1/me", headers=headers).status_code == 401


def test_a_token_never_holds_more_than_its_person(street: SimpleNamespace, at: dt.datetime) -> None:
    with pytest.raises(BadInput):
        tokens.issue(
            name="x", roles=["supervisor"], days=1, actor=street.actor(street.handler), at=at, lot=random.Random(1)
        )
    with pytest.raises(BadInput):
        tokens.issue(
            name="x", roles=["handler"], days=1000, actor=street.actor(street.handler), at=at, lot=random.Random(1)
        )
    assert not Token.objects.exists()


def test_the_accused_and_strangers_get_the_same_404(
    street: SimpleNamespace, at: dt.datetime, lot: random.Random
) -> None:
    from lianxi.commons.permissions import ANYBODY
    from lianxi.participation.voices import services

    s = street
    voice, _ = services.raise_voice(
        services.Said(text="物业押金不退CANARY。", place=s.wanghuai, accused_units=[s.estate]),
        actor=ANYBODY,
        at=at,
        lot=lot,
    )
    texts = set()
    for who in ("estate_head", "estate_worker", "other_handler"):
        headers = bearer(s, who)
        for path in (
            f"/api/v1/voices/{voice.pk}",
            f"/api/v1/voices/{voice.pk}/events",
            f"/api/v1/voices/{voice.pk}/steps",
        ):
            answer = Client().get(path, headers=headers)
            assert answer.status_code == 404
            texts.add(answer.content.decode())
        everything = Client().get("/api/v1/voices?view=all&q=CANARY", headers=headers)
        assert everything.json() == {"rows": [], "next": ""}
    missing = Client().get(f"/api/v1/voices/{voice.pk + 1}", headers=bearer_again(s, "estate_head"))
    assert texts == {missing.content.decode()}


def test_two_programs_at_once_learn_what_changed(street: SimpleNamespace, at: dt.datetime, lot: random.Random) -> None:
    from lianxi.commons.permissions import ANYBODY
    from lianxi.participation.voices import services

    voice, _ = services.raise_voice(
        services.Said(text="路灯坏了三天了。", place=street.wanghuai), actor=ANYBODY, at=at, lot=lot
    )
    headers = bearer(street, "dispatcher")
    assert post(f"/api/v1/voices/{voice.pk}/steps/accept", {"seen": 1}, headers).status_code == 200
    late = post(
        f"/api/v1/voices/{voice.pk}/steps/decline", {"seen": 1, "exit": "outside", "reason": "不归我们"}, headers
    )
    assert late.status_code == 409
    assert late.json()["type"] == "/problems/changed-meanwhile"
    with asking(system("voices.clock")):
        assert Voice.objects.get(pk=voice.pk).state == "accepted"


def _follow(code: str) -> Any:
    return Client().get("/api/v1/residents/follow", headers={"Receipt-Code": code})


def test_no_address_holds_a_code(street: SimpleNamespace, at: dt.datetime, lot: random.Random) -> None:
    _voice, code = services.raise_voice(
        services.Said(text="路灯坏了三天了。", place=street.wanghuai), actor=ANYBODY, at=at, lot=lot
    )
    assert not [route for route in Client().get("/api/v1/openapi.json").json()["paths"] if "{code}" in route]
    assert Client().get(f"/api/v1/residents/follow/{code}").status_code == 404
    assert Client().get("/api/v1/residents/follow").status_code == 422
    assert _follow(code).json()["state"] == "received"


def test_an_hour_has_its_limit_too(street: SimpleNamespace, settings: Any) -> None:
    settings.THROTTLES = settings.THROTTLES | {"voices.raise_api": ((2, 60), (3, 3600))}
    body = {"text": "路灯坏了三天了。", "place": street.wanghuai.pk}
    whole = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)

    def send(minute: int) -> int:
        with mock.patch("django.utils.timezone.now", return_value=whole + dt.timedelta(minutes=minute)):
            return int(post("/api/v1/residents/voices", body).status_code)

    assert [send(minute) for minute in (0, 0, 0, 1, 2, 59, 60)] == [201, 201, 429, 201, 429, 429, 201]
    assert Voice._base_manager.count() == 4


def test_guessing_codes_is_throttled(street: SimpleNamespace, settings: Any) -> None:
    settings.THROTTLES = settings.THROTTLES | {"voices.follow_api": ((5, 60), (9, 3600))}
    answers = [_follow(f"YH-0000-{number:04d}").status_code for number in range(8)]
    assert answers[:5] == [404] * 5
    assert set(answers[5:]) <= {429, 404}
    assert 429 in answers


@pytest.mark.parametrize(
    "body",
    [
        {}, {"text": ""}, {"text": "路"}, {"text": "路" * 6001}, {"text": 5}, {"text": "路灯坏了\x00三天"}, {"text": "路灯坏了三天", "place": 10**20},
        {"text": "路灯坏了三天", "place": 999999}, {"text": "路灯坏了三天", "kind": "nonsense"}, {"text": "路灯坏了三天", "phone": "abc"},
        {"text": "路灯坏了三天", "accused_units": [0]}, {"text": "路灯坏了三天", "more": 1}, {"text": "收了钱不办事", "kind": "discipline"},
        {"text": "路灯坏了三天", "channel": "window"},
    ],
)  # fmt: skip
def test_bad_bodies_are_problems_and_change_nothing(street: SimpleNamespace, body: dict[str, Any]) -> None:
    answer = post("/api/v1/residents/voices", body)
    if body.get("channel") == "window":
        assert answer.status_code == 201
        with asking(system("voices.clock")):
            assert Voice.objects.get().channel == "api"
        return
    assert answer.status_code == 422, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail"} <= set(answer.json())
    assert not Voice._base_manager.exists()


def test_no_two_shapes_have_one_name() -> None:
    """OpenAPI knows a shape by its name alone: a second one would silently stand for the first."""
    from ninja import Schema

    def below(shape: type) -> set[type]:
        return {shape}.union(*(below(one) for one in shape.__subclasses__()))

    ours = [one.__name__ for one in below(Schema) if one.__module__.startswith("lianxi.")]
    assert sorted(ours) == sorted(set(ours))


def test_the_shape_of_a_body_is_refused_by_field(street: SimpleNamespace) -> None:
    answer = post("/api/v1/residents/voices", {"text": "路灯坏了三天", "place": "here", "accused_units": [1, "x"]})
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"place", "accused_units.1"}
    assert post("/api/v1/residents/voices", {}).json()["errors"] == {"text": ["Field required"]}


def test_an_address_that_is_none_is_a_problem_too(db: None) -> None:
    answer = Client().get("/api/v1/nothing/here")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["type"] == "/problems/not-found"
