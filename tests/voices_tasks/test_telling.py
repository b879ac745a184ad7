"""Who is told what of each step, and that the accused is told nothing."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob

from lianxi.commons.notices import queries
from lianxi.commons.notices.kinds import kinds
from lianxi.commons.notices.models import Delivery, Notice
from lianxi.commons.notices.services import sweep
from lianxi.commons.notices.wording import worded
from lianxi.commons.permissions import asking
from lianxi.participation.voices import notices_of, services
from lianxi.participation.voices import told as who
from lianxi.participation.voices.models import Voice, VoiceEvent
from lianxi.participation.voices.services import telling
from lianxi.participation.voices.workflow import WALK

Walked = Callable[..., Voice]
CANARY = "金丝雀夜里唱歌"


def all_titles(person: Any, street: SimpleNamespace) -> list[str]:
    actor = street.actor(person)
    with asking(actor):
        return [row.title for row in queries.notices_of(actor, size=200).rows]


def test_every_row_has_words_for_whom_it_tells() -> None:
    for row in WALK.rows:
        for role in row.told:
            if role == "author":
                assert row.verb in notices_of.TO_AUTHOR
            else:
                assert row.verb in notices_of.TO_STAFF
                assert role in who.ROLES


def test_each_step_tells_whom_its_row_names(
    street: SimpleNamespace, walked: Walked, at: dt.datetime, told: Any
) -> None:
    s = street
    act = s.actor
    resident = replace(act(s.resident), as_resident=True)
    voice, _code = services.raise_voice(
        services.Said(text=f"{CANARY}，睡不着。", place=s.wanghuai, naming="named"),
        actor=resident,
        at=at,
        lot=random.Random(7),
    )
    assert told(at) == set()
    voice = services.accept(voice, actor=act(s.dispatcher), at=at)
    assert told(at) == {("mine.accept", "苏青禾")}
    voice = services.dispatch(voice, to=s.wanghuai_committee, actor=act(s.dispatcher), at=at)
    assert told(at) == {
        ("work.dispatch", "陆砚秋"),
        ("work.dispatch", "沈既白"),
        ("mine.dispatch", "苏青禾"),
    }
    voice = services.take_in_hand(voice, handler=s.handler, actor=act(s.handler), at=at)
    assert told(at) == {("mine.take", "苏青禾")}
    voice = services.ask_extension(voice, days=5, reason="线路要停电", actor=act(s.handler), at=at)
    assert told(at) == {("work.ask_extension", "沈既白")}
    voice = services.grant_extension(voice, actor=act(s.director), at=at)
    assert told(at) == {("work.grant_extension", "陆砚秋"), ("mine.grant_extension", "苏青禾")}
    voice = services.urge(voice, reason="快些", actor=act(s.supervisor), at=at)
    assert told(at) == {("urge", "陆砚秋"), ("urge", "沈既白")}
    voice = services.contact(voice, how="call", words="约好夜里去", actor=act(s.handler), at=at)
    voice = services.ask_resident(voice, question=f"{CANARY}几点？", actor=act(s.handler), at=at)
    assert told(at) == {("mine.ask_resident", "苏青禾")}
    voice = services.resident_answers(voice, text=f"{CANARY}十点。", actor=resident, at=at)
    assert told(at) == {("work.resident_answers", "陆砚秋")}
    voice = services.draft_answer(
        voice, facts="查了。", result="support", opinion="搬走了。", basis="第三十二条", actor=act(s.handler), at=at
    )
    voice = services.submit_answer(voice, actor=act(s.handler), at=at)
    assert told(at) == {("work.submit", "沈既白")}
    voice = services.answer(voice, actor=act(s.director), at=at)
    assert told(at) == {("mine.answer", "苏青禾")}
    voice = services.rate(voice, solved="no", satisfied="no", actor=resident, at=at)
    assert told(at) == {("work.rate_badly", "沈既白"), ("work.rate_badly", "周亦远")}
    kept = "".join(str(one.facts) for one in Notice.objects.all())
    assert CANARY not in kept
    assert "线路要停电" not in kept


def test_telling_twice_tells_once(street: SimpleNamespace, walked: Walked, at: dt.datetime, told: Any) -> None:
    voice = walked("dispatched")
    first = told(at)
    assert first
    before = Notice.objects.count()
    for event in VoiceEvent._base_manager.filter(voice=voice.pk):
        assert telling.tell_event(event.pk, at=at) == 0
    assert Notice.objects.count() == before


def test_nobody_is_told_what_he_or_she_did(street: SimpleNamespace, walked: Walked, at: dt.datetime, told: Any) -> None:
    s = street
    voice = walked("in_hand")
    told(at)
    services.assign(voice, handler=s.handler, actor=s.actor(s.director), at=at)
    assert told(at) == {("work.assign", "陆砚秋")}
    services.urge(voice, reason="快", actor=s.actor(s.supervisor), at=at)
    assert told(at) == {("urge", "陆砚秋"), ("urge", "沈既白")}
    voice.refresh_from_db()
    services.progress(voice, words="在排查线路", actor=s.actor(s.handler), at=at)
    assert told(at) == set(), "the resident of this walk left a telephone number only"


def test_the_job_is_rolled_back_with_the_step(street: SimpleNamespace, walked: Walked, at: dt.datetime) -> None:
    from django.db import transaction

    voice = walked("received")
    before = ProcrastinateJob.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        services.accept(voice, actor=street.actor(street.dispatcher), at=at)
        assert ProcrastinateJob.objects.count() == before + 1
        raise RuntimeError
    assert ProcrastinateJob.objects.count() == before


@pytest.fixture
def accused_walk(street: SimpleNamespace, at: dt.datetime, told: Any) -> tuple[Voice, Any]:
    """A voice about the estate and its head, walked far, with everything told."""
    s = street
    act = s.actor
    for person in s.people.values():
        person.email = f"p{person.pk}@example.org"
        person.save()
    said = services.Said(
        text=f"{CANARY}，物业不管。",
        place=s.wanghuai,
        accused_units=[s.estate],
        accused_persons=[s.secretary],
        email="who@example.org",
    )
    voice, _code = services.raise_voice(said, actor=act(s.resident), at=at, lot=random.Random(3))
    voice = services.accept(voice, actor=act(s.dispatcher), at=at)
    voice = services.dispatch(voice, to=s.safety, actor=act(s.supervisor), at=at)
    told(at)
    return voice, told


def test_the_accused_and_those_below_and_above_are_told_nothing(
    street: SimpleNamespace, accused_walk: Any, at: dt.datetime
) -> None:
    """The estate, its head and workers; the secretary of the community; nobody of them has a notice, a letter, a count."""
    from lianxi.commons.permissions import system
    from lianxi.participation.voices.services import alerts

    s, _walk = street, accused_walk
    late = at + dt.timedelta(days=30)
    alerts.alert_all(actor=system("voices.clock"), at=late)
    assert Notice.objects.filter(kind="voices.late.supervisor", person=s.supervisor).exists()
    sweep(job=1, at=late + dt.timedelta(days=2), lot=random.Random(1))
    for person in (s.estate_head, s.estate_worker, s.secretary):
        assert not Notice.objects.filter(person=person).exists()
        assert queries.unread(s.actor(person)) == 0
        assert not [one for one in mail.outbox if one.to == [f"p{person.pk}@example.org"]]
    assert [one for one in mail.outbox if one.to == [f"p{s.supervisor.pk}@example.org"]]
    for letter in mail.outbox:
        assert CANARY not in letter.subject + letter.body + letter.alternatives[0][0]


def test_who_is_named_later_loses_what_was_told_before(
    street: SimpleNamespace, walked: Walked, at: dt.datetime, told: Any
) -> None:
    s = street
    s.handler.email = "lu@example.org"
    s.handler.save()
    voice = walked("in_hand")
    services.urge(voice, reason="快", actor=s.actor(s.supervisor), at=at)
    told(at)
    assert len(all_titles(s.handler, s)) == 2
    assert queries.unread(s.actor(s.handler)) == 2
    services.name_accused(voice, person=s.handler, actor=s.actor(s.dispatcher), at=at)
    told(at)
    assert all_titles(s.handler, s) == []
    assert queries.unread(s.actor(s.handler)) == 0
    sweep(job=1, at=at, lot=random.Random(1))
    assert mail.outbox == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {"not_needed"}


def test_a_resident_without_an_account_gets_a_letter_that_says_nothing_of_the_matter(
    street: SimpleNamespace, at: dt.datetime, told: Any
) -> None:
    s = street
    said = services.Said(text=f"{CANARY}，睡不着。", place=s.wanghuai, email="who@example.org", language="en")
    voice, _code = services.raise_voice(said, actor=s.actor(s.resident), at=at, lot=random.Random(3))
    services.decline(voice, exit="outside", reason="归区里管", actor=s.actor(s.dispatcher), at=at)
    assert told(at) == {("mine.decline", "@")}
    sweep(job=1, at=at, lot=random.Random(1))
    [letter] = mail.outbox
    assert letter.to == ["who@example.org"]
    assert letter.subject == "There is news about your matter"
    whole = letter.subject + letter.body + letter.alternatives[0][0]
    for leak in (CANARY, voice.reference, "归区里管", "decline", "望槐"):
        assert leak not in whole


def test_an_anonymous_voice_tells_its_author_nothing(street: SimpleNamespace, at: dt.datetime, told: Any) -> None:
    s = street
    said = services.Said(text="路灯不亮了好几天。", place=s.wanghuai, naming="anonymous", email="who@example.org")
    voice, _code = services.raise_voice(said, actor=s.actor(s.resident), at=at, lot=random.Random(3))
    services.accept(voice, actor=s.actor(s.dispatcher), at=at)
    assert told(at) == set()


def test_everything_is_said_in_both_languages() -> None:
    from lianxi.participation.voices.terms import ClockKind

    moment = {"moment": "2026-11-20T09:30:00+00:00"}
    facts: dict[str, Any] = {f"{kind}_due": moment for kind in ClockKind} | {
        "due": moment, "unit": "望槐社区居委会", "handler": "陆砚秋", "by": "沈既白", "days": 3,
        "solved": "yes", "satisfied": "no", "clock": "answer",
    }  # fmt: skip
    words = {"what": "路灯", "reference": "〔2026〕1号"}
    ours = [kind for kind in kinds() if kind.name.startswith("voices.")]
    assert len(ours) == 40
    for kind in ours:
        with translation.override("zh-hans"):
            chinese = worded(kind, facts, words)
        with translation.override("en"):
            english = worded(kind, facts, words)
        assert chinese != english
        assert all("%" not in text and "…" not in text for text in (*chinese, *english)), kind.name
        with translation.override("en"):
            codes = [
                str(word) for word in notices_of.read({"solved": "yes", "satisfied": "no", "clock": "answer"}).values()
            ]
        known = ("路灯", "望槐社区居委会", "陆砚秋", "沈既白", "“", "”", *codes)
        left = "".join(english)
        for word in known:
            left = left.replace(word, "")
        assert left.isascii(), (kind.name, left)
        assert bool(chinese[1]) == bool(english[1])
