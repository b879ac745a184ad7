"""The roll comes in: what is mended, what is named, applied whole, undone whole."""

import datetime as dt
import random
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils.translation import override

from lianxi.commons.accounts.models import Person
from lianxi.commons.papers import queries as papers
from lianxi.commons.papers import services as papers_services
from lianxi.commons.papers.kinds import kind_named, kinds_for
from lianxi.commons.papers.models import ImportBatch
from lianxi.commons.papers.services.meter import Meter
from lianxi.commons.papers.terms import State, Work
from lianxi.organization.members import services
from lianxi.organization.members.models import Affiliation, Member, Probation
from tests.organization import identity

from .rolls import HEAD, people, roll, wide

BORN = dt.date(1980, 5, 6)
Run = Callable[..., ImportBatch]


def row(serial: int = 40, **change: Any) -> list[Any]:
    values: dict[str, Any] = {
        "姓名": "简宁", "身份证号": identity(BORN, "1", serial), "性别": "男", "民族": "汉族", "出生日期": BORN, "学历": "大学本科",
        "人员类别": "正式党员", "所在党支部": "望槐社区第一党支部", "入党日期": dt.date(2005, 7, 1), "转正日期": dt.date(2006, 7, 1),
        "联系电话": "13900005555", "家庭住址": "望槐路1号",
    }  # fmt: skip
    values |= change
    return [values[name] for name in HEAD]


@pytest.fixture
def run(town: SimpleNamespace, at: dt.datetime) -> Run:
    actor = town.actor(town.organiser)

    def go(batch: ImportBatch | None, which: str, *rows: Any, **more: Any) -> ImportBatch:
        if batch is None:
            batch = papers_services.upload(
                kind_named("members"), roll(rows), name="名册.xlsx", actor=actor, at=at, **more
            )
        verb = {
            "check": papers_services.check_batch,
            "apply": papers_services.apply_batch,
            "undo": papers_services.undo_batch,
        }[which]
        with Meter(batch.pk, Work(which)) as meter:
            verb(batch.pk, actor=actor, at=at, meter=meter)
        batch.refresh_from_db()
        return batch

    return go


def said(batch: ImportBatch) -> str:
    shown, _after = papers.preview(batch)
    return "\n".join(str(note) for one in shown for note in _notes(one))


def _notes(shown: Any) -> list[Any]:
    return [
        *getattr(shown, "notes", ()),
        *(note for cell in getattr(shown, "cells", ()) for note in getattr(cell, "notes", ())),
    ]


def test_who_may(town: SimpleNamespace) -> None:
    assert "members" in [kind.name for kind in kinds_for(town.actor(town.organiser))]
    for person in (town.branch_secretary, town.admin, town.outsider):
        assert "members" not in [kind.name for kind in kinds_for(town.actor(person))]


def test_in_and_out_again(town: SimpleNamespace, run: Run, at: dt.datetime) -> None:
    actor, before = town.actor(town.organiser), (Person.objects.count(), Member.objects.count())
    untidy = row(
        41,
        姓名="祝　青岚 ",
        身份证号=wide(identity(BORN, "1", 41)),
        出生日期="1980.5.6",
        学历="本科",
        性别=None,
        联系电话=13900006666,
    )
    probationary = row(42, 人员类别="预备党员", 入党日期=dt.date(2026, 3, 1), 转正日期=None)
    batch = run(None, "check", row(), untidy, probationary)
    assert (batch.state, papers.counts(batch)) == (
        State.CHECKED,
        {"ready": 2, "mended": 1, "wrong": 0, "duplicate": 0},
    ), said(batch)
    assert Member.objects.count() == before[1]
    papers_services.apply(batch, good_only=False, actor=actor, at=at)
    batch = run(batch, "apply")
    assert (batch.state, batch.applied) == (State.APPLIED, 3)
    mended = Member.objects.get(identity_is=identity(BORN, "1", 41))
    assert (mended.person.name, mended.education, mended.sex, mended.born_on) == ("祝青岚", "21", "1", BORN)
    assert Member.objects.filter(person__phone_is="13900006666").get() == mended
    assert Affiliation.objects.get(member=mended).way_in == "imported"
    assert Probation.objects.get().until == dt.date(2027, 3, 1)
    papers_services.undo(batch, reason="传错了", actor=actor, at=at)
    batch = run(batch, "undo")
    assert batch.state == State.UNDONE
    assert (Person.objects.count(), Member.objects.count()) == before


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"身份证号": "99900119800506"}, "18位"),
        ({"身份证号": None}, "身份证号"),
        ({"性别": "女"}, "性别和身份证号不一致"),
        ({"出生日期": dt.date(1980, 5, 7)}, "出生日期和身份证号里的"),
        ({"所在党支部": "望槐社区第一支部"}, "是不是“望槐社区第一党支部”"),
        ({"所在党支部": "完全不认识的地方"}, "没有“完全不认识的地方”这个党支部"),
        ({"入党日期": dt.date(1990, 1, 1), "转正日期": dt.date(1991, 1, 1)}, "不满18周岁"),
        ({"转正日期": None}, "正式党员要有转正日期"),
        ({"人员类别": None, "转正日期": None}, "是正式党员还是预备党员"),
        ({"转正日期": dt.date(2004, 7, 1)}, "转正日期早于入党日期"),
        ({"民族": "天外族"}, "天外族"),
    ],
)
def test_what_is_wrong_is_named(town: SimpleNamespace, run: Run, change: dict[str, Any], sentence: str) -> None:
    batch = run(None, "check", row(), row(50, **change))
    assert papers.counts(batch)["wrong"] == 1
    assert sentence in said(batch)
    with override("en"):
        assert said(batch)


