"""B-01, B-02 and B-04 as the unit's page shows them, at their borders."""

import datetime as dt
from types import SimpleNamespace

import pytest

from lianxi.commons.units.models import Unit
from lianxi.organization.units.queries import checks

DAY = dt.date(2026, 11, 16)


def verdicts(kind: str, members: int, full: int, parent: Unit) -> dict[str, bool]:
    unit = Unit.objects.create(name=f"{kind}{members}", kind=kind, parent=parent)
    return {str(row.check.label): row.check.passed for row in checks(unit, members=members, full=full, on=DAY)}


@pytest.mark.parametrize(
    ("kind", "members", "full", "label", "passed"),
    [
        ("branch", 3, 3, "够成立党支部", True),
        ("branch", 4, 2, "够成立党支部", False),
        ("branch", 50, 50, "党支部人数", True),
        ("branch", 51, 51, "党支部人数", False),
        ("branch", 15, 15, "划分党小组", False),
        ("general_branch", 49, 49, "够设党总支", False),
        ("general_branch", 50, 50, "够设党总支", True),
        ("general_branch", 100, 100, "够设党总支", True),
        ("general_branch", 101, 101, "够设党总支", False),
        ("committee", 100, 100, "够设党委", False),
        ("committee", 101, 101, "够设党委", True),
    ],
)
def test_borders(town: SimpleNamespace, kind: str, members: int, full: int, label: str, passed: bool) -> None:
    assert verdicts(kind, members, full, town.wanghuai)[label] is passed


def test_small_branches_need_no_groups(town: SimpleNamespace) -> None:
    assert "划分党小组" not in verdicts("branch", 14, 14, town.wanghuai)


def test_each_check_cites_its_rule_and_says_what_to_do(town: SimpleNamespace) -> None:
    rows = checks(town.first, members=2, full=2, on=DAY)
    assert [row.check.rule.id for row in rows] == ["B-01", "B-01", "E-01"]
    failed = [row for row in rows if not row.check.passed]
    assert failed
    assert all(row.advice and row.check.citation for row in failed)
    assert str(rows[0].check.found) == "正式党员2名"
