"""Somebody is complained about, and it is not yet known who: until the dispatcher says, anybody else may be meant."""

import datetime as dt
import json
import random
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from lianxi.commons.accounts.models import Account
from lianxi.commons.papers.kinds import kind_named
from lianxi.commons.papers.sheets import Row
from lianxi.commons.permissions import ANYBODY, kept_from
from lianxi.commons.refusals import BadInput, Blocked, NotPermitted
from lianxi.commons.tokens import services as tokens
from lianxi.participation.voices import policies, services
from lianxi.participation.voices.models import Party, Voice, VoiceEvent
from lianxi.participation.voices.queries import figures

from .test_canary import CANARY, NOW, _forget, accused_world, read_all

__all__ = ["accused_world"]


@pytest.fixture(autouse=True)
def _plain_cache(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


def said(s: SimpleNamespace, words: str, **more: Any) -> Voice:
    about = services.Said(text=f"东门收押金不退{CANARY}，半年了。", place=s.wanghuai, accused_words=words, **more)
    return services.raise_voice(about, actor=ANYBODY, at=NOW, lot=random.Random(words))[0]


def meet(s: SimpleNamespace, voice: Voice) -> set[str]:
    return {name for name, person in s.people.items() if policies.VIEW.may(s.actor(person), voice)}


@pytest.mark.parametrize(
    ("words", "open_", "named"),
    [
        ("小胡", True, []),
        ("承办人陆砚秋", False, ["handler"]),
        ("陆砚秋和他的领导", True, ["handler"]),
        ("沈既白、陆砚秋", False, ["handler", "director"]),
        ("", False, []),
    ],
)
def test_words_that_say_more_than_known_names_leave_it_open(
    street: SimpleNamespace, words: str, open_: bool, named: list[str]
) -> None:
    voice = said(street, words)
    assert (voice.accused_open, voice.accused_any) == (open_, open_ or bool(named))
    parties = set(Party._base_manager.filter(voice=voice).values_list("person", flat=True))
    assert parties == {getattr(street, name).pk for name in named}


def test_only_the_dispatcher_of_the_street_meets_it(accused_world: SimpleNamespace) -> None:
    """Also not those who hold the dispatcher's post and one below: they may be meant."""
    s = accused_world
    voice = said(s, "门岗的老胡")
    assert (voice.owner_id, voice.state) == (s.top.pk, "received")
    assert meet(s, voice) == {"dispatcher"}
    for name, person in s.people.items():
        if name != "dispatcher":
            assert Voice._base_manager.filter(kept_from(Voice, s.actor(person)), pk=voice.pk).exists(), name


def test_it_stands_in_no_figure_and_cannot_be_published(street: SimpleNamespace) -> None:
    s = street
    desk = s.actor(s.dispatcher)
    before = figures.desk_figures(actor=desk, at=NOW), figures.public_figures(at=NOW)
    voice = said(s, "门岗的老胡")
    assert (figures.desk_figures(actor=desk, at=NOW), figures.public_figures(at=NOW)) == before
    Voice._base_manager.filter(pk=voice.pk).update(state="answered")
    with pytest.raises(BadInput):
        services.redact(voice, title="标题", text="内容", answer="答复", actor=_publisher(s), at=NOW)


def _publisher(s: SimpleNamespace) -> Any:
    from lianxi.commons.permissions.models import Posting

    Posting.objects.create(person=s.dispatcher, unit=s.top, role="publisher", since=dt.date(2025, 1, 1))
    return s.actor(s.dispatcher)


def test_it_goes_nowhere_until_it_is_known(street: SimpleNamespace) -> None:
    s = street
    desk = s.actor(s.dispatcher)
    voice = services.accept(said(s, "门岗的老胡"), actor=desk, at=NOW)
    for refused in (
        lambda: services.dispatch(voice, to=s.works, actor=desk, at=NOW),
        lambda: services.no_official(voice, reason="  ", actor=desk, at=NOW),
    ):
        with pytest.raises((Blocked, BadInput)):
            refused()
    voice.refresh_from_db()
    assert (voice.state, voice.version, voice.accused_open) == ("accepted", 2, True)
    voice = services.name_accused(voice, unit=s.estate, more=True, actor=desk, at=NOW)
    assert voice.accused_open
    assert meet(s, voice) == {"dispatcher"}
    voice = services.name_accused(voice, person=s.handler, actor=desk, at=NOW)
    assert not voice.accused_open
    assert meet(s, voice) == {"dispatcher", "supervisor", "secretary", "publisher"}
    assert services.dispatch(voice, to=s.works, actor=desk, at=NOW).owner_id == s.works.pk


def test_nobody_of_the_house_is_meant_is_said_once_with_a_reason(street: SimpleNamespace) -> None:
    s = street
    desk = s.actor(s.dispatcher)
    voice = services.no_official(said(s, "门岗的老胡"), reason="是物业请的保安，不是工作人员。", actor=desk, at=NOW)
    assert (voice.accused_open, voice.accused_any) == (False, False)
    assert VoiceEvent._base_manager.filter(voice=voice.pk).last().reason == "是物业请的保安，不是工作人员。"
    assert "secretary" in meet(s, voice)
    with pytest.raises(Blocked):
        services.no_official(voice, reason="再说一次。", actor=desk, at=NOW)
    with pytest.raises(NotPermitted):
        services.no_official(voice, reason="再说一次。", actor=s.actor(s.secretary), at=NOW)
    assert VoiceEvent._base_manager.filter(voice=voice.pk).count() == 2


def test_every_intake_leaves_it_open(street: SimpleNamespace) -> None:
    s = street
    kind, desk = kind_named("voices"), s.actor(s.dispatcher)
    row = Row(2, {"text": "楼道里堆满杂物，说了没人管。", "place": "望槐社区党委", "accused": "门岗的老胡"})
    kind.check([row], actor=desk, at=NOW)
    assert [(note.level, note.column) for note in row.notes] == [("info", "accused")]
    [made] = kind.apply([row], actor=desk, at=NOW)
    assert made is not None
    assert meet(s, made) == {"dispatcher"}
    kind.undo([(2, made)], actor=desk, at=NOW)
    assert Voice._base_manager.get(pk=made.pk).state == "declined"

    body = {"text": "楼道里堆满杂物，说了没人管。", "place": s.wanghuai.pk, "accused_words": "门岗的老胡"}
    answer = Client().post("/api/v1/residents/voices", json.dumps(body), content_type="application/json")
    assert answer.status_code == 201
    assert meet(s, Voice._base_manager.get(pk=answer.json()["id"])) == {"dispatcher"}

    Account.objects.create(username="clerk", person=s.clerk)
    client = Client()
    client.force_login(
        Account.objects.get(person=s.clerk), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    typed = {
        "channel": "window", "text": "楼道里堆满杂物，没人管的。", "place": s.wanghuai.pk, "kind": "help", "topic": "safety",
        "naming": "anonymous", "accused_words": "门岗的老胡",
    }  # fmt: skip
    assert client.post("/voices/register/", typed).status_code == 302
    written = Voice._base_manager.get(channel="window")
    assert written.accused_open
    assert client.get("/voices/register/receipt/").status_code == 200, "who registered it hands the receipt over"
    assert client.get(f"/voices/{written.pk}/").status_code == 404


def test_the_desk_offers_to_say_who_it_is(street: SimpleNamespace) -> None:
    s = street
    Account.objects.create(username="desk", person=s.dispatcher)
    client = Client()
    client.force_login(
        Account.objects.get(username="desk"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    voice = services.accept(said(s, "门岗的老胡"), actor=s.actor(s.dispatcher), at=NOW)
    page = client.get(f"/voices/{voice.pk}/")
    assert page.context["offered"].main.act.name == "name_accused"
    assert "no_official" in {one.act.name for one in page.context["offered"].beside}
    assert "还没有对上" in page.content.decode()
    done = client.post(
        f"/voices/{voice.pk}/do/no_official/", {"seen": voice.version, "reason": "是来访的亲戚，不是工作人员。"}
    )
    assert done.status_code == 302
    assert "还没有对上" not in client.get(f"/voices/{voice.pk}/").content.decode()


def test_no_api_call_tells_who_may_be_meant(street: SimpleNamespace) -> None:
    s = street
    voice = said(s, "门岗的老胡")
    for who in (s.secretary, s.supervisor, s.director):
        actor = s.actor(who)
        _token, text = tokens.issue(
            name="t",
            roles=sorted({p.role for p in actor.posts}),
            days=3,
            actor=actor,
            at=NOW,
            lot=random.Random(who.pk),
        )
        headers = {"Authorization": f"Bearer {text}"}
        assert CANARY not in Client().get("/api/v1/voices?view=all&size=100", headers=headers).content.decode()
        for path in ("", "/events", "/steps"):
            assert Client().get(f"/api/v1/voices/{voice.pk}{path}", headers=headers).status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize(("who", "language"), [("secretary", "zh-hans"), ("estate_head", "zh-hans")])
def test_whoever_may_be_meant_reads_the_same_in_both_worlds(
    accused_world: SimpleNamespace, who: str, language: str
) -> None:
    s = accused_world
    person = getattr(s, who)
    Account.objects.get_or_create(person=person, defaults={"username": who})
    voice = services.accept(said(s, "门岗的老胡"), actor=s.actor(s.dispatcher), at=NOW)
    values = {"pk": voice.pk, "key": "0" * 32, "field": "phone", "name": "accept", "rule_id": "X-14", "code": "YH-0000-0000",
              "kind": "voices", "token": "x"}  # fmt: skip
    read = read_all(s, person, values, language)
    for path, (status, body) in read.items():
        if str(voice.pk) in path:
            assert status in (302, 403, 404, 405), (path, status)
        assert "CANARY" not in body.decode("utf-8", "replace") or "q=" in path, path
    _forget(voice)
    without = read_all(s, person, values, language)
    assert [path for path in read if read[path] != without[path]] == []
