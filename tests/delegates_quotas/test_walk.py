"""From begun to published: what comes out, what is refused, and that a refusal changes nothing."""

import datetime as dt
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from lianxi.commons.refusals import BadInput, Blocked, ChangedMeanwhile, NotFound, NotOpenFromHere, NotPermitted
from lianxi.commons.workflow.walk import every_forbidden
from lianxi.delegates.quotas import queries, services
from lianxi.delegates.quotas.models import Calculation, PlanEvent, SeatPlan
from lianxi.delegates.quotas.terms import Outcome, State
from lianxi.delegates.quotas.workflow import WALK
from lianxi.engines import apportionment

from .conftest import DAY, begun, rows, tied


def fresh(plan: Any) -> Any:
    return SeatPlan.objects.get(pk=plan.pk)


def organiser(town: SimpleNamespace) -> Any:
    return town.actor(town.organiser)


def published(town: SimpleNamespace, computed: Any, at: dt.datetime) -> Any:
    actor = organiser(town)
    services.submit(computed, actor=actor, at=at)
    services.approve(computed, approval="砚组〔2026〕41号", actor=town.actor(town.higher), at=at)
    return services.publish(computed, actor=actor, at=at)


def test_a_plan_from_begun_to_published(town: SimpleNamespace, computed: Any, at: dt.datetime) -> None:
    certificate = computed.current.certificate
    assert all(holds for holds, _, _ in apportionment.check(certificate))
    assert sum(computed.current.seat("a")) == sum(computed.current.seat("b")) == 72
    assert [sum(line) for line in computed.current.seat("c")] == computed.current.seat("a")
    assert [sum(column) for column in zip(*computed.current.seat("c"), strict=True)] == computed.current.seat("b")
    done = published(town, computed, at)
    assert done.state == State.PUBLISHED
    assert done.published_at == at
    assert [event.verb for event in WALK.events(done)] == ["begin", "freeze", "compute", "submit", "approve", "publish"]


def test_the_weights_come_from_the_rulebook(town: SimpleNamespace, at: dt.datetime) -> None:
    plan = begun(town, at)
    assert plan.weights == {"members": Fraction(3, 5), "organizations": Fraction(1, 5), "population": Fraction(1, 5)}
    assert plan.floor == 1


def test_a_local_figure_of_the_rulebook_is_taken(town: SimpleNamespace, at: dt.datetime) -> None:
    from lianxi.commons.rulebook.services import set_local_figure

    set_local_figure("E-55", parameter="floor", value=2, unit=town.top, since=at.date() + dt.timedelta(days=1), source="街道纪要", reason="各社区都要两名", actor=organiser(town), at=at)  # fmt: skip
    assert begun(town, at + dt.timedelta(days=2)).floor == 2


@pytest.mark.parametrize(
    "change",
    [
        {"floor": 9},
        {"weight_members": Fraction(1, 2)},
        {"seats": 0},
        {"cap": 0},
        {"title": "x"},
        {"kind": "parliament"},
        {"weight_members": Fraction(8, 5), "weight_organizations": Fraction(-3, 5), "weight_population": Fraction(0)},
    ],
)
def test_settings_outside_their_bounds_are_refused(
    town: SimpleNamespace, computed: Any, at: dt.datetime, change: Any
) -> None:
    with pytest.raises(BadInput):
        services.settle(computed, actor=organiser(town), at=at, **change)
    now = fresh(computed)
    assert (now.version, now.state, now.floor, now.seats) == (computed.version, State.COMPUTED, 1, 72)


def test_the_register_is_counted_by_unit_and_trade(town: SimpleNamespace, at: dt.datetime) -> None:
    plan = services.freeze(begun(town, at), on=dt.date(2026, 11, 15), actor=organiser(town), at=at)
    units = {one.name: one for one in plan.units.all()}
    assert set(units) == {"望槐社区党委", "听松社区党委"}
    wanghuai = units["望槐社区党委"]
    assert (wanghuai.members, wanghuai.organizations, wanghuai.women) == (2, 3, 1)
    assert wanghuai.people == [0, 2, 0, 0, 0]  # 教师
    assert plan.counted_on == dt.date(2026, 11, 15)
    assert next(iter(plan.aims.all())).share == Fraction(1, 3)


