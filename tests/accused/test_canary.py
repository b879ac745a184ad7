"""The party complained about walks every address, list, export and API call: the voice is not there.

Two worlds are built that differ in one voice against the estate. Whoever belongs to the estate must read the same in both,
down to the byte; and in neither may a word of it appear.
"""

import datetime as dt
import difflib
import io
import random
import re
import zipfile
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from lianxi.commons.accounts.models import Account
from lianxi.commons.permissions import ANYBODY, asking, system
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import Role
from lianxi.commons.tokens import services as tokens
from lianxi.participation.voices import services
from lianxi.participation.voices.models import Photo, Voice, VoiceEvent

CANARY = "金丝雀CANARY"
NOW = timezone.now().replace(microsecond=0)


@pytest.fixture(autouse=True)
def _plain_cache(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


def addresses() -> Iterator[tuple[str, list[str]]]:
    """Every address of the house, with the names of its parts."""

    def walk(patterns: Any, before: str) -> Iterator[tuple[str, list[str]]]:
        for one in patterns:
            if isinstance(one, URLPattern):
                route = before + str(one.pattern).removeprefix("^").removesuffix("$")
                yield route, re.findall(r"<(?:\w+:)?(\w+)>", route)
            else:
                yield from walk(one.url_patterns, before + str(one.pattern))

    yield from walk(get_resolver().url_patterns, "/")


def filled(route: str, values: dict[str, Any]) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda m: str(values.get(m.group(1), 1)), route)


@pytest.fixture
def accused_world(street: SimpleNamespace, lot: random.Random) -> SimpleNamespace:
    """The estate's people get posts that would show them everything of the street, were it not against them."""
    s = street
    for who in (s.estate_head, s.estate_worker):
        for role in (Role.SUPERVISOR, Role.DISPATCHER, Role.PUBLISHER):
            Posting.objects.create(person=who, unit=s.top, role=role, since=dt.date(2025, 1, 1))
        Account.objects.create(username=f"a{who.pk}", person=who, password=make_password("x", hasher="pbkdf2_sha256"))
    for number in range(6):
        services.raise_voice(
            services.Said(text=f"第{number}号楼的路灯坏了三天了。", place=s.wanghuai), actor=ANYBODY, at=NOW - dt.timedelta(hours=number), lot=lot
        )  # fmt: skip
    return s


def against(s: SimpleNamespace, lot: random.Random) -> Voice:
    """A voice against the estate, walked far, with everything that could carry the canary out."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (20, 20)).save(out, "PNG")
    out.seek(0)
    photo = services.encode_anew(out)
    voice, _code = services.raise_voice(
        services.Said(
            text=f"物业收了押金不退{CANARY}，已经半年。", title=f"押金不退{CANARY}", place=s.wanghuai, address=CANARY, contact_name=CANARY, phone="13900000888",
            accused_units=[s.estate], photos=[photo],
        ), actor=ANYBODY, at=NOW, lot=lot,
    )  # fmt: skip
    desk, hand, lead = s.actor(s.dispatcher), s.actor(s.works_handler), s.actor(s.works_head)
    voice = services.accept(voice, actor=desk, at=NOW)
    voice = services.dispatch(voice, to=s.works, actor=desk, at=NOW, reason=CANARY)
    voice = services.take_in_hand(voice, handler=s.works_handler, actor=hand, at=NOW)
    voice = services.contact(voice, how="call", words=CANARY, actor=hand, at=NOW)
    services.write_note(voice, text=CANARY, actor=hand, at=NOW)
    voice = services.draft_answer(
        voice, facts=CANARY, result="support", opinion=CANARY, basis=CANARY, actor=hand, at=NOW
    )
    voice = services.submit_answer(voice, actor=hand, at=NOW)
    return services.answer(voice, actor=lead, at=NOW)


def read_all(s: SimpleNamespace, who: Any, values: dict[str, Any], language: str) -> dict[str, tuple[int, bytes]]:
    """Every page as that person, once, at one and the same moment."""
    with mock.patch("django.utils.timezone.now", return_value=NOW + dt.timedelta(minutes=1)):
        with transaction.atomic():
            found = _read_all(who, values, language)
            transaction.set_rollback(True)  # a list of one's own exports would tell the first reading from the second
        return found


def _read_all(who: Any, values: dict[str, Any], language: str) -> dict[str, tuple[int, bytes]]:
    client = Client()
    client.force_login(Account.objects.get(person=who), backend="allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["language"] = language
    found = {}
    for route, _names in addresses():
        if route.startswith(("/account/", "/api/", "/language/", "/elder/", "/parts/")):
            continue
        path = filled(route, values)
        for query in (
            ("", "?view=all", f"?q={CANARY}", "?q=押", "?view=all&order=new&size=100")
            if "voices" in route or "search" in route
            else ("",)
        ):
            answer = client.get(path + query)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
            found[path + query] = (answer.status_code, _without_chance(body))
    return found


def _without_chance(body: bytes) -> bytes:
    """Without what differs between any two answers: tokens against forgery, nonces, tokens of forms, moments in a zip."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return b"\n".join(book.read(name) for name in sorted(book.namelist()) if not name.startswith("docProps/"))
    body = re.sub(rb'name="(csrfmiddlewaretoken|once|token)" value="[^"]*"', b"", body)
    return re.sub(rb'(data-csrf="[^"]*"|"X-CSRFToken": ?"[^"]*")', b"", body)


