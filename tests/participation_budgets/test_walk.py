"""A round from empty to published, and every step that is refused: nothing changed."""

from __future__ import annotations

import json
import random
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from lianxi.commons.refusals import BadInput, Blocked, NotFound, NotOpenFromHere, NotPermitted
from lianxi.commons.workflow.walk import every_forbidden
from lianxi.engines.budgeting.verifier import check
from lianxi.participation.budgets import queries, services
from lianxi.participation.budgets.models import (
    Ballot,
    Elector,
    FormerResult,
    Objection,
    Result,
    Round,
    RoundEvent,
    Sheet,
    Slip,
)
from lianxi.participation.budgets.terms import State
from lianxi.participation.budgets.workflow import PROPOSALS, WALK
from tests.street import NOON

from .conftest import BALLOTS

LEADS = {"secretary", "director"}
COMMUNITY = LEADS | {"handler", "clerk"}
MAY = {
    # verb: people of the street who may
    "change": LEADS, "open": LEADS, "close_proposals": LEADS, "reopen_proposals": LEADS, "open_vote": LEADS, "close_vote": LEADS,
    "withdraw": LEADS, "print_slips": COMMUNITY, "give": COMMUNITY, "enter": COMMUNITY, "count": LEADS, "draw": LEADS,
    "display": LEADS | {"publisher"}, "publish": LEADS | {"publisher"}, "recount": LEADS | {"publisher"},
}  # fmt: skip


def state_of(one: Round) -> tuple[Any, ...]:
    """Everything that a refused step must leave alone."""
    return (
        Round._base_manager.values().get(pk=one.pk),
        RoundEvent._base_manager.filter(round=one.pk).count(),
        list(Ballot._base_manager.filter(round=one.pk).order_by("pk").values()),
        Elector._base_manager.filter(round=one.pk).count(),
        list(Slip._base_manager.filter(round=one.pk).order_by("pk").values("used")),
        list(Sheet._base_manager.filter(round=one.pk).order_by("pk").values()),
        list(FormerResult._base_manager.filter(round=one.pk).values()),
        list(Objection._base_manager.filter(round=one.pk).order_by("pk").values()),
        list(Result._base_manager.filter(round=one.pk).values()),
    )


def test_a_round_from_empty_to_published(street: SimpleNamespace, walk: Any) -> None:
    made = walk("published")
    shown = queries.public_result(made.round)
    assert shown is not None
    assert [(line.title, line.how) for line in shown.lines] == [("路灯", "share"), ("坡道", "share"), ("喷泉", "")]
    assert [line.title for line in shown.lines if line.greedy] == ["路灯", "喷泉"]
    assert (shown.spent, shown.voters, shown.nothing) == (80, 5, False)
    found = queries.downloads(made.round)
    assert all(line[0] for line in check(json.loads(json.dumps(found["certificate"])), found["file"]))


def test_only_the_holder_of_the_receipt_sees_what_the_own_share_paid(walk: Any) -> None:
    made = walk("published")
    ballot = services.with_receipt(made.round, made.receipts[0])
    rows, whole, left = queries.paid_by(made.round, queries.ballot_choices(ballot))
    assert [(row.title, row.payers) for row in rows] == [("路灯", 3)]
    assert whole.startswith("≈") or whole.isdecimal()
    with pytest.raises(NotFound):
        services.with_receipt(made.round, made.codes[0])  # the printed code opens nothing
    with pytest.raises(NotFound):
        services.with_receipt(made.round, "AAAAA-AAAAA")


def test_a_receipt_shows_nothing_before_the_result(walk: Any) -> None:
    made = walk("counting")
    with pytest.raises(NotOpenFromHere):
        services.with_receipt(made.round, made.receipts[0])


def test_every_step_from_every_other_state_is_refused(street: SimpleNamespace, walk: Any, lot: random.Random) -> None:
    rounds = {
        state: walk(state).round
        for state in ("draft", "proposing", "project_review", "voting", "counting", "displayed", "published")
    }
    gone = walk("draft").round
    services.withdraw(gone, reason="不办了", actor=street.actor(street.secretary), at=NOON)
    rounds["withdrawn"] = Round._base_manager.get(pk=gone.pk)
    assert set(rounds) == set(State.values)
    tried = every_forbidden(WALK, State.values)
    assert len(tried) > 60
    for verb, state in tried:
        before = state_of(rounds[state])
        with pytest.raises(NotOpenFromHere):
            WALK.take(verb, rounds[state], actor=street.actor(street.secretary), at=NOON)
        assert state_of(rounds[state]) == before, (verb, state)


