"""A notice comes to be with the act, or not at all; nothing is told twice; each reads in his or her own language."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob

from lianxi.commons.notices import queries, services
from lianxi.commons.notices.channels import channels
from lianxi.commons.notices.models import Delivery, Notice, Preference, Stopped
from lianxi.commons.notices.services import Address
from lianxi.commons.notices.terms import STEPS, DeliveryState
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, NotFound, NotPermitted

from .conftest import AT_ONCE, PLAIN, URGENT

DS = DeliveryState


def actor(person: Any) -> Actor:
    return Actor(name=person.name, person_id=person.pk)


def jobs() -> list[str]:
    return list(ProcrastinateJob.objects.order_by("pk").values_list("task_name", flat=True))


def counts() -> tuple[int, int, int]:
    return Notice.objects.count(), Delivery.objects.count(), ProcrastinateJob.objects.count()


def test_channels_are_found_by_themselves() -> None:
    assert list(channels()) == ["inapp", "email"]
    assert not channels()["inapp"].carries


def test_a_rolled_back_act_leaves_no_notice_no_delivery_and_no_job(
    people: SimpleNamespace, at: dt.datetime, open_to: dict[int, set[int]]
) -> None:
    before = counts()
    with pytest.raises(RuntimeError), transaction.atomic():
        services.post(URGENT, to=people.lu, link="/x/", key="a", at=at)
        assert counts() == (1, 1, 1)
        raise RuntimeError
    assert counts() == before


def test_a_key_is_told_once_to_each(people: SimpleNamespace, at: dt.datetime) -> None:
    assert services.post(URGENT, to=people.lu, link="/x/", key="a", at=at)
    before = counts()
    assert services.post(URGENT, to=people.lu, link="/x/", key="a", at=at) is None
    assert counts() == before
    assert services.post(URGENT, to=people.ann, link="/x/", key="a", at=at)
    assert services.post(URGENT, to=people.lu, link="/x/", key="b", at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(person=people.lu, kind="tests.urgent", link="/x/", key="a", at=at)


def test_at_once_has_a_job_and_a_digest_waits_for_its_time(people: SimpleNamespace, at: dt.datetime) -> None:
    services.post(PLAIN, to=people.lu, link="/x/", key="a", at=at, facts={"n": 3, "day": dt.date(2026, 11, 20)})
    assert jobs() == []
    digest = Delivery.objects.get()
    assert digest.next_try_at == at.replace(day=17, hour=8, minute=30)
    services.post(URGENT, to=people.lu, link="/x/", key="b", at=at)
    assert jobs() == ["notices.deliver"]
    assert Delivery.objects.get(notice__key="b").next_try_at == at


def test_who_cannot_be_reached_is_told_in_the_house(people: SimpleNamespace, at: dt.datetime) -> None:
    services.post(URGENT, to=people.shen, link="/x/", key="a", at=at)
    assert counts() == (1, 0, 0)
    assert queries.unread(actor(people.shen)) == 1


def test_a_kind_with_a_subject_needs_a_record(people: SimpleNamespace, at: dt.datetime) -> None:
    before = counts()
    with pytest.raises(ValueError, match="about"):
        services.post(AT_ONCE, to=people.lu, link="/x/", key="a", at=at)
    with pytest.raises(TypeError, match="fact"):
        services.post(URGENT, to=people.lu, link="/x/", key="a", at=at, facts={"who": people.lu})
    assert counts() == before


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "11月20日前看。"), ("en", "20 November前看。")])
def test_a_notice_is_worded_when_it_is_read(people: SimpleNamespace, at: dt.datetime, language: str, said: str) -> None:
    services.post(PLAIN, to=people.lu, link="/x/", key="a", at=at, facts={"n": 3, "day": dt.date(2026, 11, 20)})
    with translation.override(language):
        [row] = queries.notices_of(actor(people.lu)).rows
    assert (row.title, row.body) == ("办好了3件", said)


def test_a_letter_is_in_the_recipients_language_whoever_sends_it(people: SimpleNamespace, at: dt.datetime) -> None:
    day = dt.date(2026, 11, 20)
    for person in (people.lu, people.ann):
        services.post(PLAIN, to=person, link="/x/", key="a", at=at, facts={"n": 3, "day": day})
    Delivery.objects.update(next_try_at=at)
    with translation.override("en"):
        assert services.sweep(job=1, at=at, lot=_lot()) == 2
    lu, ann = sorted(mail.outbox, key=lambda one: one.to, reverse=True)
    assert lu.to == ["lu@example.org"]
    assert "11月20日前看" in lu.body
    assert "不再收这样的邮件" in lu.body
    assert "20 November" in ann.body
    assert "Stop these e-mails" in ann.body
    assert lu.extra_headers["Content-Language"] == "zh-hans"
    html = ann.alternatives[0][0]
    assert '<html lang="en">' in html
    assert "/notices/settings/" in html


def test_what_a_person_must_not_meet_is_not_listed_not_counted_not_opened_and_not_sent(
    people: SimpleNamespace, at: dt.datetime, open_to: dict[int, set[int]]
) -> None:
    lu = actor(people.lu)
    open_to[7] = {people.lu.pk}
    services.post(AT_ONCE, to=people.lu, about=7, link="/v/7/", key="a", at=at, facts={"when": at})
    services.post(URGENT, to=people.lu, link="/x/", key="b", at=at)
    assert [row.title for row in queries.notices_of(lu).rows] == ["催办", "马上看：题目7"]
    assert queries.unread(lu) == 2
    secret = Notice.objects.get(key="a")
    open_to.clear()
    assert [row.title for row in queries.notices_of(lu).rows] == ["催办"]
    assert queries.unread(lu) == 1
    with pytest.raises(NotFound):
        services.read(secret.pk, actor=lu, at=at)
    services.sweep(job=1, at=at, lot=_lot())
    assert [one.subject for one in mail.outbox] == ["催办"]
    assert Delivery.objects.get(notice=secret).state == DS.NOT_NEEDED
    secret.refresh_from_db()
    assert secret.read_at is None


def test_a_letter_names_a_record_by_its_number_only(
    people: SimpleNamespace, at: dt.datetime, open_to: dict[int, set[int]]
) -> None:
    open_to[7] = {people.lu.pk}
    services.post(AT_ONCE, to=people.lu, about=7, link="/v/7/", key="a", at=at, facts={"when": at})
    services.sweep(job=1, at=at, lot=_lot())
    [letter] = mail.outbox
    whole = letter.subject + letter.body + letter.alternatives[0][0]
    assert "〔2026〕7号" in whole
    assert "题目7" not in whole
    assert "11月16日9:05到期" in whole


def test_nobody_reads_the_notices_of_another(people: SimpleNamespace, at: dt.datetime) -> None:
    mine = services.post(URGENT, to=people.lu, link="/x/", key="a", at=at)
    assert mine
    assert queries.notices_of(actor(people.ann)).rows == []
    with pytest.raises(NotFound):
        services.read(mine.pk, actor=actor(people.ann), at=at)
    assert services.read_all(actor=actor(people.ann), at=at) == 0
    mine.refresh_from_db()
    assert mine.read_at is None


def test_what_was_read_needs_no_letter(people: SimpleNamespace, at: dt.datetime) -> None:
    notice = services.post(PLAIN, to=people.lu, link="/x/", key="a", at=at)
    assert notice
    services.read(notice.pk, actor=actor(people.lu), at=at)
    assert queries.unread(actor(people.lu)) == 0
    assert Delivery.objects.get().state == DS.NOT_NEEDED
    services.sweep(job=1, at=at + dt.timedelta(days=2), lot=_lot())
    assert mail.outbox == []


def test_an_address_is_told_only_that_there_is_news(
    people: SimpleNamespace, at: dt.datetime, open_to: dict[int, set[int]]
) -> None:
    to = Address("resident@example.org", "en")
    services.post(AT_ONCE, to=to, about=7, link="/follow/", key="a", at=at)
    assert services.post(AT_ONCE, to=to, about=7, link="/follow/", key="a", at=at) is None
    sealed = bytes(Notice.objects.values_list("address", flat=True).get())
    assert sealed
    assert b"resident" not in sealed
    services.sweep(job=1, at=at, lot=_lot())
    [letter] = mail.outbox
    assert letter.to == ["resident@example.org"]
    assert letter.subject == "有新消息"
    whole = letter.body + letter.alternatives[0][0]
    assert "题目" not in whole
    assert "〔2026〕" not in whole
    assert "/follow/" in whole
    assert not Notice.objects.get().address, "an address is not kept longer than it is needed"


def test_an_address_that_wants_no_more_gets_no_more(
    client: Any, at: dt.datetime, open_to: dict[int, set[int]], db: None
) -> None:
    to = Address("resident@example.org")
    services.post(AT_ONCE, to=to, about=7, link="/follow/", key="a", at=at)
    services.sweep(job=1, at=at, lot=_lot())
    stop = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://localhost:8000")
    services.post(AT_ONCE, to=to, about=7, link="/follow/", key="b", at=at)
    services.stop(stop.split("/")[-2], at=at)
    assert Delivery.objects.get(notice__key="b").state == DS.NOT_NEEDED
    assert services.post(AT_ONCE, to=to, about=7, link="/follow/", key="c", at=at) is None
    assert Stopped.objects.count() == 1
    with pytest.raises(NotFound):
        services.stop("made-up", at=at)


def test_the_link_of_a_letter_ends_one_channel_for_a_person(people: SimpleNamespace, at: dt.datetime) -> None:
    services.post(URGENT, to=people.lu, link="/x/", key="a", at=at)
    services.sweep(job=1, at=at, lot=_lot())
    services.stop(mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>").split("/")[-2], at=at)
    services.post(URGENT, to=people.lu, link="/x/", key="b", at=at)
    assert Delivery.objects.filter(notice__key="b").count() == 0
    assert queries.unread(actor(people.lu)) == 2


def test_preferences_are_checked_and_followed(people: SimpleNamespace, at: dt.datetime) -> None:
    services.post(PLAIN, to=people.lu, link="/x/", key="a", at=at)
    good: dict[str, Any] = {
        "channels": ["email"],
        "off": [],
        "digest_at": dt.time(18, 0),
        "quiet_from": dt.time(22, 0),
        "quiet_until": dt.time(6, 0),
    }
    services.set_preferences(**good, actor=actor(people.lu), at=at)
    assert Delivery.objects.get().next_try_at == at.replace(hour=18, minute=0)
    for wrong, field in (
        ({"channels": ["pigeon"]}, "channels"),
        ({"off": ["tests.loud"]}, "off"),
        ({"digest_at": dt.time(23, 0)}, "digest_at"),
    ):
        with pytest.raises(BadInput) as refused:
            services.set_preferences(**(good | wrong), actor=actor(people.lu), at=at)
        assert list(refused.value.errors) == [field]
        assert Preference.objects.values_list("channels", "off", "digest_at").get() == (["email"], [], dt.time(18, 0))
    with pytest.raises(BadInput):
        services.set_preferences(**good, actor=actor(people.shen), at=at)
    services.set_preferences(**(good | {"off": ["tests.calm"]}), actor=actor(people.lu), at=at)
    assert Delivery.objects.get().state == DS.NOT_NEEDED
    services.post(PLAIN, to=people.lu, link="/x/", key="b", at=at)
    services.post(URGENT, to=people.lu, link="/x/", key="c", at=at)
    assert list(Delivery.objects.exclude(state=DS.NOT_NEEDED).values_list("notice__key", flat=True)) == ["c"]
    assert queries.unread(actor(people.lu)) == 3


@pytest.mark.parametrize("source", list(DS))
@pytest.mark.parametrize("target", list(DS))
def test_every_forbidden_step_of_a_delivery_is_refused_by_the_database(
    people: SimpleNamespace, at: dt.datetime, source: DS, target: DS
) -> None:
    services.post(URGENT, to=people.lu, link="/x/", key="a", at=at)
    Delivery.objects.all().delete()
    one = Delivery.objects.create(
        notice=Notice.objects.get(), person=people.lu, channel="email", urgency="at_once", state=source,
        attempts=1, next_try_at=at, made_at=at, ended_at=at, job=1, letter=1,
    )  # fmt: skip
    allowed = source == target or (source, target) in STEPS
    try:
        with transaction.atomic():
            Delivery.objects.filter(pk=one.pk).update(state=target)
        moved = True
    except DatabaseError:
        moved = False
    one.refresh_from_db()
    assert moved == allowed
    assert one.state == (target if allowed else source)


def test_only_who_looks_after_the_system_tries_again(people: SimpleNamespace, at: dt.datetime) -> None:
    services.post(URGENT, to=people.lu, link="/x/", key="a", at=at)
    Delivery.objects.update(state=DS.GIVEN_UP)
    with pytest.raises(NotPermitted):
        services.try_again(Delivery.objects.get().pk, actor=actor(people.lu), at=at)
    assert Delivery.objects.get().state == DS.GIVEN_UP


def test_pages_go_on_where_they_stopped_and_leave_out_what_is_kept(
    people: SimpleNamespace, at: dt.datetime, open_to: dict[int, set[int]]
) -> None:
    for number in range(60):
        open_to[number] = {people.lu.pk} if number % 3 else set()
        services.post(AT_ONCE, to=people.lu, about=number, link="/v/", key=str(number), at=at, facts={"when": at})
    seen, after = [], None
    while True:
        page = queries.notices_of(actor(people.lu), after=after)
        seen += [row.title for row in page.rows]
        if page.after is None:
            break
        assert len(page.rows) == queries.PAGE
        after = page.after
    assert seen == [f"马上看：题目{n}" for n in range(59, -1, -1) if n % 3]
    assert queries.unread(actor(people.lu)) == 40


def _lot() -> Any:
    import random

    return random.Random(1)
