"""Several at once: on one voice one wins and the others are told what he did; two clicks raise one voice."""

from __future__ import annotations

import datetime as dt
import random
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from lianxi.commons.permissions import asking, system
from lianxi.commons.refusals import ChangedMeanwhile
from lianxi.participation.voices import services
from lianxi.participation.voices.models import Answer, CoHandler, Extension, Voice, VoiceEvent
from lianxi.participation.voices.services import Said
from lianxi.participation.voices.workflow import WALK
from tests.street import build_street
from tests.voices_front.conftest import token_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.timeout(120)]
TEXT = "3号院门口的路灯从上星期四晚上起不亮了，一共四盏。"
Act = Callable[[], Any]
AT_ONCE = 6
"""Each has a connection of the pool, which has a few more."""


@pytest.fixture
def s(transactional_db: None) -> Iterator[SimpleNamespace]:
    no_jobs()
    with asking(system("voices.clock")):
        yield build_street()
    no_jobs()


def no_jobs() -> None:
    """Django does not empty the tables of procrastinate after a test."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE")


def at_once(acts: list[Act]) -> list[Any]:
    """What each act gave or raised; each in a thread with a connection of its own, let go at the same moment."""
    results: list[Any] = [None] * len(acts)
    gate = threading.Barrier(len(acts), timeout=30)

    def run(number: int, act: Act) -> None:
        try:
            connection.ensure_connection()
            gate.wait()
            results[number] = act()
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "they wait for each other"
    return results


def in_hand(s: SimpleNamespace, at: dt.datetime, lot: random.Random) -> Voice:
    said = Said(text=TEXT, place=s.wanghuai, phone="13900000417")
    voice, _code = services.raise_voice(said, actor=s.actor(s.resident), at=at, lot=lot)
    voice = services.accept(voice, actor=s.actor(s.dispatcher), at=at)
    voice = services.dispatch(voice, to=s.wanghuai_committee, actor=s.actor(s.dispatcher), at=at)
    return services.take_in_hand(voice, handler=s.handler, actor=s.actor(s.handler), at=at)


def of(actor: Any, service: Callable[..., Any], voice: Voice, at: dt.datetime, **more: Any) -> Act:
    """The act of a person whose page shows the voice as it is now."""

    def act() -> Any:
        with asking(actor):
            return service(voice, actor=actor, at=at, seen=voice.version, **more)

    return act


def one_won(voice: Voice, results: list[Any]) -> VoiceEvent:
    """Exactly one act happened, whole; everybody else was told of it. Gives its event."""
    won = [one for one in results if isinstance(one, Voice)]
    lost = [one for one in results if not isinstance(one, Voice)]
    assert len(won) == 1, results
    assert all(isinstance(one, ChangedMeanwhile) for one in lost), results
    now = Voice._base_manager.get(pk=voice.pk)
    event: VoiceEvent = WALK.events(now).get(number=voice.version + 1)
    assert now.version == won[0].version == voice.version + 1
    assert WALK.events(now).count() == now.version
    assert [[one.pk for one in refusal.since] for refusal in lost] == [[event.pk]] * len(lost)
    assert ProcrastinateJob.objects.filter(task_name="voices.tell", args__event_id=event.pk).count() == 1
    return event


def test_two_handlers_take_at_once(s: SimpleNamespace, at: dt.datetime, lot: random.Random) -> None:
    handler, director = s.actor(s.handler), s.actor(s.director)
    for _ in range(5):
        said = Said(text=TEXT, place=s.wanghuai)
        voice, _code = services.raise_voice(said, actor=s.actor(s.resident), at=at, lot=lot)
        voice = services.accept(voice, actor=s.actor(s.dispatcher), at=at)
        voice = services.dispatch(voice, to=s.wanghuai_committee, actor=s.actor(s.dispatcher), at=at)
        results = at_once([
            of(handler, services.take_in_hand, voice, at, handler=s.handler),
            of(director, services.take_in_hand, voice, at, handler=s.director),
        ])  # fmt: skip
        event = one_won(voice, results)
        assert Voice._base_manager.get(pk=voice.pk).handler_id == event.facts["handler"] == event.by_id


def test_whatever_is_done_at_once_one_wins_and_nobody_deadlocks(
    s: SimpleNamespace, at: dt.datetime, lot: random.Random
) -> None:
    """Steps that write beside the voice too (drafts, extensions, helpers): the order of their locks must not cross."""
    voice = in_hand(s, at, lot)
    handler, director, supervisor = s.actor(s.handler), s.actor(s.director), s.actor(s.supervisor)
    for n in range(4):
        acts = [
            of(handler, services.progress, voice, at, words=f"换了{n}盏灯头。"),
            of(director, services.progress, voice, at, words=f"看过{n}次现场。"),
            of(handler, services.draft_answer, voice, at, facts="断线。", result="", opinion="", basis=""),
            of(director, services.draft_answer, voice, at, facts="灯头老化。", result="", opinion="", basis=""),
            of(handler, services.ask_extension, voice, at, days=10, reason="等材料"),
            of(supervisor, services.add_co_handler, voice, at, unit=s.works),
            of(director, services.add_co_handler, voice, at, unit=s.safety),
            of(supervisor, services.urge, voice, at, reason="快一点"),
        ]
        lot.shuffle(acts)
        event = one_won(voice, at_once(acts[:AT_ONCE]))
        voice = Voice._base_manager.get(pk=voice.pk)
        assert event.verb in ("progress", "draft", "ask_extension", "add_co_handler", "urge")
        if event.verb == "ask_extension":
            break
    verbs = list(WALK.events(voice).values_list("verb", flat=True))
    assert Answer._base_manager.filter(voice=voice.pk).count() == verbs.count("draft")
    assert Extension._base_manager.filter(voice=voice.pk).count() == verbs.count("ask_extension")
    assert CoHandler._base_manager.filter(voice=voice.pk).count() == verbs.count("add_co_handler")


def test_two_approvers_decide_one_extension_at_once(s: SimpleNamespace, at: dt.datetime, lot: random.Random) -> None:
    for _ in range(4):
        voice = in_hand(s, at, lot)
        voice = services.ask_extension(voice, days=10, reason="等材料", actor=s.actor(s.handler), at=at)
        results = at_once([
            of(s.actor(s.director), services.grant_extension, voice, at),
            of(s.actor(s.supervisor), services.refuse_extension, voice, at, decision="不必"),
            of(s.actor(s.supervisor), services.grant_extension, voice, at),
        ])  # fmt: skip
        event = one_won(voice, results)
        decided = Extension._base_manager.get(voice=voice.pk)
        assert (decided.granted, decided.decided_by_id) == (event.verb == "grant_extension", event.by_id)


def test_clicked_twice_at_once_is_one_voice_with_one_receipt(s: SimpleNamespace, settings: Any) -> None:
    settings.THROTTLES = settings.THROTTLES | {"voices.raise": ((1000, 60),)}
    for _ in range(3):
        before = Voice._base_manager.count()
        jobs = ProcrastinateJob.objects.count()
        phones = [Client() for _ in range(4)]
        typed = {"text": TEXT, "token": token_of(phones[0].get("/say/"))}
        answers = at_once([lambda phone=phone, typed=typed: phone.post("/say/", typed) for phone in phones])
        assert [getattr(answer, "status_code", answer) for answer in answers] == [302] * 4
        codes = {phone.get("/receipt/").context["code"] for phone in phones}
        assert len(codes) == 1
        assert Voice._base_manager.count() == before + 1
        assert ProcrastinateJob.objects.count() == jobs + 1
        assert services.with_receipt(codes.pop()).text == TEXT
    cache.clear()
