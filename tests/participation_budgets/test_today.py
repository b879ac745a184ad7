"""What rounds of projects give to My work today and to the search."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from lianxi.commons.accounts.models import Account
from lianxi.participation.budgets import services
from lianxi.participation.budgets.models import Round
from lianxi.participation.budgets.web import today as room
from tests.street import NOON

LATER = NOON + dt.timedelta(days=1)


def due(street: SimpleNamespace, name: str, at: dt.datetime = LATER) -> list[str]:
    actor = street.actor(street.people[name])
    found = [str(one.action) for one in room.of_today(actor=actor, at=at).duties]
    assert len(found) == sum(rows.count() for rows in room.keys(actor=actor, at=at))
    return found


@pytest.fixture(autouse=True)
def _all_can_log_in(street: SimpleNamespace) -> None:
    for key, person in street.people.items():
        Account.objects.create_user(key, person=person)


def test_proposals_wait_for_their_review(street: SimpleNamespace, walk: Any) -> None:
    """The residents' committee is nearer than the community's secretary; three projects are one thing to do."""
    walk("proposing")
    assert due(street, "handler") == due(street, "director") == ["审核项目"]
    assert due(street, "secretary") == due(street, "clerk") == due(street, "other_handler") == due(street, "outsider") == []  # fmt: skip
    actor = street.actor(street.handler)
    with translation.override("en"):
        (one,) = room.of_today(actor=actor, at=LATER).duties
    assert one.title == "楼道小项目: review 3 projects"


def test_a_step_waits_once_its_day_is_over(street: SimpleNamespace, walk: Any) -> None:
    one = walk("voting").round
    assert due(street, "director") == []
    Round._base_manager.filter(pk=one.pk).update(ends_on=NOON.date())
    assert due(street, "director", NOON) == []
    assert due(street, "director") == ["截止投票"]
    assert due(street, "handler") == due(street, "other_handler") == []


def test_paper_waits_for_another_person_and_the_result_for_a_third(street: SimpleNamespace, walk: Any) -> None:
    one = walk("counting").round
    assert due(street, "director") == ["计算结果"]
    who: Any = {"at": NOON}
    Round._base_manager.filter(pk=one.pk).update(state="voting")
    services.give(one, name="居民九", door="1-109", kind="paper", actor=street.actor(street.clerk), **who)
    Round._base_manager.filter(pk=one.pk).update(state="counting")
    services.enter_sheet(one, number=1, choices=[1], actor=street.actor(street.handler), **who)
    assert due(street, "handler") == []
    assert due(street, "director") == ["录入纸票"]
    services.enter_sheet(one, number=1, choices=[2], actor=street.actor(street.director), **who)
    assert due(street, "director") == []  # the two differ: nothing to count yet
    services.enter_sheet(one, number=1, choices=[1], actor=street.actor(street.director), **who)
    assert due(street, "director") == ["计算结果"]
    services.count(one, actor=street.actor(street.director), **who)
    assert due(street, "director") == []
    assert due(street, "secretary") == ["核对后公示"]  # the director is nearer, but it was he who counted
    assert due(street, "publisher") == []


@pytest.mark.parametrize("q", ["小项目", "项目", "楼", "路灯", "灯", "坡道"])
def test_rounds_and_projects_are_found(street: SimpleNamespace, walk: Any, q: str) -> None:
    draft = walk("draft").round
    public = walk("proposing").round

    def found(name: str) -> set[str]:
        return {one.url for one in room.search(q, actor=street.actor(street.people[name]), at=NOON).hits}

    of_round = q in ("小项目", "项目", "楼")
    desk = {f"/rounds/{public.pk}/"} | ({f"/rounds/{draft.pk}/"} if of_round else set())
    assert found("director") == found("clerk") == desk
    assert found("outsider") == found("resident") == found("other_handler") == {f"/projects/{public.pk}/"}


def test_proposals_of_a_round_that_is_not_public_stay_inside(street: SimpleNamespace, walk: Any) -> None:
    one = walk("proposing").round
    Round._base_manager.filter(pk=one.pk).update(state="withdrawn")
    assert room.search("路灯", actor=street.actor(street.outsider), at=NOON).hits == []
    assert len(room.search("路灯", actor=street.actor(street.director), at=NOON).hits) == 1
