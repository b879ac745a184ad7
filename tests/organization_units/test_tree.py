"""Units come to be, change, move and end; what is refused leaves everything as it was."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from lianxi.commons.refusals import BadInput, NotPermitted
from lianxi.commons.units.models import Unit
from lianxi.commons.units.terms import UnitKind
from lianxi.organization.members.models import Member
from lianxi.organization.units import queries, services
from lianxi.organization.units.models import Coverage, Move, UnitCode
from lianxi.organization.units.terms import PARENTS, MoveState

DAY = dt.date(2026, 11, 16)


@pytest.fixture
def who(town: SimpleNamespace, at: dt.datetime) -> dict[str, Any]:
    return {"actor": town.actor(town.organiser), "at": at}


def test_a_unit_is_set_up_below_its_parent(town: SimpleNamespace, who: dict[str, Any]) -> None:
    made = services.create_unit(
        parent=town.wanghuai, kind="joint_branch", name="槐荫联合党支部", since=DAY, sector="private_firm", **who
    )
    assert made.path == f"{town.wanghuai.path}{made.pk}."
    assert made.profile.sector == "private_firm"


@pytest.mark.parametrize("kind", UnitKind.values)
def test_the_table_of_kinds_is_kept(town: SimpleNamespace, who: dict[str, Any], kind: str) -> None:
    for parent in (town.top, town.wanghuai, town.first, town.group, town.estate):
        before = Unit.objects.count()
        if parent.kind in PARENTS[kind]:
            services.create_unit(parent=parent, kind=kind, name=f"新{kind}", since=DAY, **who)
            assert Unit.objects.count() == before + 1
        else:
            with pytest.raises(BadInput) as refused:
                services.create_unit(parent=parent, kind=kind, name=f"新{kind}", since=DAY, **who)
            assert "parent" in refused.value.errors
            assert Unit.objects.count() == before


def test_names_do_not_repeat_below_one_parent(town: SimpleNamespace, who: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="已经有"):
        services.create_unit(parent=town.wanghuai, kind="branch", name=town.first.name, since=DAY, **who)
    services.create_unit(parent=town.tingsong, kind="branch", name=town.first.name, since=DAY, **who)


@pytest.mark.parametrize("person", ["far_organiser", "branch_secretary", "admin", "outsider"])
def test_only_the_organiser_above_writes(town: SimpleNamespace, at: dt.datetime, person: str) -> None:
    actor = town.actor(getattr(town, person))
    for act in (
        lambda: services.create_unit(parent=town.wanghuai, kind="branch", name="甲", since=DAY, actor=actor, at=at),
        lambda: services.change_unit(town.first, name="乙", reason="改名", actor=actor, at=at),
        lambda: services.close_unit(town.group, on=DAY, reason="撤销", actor=actor, at=at),
        lambda: services.set_code(town.estate, scheme="credit", code="91350100M000100Y43", actor=actor, at=at),
        lambda: services.begin_term(town.first, since=dt.date(2026, 1, 1), actor=actor, at=at),
    ):
        with pytest.raises(NotPermitted):
            act()
    town.first.refresh_from_db()
    assert town.first.name == "望槐社区第一党支部"
    assert not UnitCode.objects.exists()


def test_a_unit_with_members_or_units_is_not_closed(town: SimpleNamespace, who: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="下面还有1个单位"):
        services.close_unit(town.first, on=DAY, reason="合并", **who)
    services.close_unit(town.group, on=DAY - dt.timedelta(days=1), reason="合并", **who)
    with pytest.raises(BadInput, match="还有2名党员"):
        services.close_unit(town.first, on=DAY, reason="合并", **who)
    town.first.refresh_from_db()
    assert town.first.until is None


def test_a_closed_unit_leaves_the_tree_but_not_the_past(town: SimpleNamespace, who: dict[str, Any]) -> None:
    services.close_unit(town.second, on=DAY, reason="并入第一党支部", **who)
    later = DAY + dt.timedelta(days=1)

    def names(on: dt.date, today: dt.date) -> set[str]:
        found = queries.tree(actor=who["actor"], on=on, today=today, depth=5)
        seen: set[str] = set()
        while found:
            node = found.pop()
            seen.add(node.unit.name)
            found += node.below
        return seen

    assert town.second.name not in names(later, later)
    assert town.second.name in names(DAY, DAY)
    assert town.second.name in names(DAY, later)


def test_search_by_name_code_and_kind(town: SimpleNamespace, who: dict[str, Any]) -> None:
    services.set_code(town.estate, scheme="credit", code="91350100M000100Y43", **who)

    def found(**asked: str) -> list[str]:
        rows, _more = queries.search(queries.Asked.of(asked), actor=who["actor"], on=DAY)
        return [unit.name for unit in rows]

    assert found(q="第一党支部") == ["望槐社区第一党支部", "听松社区第一党支部"] or set(found(q="第一党支部")) == {
        "望槐社区第一党支部",
        "听松社区第一党支部",
    }
    assert found(q="9135 0100".replace(" ", "")) == ["半亩苑物业"]
    assert found(kind="resident") == ["半亩苑物业"]
    assert found(q="没有这个") == []


class TestCodes:
    def test_a_wrong_check_digit_needs_a_reason(self, town: SimpleNamespace, who: dict[str, Any]) -> None:
        with pytest.raises(BadInput, match="校验码"):
            services.set_code(town.estate, scheme="credit", code="91350203M0001QAY9B", **who)
        assert not UnitCode.objects.exists()
        row = services.set_code(
            town.estate, scheme="credit", code="91350203M0001QAY9B", kept_because="执照上就是这样印的", **who
        )
        assert row.kept_because == "执照上就是这样印的"

    def test_a_reason_does_not_help_a_short_code(self, town: SimpleNamespace, who: dict[str, Any]) -> None:
        with pytest.raises(BadInput, match="18位"):
            services.set_code(town.estate, scheme="credit", code="9135", kept_because="就是这样", **who)

    def test_a_right_code_keeps_no_reason(self, town: SimpleNamespace, who: dict[str, Any]) -> None:
        row = services.set_code(town.estate, scheme="credit", code="91350100M000100Y43", kept_because="不用", **who)
        assert row.kept_because == ""

    def test_a_code_belongs_to_one_unit(self, town: SimpleNamespace, who: dict[str, Any]) -> None:
        services.set_code(town.estate, scheme="credit", code="91350100M000100Y43", **who)
        with pytest.raises(BadInput, match="半亩苑物业"):
            services.set_code(town.works, scheme="credit", code="91350100M000100Y43", **who)
        assert UnitCode.objects.count() == 1


class TestMoving:
    def test_members_follow(self, town: SimpleNamespace, who: dict[str, Any]) -> None:
        row = services.move(town.first, target=town.tingsong, reason="社区调整", **who)
        assert (row.below, row.state) == (1, MoveState.WAITING)
        services.run_move(row.pk, **who)
        row.refresh_from_db()
        assert row.state == MoveState.DONE, row.trouble
        town.first.refresh_from_db()
        town.group.refresh_from_db()
        assert town.first.path == f"{town.tingsong.path}{town.first.pk}."
        assert town.group.path == f"{town.first.path}{town.group.pk}."
        member = Member.objects.get(pk=town.members["zhou"].pk)
        assert member.branch_path == town.first.path
        services.run_move(row.pk, **who)
        assert Move.objects.get(pk=row.pk).state == MoveState.DONE

    @pytest.mark.parametrize(
        ("unit", "target"),
        [
            ("wanghuai", "first"),
            ("first", "group"),
            ("first", "estate"),
            ("group", "top"),
            ("first", "wanghuai"),
            ("first", "first"),
        ],
    )
    def test_cycles_and_kinds_are_refused(
        self, town: SimpleNamespace, who: dict[str, Any], unit: str, target: str
    ) -> None:
        moved = getattr(town, unit)
        with pytest.raises(BadInput) as refused:
            services.move(moved, target=getattr(town, target), reason="试一试", **who)
        assert "target" in refused.value.errors
        assert not Move.objects.exists()
        path = moved.path
        moved.refresh_from_db()
        assert moved.path == path

    def test_both_places_must_be_ones_own(self, town: SimpleNamespace, at: dt.datetime) -> None:
        with pytest.raises(NotPermitted):
            services.move(town.far, target=town.wanghuai, reason="调整", actor=town.actor(town.far_organiser), at=at)

    def test_one_move_at_a_time(self, town: SimpleNamespace, who: dict[str, Any]) -> None:
        services.move(town.first, target=town.tingsong, reason="社区调整", **who)
        with pytest.raises(BadInput, match="正在调整"):
            services.move(town.first, target=town.top, reason="社区调整", **who)

    def test_what_no_longer_fits_when_the_job_runs_is_said(
        self, town: SimpleNamespace, who: dict[str, Any], at: dt.datetime
    ) -> None:
        row = services.move(town.first, target=town.tingsong, reason="社区调整", **who)
        services.run_move(row.pk, actor=town.actor(town.far_organiser), at=at)
        row.refresh_from_db()
        assert row.state == MoveState.FAILED
        assert row.trouble
        town.first.refresh_from_db()
        assert town.first.path.startswith(town.wanghuai.path)


def test_coverage(town: SimpleNamespace, who: dict[str, Any]) -> None:
    row = services.cover(town.first, unit=town.estate, since=DAY, **who)
    with pytest.raises(BadInput, match="已经覆盖"):
        services.cover(town.first, unit=town.estate, since=DAY, **who)
    with pytest.raises(BadInput, match="驻区单位"):
        services.cover(town.first, unit=town.second, since=DAY, **who)
    services.uncover(row, until=DAY, **who)
    assert Coverage.objects.filter(until=None).count() == 0
