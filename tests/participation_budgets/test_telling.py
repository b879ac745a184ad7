"""Who learns what of a round: the proposer, whoever follows, the officers. Nothing tells how anybody voted."""

from __future__ import annotations

import datetime as dt
import random
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from lianxi.commons.accounts.models import Account
from lianxi.commons.notices.models import Notice
from lianxi.commons.notices.queries import notices_of as in_house
from lianxi.commons.refusals import NotFound, NotPermitted
from lianxi.participation.budgets import queries, services
from lianxi.participation.budgets.models import FollowCode, Follower, Proposal, ProposalEvent, Round
from lianxi.participation.budgets.services import telling
from tests.street import NOON

from .conftest import OVER

DAY = dt.timedelta(days=1)


def run() -> int:
    """Run the jobs that steps enqueued, twice: the second run tells nothing new."""
    jobs = ProcrastinateJob.objects.filter(task_name="budgets.tell").order_by("id")
    told = sum(telling.tell_event(**job.args, at=NOON) for job in jobs)
    assert sum(telling.tell_event(**job.args, at=NOON) for job in jobs) == 0
    return told


def kinds(person: Any) -> list[str]:
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def proposed(street: SimpleNamespace, one: Round, title: str = "花坛", **more: Any) -> Proposal:
    actor = street.actor(street.resident)
    return services.propose(one, title=title, text="换土", asked=10, actor=actor, at=NOON, **more)


def test_the_proposer_learns_of_review_and_result(street: SimpleNamespace, walk: Any, lot: random.Random) -> None:
    one = walk("proposing").round
    lead = {"actor": street.actor(street.director), "at": NOON}
    mine, quiet, refused = (
        proposed(street, one, "花坛", tell_me=True),
        proposed(street, one, "水池"),
        proposed(street, one, "围墙", tell_me=True),
    )
    for row in Proposal._base_manager.filter(round=one.pk).exclude(pk=refused.pk):
        services.admit(row, cost=10, note="物业配合。", **lead)
    services.decline(refused, reason="属于市政道路", **lead)
    run()
    notices = Notice.objects.filter(person=street.resident).order_by("pk")
    assert [(n.kind, n.about_pk) for n in notices] == [("budgets.admitted", mine.pk), ("budgets.declined", refused.pk)]
    assert notices[1].facts["note"] == "属于市政道路"
    assert quiet.told_id is None
    services.close_proposals(one, **lead)
    services.open_vote(one, **lead)
    code = services.print_slips(one, number=1, lot=lot, **lead)[0]
    services.give(one, name="甲", door="1", kind="code", **lead)
    services.cast(code, choices=[mine.number], lot=lot)
    services.close_vote(one, **lead)
    services.count(one, **lead)
    services.display(one, actor=street.actor(street.secretary), at=NOON)
    services.publish(one, actor=street.actor(street.secretary), at=OVER)
    run()
    assert [n.facts for n in Notice.objects.filter(person=street.resident, kind__startswith="budgets.outcome").order_by("pk")] == [
        {"outcome": "bought"}, {"outcome": "not_listed"}
    ] * 2  # fmt: skip
    shown = [(line.title, line.body) for line in in_house(street.actor(street.resident)).rows]
    assert ("“花坛”：买下", "每个项目为什么买下或没有买下，结果里都写着。") in shown


def test_no_event_and_no_page_says_who_proposed(street: SimpleNamespace, walk: Any) -> None:
    row = proposed(street, walk("proposing").round, tell_me=True)
    assert row.told_id == street.resident.pk
    events = ProposalEvent._base_manager.filter(proposal=row.pk)
    assert not any("told" in str(event.facts) for event in events)
    assert street.resident.name not in Client().get(f"/projects/{row.round_id}/").content.decode()


def test_without_an_account_the_code_shows_what_became_of_it(
    street: SimpleNamespace, walk: Any, lot: random.Random
) -> None:
    cache.clear()
    one = walk("proposing").round
    row = proposed(street, one)
    codes = [services.follow_code(row, lot=lot) for _click in range(2)]
    assert codes[0] not in str(FollowCode._base_manager.values_list("code_is", flat=True))
    services.decline(row, reason="属于市政道路", actor=street.actor(street.director), at=NOON)
    for code in codes:
        page = Client().post("/projects/follow/", {"code": code.lower()})
        assert page.status_code == 200
        assert "属于市政道路" in page.content.decode()
        assert "no-store" in page.headers["Cache-Control"]
    assert Client().get(f"/projects/follow/{codes[0]}/").status_code == 200
    assert Client().post("/projects/follow/", {"code": "AAAAA-AAAAA"}).status_code == 422
    with pytest.raises(NotFound):
        services.with_follow_code("AAAAA-AAAAA")
    answers = [Client().post("/projects/follow/", {"code": "23456-789A" + c}).content.decode() for c in "ABCDEFG"]
    assert "没有这个收件码" in answers[0]
    assert "没有这个收件码" not in answers[-1]


def test_the_page_gives_a_code_that_works(walk: Any) -> None:
    cache.clear()
    one = walk("proposing").round
    said = {"title": "修花坛", "text": "换土", "asked": "3000"}
    page = Client().post(f"/projects/{one.pk}/propose/", said).content.decode()
    code = re.search(r'lx-code-big">([0-9A-Z-]+)<', page)
    assert code is not None
    assert "修花坛" in Client().post("/projects/follow/", {"code": code[1]}).content.decode()
    assert "tell_me" not in Client().get(f"/projects/{one.pk}/propose/").content.decode()


