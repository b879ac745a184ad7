"""Letters through a real mail server that fails on demand; claims, digests, back-off, and what dead workers leave."""

import datetime as dt
import random
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail

from lianxi.commons.notices import services
from lianxi.commons.notices.channels.email import CHANNEL
from lianxi.commons.notices.models import Delivery, Notice, Preference
from lianxi.commons.notices.services import sending
from lianxi.commons.notices.terms import TRIES, DeliveryState

from .conftest import AT_ONCE, PLAIN, URGENT

DS = DeliveryState
MINUTE = dt.timedelta(minutes=1)


def lot() -> random.Random:
    return random.Random(1)


def post(people: SimpleNamespace, at: dt.datetime, *, key: str = "a", kind: Any = URGENT) -> Delivery:
    notice = services.post(kind, to=people.lu, link="/x/", key=key, at=at, facts={"n": key})
    return Delivery.objects.get(notice=notice)


def test_a_letter_arrives_whole(people: SimpleNamespace, sink: Any, at: dt.datetime, settings: Any) -> None:
    settings.PUBLIC_URL = "https://street.example/"
    post(people, at)
    assert services.sweep(job=1, at=at, lot=lot()) == 1
    [letter] = sink.got
    assert letter["To"] == "lu@example.org"
    assert letter["Subject"] == "催办"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text = letter.get_body(("plain",)).get_content()
    assert "陆砚秋，您好：" in text
    assert "https://street.example/x/" in text
    assert "https://street.example/notices/settings/" in text
    assert 'href="https://street.example/x/"' in letter.get_body(("html",)).get_content()
    one = Delivery.objects.get()
    assert (one.state, one.attempts, one.job, one.ended_at) == (DS.SENT, 1, None, at)
    assert services.sweep(job=2, at=at + MINUTE, lot=lot()) == 0
    assert len(sink.got) == 1


@pytest.mark.parametrize(
    ("rcpt", "data", "state", "trouble"),
    [
        ("451 later", "", DS.FAILED, "SMTPRecipientsRefused 451"),
        ("550 nobody", "", DS.GIVEN_UP, "SMTPRecipientsRefused 550"),
        ("", "452 full", DS.FAILED, "SMTPDataError 452"),
        ("", "554 no", DS.GIVEN_UP, "SMTPDataError 554"),
    ],
)
def test_a_refusal_for_now_is_tried_again_and_one_for_ever_is_given_up(
    people: SimpleNamespace, sink: Any, at: dt.datetime, rcpt: str, data: str, state: DS, trouble: str
) -> None:
    sink.rcpt += [rcpt] if rcpt else []
    sink.data += [data] if data else []
    post(people, at)
    services.sweep(job=1, at=at, lot=lot())
    one = Delivery.objects.get()
    assert (one.state, one.trouble, sink.got) == (state, trouble, [])
    if state == DS.FAILED:
        assert MINUTE / 2 <= one.next_try_at - at <= MINUTE
        assert services.sweep(job=1, at=at + MINUTE / 3, lot=lot()) == 0
        assert services.sweep(job=1, at=at + MINUTE, lot=lot()) == 1
        [letter] = sink.got
        one.refresh_from_db()
        assert (one.state, one.attempts) == (DS.SENT, 2)