def test_who_may_not(street: SimpleNamespace, walk: Any) -> None:
    rounds = {
        state: walk(state).round
        for state in ("draft", "proposing", "project_review", "voting", "counting", "displayed")
    }
    for verb, people in MAY.items():
        one = rounds[WALK.by_verb[verb].source[0]]
        before = state_of(one)
        for name in set(street.people) - people:
            with pytest.raises((NotPermitted, NotFound)):
                WALK.take(verb, one, actor=street.actor(street.people[name]), at=NOON)
        assert state_of(one) == before, verb
        for name in people:
            assert WALK.by_verb[verb].may.may(street.actor(street.people[name]), one), (verb, name)
    proposal = walk("project_review").proposals[0]
    for name in set(street.people) - {"secretary", "director", "handler"}:
        with pytest.raises((NotPermitted, NotFound)):
            services.admit(proposal, cost=5, actor=street.actor(street.people[name]), at=NOON)
    assert PROPOSALS.record._base_manager.get(pk=proposal.pk).state == "proposed"
    for name in set(street.people) - LEADS:
        with pytest.raises(NotPermitted):
            services.plan(street.wanghuai_committee, title="x", budget=1, source="y", actor=street.actor(street.people[name]), at=NOON)  # fmt: skip


def test_conditions_of_the_steps(street: SimpleNamespace, walk: Any) -> None:
    lead = {"actor": street.actor(street.secretary), "at": NOON}
    draft = services.plan(street.wanghuai_committee, title="一轮", budget=10, source="经费", **lead)
    with pytest.raises(Blocked, match="社区党组织"):
        services.open_proposals(draft, **lead)
    review = walk("project_review")
    with pytest.raises(Blocked):
        services.open_vote(review.round, **lead)
    with pytest.raises(BadInput):
        services.decline(review.proposals[0], reason=" ", **lead)
    with pytest.raises(BadInput):
        services.admit(review.proposals[0], cost=0, **lead)
    counting = walk("counting")
    with pytest.raises(Blocked, match="已计算"):
        services.display(counting.round, **lead)
    services.count(counting.round, **lead)
    before = state_of(counting.round)
    with pytest.raises(Blocked, match="不是计算的人"):
        services.display(counting.round, **lead)
    assert state_of(counting.round) == before
    empty = walk("counting", ballots=())
    with pytest.raises(Blocked):
        services.count(empty.round, **lead)
    assert not Result._base_manager.filter(round=empty.round.pk).exists()


def test_one_person_once(street: SimpleNamespace, walk: Any, lot: random.Random) -> None:
    made = walk("voting", most=2)
    desk = {"actor": street.actor(street.clerk), "at": NOON}
    services.give(made.round, name="苏青禾", door="3-201", kind="code", **desk)
    before = state_of(made.round)
    for kind in ("code", "paper"):
        with pytest.raises(BadInput, match="已经领过"):
            services.give(made.round, name=" 苏青禾 ", door="3-201", kind=kind, **desk)
    assert state_of(made.round) == before
    with pytest.raises(BadInput, match="最多选2个"):
        services.cast(made.codes[0], choices=[1, 2, 3], lot=lot)
    with pytest.raises(BadInput, match="没有这个项目"):
        services.cast(made.codes[0], choices=[9], lot=lot)
    with pytest.raises(NotFound):
        services.cast("AAAAA-AAAAA", choices=[1], lot=lot)
    assert state_of(made.round) == before
    services.cast(made.codes[0].lower().replace("-", " "), choices=[1], lot=lot)
    before = state_of(made.round)
    with pytest.raises(BadInput, match="已经用过"):
        services.cast(made.codes[0], choices=[2], lot=lot)
    assert state_of(made.round) == before
    services.close_vote(made.round, actor=street.actor(street.director), at=NOON)
    with pytest.raises(BadInput, match="不在投票"):
        services.cast(made.codes[1], choices=[2], lot=lot)


def test_more_ballots_than_were_given_stop_the_count(street: SimpleNamespace, walk: Any, lot: random.Random) -> None:
    made = walk("voting")
    services.cast(made.codes[0], choices=[1], lot=lot)  # nobody was ticked off
    lead = {"actor": street.actor(street.director), "at": NOON}
    services.close_vote(made.round, **lead)
    with pytest.raises(Blocked, match="不多于发出的"):
        services.count(made.round, **lead)