def test_whoever_follows_learns_of_opening_end_and_result(street: SimpleNamespace, walk: Any) -> None:
    one = walk("draft").round
    services.follow(one, actor=street.actor(street.resident), wanted=True)
    services.follow(one, actor=street.actor(street.resident), wanted=True)
    assert Follower._base_manager.count() == 1
    lead, ends = {"actor": street.actor(street.director), "at": NOON}, NOON.date() + 3 * DAY
    services.open_proposals(one, ends_on=ends, **lead)
    run()
    assert kinds(street.resident) == ["budgets.proposing"]
    assert telling.remind(at=NOON) == 0
    assert telling.remind(at=NOON + DAY) == 1
    assert telling.remind(at=NOON + 2 * DAY) == 0
    assert kinds(street.resident)[-1] == "budgets.ends_soon"
    assert telling.remind(at=NOON + 4 * DAY) == 2  # the secretary and the director: it should be closed
    assert kinds(street.director) == kinds(street.secretary) == ["budgets.to_close"]
    services.follow(one, actor=street.actor(street.resident), wanted=False)
    services.withdraw(one, reason="经费撤回", **lead)
    assert run() == 0
    services.follow(walk("published").round, actor=street.actor(street.resident), wanted=True)
    run()
    assert kinds(street.resident)[-4:] == [
        "budgets.proposing", "budgets.voting", "budgets.displayed", "budgets.published"
    ]  # fmt: skip
    with pytest.raises(NotPermitted):
        services.follow(one, actor=SimpleNamespace(person_id=None), wanted=True)  # type: ignore[arg-type]


def test_a_cancelled_round_tells_its_reason(street: SimpleNamespace, walk: Any) -> None:
    one = walk("proposing").round
    services.follow(one, actor=street.actor(street.outsider), wanted=True)
    proposed(street, one, tell_me=True)
    services.withdraw(one, reason="经费撤回", actor=street.actor(street.director), at=NOON)
    run()
    for person in (street.outsider, street.resident):
        assert Notice.objects.get(person=person, kind="budgets.cancelled").facts["reason"] == "经费撤回"


def test_officers_learn_what_is_due(street: SimpleNamespace, walk: Any, lot: random.Random) -> None:
    one = walk("proposing").round
    run()
    assert kinds(street.handler) == ["budgets.to_review"]  # once a day, however many are proposed
    assert kinds(street.clerk) == []
    lead = {"actor": street.actor(street.director), "at": NOON}
    services.close_proposals(one, **lead)
    run()
    assert kinds(street.handler) == ["budgets.to_review"] * 2
    assert Notice.objects.filter(person=street.handler).last().facts == {"n": 3}  # type: ignore[union-attr]
    for row in Proposal._base_manager.filter(round=one.pk):
        services.admit(row, cost=10, **lead)
    services.open_vote(one, **lead)
    services.give(one, name="甲", door="1", kind="paper", **lead)
    services.close_vote(one, **lead)
    run()
    assert kinds(street.clerk) == ["budgets.to_enter"]
    services.enter_sheet(one, number=1, choices=[1], **lead)
    assert telling.remind(at=NOON + DAY) == 4  # secretary, director, handler, clerk: the second entry is missing
    services.enter_sheet(one, number=1, choices=[1], actor=street.actor(street.clerk), at=NOON)
    assert telling.remind(at=NOON + 2 * DAY) == 0
    services.count(one, **lead)
    run()
    assert kinds(street.secretary)[-1] == kinds(street.publisher)[-1] == "budgets.to_display"
    assert "budgets.to_display" not in kinds(street.director)  # who counted does not publish
    for name in ("outsider", "other_handler", "estate_head", "works_head"):
        assert kinds(street.people[name]) == []


def test_nothing_tells_how_anybody_voted(street: SimpleNamespace, walk: Any) -> None:
    one = walk("published").round
    services.follow(one, actor=street.actor(street.resident), wanted=True)
    run()
    telling.remind(at=NOON + DAY)
    for notice in Notice.objects.all():
        assert set(notice.facts) <= {"n", "day", "cost", "note", "outcome", "title", "reason"}, notice.facts
    assert not ProcrastinateJob.objects.filter(task_name__startswith="budgets", args__has_key="choices").exists()
    assert {f.name for f in Follower._meta.get_fields()} == {"id", "unit", "person"}


def test_following_on_the_page(street: SimpleNamespace, walk: Any) -> None:
    one = walk("voting").round
    account, _new = Account.objects.get_or_create(person=street.resident, defaults={"username": "r"})
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "通知我" in client.get(f"/projects/{one.pk}/").content.decode()
    client.post(f"/projects/{one.pk}/follow/", {"wanted": "yes"})
    assert queries.follows(one, actor=street.actor(street.resident))
    assert "不再通知我" in client.get(f"/projects/{one.pk}/").content.decode()
    client.post(f"/projects/{one.pk}/follow/", {"wanted": "no"})
    assert not queries.follows(one, actor=street.actor(street.resident))
    assert Client().post(f"/projects/{one.pk}/follow/", {"wanted": "yes"}).status_code in (302, 403)
    assert not Follower._base_manager.exists()