def test_duplicates_in_the_sheet_and_on_record(town: SimpleNamespace, run: Run) -> None:
    batch = run(None, "check", row(), row(), row(1, 姓名="周望舒"))
    assert papers.counts(batch)["duplicate"] == 2
    assert f"编号{town.members['zhou'].number}" in said(batch)


def test_two_branches_of_one_name(town: SimpleNamespace, run: Run) -> None:
    from lianxi.commons.units.models import Unit

    Unit.objects.create(name="望槐社区第一党支部", kind="branch", parent=town.tingsong)
    batch = run(None, "check", row(), row(51, 所在党支部="望槐社区党委/望槐社区第一党支部"))
    assert papers.counts(batch) == {"ready": 1, "mended": 0, "wrong": 1, "duplicate": 0}
    assert "有2个党支部叫" in said(batch)


def test_an_organiser_imports_only_the_own_part(town: SimpleNamespace, at: dt.datetime) -> None:
    actor = town.actor(town.far_organiser)
    batch = papers_services.upload(kind_named("members"), roll([row()]), name="名册.xlsx", actor=actor, at=at)
    with Meter(batch.pk, Work.CHECK) as meter:
        papers_services.check_batch(batch.pk, actor=actor, at=at, meter=meter)
    batch.refresh_from_db()
    assert papers.counts(batch)["wrong"] == 1


@pytest.mark.parametrize("built", ["change", "transfer"])
def test_not_undone_once_something_builds_on_it(town: SimpleNamespace, run: Run, at: dt.datetime, built: str) -> None:
    actor = town.actor(town.organiser)
    batch = run(None, "check", row())
    papers_services.apply(batch, good_only=False, actor=actor, at=at)
    batch = run(batch, "apply")
    member = Member.objects.get(identity_is=identity(BORN, "1", 40))
    if built == "change":
        services.change(member, work="医生", reason="换岗", actor=actor, at=at)
    else:
        services.request_transfer(member, target=town.far, reason="搬家", actor=actor, at=at)
    papers_services.undo(batch, reason="传错了", actor=actor, at=at)
    batch = run(batch, "undo")
    assert batch.state == State.APPLIED
    assert Member.objects.filter(pk=member.pk).exists()


@pytest.mark.slow
def test_two_thousand_rows(town: SimpleNamespace, run: Run, at: dt.datetime) -> None:
    rows = list(people(2000, ["望槐社区第一党支部", "望槐社区第二党支部"], random.Random(7)))
    batch = run(None, "check", *rows)
    counts = papers.counts(batch)
    assert counts["wrong"] == 0, said(batch)[:2000]
    papers_services.apply(batch, good_only=True, actor=town.actor(town.organiser), at=at)
    batch = run(batch, "apply")
    assert batch.applied == counts["ready"] + counts["mended"]