@pytest.mark.slow
@pytest.mark.parametrize(("who", "language"), [("estate_head", "zh-hans"), ("estate_worker", "en")])
def test_the_accused_read_the_same_in_both_worlds(
    accused_world: SimpleNamespace, lot: random.Random, who: str, language: str
) -> None:
    s = accused_world
    person = getattr(s, who)
    state = lot.getstate()
    assert not {post.role for post in s.actor(person).posts}.isdisjoint({"supervisor"})
    with_it = against(s, random.Random(77))
    photo = Photo._base_manager.get(voice=with_it.pk)
    values = {
        "pk": with_it.pk,
        "key": photo.pk,
        "field": "phone",
        "name": "accept",
        "rule_id": "X-14",
        "code": "YH-0000-0000",
        "kind": "voices",
        "token": "x",
    }
    read = read_all(s, person, values, language)
    for path in ("/voices/", "/today/", "/voices/figures/", "/voices/?view=all"):
        assert read[path][0] == 200, "the accused are logged in, and hold posts that open the desk"
    for path, (status, body) in read.items():
        text = body.decode("utf-8", "replace")
        assert (
            "CANARY" not in text.replace(f"?q={CANARY}", "").replace(f'value="{CANARY}"', "").replace(f"“{CANARY}”", "")
            or "q=" in path
        ), path
        assert f"{with_it.number:05d}" not in text, path
        assert status < 500, (path, status)
        if str(with_it.pk) in path or str(photo.pk) in path:
            assert status in (302, 403, 404, 405), (path, status)
    _forget(with_it)
    lot.setstate(state)
    without = read_all(s, person, values, language)
    different = [path for path in read if read[path] != without[path]]
    shown = {path: list(difflib.ndiff(_lines(read[path][1]), _lines(without[path][1]))) for path in different[:2]}
    assert not different, {path: [line for line in lines if line[0] in "+-"][:6] for path, lines in shown.items()}


def _lines(body: bytes) -> list[str]:
    return body.decode("utf-8", "replace").splitlines()


def _forget(voice: Voice) -> None:
    """Take the voice out of the world, past every guard: only a test may."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in ("voiceevent", "party", "answer", "note", "photo", "alert", "supplement"):
            cursor.execute(f"DELETE FROM voices_{table} WHERE voice_id = %s", [voice.pk])
        cursor.execute("DELETE FROM voices_voicehistory WHERE pgh_obj_id = %s", [voice.pk])
        cursor.execute("DELETE FROM voices_voice WHERE id = %s", [voice.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.mark.parametrize("who", ["estate_head", "estate_worker"])
def test_no_api_call_tells_the_accused(accused_world: SimpleNamespace, lot: random.Random, who: str) -> None:
    s = accused_world
    voice = against(s, random.Random(77))
    actor = s.actor(getattr(s, who))
    _token, text = tokens.issue(
        name="t", roles=sorted({p.role for p in actor.posts}), days=3, actor=actor, at=NOW, lot=random.Random(3)
    )
    headers = {"Authorization": f"Bearer {text}"}
    client = Client()
    for view in ("open", "all", "answered", "late", "mine"):
        for order in ("due", "new", "old"):
            body = client.get(f"/api/v1/voices?view={view}&order={order}&size=100", headers=headers).content.decode()
            assert "CANARY" not in body
            assert str(voice.pk) not in body
    stranger = {"detail", "status", "title", "type"}
    for route, _names in addresses():
        if not route.startswith("/api/v1/voices/<"):
            continue
        path = filled(route, {"pk": voice.pk})
        for call in (client.get, lambda p, **k: client.post(p, "{}", content_type="application/json", **k)):
            answer = call(path, headers=headers)
            assert "CANARY" not in answer.content.decode()
            if answer.status_code not in (405, 422):
                assert answer.status_code == 404, path
                assert set(answer.json()) == stranger


@pytest.mark.parametrize("who", ["estate_head", "estate_worker"])
def test_no_step_is_open_to_the_accused_and_no_dispatch_to_them(
    accused_world: SimpleNamespace, lot: random.Random, who: str
) -> None:
    from lianxi.commons.refusals import Blocked, NotFound
    from lianxi.participation.voices.workflow import WALK

    s = accused_world
    voice = against(s, random.Random(77))
    count = VoiceEvent._base_manager.filter(voice=voice.pk).count()
    for verb in WALK.by_verb:
        with pytest.raises(NotFound):
            WALK.take(verb, voice, actor=s.actor(getattr(s, who)), at=NOW)
    fresh, _ = services.raise_voice(
        services.Said(text="物业态度不好，多次反映。", place=s.wanghuai, accused_persons=[s.estate_head]), actor=ANYBODY, at=NOW, lot=lot
    )  # fmt: skip
    fresh = services.accept(fresh, actor=s.actor(s.dispatcher), at=NOW)
    with pytest.raises(Blocked) as refused:
        services.dispatch(fresh, to=s.estate, actor=s.actor(s.dispatcher), at=NOW)
    assert [check.rule.id for check in refused.value.missing] == ["X-14"]
    with asking(system("voices.clock")):
        assert Voice.objects.get(pk=fresh.pk).state == "accepted"
    assert VoiceEvent._base_manager.filter(voice=voice.pk).count() == count


def test_naming_the_owner_as_accused_takes_the_voice_away_from_it(street: SimpleNamespace, lot: random.Random) -> None:
    s = street
    voice, _ = services.raise_voice(
        services.Said(text="居委会办事拖拉，说了三次。", place=s.wanghuai), actor=ANYBODY, at=NOW, lot=lot
    )
    voice = services.accept(voice, actor=s.actor(s.dispatcher), at=NOW)
    voice = services.dispatch(voice, to=s.wanghuai_committee, actor=s.actor(s.dispatcher), at=NOW)
    voice = services.name_accused(voice, unit=s.wanghuai_committee, actor=s.actor(s.dispatcher), at=NOW)
    assert (voice.owner_id, voice.state, voice.handler_id) == (s.top.pk, "accepted", None)
