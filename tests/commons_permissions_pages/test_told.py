"""What a person is told about the own posts: each thing once, as he or she prefers, to nobody else."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as some

from lianxi.commons.notices.models import Delivery, Notice
from lianxi.commons.notices.queries import notices_of
from lianxi.commons.notices.services import set_preferences
from lianxi.commons.people import clock, services
from lianxi.commons.permissions import system
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import Role
from lianxi.commons.refusals import NotPermitted
from tests.officers import login

from .test_appointing import TODAY, appoint

DAY = dt.timedelta(days=1)
JOB = system("people.remind")


def told(s: SimpleNamespace, who: Any) -> list[tuple[str, str, str]]:
    return [(row.title, row.body, row.link) for row in notices_of(s.actor(who)).rows]


def end(s: SimpleNamespace, post: Posting, last_day: dt.date, at: dt.datetime) -> None:
    services.end_posting(post, last_day=last_day, actor=s.actor(s.organiser), at=at, reason="工作调动")


def test_a_new_post_is_told_to_its_holder_and_leads_to_what_it_allows(office: SimpleNamespace, at: dt.datetime) -> None:
    appoint(office, "organiser", "outsider", Role.HANDLER, "wanghuai_committee", at, until=dt.date(2027, 11, 15))
    assert told(office, office.outsider) == [
        (
            "您担任望槐社区居委会承办人",
            "2026年11月16日起，到2027年11月15日止。打开看这个职务能做什么、凭什么。",
            "/account/permissions/",
        )
    ]
    assert Notice.objects.count() == 1
    answer = login(office.outsider).get(f"/notices/{Notice.objects.get().pk}/", follow=True)
    assert answer.redirect_chain[-1][0] == "/account/permissions/"
    assert "望槐社区居委会" in answer.content.decode()


def test_it_is_said_in_the_holders_language(office: SimpleNamespace, at: dt.datetime) -> None:
    office.wanghuai_committee.name_en = "Wanghuai Residents' Committee"
    office.wanghuai_committee.save()
    appoint(office, "organiser", "outsider", Role.HANDLER, "wanghuai_committee", at)
    with translation.override("en"):
        [(title, body, _link)] = told(office, office.outsider)
    assert title == "You have been given a post: Wanghuai Residents' Committee Handler"
    assert body.startswith("From 16 November 2026, without a fixed end. Open it")


def test_an_early_end_is_told_with_its_last_day_and_not_its_reason(office: SimpleNamespace, at: dt.datetime) -> None:
    post = Posting.objects.get(person=office.handler)
    end(office, post, TODAY, at)
    [(title, body, link)] = told(office, office.handler)
    assert (title, link) == ("您的职务结束：望槐社区居委会承办人", f"/people/{office.handler.pk}/")
    assert body == "最后一天是2026年11月16日。为什么，写在您的任职经过里。"
    assert "工作调动" in login(office.handler).get(link).content.decode()
    assert services.remind(actor=JOB, at=at) == 0, "told already"


def test_a_post_taken_back_is_told_although_it_is_gone(office: SimpleNamespace, at: dt.datetime) -> None:
    made = appoint(office, "organiser", "outsider", Role.SUPERVISOR, "top", at)
    end(office, made, TODAY - DAY, at)
    assert [title for title, *_rest in told(office, office.outsider)] == [
        "安排您担任砚湖街道党工委督办，已经撤销",
        "您担任砚湖街道党工委督办",
    ]


def test_a_refused_act_tells_nobody(office: SimpleNamespace, at: dt.datetime) -> None:
    with pytest.raises(NotPermitted):
        appoint(office, "secretary", "outsider", Role.HANDLER, "wanghuai", at)
    assert not Notice.objects.exists()


def test_running_out_is_told_once_for_each_last_day(office: SimpleNamespace, at: dt.datetime, settings: Any) -> None:
    settings.POST_ENDS_DAYS = 30
    until = TODAY + dt.timedelta(days=31)
    Posting.objects.filter(person=office.handler).update(until=until)
    assert services.remind(actor=JOB, at=at) == 0
    assert services.remind(actor=JOB, at=at + DAY) == 1
    assert services.remind(actor=JOB, at=at + DAY) == 0
    assert services.remind(actor=JOB, at=at + 31 * DAY) == 0
    assert [title for title, *_rest in told(office, office.handler)] == [
        "您担任望槐社区居委会承办人，2026年12月17日到期"
    ]
    Posting.objects.filter(person=office.handler).update(until=until + DAY)
    assert services.remind(actor=JOB, at=at + 32 * DAY) == 1, "a term made longer runs out again"
    assert services.remind(actor=JOB, at=at + 33 * DAY) == 0, "over is over"


def test_a_far_early_end_is_told_now_and_reminded_of_later(
    office: SimpleNamespace, at: dt.datetime, settings: Any
) -> None:
    settings.POST_ENDS_DAYS = 30
    end(office, Posting.objects.get(person=office.handler), TODAY + 90 * DAY, at)
    assert services.remind(actor=JOB, at=at + 59 * DAY) == 0
    assert services.remind(actor=JOB, at=at + 60 * DAY) == 1
    assert len(told(office, office.handler)) == 2


def test_only_the_job_reminds(office: SimpleNamespace, at: dt.datetime) -> None:
    Posting.objects.filter(person=office.handler).update(until=TODAY)
    with pytest.raises(NotPermitted):
        services.remind(actor=office.actor(office.organiser), at=at)
    assert not Notice.objects.exists()


def test_who_wants_no_letters_of_this_kind_gets_none_and_still_reads_it_here(
    office: SimpleNamespace, at: dt.datetime
) -> None:
    for who, off in ((office.outsider, ["people.posts"]), (office.resident, [])):
        who.email = f"p{who.pk}@example.org"
        who.save()
        set_preferences(
            channels=["email"], off=off, digest_at=dt.time(8, 30), quiet_from=dt.time(21), quiet_until=dt.time(7),
            actor=office.actor(who), at=at,
        )  # fmt: skip
    appoint(office, "organiser", "outsider", Role.HANDLER, "top", at)
    appoint(office, "organiser", "resident", Role.HANDLER, "top", at.replace(hour=22))
    assert len(told(office, office.outsider)) == len(told(office, office.resident)) == 1
    [letter] = Delivery.objects.all()
    assert letter.person == office.resident
    assert letter.next_try_at == at.replace(day=17, hour=7, minute=0), "after the quiet hours"


@given(days=some.integers(0, 4000))
def test_the_reminder_comes_within_the_post_and_not_before_its_lead(days: int) -> None:
    since = dt.date(2026, 1, 31)
    until = since + days * DAY
    from_day = clock.remind_from(since, until)
    assert since <= from_day <= until
    assert until - from_day <= clock.lead()
