"""Who is asked next: several that could equally be are said to be so, and only the body decides among them."""

import datetime as dt
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from lianxi.commons.refusals import BadInput
from lianxi.delegates.quotas import queries, services
from lianxi.delegates.quotas.terms import State
from lianxi.engines import apportionment
from tests.officers import login

from .conftest import DAY, begun
from .test_walk import fresh, organiser

NAMES = ("甲", "乙", "丙")


def alike(town: SimpleNamespace, at: dt.datetime, women: tuple[int, ...] = (30, 30, 30), share: Fraction = Fraction(1, 3)) -> Any:  # fmt: skip
    """Three units of three seats each, alike but for their women."""
    actor = organiser(town)
    plan = begun(town, at, seats=9, weight_members=Fraction(1), weight_organizations=Fraction(0), weight_population=Fraction(0))  # fmt: skip
    rows = [
        {"name": name, "members": 61, "people": [60, 1, 0, 0, 0], "women": n, "young": 10, "minority": 0}
        for name, n in zip(NAMES, women, strict=True)
    ]
    plan = services.put_figures(plan, on=DAY, rows=rows, actor=actor, at=at)
    plan = services.set_aims(plan, aims={"women": share}, actor=actor, at=at)
    plan = services.compute(plan, actor=actor, at=at)
    assert plan.state == State.COMPUTED
    return plan


def women(plan: Any) -> Any:
    plan = fresh(plan)
    return next(one for one in queries.guides(plan, queries.loaded(plan)[0], plan.current) if one.aim.aim == "women")


def called(groups: Any) -> list[list[str]]:
    return [[one.name for one in group] for group in groups]


def test_equal_claims_are_said_to_be_equal(town: SimpleNamespace, at: dt.datetime) -> None:
    plan = alike(town, at)
    assert called(women(plan).next) == [["甲", "乙", "丙"]]
    client = login(town.organiser)
    page = client.get(f"/delegates/{plan.pk}/").content.decode()
    assert "一样该请" in page
    assert "登记先请的次序" in page
    client.cookies["language"] = "en"
    assert "equally due" in client.get(f"/delegates/{plan.pk}/").content.decode()


def test_unequal_claims_are_not(town: SimpleNamespace, at: dt.datetime) -> None:
    plan = alike(town, at, (20, 40, 40))
    assert called(women(plan).next)[0] == ["乙", "丙"]
    services.order_asked(plan, "women", way="voted", order=["丙"], paper="党工委会议", actor=organiser(town), at=at)
    assert called(women(plan).next)[:2] == [["丙"], ["乙"]]


def test_a_target_that_is_tied_stays_open(town: SimpleNamespace, at: dt.datetime) -> None:
    plan = alike(town, at, share=Fraction(4, 9))
    found = women(plan)
    assert (found.total, sum(row["target"] for row in found.rows)) == (4, 3)
    assert [(n, [one.name for one in some]) for n, some in found.open] == [(1, list(NAMES))]
    client = login(town.organiser)
    assert "指导数里还有1名给谁没有定" in client.get(f"/delegates/{plan.pk}/").content.decode()
    assert "1名在甲、乙、丙之间没有定" in client.get(f"/delegates/{plan.pk}/print/").content.decode()


def test_the_body_votes_or_draws(town: SimpleNamespace, at: dt.datetime) -> None:
    plan, actor = alike(town, at, share=Fraction(4, 9)), organiser(town)
    services.order_asked(plan, "women", way="voted", order=["乙", "丙"], paper="11月16日党工委会议", actor=actor, at=at)
    found = women(plan)
    assert [row["target"] for row in found.rows] == [1, 2, 1]
    assert (found.open, found.tied) == ([], [])
    assert called(found.next) == [["乙"], ["丙"], ["甲"]]
    services.order_asked(plan, "women", way="drawn", seed="38-07-91", paper="11月16日党工委会议", actor=actor, at=at)
    drawn = sorted(NAMES, key=lambda name: apportionment.draw("38-07-91", "", name))
    assert called(women(plan).next) == [[name] for name in drawn]
    assert queries.history(fresh(plan))[0]["title"] == "登记先请的次序"
    again = services.compute(fresh(plan), actor=actor, at=at)
    assert women(again).open


def test_what_is_no_order_is_refused(town: SimpleNamespace, at: dt.datetime) -> None:
    plan, actor = alike(town, at), organiser(town)
    for given in (
        {"way": "voted", "order": ["丁"], "paper": "会议"}, {"way": "voted", "order": [], "paper": "会议"}, {"way": "voted", "order": ["甲", "甲"], "paper": "会议"},
        {"way": "drawn", "seed": "1", "paper": "会议"}, {"way": "drawn", "seed": "38-07-91", "paper": ""}, {"way": "guessed", "paper": "会议"},
    ):  # fmt: skip
        with pytest.raises(BadInput):
            services.order_asked(plan, "women", actor=actor, at=at, **given)  # type: ignore[arg-type]
    with pytest.raises(BadInput):
        services.order_asked(plan, "young", way="voted", order=["甲"], paper="会议", actor=actor, at=at)
    client = login(town.organiser)
    page = f"/delegates/{plan.pk}/asked/women/"
    assert client.get(page).status_code == 200
    answer = client.post(page, {"way": "voted", "order": "丁", "paper": "会议"})
    assert answer.status_code == 422
    assert "没有“丁”这个单位" in answer.content.decode()
    assert client.post(page, {"way": "voted", "order": "丙\n甲", "paper": "会议"}).status_code == 302
    assert called(women(plan).next) == [["丙"], ["甲"], ["乙"]]


def test_a_vote_that_leaves_a_tie_of_seats_open_is_refused(town: SimpleNamespace, at: dt.datetime) -> None:
    """Two units and two trades exchange a seat: an order of units alone says nothing about it."""
    from .test_saying import made

    plan, actor = made(town, at, ((10, 10, 0, 0, 0), (10, 10, 0, 0, 0), (0, 0, 9, 0, 0)), seats=3), organiser(town)
    assert plan.state == State.TIED
    with pytest.raises(BadInput, match="望槐·机关事业"):
        services.vote_ties(plan, order=["望槐", "栗园"], paper="党工委会议", actor=actor, at=at)
    done = services.vote_ties(plan, order=["栗园·机关事业"], paper="党工委会议", actor=actor, at=at)
    assert done.state == State.COMPUTED
    assert done.current.seat("c")[1][0] == 1
    assert all(holds for holds, _, _ in apportionment.check(done.current.certificate))


def test_the_engine_names_those_alike() -> None:
    found = apportionment.guidance("women", dict.fromkeys("abc", 3), dict.fromkeys("abc", 30), dict.fromkeys("abc", 60), target=3)  # fmt: skip
    assert found.alike({}) == [("a", "b", "c")]
    assert found.alike({"a": 1}) == [("b", "c")]
