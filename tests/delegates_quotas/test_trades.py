"""Trades are added, renamed, moved and taken away; what was counted or typed goes with them, and history keeps it all."""

import datetime as dt
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps

from lianxi.commons.refusals import BadInput, NotOpenFromHere, NotPermitted
from lianxi.delegates.quotas import queries, services
from lianxi.delegates.quotas.models import PlanTrade, SeatPlan
from lianxi.delegates.quotas.terms import State
from tests.officers import login

from .conftest import PEOPLE
from .test_walk import organiser, published


def names(plan: Any) -> list[str]:
    return [one.name for one in PlanTrade.objects.filter(plan=plan).order_by("number")]


def people(plan: Any) -> list[list[int]]:
    return [list(one.people) for one in plan.units.order_by("number")]


def key(plan: Any, name: str) -> int:
    return PlanTrade.objects.get(plan=plan, name=name).pk


def test_a_new_trade_begins_without_people(town: SimpleNamespace, computed: Any, at: dt.datetime) -> None:
    done = services.add_trade(computed, name="快递外卖", name_en="Couriers", at_least=Fraction(1, 20), source="街道纪要", actor=organiser(town), at=at)  # fmt: skip
    assert names(done)[-1] == "快递外卖"
    assert PlanTrade.objects.get(plan=done, name="快递外卖").sign == "快"
    assert people(done) == [[*counts, 0] for _, counts in PEOPLE]
    assert (done.state, done.current, done.counted_on) == (State.DRAFTING, None, computed.counted_on)
    assert queries.history(done)[0]["text"] == "增加行业“快递外卖”"


def test_figures_move_with_their_trade(town: SimpleNamespace, computed: Any, at: dt.datetime) -> None:
    before = names(computed)
    first = computed.current.certificate
    done = services.move_trade(computed, key(computed, before[4]), to=1, actor=organiser(town), at=at)
    assert names(done) == [before[0], before[4], *before[1:4]]
    assert people(done) == [[c[0], c[4], *c[1:4]] for _, c in PEOPLE]
    again = services.compute(done, actor=organiser(town), at=at)
    places = [before.index(name) for name in names(done)]
    assert again.current.seat("c") == [[line[n] for n in places] for line in first["c"]["seats"]]


def test_a_trade_taken_away_leaves_its_people_to_another(town: SimpleNamespace, computed: Any, at: dt.datetime) -> None:
    gone, heir = names(computed)[1], names(computed)[3]
    done = services.remove_trade(computed, key(computed, gone), into=key(computed, heir), actor=organiser(town), at=at)
    assert gone not in names(done)
    assert people(done) == [[c[0], c[2], c[3] + c[1], c[4]] for _, c in PEOPLE]
    assert "教师" in PlanTrade.objects.get(plan=done, name=heir).words
    assert gone in queries.history(done)[0]["text"]
    assert services.compute(done, actor=organiser(town), at=at).state == State.COMPUTED
    past: Any = apps.get_model("quotas", "PlanTradeEvent")
    assert past.objects.filter(name=gone, pgh_label="delete").exists()


def test_a_name_changes_and_nothing_else(town: SimpleNamespace, computed: Any, at: dt.datetime) -> None:
    first = names(computed)[0]
    done = services.change_trade(computed, key(computed, first), name="党政机关", actor=organiser(town), at=at)
    assert names(done)[0] == "党政机关"
    assert people(done) == [list(counts) for _, counts in PEOPLE]
    assert "改为“党政机关”" in queries.history(done)[0]["text"]


def test_one_trade_takes_the_rest(town: SimpleNamespace, plan: Any, at: dt.datetime) -> None:
    services.change_trade(plan, key(plan, names(plan)[0]), rest=True, actor=organiser(town), at=at)
    assert [one.name for one in PlanTrade.objects.filter(plan=plan, rest=True)] == [names(plan)[0]]


def test_what_is_refused_changes_nothing(town: SimpleNamespace, computed: Any, at: dt.datetime) -> None:
    actor, before = organiser(town), names(computed)
    first = key(computed, before[0])
    for wrong in (
        lambda: services.add_trade(computed, name=before[0], actor=actor, at=at),
        lambda: services.add_trade(computed, name=" ", actor=actor, at=at),
        lambda: services.change_trade(computed, first, at_least=Fraction(1, 2), at_most=Fraction(1, 3), actor=actor, at=at),
        lambda: services.move_trade(computed, first, to=9, actor=actor, at=at),
        lambda: services.remove_trade(computed, first, into=first, actor=actor, at=at),
        lambda: services.remove_trade(computed, 10**9, into=first, actor=actor, at=at),
    ):  # fmt: skip
        with pytest.raises(BadInput):
            wrong()
    with pytest.raises(NotPermitted):
        services.add_trade(published(town, computed, at), name="快递", actor=town.actor(town.secretary), at=at)
    with pytest.raises(NotOpenFromHere):
        services.add_trade(computed, name="快递", actor=actor, at=at)
    assert names(computed) == before
    assert SeatPlan.objects.get(pk=computed.pk).state == State.PUBLISHED


def test_the_pages_of_trades(town: SimpleNamespace, plan: Any) -> None:
    client = login(town.organiser)
    page = f"/delegates/{plan.pk}/trades/"
    for language in ("zh-hans", "en"):
        client.cookies["language"] = language
        assert client.get(page).status_code == 200
    client.cookies["language"] = "zh-hans"
    answer = client.post(
        f"{page}new/", {"name": "快递外卖", "at_least": "5", "words": "快递、外卖，骑手", "sectors": ["new_work"]}
    )
    assert answer.status_code == 422
    assert "骑手" in answer.content.decode()
    assert client.post(f"{page}new/", {"name": "快递外卖", "at_least": "5%", "words": "快递、外卖，骑手", "sectors": ["new_work"]}).status_code == 302  # fmt: skip
    trade = PlanTrade.objects.get(plan=plan, name="快递外卖")
    assert (trade.words, trade.sectors, trade.at_least) == (["快递", "外卖", "骑手"], ["new_work"], Fraction(1, 20))
    assert "不少于5%" in client.get(page).content.decode()
    assert 'value="5%"' in client.get(f"{page}{trade.pk}/").content.decode()
    assert client.post(page, {"move": f"up:{trade.pk}"}).status_code == 302
    assert names(plan)[-2] == "快递外卖"
    other = key(plan, names(plan)[0])
    asked = client.get(f"{page}{other}/remove/").content.decode()
    assert "名党员" in asked
    assert client.post(f"{page}{other}/remove/", {"into": str(trade.pk)}).status_code == 302
    assert len(names(plan)) == 5
    assert "去掉行业" in client.get(f"/delegates/{plan.pk}/").content.decode()


def test_a_published_plan_keeps_its_trades(town: SimpleNamespace, computed: Any, at: dt.datetime) -> None:
    published(town, computed, at)
    client = login(town.organiser)
    page = client.get(f"/delegates/{computed.pk}/trades/").content.decode()
    assert "增加行业" not in page
    assert login(town.outsider).get(f"/delegates/{computed.pk}/trades/").status_code == 200
