"""Clocks: warned before, risen after, each once; nobody rated, ended in time. What is late is not stored."""

import datetime as dt
import random
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lianxi.commons.notices.models import Notice
from lianxi.commons.permissions import system
from lianxi.participation.voices import services
from lianxi.participation.voices.models import Alert, Voice, VoiceEvent
from lianxi.participation.voices.services import alerts
from lianxi.participation.voices.terms import Level, State

Walked = Callable[..., Voice]
SHANGHAI = ZoneInfo("Asia/Shanghai")
CLOCK = system("voices.clock")


def local(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """November 2026; the 16th is a Monday."""
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def look(at: dt.datetime) -> set[tuple[str, str]]:
    """Runs the clock; gives (kind, recipient) of the notices that came to be."""
    before = set(Notice.objects.values_list("pk", flat=True))
    alerts.alert_all(actor=CLOCK, at=at)
    new = Notice.objects.exclude(pk__in=before).select_related("person")
    return {(one.kind.removeprefix("voices."), one.person.name if one.person else "@") for one in new}


@pytest.fixture
def contacted(street: SimpleNamespace, walked: Walked) -> Voice:
    """In hand, contacted: the answer is due on Monday the 23rd, 17:30, the fifth working day."""
    voice = walked("contacted", email="who@example.org")
    assert voice.due_clock == "answer"
    assert voice.due_at == local(23, 17, 30)
    return voice


def test_warned_before_and_risen_after_each_once(street: SimpleNamespace, contacted: Voice) -> None:
    assert contacted.warn_at == local(20, 8, 30)
    before = Voice._base_manager.filter(pk=contacted.pk).values().get()
    for at, told in (
        (local(20, 8, 29), set()),
        (local(20, 8, 30), {("warned", "陆砚秋")}),
        (local(20, 8, 31), set()),
        (local(23, 17, 30), set()),
        (
            local(23, 17, 31),
            {("late", "陆砚秋"), ("late", "沈既白"), ("late.secretary", "林岚"), ("mine.late", "@")},
        ),
        (local(23, 17, 32), set()),
        (local(24, 23, 59), set()),
        (local(25, 0, 1), {("late.supervisor", "许知行")}),
        (local(28, 9, 0), set()),
    ):
        assert look(at) == told, at
    assert list(Alert._base_manager.order_by("level").values_list("level", flat=True)) == list(Level)
    assert Voice._base_manager.filter(pk=contacted.pk).values().get() == before, "the clock writes nothing else"


def test_after_a_long_silence_of_the_worker_everything_is_made_up_for_but_no_stale_warning(
    street: SimpleNamespace, contacted: Voice
) -> None:
    told = look(local(28, 9))
    assert {kind for kind, _name in told} == {"late", "late.secretary", "late.supervisor", "mine.late"}
    assert set(Alert._base_manager.values_list("level", flat=True)) == {Level.LATE, Level.SECRETARY, Level.SUPERVISOR}


def test_a_new_limit_is_told_anew(street: SimpleNamespace, contacted: Voice) -> None:
    s = street
    assert look(local(20, 9)) == {("warned", "陆砚秋")}
    at = local(20, 10)
    voice = services.ask_extension(contacted, days=3, reason="要停电", actor=s.actor(s.handler), at=at)
    voice = services.grant_extension(voice, actor=s.actor(s.director), at=at)
    assert voice.due_at
    assert voice.due_at > local(23, 17, 30)
    assert look(local(23, 18)) == set()
    assert voice.warn_at
    assert look(voice.warn_at) == {("warned", "陆砚秋")}


def test_what_stands_is_not_late(street: SimpleNamespace, contacted: Voice) -> None:
    s = street
    services.ask_resident(contacted, question="是哪一盏？", actor=s.actor(s.handler), at=local(20, 8))
    assert look(local(30, 12)) == set()
    assert not Alert._base_manager.exists()


def test_what_nobody_has_accepted_is_the_dispatchers_business(street: SimpleNamespace, walked: Walked) -> None:
    voice = walked("received")
    assert voice.due_clock == "accept"
    told = look(local(30, 9))
    assert ("late", "周亦远") in told
    assert ("late.supervisor", "许知行") in told
    assert "陆砚秋" not in {name for _kind, name in told}
    assert not any(kind.startswith("mine") for kind, _name in told)


def test_an_accused_secretary_is_passed_over_and_the_supervisor_told(street: SimpleNamespace, at: dt.datetime) -> None:
    s = street
    said = services.Said(text="社区书记不管楼道堆物。", place=s.wanghuai, accused_persons=[s.secretary])
    voice, _code = services.raise_voice(said, actor=s.actor(s.resident), at=at, lot=random.Random(3))
    voice = services.accept(voice, actor=s.actor(s.dispatcher), at=at)
    services.dispatch(voice, to=s.safety, actor=s.actor(s.dispatcher), at=at)
    told = look(local(30, 9))
    assert ("late.supervisor", "许知行") in told
    assert "林岚" not in {name for _kind, name in told}
    assert not Notice.objects.filter(person__in=[s.secretary, s.handler, s.director]).exists()


def test_one_that_breaks_keeps_no_other_back(
    street: SimpleNamespace, walked: Walked, monkeypatch: pytest.MonkeyPatch
) -> None:
    voices = [walked("contacted") for _ in range(3)]
    real = alerts._tell

    def broken(voice: Voice, *args: Any) -> None:
        if voice.pk == voices[1].pk:
            raise ZeroDivisionError
        real(voice, *args)

    monkeypatch.setattr(alerts, "_tell", broken)
    with pytest.raises(ZeroDivisionError):
        alerts.alert_all(actor=CLOCK, at=local(20, 9))
    assert set(Alert._base_manager.values_list("voice", flat=True)) == {voices[0].pk, voices[2].pk}
    monkeypatch.setattr(alerts, "_tell", real)
    assert alerts.alert_all(actor=CLOCK, at=local(20, 9)) == 1


def test_batches_go_on_where_they_stopped(street: SimpleNamespace, walked: Walked) -> None:
    for _ in range(3):
        walked("contacted")
    assert [alerts.alert_all(actor=CLOCK, at=local(20, 9), most=2) for _ in range(3)] == [2, 1, 0]


def test_what_nobody_rated_is_closed_as_unrated(street: SimpleNamespace, walked: Walked) -> None:
    voice = walked("answered")
    assert voice.due_clock == "rate"
    assert voice.due_at
    assert alerts.end_unrated(actor=CLOCK, at=voice.due_at) == 0
    assert look(voice.due_at + dt.timedelta(days=9)) == set(), "a rating is nobody's duty"
    assert alerts.end_unrated(actor=CLOCK, at=voice.due_at + dt.timedelta(minutes=1)) == 1
    assert alerts.end_unrated(actor=CLOCK, at=voice.due_at + dt.timedelta(minutes=2)) == 0
    now = Voice._base_manager.get(pk=voice.pk)
    assert (now.state, now.satisfied, now.solved_resident) == (State.CLOSED, "", "")
    last = VoiceEvent._base_manager.filter(voice=voice.pk).latest("number")
    assert (last.verb, last.by_id, last.by_name) == ("close_unrated", None, "voices.clock")


def test_nobody_but_the_clock_sees_what_waits(street: SimpleNamespace, contacted: Voice) -> None:
    outsider = street.actor(street.outsider)
    assert alerts.alert_all(actor=outsider, at=local(30, 9)) == 0
    assert not Alert._base_manager.exists()
