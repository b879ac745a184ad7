"""A round from nothing to reported, and each step that may not be taken."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lianxi.commons.refusals import BadInput, Blocked, NotOpenFromHere, NotPermitted
from lianxi.commons.units.models import Unit
from lianxi.organization.groups import services
from lianxi.organization.groups.models import HandChange, Objection, Participant, Proof, Round, RoundStep, Seat
from lianxi.organization.groups.terms import State
from lianxi.organization.groups.workflow import WALK
from lianxi.organization.members.models import Affiliation

from .conftest import AT, DAY, fresh, groups, lay_out, me, people, placed

VERIFIER = Path(__file__).resolve().parents[2] / "src/lianxi/engines/assignment/verifier.py"


def checked(proof: Proof, folder: Path) -> int:
    """What the verifier says, as a file of its own, in an interpreter that knows nothing of Lianxi."""
    file = folder / "certificate.json"
    file.write_text(proof.text, encoding="utf-8")
    return subprocess.run([sys.executable, "-I", str(VERIFIER), str(file)], check=False).returncode


def test_a_round_from_nothing_to_reported(town: SimpleNamespace, tmp_path: Path) -> None:
    s = town
    record = lay_out(s)
    record = services.open_round(record, actor=s.o, at=AT)
    a, b, c = groups(record)
    crowd = people(record)
    for one in crowd[:9]:
        services.choose(one, wishes=[a.pk, b.pk], actor=me(s, one), at=AT)
    services.enter_slip(crowd[9], wishes=[c.pk], actor=s.o, at=AT)
    services.designate(crowd[10], group=b, reason="会开车，接送老人", actor=s.o, at=AT)
    record = services.close(record, actor=s.o, at=AT + 3 * DAY)
    record = services.draw(record, seed="5-2-6-1", how="typed", witnesses="林岚、周亦远", actor=s.o, at=AT + 3 * DAY)
    record = services.place_all(record, actor=s.o, at=AT + 3 * DAY)
    assert record.state == State.PLACED
    proof = Proof.objects.get(round=record)
    assert proof.profile == [1, 6, 4, 0, 3]
    assert checked(proof, tmp_path) == 0
    broken = json.loads(proof.text)
    first = next(iter(broken["placement"]))
    broken["placement"][first] = next(g for g in broken["groups"] if g != broken["placement"][first])
    proof.text = json.dumps(broken)
    assert checked(proof, tmp_path) == 1
    for group in groups(record):
        leader = Seat.objects.filter(group=group, participant__kind="01").first()
        assert leader
        services.name_leader(group, leader=leader.participant, way="recommended", actor=s.o, at=AT + 3 * DAY)
    record = services.publish(record, objections_until=(AT + 5 * DAY).date(), actor=s.o, at=AT + 3 * DAY)
    with pytest.raises(Blocked):
        services.confirm(record, decided_on=(AT + 3 * DAY).date(), due=3, present=3, actor=s.sec, at=AT + 3 * DAY)
    decided = AT + 6 * DAY
    record = services.confirm(record, decided_on=decided.date(), due=3, present=2, actor=s.sec, at=decided)
    assert Affiliation.objects.filter(until=None, group__name__in=["甲组", "乙组", "丙组"]).count() == 14
    old = Unit.objects.get(pk=s.group.pk)
    assert old.until == decided.date()
    record = services.report(record, number="望一支〔2026〕3号", actor=s.sec, at=decided)
    assert record.state == State.REPORTED
    verbs = list(RoundStep.objects.filter(round=record).values_list("verb", flat=True))
    assert verbs[0] == "begin"
    assert verbs[-2:] == ["confirm", "report"]


def snapshot(record: Any) -> tuple[Any, ...]:
    """Everything of a round, to be compared."""
    return (
        list(Round.objects.filter(pk=record.pk).values()),
        list(Participant.objects.filter(round=record).order_by("pk").values()),
        list(record.groups.order_by("pk").values()),
        list(Seat.objects.filter(round=record).order_by("pk").values()),
        list(RoundStep.objects.filter(round=record).values()),
        HandChange.objects.count(),
        Objection.objects.count(),
    )


def every_act(s: SimpleNamespace, record: Any) -> dict[str, Any]:
    """Each verb as a call that would be right in the right state."""
    group, person = groups(record)[0], people(record)[3]
    who = {"actor": s.o, "at": AT + 4 * DAY}
    later = AT + 9 * DAY
    day = (AT + 9 * DAY).date()
    return {
        "change": lambda: services.change(record, title="另一个", **who),
        "set_group": lambda: services.add_group(record, name="丁组", branch=s.first, lo=3, hi=5, **who),
        "open": lambda: services.open_round(record, **who),
        "amend": lambda: services.amend(group, lo=3, hi=7, shut=False, reason="人多", **who),
        "extend": lambda: services.extend(record, closes_at=later, reason="有人出差", **who),
        "designate": lambda: services.designate(person, group=group, reason="会开车", **who),
        "take_back_slip": lambda: services.take_back_slip(people(record)[9], reason="看错了", **who),
        "undesignate": lambda: services.undesignate(person, reason="本人不愿意", **who),
        "name_leader": lambda: services.name_leader(group, leader=person, way="designated", **who),
        "close": lambda: services.close(record, **who),
        "reopen": lambda: services.reopen(record, closes_at=later, reason="名额要改", **who),
        "draw": lambda: services.draw(record, seed="1234", how="typed", witnesses="林岚", **who),
        "place": lambda: services.place_all(record, **who),
        "move": lambda: services.move(person, group=group, reason="住得近", **who),
        "publish": lambda: services.publish(record, objections_until=day, **who),
        "object": lambda: services.object_to(person, text="想换", actor=me(s, person), at=AT + 4 * DAY),
        "confirm": lambda: services.confirm(record, decided_on=AT.date(), due=3, present=3, actor=s.sec, at=AT + 4 * DAY),
        "report": lambda: services.report(record, number="1号", **who),
        "cancel": lambda: services.cancel(record, reason="不办了", **who),
    }  # fmt: skip


@pytest.mark.parametrize("state", State.values)
def test_a_step_that_does_not_lead_from_here_is_refused_and_nothing_changes(town: SimpleNamespace, state: str) -> None:
    record = lay_out(town)
    placed(town, record)
    Round.objects.filter(pk=record.pk).update(state=state)
    record = fresh(record)
    forbidden = [row.verb for row in WALK.rows if state not in row.source and row.verb != "answer_objection"]
    assert forbidden
    before = snapshot(record)
    for verb in forbidden:
        with pytest.raises((NotOpenFromHere, NotPermitted, BadInput)):
            every_act(town, fresh(record))[verb]()
        assert snapshot(record) == before, verb


def test_members_choose_until_the_lists_close_and_not_after(town: SimpleNamespace) -> None:
    record = services.open_round(lay_out(town), actor=town.o, at=AT)
    one, (a, b, _c) = people(record)[2], groups(record)
    services.choose(one, wishes=[a.pk], actor=me(town, one), at=AT)
    services.choose(one, wishes=[b.pk, a.pk], actor=me(town, one), at=AT + DAY)
    assert people(record)[2].wishes == [b.pk, a.pk]
    before = snapshot(record)
    with pytest.raises(NotOpenFromHere):
        services.choose(one, wishes=[a.pk], actor=me(town, one), at=AT + 3 * DAY)
    for wrong in ([a.pk, a.pk], [a.pk, b.pk, _c.pk, a.pk], [999_999]):
        with pytest.raises(BadInput):
            services.choose(one, wishes=wrong, actor=me(town, one), at=AT)
    with pytest.raises(NotPermitted):
        services.choose(one, wishes=[a.pk], actor=me(town, people(record)[3]), at=AT)
    assert snapshot(record) == before


def test_lists_do_not_close_before_the_time_announced(town: SimpleNamespace) -> None:
    record = services.open_round(lay_out(town), actor=town.o, at=AT)
    before = snapshot(record)
    with pytest.raises(Blocked) as refused:
        services.close(record, actor=town.o, at=AT + DAY)
    assert "14" in str(refused.value)
    assert snapshot(record) == before
    for one in people(record):
        services.choose(one, wishes=[], actor=me(town, one), at=AT)
    assert services.close(record, actor=town.o, at=AT + DAY).state == State.CLOSED


def test_what_cannot_be_met_is_said_before_and_at_placing(town: SimpleNamespace) -> None:
    with pytest.raises(Blocked) as refused:
        services.open_round(lay_out(town, sizes=((3, 4), (3, 4))), actor=town.o, at=AT)
    assert "14" in str(refused.value)
    assert "8" in str(refused.value)
    with pytest.raises(Blocked) as refused:
        services.open_round(lay_out(town, title="另一轮", sizes=((6, 8), (6, 8), (6, 8))), actor=town.o, at=AT)
    assert "18" in str(refused.value)
    assert "办法" in str(refused.value)


def test_nobody_on_probation_leads(town: SimpleNamespace) -> None:
    record = lay_out(town)
    group = groups(record)[0]
    probationary = next(one for one in people(record) if one.kind == "02")
    before = snapshot(record)
    with pytest.raises(BadInput):
        services.name_leader(group, leader=probationary, way="designated", actor=town.o, at=AT)
    assert snapshot(record) == before


def test_a_group_is_never_planned_below_the_article(town: SimpleNamespace) -> None:
    record = lay_out(town)
    before = snapshot(record)
    with pytest.raises(BadInput) as refused:
        services.add_group(record, name="小组", branch=town.first, lo=2, hi=5, actor=town.o, at=AT)
    assert "3" in str(refused.value)
    assert snapshot(record) == before


def test_a_hand_change_is_shown_against_the_plan(town: SimpleNamespace) -> None:
    record = lay_out(town, sizes=((3, 6), (3, 7), (3, 7)))
    record = placed(town, record, wishes={2: [0], 3: [0], 4: [1]})
    a, b, c = groups(record)
    seat = Seat.objects.select_related("participant__round__unit").get(participant__number=2)
    assert seat.group_id == a.pk
    free = b if Seat.objects.filter(group=b).count() < 7 else c
    done = services.move(seat.participant, group=free, reason="家住得近", actor=town.o, at=AT + 5 * DAY)
    assert done.change == [0, -1, 0, 0, 1]
    seat.refresh_from_db()
    assert (seat.best_id, seat.group_id, seat.best_rank, seat.rank) == (a.pk, free.pk, 1, 0)


def test_an_objection_is_answered_before_the_committee_decides(town: SimpleNamespace) -> None:
    record = placed(town, lay_out(town, sizes=((3, 6), (3, 7), (3, 7))), wishes={5: [0]})
    for group in groups(record):
        leader = Seat.objects.filter(group=group, participant__kind="01").order_by("participant__number").last()
        assert leader
        services.name_leader(group, leader=leader.participant, way="recommended", actor=town.o, at=AT)
    record = services.publish(record, objections_until=(AT + 5 * DAY).date(), actor=town.o, at=AT + 4 * DAY)
    one = people(record)[4]
    raised = services.object_to(one, text="照顾母亲，想离家近", actor=me(town, one), at=AT + 4 * DAY)
    with pytest.raises(BadInput):
        services.object_to(people(record)[4], text="再提一次", actor=me(town, one), at=AT + 4 * DAY)
    decided = AT + 7 * DAY
    with pytest.raises(Blocked) as refused:
        services.confirm(record, decided_on=decided.date(), due=3, present=3, actor=town.sec, at=decided)
    assert "意见" in str(refused.value)
    services.answer_objection(raised, upheld=False, answer="本组离您家更近", actor=town.o, at=decided)
    with pytest.raises(Blocked):
        services.confirm(record, decided_on=decided.date(), due=5, present=2, actor=town.sec, at=decided)
    with pytest.raises(NotPermitted):
        services.confirm(record, decided_on=decided.date(), due=3, present=3, actor=town.o, at=decided)
    assert services.confirm(record, decided_on=decided.date(), due=3, present=3, actor=town.sec, at=decided)


def test_next_year_begins_from_this_one(town: SimpleNamespace) -> None:
    record = placed(town, lay_out(town), wishes={2: [0]})
    made = services.copy(record, title="2027年编组", closes_at=AT + 300 * DAY, actor=town.o, at=AT + 290 * DAY)
    assert made.after_id == record.pk
    assert [(one.name, one.lo, one.hi) for one in groups(made)] == [
        (one.name, one.lo, one.hi) for one in groups(record)
    ]
    assert not any(one.wishes or one.designated_id or one.answer for one in people(made))


def test_the_order_in_which_wishes_came_changes_nothing(town: SimpleNamespace) -> None:
    first = placed(town, lay_out(town), wishes={n: [0, 1] for n in range(2, 12)})
    second = placed(town, lay_out(town, title="反过来"), wishes={n: [0, 1] for n in range(11, 1, -1)})
    where = [
        list(Seat.objects.filter(round=one).order_by("participant__number").values_list("group__name", flat=True))
        for one in (first, second)
    ]
    assert where[0] == where[1]