def test_who_belonged_on_the_day_counts(town: SimpleNamespace, at: dt.datetime) -> None:
    plan = services.freeze(begun(town, at), on=dt.date(2000, 1, 1), actor=organiser(town), at=at)
    assert sum(one.members for one in plan.units.all()) == 0


def test_a_day_to_come_is_refused(town: SimpleNamespace, at: dt.datetime) -> None:
    plan = begun(town, at)
    with pytest.raises(BadInput):
        services.freeze(plan, on=at.date() + dt.timedelta(days=9), actor=organiser(town), at=at)
    assert not fresh(plan).frozen


def test_nothing_is_computed_before_the_figures_are_there(town: SimpleNamespace, at: dt.datetime) -> None:
    plan = begun(town, at)
    with pytest.raises(Blocked) as refused:
        services.compute(plan, actor=organiser(town), at=at)
    assert any("冻结" in str(check.found) for check in refused.value.missing)
    plan = services.put_figures(plan, on=DAY, rows=rows(population=None), actor=organiser(town), at=at)
    with pytest.raises(Blocked) as refused:
        services.compute(plan, actor=organiser(town), at=at)
    assert [str(check.label) for check in refused.value.missing] == ["人口数"]
    assert not Calculation.objects.exists()


def test_the_example_of_the_domain(town: SimpleNamespace, at: dt.datetime) -> None:
    """250 seats by largest remainder, weights .6 .2 .2: 101, 66, 43, 18, 22."""
    figures = {"A": (4200, 96, 81000), "B": (2600, 60, 64000), "C": (1500, 41, 52000), "D": (900, 22, 0), "E": (800, 55, 0)}  # fmt: skip
    plan = begun(town, at, seats=250, method="hamilton", kind="primary")
    typed = [
        {"name": name, "members": m, "organizations": o, "population": p, "people": [m // 5] * 5}
        for name, (m, o, p) in figures.items()
    ]
    plan = services.put_figures(plan, on=DAY, rows=typed, actor=organiser(town), at=at)
    done = services.compute(plan, actor=organiser(town), at=at)
    assert done.current.seat("a") == [101, 66, 43, 18, 22]


def test_a_tie_waits_for_the_body(town: SimpleNamespace, at: dt.datetime) -> None:
    plan = tied(town, at)
    assert plan.state == State.TIED
    assert plan.current.document["said"]["zh"]
    with pytest.raises(NotOpenFromHere):
        services.submit(plan, actor=organiser(town), at=at)
    with pytest.raises(BadInput):
        services.vote_ties(plan, order=["丁"], paper="党工委会议", actor=organiser(town), at=at)
    assert fresh(plan).version == plan.version
    units, trades = ["乙", "甲", "丙"], [one.name for one in plan.trades.all()]
    with pytest.raises(BadInput, match="机关事业"):
        services.vote_ties(plan, order=units, paper="11月16日党工委会议", actor=organiser(town), at=at)
    every = [*units, *trades, *(f"{unit}·{trade}" for unit in units for trade in trades)]
    done = services.vote_ties(plan, order=every, paper="11月16日党工委会议", actor=organiser(town), at=at)
    assert done.state == State.COMPUTED
    assert done.current.seat("a") == [1, 2, 1]
    assert Calculation.objects.filter(plan=plan).count() == 2


def test_a_tie_drawn_in_the_meeting_can_be_drawn_again(town: SimpleNamespace, at: dt.datetime) -> None:
    plan = tied(town, at)
    with pytest.raises(BadInput):
        services.draw_ties(plan, seed="1", paper="党工委会议", actor=organiser(town), at=at)
    done = services.draw_ties(plan, seed="38-07-91", paper="11月16日党工委会议", actor=organiser(town), at=at)
    assert done.state == State.COMPUTED
    record = queries.record(done.pk, actor=organiser(town), at=at)
    rows_a = [row for row in queries.lots_of(record) if row["step"] == "A"]
    first = min(("甲", "乙", "丙"), key=lambda name: apportionment.draw("38-07-91", "", name))
    assert rows_a[0]["name"] == first
    assert done.current.seat("a")["甲乙丙".index(first)] == 2
    assert all(holds for holds, _, _ in apportionment.check(done.current.certificate))


def test_contradictory_wishes_say_why_and_what_would_help(town: SimpleNamespace, plan: Any, at: dt.datetime) -> None:
    first = plan.trades.first()
    actor = organiser(town)
    plan = services.set_bounds(plan, shares={first.pk: (Fraction(9, 10), None)}, actor=actor, at=at)
    done = services.compute(plan, actor=actor, at=at)
    assert done.state in (State.INFEASIBLE, State.COMPUTED)
    impossible = services.set_bounds(
        done, shares={one.pk: (None, Fraction(1, 10)) for one in done.trades.all()}, actor=actor, at=at
    )
    done = services.compute(impossible, actor=actor, at=at)
    assert done.state == State.INFEASIBLE
    said = done.current.document["said"]
    assert said["zh"]
    assert said["en"]
    assert "？" not in said["zh"][0]
    with pytest.raises(NotOpenFromHere):
        services.submit(done, actor=actor, at=at)


def test_a_trial_changes_nothing_and_can_be_taken_over(town: SimpleNamespace, computed: Any, at: dt.datetime) -> None:
    actor = organiser(town)
    units, trades = queries.loaded(computed)
    found = queries.trial(computed, units, trades, computed.current, weight_members=Fraction(1, 5), weight_population=Fraction(3, 5))  # fmt: skip
    assert found.outcome == Outcome.DONE
    assert found.rows
    assert found.same + len(found.rows) + found.more == 40
    assert fresh(computed).version == computed.version
    assert Calculation.objects.count() == 1
    done = services.adopt(computed, weight_members=Fraction(1, 5), weight_population=Fraction(3, 5), reason="人口差得多", actor=actor, at=at)  # fmt: skip
    changed = {(row.unit.name, row.trade.name if row.trade else ""): row.then for row in found.rows}
    for (unit, trade), then in changed.items():
        i, j = [u.name for u in units].index(unit), [t.name for t in trades].index(trade)
        assert done.current.seat("c")[i][j] == then
    assert [one.number for one in Calculation.objects.all()] == [1, 2]


def test_a_calculation_is_never_changed(computed: Any) -> None:
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Calculation.objects.filter(pk=computed.current_id).update(digest="0" * 64)


def test_too_few_front_line_seats_block_the_report(town: SimpleNamespace, at: dt.datetime) -> None:
    people = [("甲", (90, 5, 3, 2, 20)), ("乙", (80, 6, 4, 3, 30))]
    actor = organiser(town)
    plan = services.put_figures(begun(town, at, seats=20), on=DAY, rows=rows(people), actor=actor, at=at)
    done = services.compute(plan, actor=actor, at=at)
    with pytest.raises(Blocked) as refused:
        services.submit(done, actor=actor, at=at)
    assert {"一线代表"} <= {str(check.label) for check in refused.value.missing}
    assert fresh(done).state == State.COMPUTED


def test_more_seats_than_the_rule_allows_block_the_report(town: SimpleNamespace, at: dt.datetime) -> None:
    actor = organiser(town)
    plan = begun(town, at, seats=301, kind="primary")
    done = services.compute(services.put_figures(plan, on=DAY, rows=rows(), actor=actor, at=at), actor=actor, at=at)
    with pytest.raises(Blocked) as refused:
        services.submit(done, actor=actor, at=at)
    assert [str(check.label) for check in refused.value.missing] == ["代表总数"]


def test_nobody_approves_the_own_plan(town: SimpleNamespace, computed: Any, at: dt.datetime) -> None:
    services.submit(computed, actor=organiser(town), at=at)
    with pytest.raises(NotPermitted):
        services.approve(computed, approval="砚组〔2026〕41号", actor=organiser(town), at=at)
    with pytest.raises(Blocked):
        services.approve(computed, approval=" ", actor=town.actor(town.higher), at=at)
    assert fresh(computed).state == State.SUBMITTED


def test_returned_with_a_reason(town: SimpleNamespace, computed: Any, at: dt.datetime) -> None:
    services.submit(computed, actor=organiser(town), at=at)
    with pytest.raises(BadInput):
        services.send_back(computed, reason="", actor=town.actor(town.higher), at=at)
    done = services.send_back(computed, reason="两新组织太少", actor=town.actor(town.higher), at=at)
    assert done.state == State.RETURNED
    done = services.settle(done, seats=80, actor=organiser(town), at=at)
    assert done.state == State.DRAFTING
    assert done.current is None


def test_a_new_plan_takes_the_place_of_the_old_one(town: SimpleNamespace, computed: Any, at: dt.datetime) -> None:
    old = published(town, computed, at)
    new = services.revise(old, actor=organiser(town), at=at)
    assert fresh(old).state == State.PUBLISHED
    assert [u.people for u in new.units.order_by("number")] == [u.people for u in old.units.order_by("number")]
    new = services.compute(services.settle(new, seats=73, actor=organiser(town), at=at), actor=organiser(town), at=at)
    published(town, new, at)
    assert fresh(old).state == State.SUPERSEDED
    assert fresh(old).current.seat("a") == computed.current.seat("a")


def test_who_is_asked_next(town: SimpleNamespace, computed: Any, at: dt.datetime) -> None:
    done = published(town, computed, at)
    units, _ = queries.loaded(done)
    women = next(one for one in queries.guides(done, units, done.current) if one.aim.aim == "women")
    assert women.total == -(-Fraction(women.aim.share) * 72 // 1)
    assert women.next
    first = women.next[0][0]
    with pytest.raises(BadInput):
        services.count_named(done, named={first.pk: {"women": 70}}, actor=organiser(town), at=at)
    done = services.count_named(done, named={first.pk: {"women": 2}}, actor=organiser(town), at=at)
    units, _ = queries.loaded(done)
    again = next(one for one in queries.guides(done, units, done.current) if one.aim.aim == "women")
    assert again.named == 2
    assert again.next[0][0].pk != first.pk


def test_every_forbidden_step_is_refused(town: SimpleNamespace, computed: Any, at: dt.datetime) -> None:
    from lianxi.commons.permissions import asking

    for verb, state in every_forbidden(WALK, State.values):
        SeatPlan.objects.filter(pk=computed.pk).update(state=state)
        now = fresh(computed)
        events = PlanEvent.objects.filter(plan=computed).count()
        actor = town.actor(town.higher)
        with asking(actor), pytest.raises((NotOpenFromHere, NotPermitted)):
            WALK.take(verb, now, actor=actor, at=at, approval="x", outcome="done")
        assert fresh(computed).version == now.version
        assert PlanEvent.objects.filter(plan=computed).count() == events


def test_two_at_once(town: SimpleNamespace, computed: Any, at: dt.datetime) -> None:
    seen = computed.version
    services.settle(computed, seats=80, actor=organiser(town), at=at, seen=seen)
    with pytest.raises(ChangedMeanwhile):
        services.settle(computed, seats=81, actor=organiser(town), at=at, seen=seen)
    assert fresh(computed).seats == 80


@pytest.mark.parametrize("who", ["outsider", "handler", "far_organiser", "admin", "branch_secretary"])
def test_strangers_do_not_find_a_draft(town: SimpleNamespace, computed: Any, at: dt.datetime, who: str) -> None:
    actor = town.actor(town.people[who])
    with pytest.raises(NotFound):
        queries.record(computed.pk, actor=actor, at=at)
    with pytest.raises(NotFound):
        services.compute(computed, actor=actor, at=at)
    assert queries.listed("all", actor=actor).rows == []
    assert fresh(computed).version == computed.version