def test_a_server_that_is_down_delays_and_in_the_end_the_system_s_keeper_is_told_once(
    people: SimpleNamespace, admin: Any, at: dt.datetime, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    post(people, at)
    post(people, at, key="b")
    waits = []
    now = at
    for _ in range(TRIES):
        services.sweep(job=1, at=now, lot=lot())
        one = Delivery.objects.earliest("pk")
        waits.append(one.next_try_at - now)
        now = max(Delivery.objects.values_list("next_try_at", flat=True))
    assert sorted(waits[:-1]) == waits[:-1]
    assert set(Delivery.objects.values_list("state", "attempts", "trouble")) == {
        (DS.GIVEN_UP, TRIES, "ConnectionRefusedError")
    }
    told = Notice.objects.filter(person=admin)
    assert [one.kind for one in told] == ["notices.not_delivered"]
    assert not Delivery.objects.filter(notice__in=told).exists(), "a broken channel is not told of through itself"
    again = services.try_again(Delivery.objects.earliest("pk").pk, actor=_keeper(admin), at=now)
    assert (again.state, again.attempts) == (DS.WAITING, 0)


def _keeper(admin: Any) -> Any:
    from lianxi.commons.permissions import Actor, Post

    return Actor(name=admin.name, person_id=admin.pk, posts=(Post("system_admin", 1, "1."),))


def test_a_digest_is_one_letter_at_the_persons_time(people: SimpleNamespace, at: dt.datetime) -> None:
    Preference.objects.create(person=people.lu, channels=["email"], digest_at=dt.time(12, 0))
    for key in "abc":
        post(people, at, key=key, kind=PLAIN)
    noon = at.replace(hour=12, minute=0)
    assert services.sweep(job=1, at=noon - MINUTE, lot=lot()) == 0
    assert services.sweep(job=1, at=noon, lot=lot()) == 1
    [letter] = mail.outbox
    assert letter.subject == "3条通知：办好了a件"
    assert all(f"{n}. 办好了{key}件" in letter.body for n, key in enumerate("abc", start=1))
    assert set(Delivery.objects.values_list("state", flat=True)) == {DS.SENT}
    post(people, noon + MINUTE, key="d", kind=PLAIN)
    assert services.sweep(job=1, at=noon + 60 * MINUTE, lot=lot()) == 0


def test_a_digest_that_failed_is_the_same_letter_when_tried_again(
    people: SimpleNamespace, sink: Any, at: dt.datetime
) -> None:
    tomorrow = at.replace(day=17, hour=8, minute=30)
    for key in "ab":
        post(people, at, key=key, kind=PLAIN)
    sink.data.append("451 later")
    services.sweep(job=1, at=tomorrow, lot=lot())
    read = Notice.objects.get(key="a")
    services.read(read.pk, actor=_reader(people.lu), at=tomorrow)
    late = post(people, tomorrow + MINUTE / 4, key="c", kind=PLAIN)
    Delivery.objects.filter(pk=late.pk).update(next_try_at=tomorrow)
    services.sweep(job=1, at=tomorrow + MINUTE, lot=lot())
    subjects = sorted(str(one["Subject"]) for one in sink.got)
    assert subjects == ["2条通知：办好了a件", "办好了c件"]
    assert len({one["Message-ID"] for one in sink.got}) == 2


def _reader(person: Any) -> Any:
    from lianxi.commons.permissions import Actor

    return Actor(name=person.name, person_id=person.pk)


def test_quiet_hours_hold_until_their_end_and_urging_breaks_through(
    people: SimpleNamespace, at: dt.datetime, open_to: dict[int, set[int]]
) -> None:
    open_to[7] = {people.lu.pk}
    night = at.replace(hour=23)
    services.post(AT_ONCE, to=people.lu, about=7, link="/v/", key="calm", at=night, facts={"when": at})
    services.post(URGENT, to=people.lu, link="/x/", key="loud", at=night)
    services.sweep(job=1, at=night, lot=lot())
    assert [one.subject for one in mail.outbox] == ["催办"]
    services.sweep(job=1, at=at.replace(day=17, hour=7, minute=29), lot=lot())
    assert len(mail.outbox) == 1
    services.sweep(job=1, at=at.replace(day=17, hour=7, minute=30), lot=lot())
    assert [one.subject for one in mail.outbox] == ["催办", "马上看：〔2026〕7号"]


def test_what_a_dead_job_was_sending_is_sent_again_by_it_as_the_same_letter(
    people: SimpleNamespace, at: dt.datetime
) -> None:
    """The job was put back after its worker died: it finds its own half-done work, before and after the server took it."""
    post(people, at)
    [half] = sending.claim(job=77, at=at)
    assert sending.claim(job=78, at=at + 60 * MINUTE) == [], "nobody else takes it"
    letter, _dropped = sending.letter_of([half], at=at)
    assert letter
    CHANNEL.send(letter)  # the server took it; then the worker died before it was recorded
    assert Delivery.objects.get().state == DS.SENDING
    services.deliver(half.pk, job=77, at=at + MINUTE, lot=lot())
    assert Delivery.objects.get().state == DS.SENT
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert first.body == second.body


def test_what_no_living_job_holds_is_given_back(people: SimpleNamespace, at: dt.datetime) -> None:
    from lianxi.commons.jobs import enqueue

    post(people, at)
    post(people, at, key="b")
    lives = enqueue("notices.sweep", timestamp=0)
    [gone] = sending.claim(job=10**9, at=at)
    [held] = sending.claim(job=lives, at=at)
    assert services.give_back(at=at) == 1
    states = dict(Delivery.objects.values_list("pk", "state"))
    assert states == {gone.pk: DS.WAITING, held.pk: DS.SENDING}
    services.sweep(job=1, at=at, lot=lot())
    assert len(mail.outbox) == 1


def test_what_kills_its_worker_each_time_is_given_up_and_keeps_nothing_back(
    people: SimpleNamespace, at: dt.datetime
) -> None:
    bad = post(people, at)
    Delivery.objects.filter(pk=bad.pk).update(attempts=TRIES)
    post(people, at, key="good")
    assert services.sweep(job=1, at=at, lot=lot()) == 1
    assert len(mail.outbox) == 1
    bad.refresh_from_db()
    assert (bad.state, bad.trouble) == (DS.GIVEN_UP, "tried too often")


def test_a_mistake_in_one_letter_keeps_no_other_back(
    people: SimpleNamespace, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(people, at)
    post(people, at, key="b")
    real = CHANNEL.message

    def broken(letter: Any, connection: Any = None) -> Any:
        if not calls:
            calls.append(1)
            raise ZeroDivisionError
        return real(letter, connection)

    calls: list[int] = []
    monkeypatch.setattr(CHANNEL, "message", broken)
    services.sweep(job=1, at=at, lot=lot())
    assert len(mail.outbox) == 1
    assert sorted(Delivery.objects.values_list("state", "trouble")) == [(DS.FAILED, "ZeroDivisionError"), (DS.SENT, "")]


def test_a_bad_address_is_given_up(people: SimpleNamespace, at: dt.datetime) -> None:
    people.lu.email = "not an address"
    people.lu.save()
    post(people, at)
    services.sweep(job=1, at=at, lot=lot())
    one = Delivery.objects.get()
    assert (one.state, one.trouble) == (DS.GIVEN_UP, "not an address")
    assert mail.outbox == []


def test_a_server_that_is_down_is_not_asked_for_every_letter(
    people: SimpleNamespace, at: dt.datetime, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    for key in range(9):
        post(people, at, key=str(key))
    assert services.sweep(job=1, at=at, lot=lot()) == sending.IN_A_ROW
    assert Delivery.objects.filter(attempts=0, state=DS.WAITING).count() == 9 - sending.IN_A_ROW


def test_news_for_an_address_is_one_letter(people: SimpleNamespace, at: dt.datetime) -> None:
    from dataclasses import replace

    from lianxi.commons.notices.terms import Urgency

    calm = replace(AT_ONCE, urgency=Urgency.DIGEST)
    for key in "ab":
        services.post(calm, to=services.Address("r@example.org"), about=7, link="/follow/", key=key, at=at)
    services.sweep(job=1, at=at + dt.timedelta(days=1), lot=lot())
    assert len(mail.outbox) == 1
    assert set(Delivery.objects.values_list("state", flat=True)) == {DS.SENT}