def test_paper_is_entered_by_two(street: SimpleNamespace, walk: Any) -> None:
    made = walk("voting")
    lead, clerk, handler = (
        {"actor": street.actor(one), "at": NOON} for one in (street.director, street.clerk, street.handler)
    )
    services.give(made.round, name="孟书简", door="2-102", kind="paper", **clerk)
    services.close_vote(made.round, **lead)
    sheet = services.enter_sheet(made.round, number=1, choices=[1], **clerk)
    assert not services.enter_sheet(made.round, number=1, choices=[2], **clerk).agreed  # a correction of one's own
    with pytest.raises(Blocked, match="两遍一致"):
        services.count(made.round, **lead)
    assert not services.enter_sheet(made.round, number=1, choices=[3], **handler).agreed
    with pytest.raises(BadInput, match="两个人录过"):
        services.enter_sheet(made.round, number=1, choices=[2], **lead)
    assert services.enter_sheet(made.round, number=1, choices=[2], **handler).agreed
    with pytest.raises(IntegrityError), transaction.atomic():
        Sheet._base_manager.filter(pk=sheet.pk).update(second_by=sheet.first_by)
    services.count(made.round, **lead)
    assert queries.result(made.round).voters == 1  # type: ignore[union-attr]


def test_ties_are_drawn_before_publication(street: SimpleNamespace, walk: Any) -> None:
    made = walk("counting", projects=(("秋千", 60), ("滑梯", 60)), ballots=([1, 2], [1, 2]))
    count, other = ({"actor": street.actor(one), "at": NOON} for one in (street.director, street.secretary))
    assert services.count(made.round, **count).ties == [["1", "2"]]
    with pytest.raises(Blocked, match="抽签"):
        services.display(made.round, **other)
    with pytest.raises(BadInput, match="写全"):
        services.draw(made.round, order=[2], note="会上抽", **count)
    services.draw(made.round, order=[2, 1], note="居民代表会议上抽，温如许主持", **count)
    services.display(made.round, **other)
    shown = queries.public_result(Round._base_manager.get(pk=made.round.pk))
    assert shown is not None
    assert [(line.title, line.how) for line in shown.lines] == [("滑梯", "share"), ("秋千", "")]
    assert queries.downloads(made.round)["certificate"]["order"] == ["2", "1"]


def test_a_round_in_which_nothing_can_be_bought(walk: Any) -> None:
    made = walk("published", projects=(("亭子", 500), ("水池", 600)), ballots=([1], [1, 2]))
    shown = queries.public_result(made.round)
    assert shown is not None
    assert shown.nothing
    assert "超过全部预算" in shown.lines[0].says


def test_ballots_are_only_appended_and_carry_no_person(walk: Any) -> None:
    made = walk("counting")
    names = {field.name for field in Ballot._meta.get_fields()}
    assert names == {"id", "round", "choices", "channel", "receipt_is"}
    with pytest.raises(DatabaseError), transaction.atomic():
        Ballot._base_manager.filter(round=made.round.pk).update(choices=[1])
    with pytest.raises(DatabaseError), transaction.atomic():
        Ballot._base_manager.filter(round=made.round.pk).delete()
    assert sorted(Ballot._base_manager.filter(round=made.round.pk).values_list("choices", flat=True)) == sorted(BALLOTS)
    facts = json.dumps([event.facts for event in WALK.events(made.round)])
    assert "choices" not in facts


def test_import_and_export_give_the_same_result(street: SimpleNamespace, walk: Any, lot: random.Random) -> None:
    text = queries.downloads(walk("published").round)["file"]
    lead = {"actor": street.actor(street.director), "at": NOON}
    one = services.import_file(street.wanghuai_committee, text=text, source="去年的一轮", lot=lot, **lead)
    assert (one.state, one.imported, one.budget) == ("counting", True, 105)
    services.count(one, **lead)
    assert queries.downloads(one)["file"].split("PROJECTS")[1] == text.split("PROJECTS")[1]
    before = Round._base_manager.count()
    for bad in (
        text.replace(";50;", ";;", 1),
        text.replace("approval", "cumulative"),
        text.replace(";50;", ";0.5;", 1),
        "x",
    ):
        with pytest.raises(BadInput):
            services.import_file(street.wanghuai_committee, text=bad, source="x", lot=lot, **lead)
    with pytest.raises(NotPermitted):
        services.import_file(street.wanghuai_committee, text=text, source="x", lot=lot, actor=street.actor(street.clerk), at=NOON)  # fmt: skip
    assert Round._base_manager.count() == before
