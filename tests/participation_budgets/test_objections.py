"""Public display (F-30), objections to a result, and what an upheld one leads to. The old result stays."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from lianxi.commons.accounts.models import Account
from lianxi.commons.notices.models import Notice
from lianxi.commons.refusals import BadInput, Blocked, NotFound, NotOpenFromHere, NotPermitted
from lianxi.commons.workflow.walk import every_forbidden
from lianxi.engines.budgeting.verifier import check
from lianxi.participation.budgets import queries, services
from lianxi.participation.budgets.models import FormerResult, Objection, ObjectionEvent, Result, Round, Sheet
from lianxi.participation.budgets.services import telling
from lianxi.participation.budgets.terms import ObjectionState
from lianxi.participation.budgets.workflow import OBJECTIONS, WALK
from tests.street import NOON

from .conftest import OVER
from .test_telling import kinds, run
from .test_walk import state_of

DAY = dt.timedelta(days=1)


def fresh(one: Round) -> Round:
    return Round._base_manager.get(pk=one.pk)


def objected(
    street: SimpleNamespace, one: Round, text: str = "3号纸票录错了", at: Any = NOON, **more: Any
) -> Objection:
    return services.object_to(one, text=text, entitled=True, actor=street.actor(street.resident), at=at, **more)


@pytest.fixture
def paper(street: SimpleNamespace, walk: Any) -> Round:
    """On display; two paper ballots for the ramp were entered as ballots for the fountain, by both."""
    made = walk("voting", ballots=()).round
    clerk, handler, lead = (
        {"actor": street.actor(p), "at": NOON} for p in (street.clerk, street.handler, street.director)
    )
    for n in range(1, 6):
        services.give(made, name=f"居民{n}", door="1", kind="paper", **clerk)
    services.close_vote(made, **lead)
    for n, choices in enumerate(([1, 2], [1, 2], [1, 2], [2], [2]), 1):
        for who in (clerk, handler):
            services.enter_sheet(made, number=n, choices=choices, **who)
    services.count(made, **lead)
    return services.display(made, actor=street.actor(street.secretary), at=NOON)


def test_publication_waits_for_the_days_of_display(street: SimpleNamespace, walk: Any) -> None:
    one = walk("displayed").round
    other = street.actor(street.secretary)
    shown = queries.display_of(one, at=NOON)
    assert shown is not None
    assert (shown.since, shown.until, shown.law.id) == (NOON.date(), NOON.date() + 15 * DAY, "F-30")
    before = state_of(one)
    for days in (0, 14, 15):
        with pytest.raises(Blocked, match="公示满15日") as refused:
            services.publish(one, actor=other, at=NOON + days * DAY)
        assert "第34条" in str(refused.value)
    assert state_of(one) == before
    with pytest.raises(Blocked, match="不是计算的人"):
        services.publish(one, actor=street.actor(street.director), at=OVER)
    assert services.publish(one, actor=other, at=OVER).state == "published"
    assert queries.display_of(fresh(one), at=OVER).over  # type: ignore[union-attr]


def test_a_result_is_public_and_checkable_while_on_display(walk: Any) -> None:
    one = walk("displayed").round
    page = Client().get(f"/projects/{one.pk}/").content.decode()
    assert "第34条" in page
    assert "已核原文" in page
    assert "对结果提异议" in page
    found = queries.downloads(one)
    assert all(line[0] for line in check(json.loads(json.dumps(found["certificate"])), found["file"]))
    assert Client().get(f"/projects/{one.pk}/certificate.json").status_code == 200


def test_publication_waits_for_the_answers(street: SimpleNamespace, walk: Any) -> None:
    one = walk("displayed").round
    objection = objected(street, one)
    with pytest.raises(Blocked, match="异议"):
        services.publish(one, actor=street.actor(street.secretary), at=OVER)
    services.reject_objection(objection, reason="对照过纸票，没有录错", actor=street.actor(street.secretary), at=NOON)
    services.publish(one, actor=street.actor(street.secretary), at=OVER)
    page = Client().get(f"/projects/{one.pk}/").content.decode()
    assert "对照过纸票，没有录错" in page
    assert "3号纸票录错了" not in page  # the words of the objection are for the officers and who has the code


def test_an_upheld_objection_leads_to_a_corrected_entry_beside_the_old_result(
    street: SimpleNamespace, paper: Round
) -> None:
    old = Result._base_manager.get(round=paper.pk)
    assert [line.title for line in queries.public_result(paper).lines if line.how] == ["喷泉", "路灯"]  # type: ignore[union-attr]
    objection = objected(street, paper)
    services.uphold_objection(objection, reason="4号、5号纸票是坡道", actor=street.actor(street.secretary), at=NOON)
    one = fresh(paper)
    assert (one.state, one.displayed_on, one.published_at) == ("counting", None, None)
    assert not Result._base_manager.filter(round=one.pk).exists()
    kept = FormerResult._base_manager.get(round=one.pk)
    assert (kept.certificate, kept.file, kept.displayed_on) == (old.certificate, old.file, NOON.date())
    page = Client().get(f"/projects/{one.pk}/").content.decode()
    assert "正在重新计票" in page  # and what was on display is still there
    assert Client().get(f"/projects/{one.pk}/certificate.json").status_code == 404
    with pytest.raises(Blocked, match="已计算"):
        services.display(one, actor=street.actor(street.secretary), at=NOON)
    for number in (4, 5):
        for who in (street.clerk, street.handler):
            services.enter_sheet(one, number=number, choices=[3], actor=street.actor(who), at=NOON)
    services.count(one, actor=street.actor(street.director), at=NOON)
    services.display(one, actor=street.actor(street.secretary), at=NOON + 2 * DAY)
    one = fresh(one)
    assert [line.title for line in queries.public_result(one).lines if line.how] == ["路灯", "坡道"]  # type: ignore[union-attr]
    (former,) = queries.formers(one)
    assert [(row.title, row.was, row.now) for row in former.rows if row.changed] == [
        ("喷泉", former.rows[1].was, ""), ("坡道", "", former.rows[2].now)
    ]  # fmt: skip
    assert (former.voters, former.voters_now, former.ballots_changed) == (5, 5, 2)
    with pytest.raises(Blocked, match="公示满15日"):  # the days begin anew
        services.publish(one, actor=street.actor(street.secretary), at=OVER)
    services.publish(one, actor=street.actor(street.secretary), at=OVER + 2 * DAY)
    before = Client().get(f"/projects/{one.pk}/former/1/certificate.json")
    ballots = Client().get(f"/projects/{one.pk}/former/1/ballots.pb").content.decode()
    assert all(line[0] for line in check(json.loads(before.content), ballots))
    assert Client().get(f"/projects/{one.pk}/former/2/certificate.json").status_code == 404
    assert [event.verb for event in WALK.events(one)][-5:] == ["enter", "enter", "count", "display", "publish"]


def test_after_publication_too_and_not_for_ever(street: SimpleNamespace, walk: Any) -> None:
    one = walk("published").round
    objection = objected(street, one, at=OVER + 30 * DAY)
    assert objection.due_on == (OVER + 37 * DAY).date()
    with pytest.raises(NotOpenFromHere):
        objected(street, one, "太晚了的异议", at=OVER + 31 * DAY)
    services.uphold_objection(objection, reason="票数对不上", actor=street.actor(street.secretary), at=OVER + 31 * DAY)
    assert fresh(one).state == "counting"
    kept = FormerResult._base_manager.get(round=one.pk)
    assert kept.published_at == OVER
    for state in ("counting", "voting", "draft"):
        with pytest.raises(NotOpenFromHere):
            objected(street, walk(state).round)


def test_two_objections_to_one_result(street: SimpleNamespace, walk: Any) -> None:
    one = walk("displayed").round
    first, second = objected(street, one), objected(street, one, "票数对不上")
    other = {"actor": street.actor(street.secretary), "at": NOON}
    services.uphold_objection(first, reason="录错了", **other)
    services.uphold_objection(second, reason="也对", **other)  # it is being counted again already
    assert FormerResult._base_manager.filter(round=one.pk).count() == 1
    services.count(one, actor=street.actor(street.director), at=NOON)
    services.display(one, **other)
    before = state_of(fresh(one))
    with pytest.raises(Blocked, match="异议成立"):  # those were about the result before
        WALK.take("recount", one, **other)
    assert state_of(fresh(one)) == before


def test_every_forbidden_step_of_an_objection(street: SimpleNamespace, walk: Any) -> None:
    one = walk("displayed").round
    found = {}
    for state, verb in (("objection_open", None), ("objection_rejected", "reject"), ("objection_upheld", "uphold")):
        found[state] = objected(street, one, f"异议{state}")
        if verb:
            OBJECTIONS.take(
                verb, found[state], actor=street.actor(street.secretary), at=NOON, reason="有理由", answer="有理由", answered_at=NOON
            )  # fmt: skip
    assert set(found) == set(ObjectionState.values)
    tried = every_forbidden(OBJECTIONS, ObjectionState.values)
    assert len(tried) == 4
    for verb, state in tried:
        before = state_of(one)
        with pytest.raises(NotOpenFromHere):
            OBJECTIONS.take(verb, found[state], actor=street.actor(street.secretary), at=NOON)
        assert state_of(one) == before
    with pytest.raises(IntegrityError), transaction.atomic():
        Objection._base_manager.filter(pk=found["objection_open"].pk).update(state="objection_upheld")
    with pytest.raises(DatabaseError), transaction.atomic():
        ObjectionEvent._base_manager.all().delete()


def test_who_answers(street: SimpleNamespace, walk: Any) -> None:
    one = walk("displayed").round
    objection = objected(street, one)
    before = state_of(one)
    for act in (services.reject_objection, services.uphold_objection):
        with pytest.raises(Blocked, match="不是计算这个结果的人"):
            act(objection, reason="没有录错", actor=street.actor(street.director), at=NOON)
        with pytest.raises(BadInput):
            act(objection, reason=" ", actor=street.actor(street.secretary), at=NOON)
        for name in set(street.people) - {"secretary", "director", "publisher"}:
            with pytest.raises((NotPermitted, NotFound)):
                act(objection, reason="没有录错", actor=street.actor(street.people[name]), at=NOON)
    assert state_of(one) == before
    services.reject_objection(objection, reason="没有录错", actor=street.actor(street.publisher), at=NOON)
    assert Objection._base_manager.get(pk=objection.pk).answer == "没有录错"


def test_an_objection_needs_words_and_belonging_and_keeps_nobody(street: SimpleNamespace, walk: Any) -> None:
    one = walk("displayed").round
    anybody = {"actor": street.actor(street.outsider), "at": NOON}
    for text, entitled in (("", True), ("票录错了", False)):
        with pytest.raises(BadInput):
            services.object_to(one, text=text, entitled=entitled, **anybody)
    assert not Objection._base_manager.exists()
    known = services.object_to(one, text="票录错了", entitled=True, name="居民0", door="1-101", **anybody)
    again = services.object_to(one, text="票录错了", entitled=True, **anybody)
    other = services.object_to(one, text="少了一张", entitled=True, name="居民0", door="9-999", **anybody)
    assert (known.on_roll, again.pk, other.on_roll) == (True, known.pk, False)
    names = {field.name for field in Objection._meta.get_fields()}
    assert not names & {"name", "door", "contact", "by"}
    kept = str(list(Objection._base_manager.values())) + str(list(ObjectionEvent._base_manager.values_list("facts")))
    assert "居民0" not in kept
    assert known.told_id is None


def test_notices_of_display_and_objections(street: SimpleNamespace, walk: Any) -> None:
    one = walk("displayed").round
    services.follow(one, actor=street.actor(street.outsider), wanted=True)
    objection = objected(street, one, tell_me=True)
    run()
    assert kinds(street.secretary)[-1] == kinds(street.publisher)[-1] == "budgets.objected"
    assert "budgets.objected" not in kinds(street.director)  # who counted does not answer
    assert "录错" not in str(list(Notice.objects.values_list("facts", flat=True)))
    assert telling.remind(at=NOON + 4 * DAY) == 0
    assert telling.remind(at=NOON + 5 * DAY) == 2
    assert kinds(street.publisher)[-1] == "budgets.to_answer"
    assert telling.remind(at=NOON + 8 * DAY) == 2
    assert telling.remind(at=NOON + 9 * DAY) == 0
    assert kinds(street.publisher)[-1] == "budgets.answer_late"
    services.reject_objection(objection, reason="没有录错", actor=street.actor(street.secretary), at=NOON)
    run()
    assert kinds(street.resident) == ["budgets.rejected"]
    assert telling.remind(at=NOON + 15 * DAY) == 0
    assert telling.remind(at=OVER) == 2
    assert kinds(street.secretary)[-1] == "budgets.to_publish"
    services.uphold_objection(
        objected(street, one, "另一张也错了"), reason="说得对", actor=street.actor(street.secretary), at=NOON
    )
    run()
    assert kinds(street.outsider)[-1] == "budgets.recounted"


def test_the_pages_of_an_objection(street: SimpleNamespace, walk: Any) -> None:
    cache.clear()
    one = walk("displayed").round
    anybody = Client()
    assert anybody.get(f"/projects/{one.pk}/object/").status_code == 200
    assert anybody.post(f"/projects/{one.pk}/object/", {"text": "2号纸票录错了"}).status_code == 422
    page = anybody.post(f"/projects/{one.pk}/object/", {"text": "2号纸票录错了", "entitled": "on"})
    code = re.search(r'lx-code-big">([0-9A-Z-]+)<', page.content.decode())
    assert code is not None
    objection = Objection._base_manager.get()
    assert "2号纸票录错了" in anybody.post("/projects/follow/", {"code": code[1]}).content.decode()
    account, _new = Account.objects.get_or_create(person=street.secretary, defaults={"username": "s"})
    secretary = Client()
    secretary.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "2号纸票录错了" in secretary.get(f"/rounds/{one.pk}/").content.decode()
    assert secretary.get(f"/rounds/objections/{objection.pk}/uphold/").status_code == 200
    assert secretary.post(f"/rounds/objections/{objection.pk}/uphold/", {"reason": ""}).status_code == 422
    assert secretary.post(f"/rounds/objections/{objection.pk}/uphold/", {"reason": "确实录错"}).status_code == 302
    assert fresh(one).state == "counting"
    for client, address in ((secretary, f"/rounds/{one.pk}/"), (anybody, f"/projects/{one.pk}/")):
        assert "原来的证书" in client.get(address).content.decode()
    assert "确实录错" in anybody.post("/projects/follow/", {"code": code[1]}).content.decode()
    early = walk("voting").round
    assert anybody.get(f"/projects/{early.pk}/object/").status_code == 302
    assert anybody.post(f"/projects/{early.pk}/object/", {"text": "录错了吧", "entitled": "on"}).status_code == 422


def test_a_new_tie_after_a_draw_is_drawn_again(street: SimpleNamespace, walk: Any, lot: random.Random) -> None:
    made = walk("counting", projects=(("秋千", 60), ("滑梯", 60)), ballots=([1, 2], [1, 2]))
    lead, other = ({"actor": street.actor(p), "at": NOON} for p in (street.director, street.secretary))
    services.count(made.round, **lead)
    WALK.take("draw", made.round, **lead, order=[7], order_note="旧的一次")
    with pytest.raises(Blocked, match="抽签"):
        services.display(made.round, **other)
    assert Sheet._base_manager.count() == 0
