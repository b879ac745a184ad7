"""What seat plans give to My work today and to the search."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from lianxi.commons.accounts.models import Account
from lianxi.delegates.quotas import services
from lianxi.delegates.quotas.models import SeatPlan
from lianxi.delegates.quotas.web import today as room

from .conftest import begun, tied
from .test_walk import organiser, published


def due(actor: Any, at: dt.datetime) -> list[tuple[str, str]]:
    return [(str(one.action), one.due["kind"]) for one in room.of_today(actor=actor, at=at).duties]


def test_a_tie_waits_for_the_organiser_and_a_plan_for_the_committee_above(town: SimpleNamespace, at: dt.datetime, computed: Any) -> None:  # fmt: skip
    higher = town.actor(town.higher)
    Account.objects.create_user("o", person=town.organiser)
    assert due(organiser(town), at) == due(higher, at) == []  # computed: still in work, nobody is waited for
    SeatPlan.objects.filter(pk=computed.pk).update(state="quota_submitted", held_on=at.date() + dt.timedelta(days=1))
    assert due(higher, at) == [("批复名额方案", "today")]
    assert due(organiser(town), at) == []
    for state, action in (
        ("quota_returned", "改好再报"),
        ("quota_infeasible", "看怎么改"),
        ("quota_approved", "公布名额方案"),
    ):
        SeatPlan.objects.filter(pk=computed.pk).update(state=state)
        assert [one for one, _kind in due(organiser(town), at)] == [action]
        assert due(higher, at) == [], state
    SeatPlan.objects.filter(pk=computed.pk).update(state="quota_published")
    plan = tied(town, at)
    assert due(organiser(town), at) == [("定并列的名额", "later")]
    assert due(organiser(town), at + dt.timedelta(days=9)) == [("定并列的名额", "late")]
    assert [rows.count() for rows in room.keys(actor=organiser(town), at=at)] == [1]
    with translation.override("en"):
        (one,) = room.of_today(actor=organiser(town), at=at).duties
    assert one.action == "Settle the tied seats"
    assert one.url == f"/delegates/{plan.pk}/"
    for name in ("higher", "far_organiser", "secretary", "clerk", "outsider", "resident"):
        actor = town.actor(getattr(town, name))
        assert due(actor, at) == [], name
        assert sum(rows.count() for rows in room.keys(actor=actor, at=at)) == 0, name


@pytest.mark.parametrize("q", ["代表会议", "代表", "表", "Lake", "lake delegates"])
def test_a_plan_is_found_by_who_may_see_it(town: SimpleNamespace, at: dt.datetime, q: str) -> None:
    plan = begun(town, at, title_en="Delegates of Lake Street")

    def found(name: str) -> list[str]:
        return [one.url for one in room.search(q, actor=town.actor(getattr(town, name)), at=at).hits]

    assert found("organiser") == found("higher") == [f"/delegates/{plan.pk}/"]
    others = ("far_organiser", "secretary", "clerk", "outsider", "resident", "handler")
    assert [found(name) for name in others] == [[]] * len(others)


def test_a_published_plan_is_everybodys_on_its_public_page(town: SimpleNamespace, computed: Any, at: dt.datetime) -> None:  # fmt: skip
    plan = published(town, computed, at)
    assert plan.state == "quota_published"
    (hit,) = room.search("代表", actor=town.actor(town.outsider), at=at).hits
    assert hit.url == f"/public/seats/{plan.pk}/"
    services.begin(town.top, actor=organiser(town), at=at, title="另一次党员代表会议", kind="conference", seats=80)
    assert len(room.search("代表", actor=town.actor(town.outsider), at=at).hits) == 1
    assert len(room.search("代表", actor=organiser(town), at=at).hits) == 2
