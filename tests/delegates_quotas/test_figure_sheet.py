"""A sheet of units × trades: its template, what the preview says, applying it and taking it back."""

import datetime as dt
import io
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.utils.translation import override

from lianxi.commons.papers import queries as papers
from lianxi.commons.papers import services as paper_services
from lianxi.commons.papers.kinds import kind_named
from lianxi.commons.papers.services.meter import Meter
from lianxi.commons.papers.terms import State as PaperState
from lianxi.commons.papers.terms import Work
from lianxi.delegates.quotas import queries, services
from lianxi.delegates.quotas.models import SeatPlan
from lianxi.delegates.quotas.terms import State
from tests.officers import login

from .conftest import DAY, PEOPLE
from .test_walk import organiser, published

JOBS = {"check": paper_services.check_batch, "apply": paper_services.apply_batch, "undo": paper_services.undo_batch}


def template(plan: Any, client: Any = None) -> Any:
    answer = client.get(f"/papers/import/quota_figures/template.xlsx?about={plan.pk}")
    return openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def run(batch: Any, which: str, actor: Any, at: dt.datetime) -> Any:
    with Meter(batch.pk, Work(which)) as meter:
        JOBS[which](batch.pk, actor=actor, at=at, meter=meter)
    batch.refresh_from_db()
    return batch


def sent(plan: Any, book: Any, actor: Any, at: dt.datetime) -> Any:
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    kind = kind_named("quota_figures", str(plan.pk))
    batch = paper_services.upload(kind, file, name="数字.xlsx", actor=actor, at=at)
    return run(batch, "check", actor, at)


def figures(plan: Any) -> list[Any]:
    return list(plan.units.order_by("number").values_list("name", "members", "population", "organizations", "people"))


def column(sheet: Any, heading: str) -> int:
    return next(cell.column for cell in sheet[1] if str(cell.value).removesuffix(" *") == heading)


def test_the_template_has_the_plan_in_it(town: SimpleNamespace, plan: Any) -> None:
    client = login(town.organiser)
    sheet = template(plan, client).worksheets[0]
    heads = [str(cell.value).removesuffix(" *") for cell in sheet[1]]
    assert heads[:5] == ["选举单位", "英文名称", "党组织数", "人口数", "党员数"]
    assert heads[5:10] == [one.name for one in plan.trades.all()]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == [name for name, _ in PEOPLE]
    assert list(rows[0][5:10]) == list(PEOPLE[0][1])
    client.cookies["language"] = "en"
    english = [str(cell.value) for cell in template(plan, client).worksheets[0][1]]
    assert english[5:7] == ["Offices", "Education, health"]


def test_a_sheet_is_previewed_applied_and_taken_back(town: SimpleNamespace, computed: Any, at: dt.datetime) -> None:
    actor, before = organiser(town), figures(computed)
    book = template(computed, login(town.organiser))
    sheet = book.worksheets[0]
    first = column(sheet, "机关事业")
    sheet.cell(2, first, 70)
    sheet.cell(2, column(sheet, "党员数")).value = None
    sheet.cell(3, column(sheet, "人口数"), 8888)
    for n, value in enumerate(["新街", "New Street", 9, 7000, None, 10, 20, None, 30, 40], 1):
        sheet.cell(sheet.max_row + (1 if n == 1 else 0), n, value)
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, column(sheet, "人数截止日"), dt.date(2026, 11, 10))
        sheet.cell(row, column(sheet, "数字来源"), "区委组织部年报")
    batch = sent(computed, book, actor, at)
    assert (batch.state, batch.good, batch.bad) == (PaperState.CHECKED, 9, 0), papers.preview(batch)
    assert figures(SeatPlan.objects.get(pk=computed.pk)) == before
    paper_services.apply(batch, good_only=False, actor=actor, at=at)
    run(batch, "apply", actor, at)
    assert batch.state == PaperState.APPLIED, batch.troubles
    now = SeatPlan.objects.get(pk=computed.pk)
    assert (now.state, now.counted_on, now.figures_source) == (State.DRAFTING, dt.date(2026, 11, 10), "区委组织部年报")
    after = figures(now)
    assert after[0][4] == [70, *PEOPLE[0][1][1:]]
    assert after[0][1] == sum(after[0][4])
    assert after[1][2] == 8888
    assert after[2:8] == before[2:]
    assert after[8] == ("新街", 100, 7000, 9, [10, 20, 0, 30, 40])
    assert "区委组织部年报" in queries.history(now)[0]["text"]
    assert services.compute(now, actor=actor, at=at).state == State.COMPUTED
    paper_services.undo(batch, reason="填错了", actor=actor, at=at)
    run(batch, "undo", actor, at)
    assert batch.state == PaperState.UNDONE, batch.troubles
    back = SeatPlan.objects.get(pk=computed.pk)
    assert figures(back) == before
    assert (back.counted_on, back.state) == (DAY, State.DRAFTING)


def test_what_is_wrong_is_named_by_row_and_column(town: SimpleNamespace, plan: Any, at: dt.datetime) -> None:
    book = template(plan, login(town.organiser))
    sheet = book.worksheets[0]
    sheet.cell(2, column(sheet, "党员数"), 3)
    sheet.cell(3, column(sheet, "教育卫生"), "很多")
    sheet.cell(4, column(sheet, "女党员"), 99999)
    sheet.cell(5, column(sheet, "人数截止日"), dt.date(2026, 1, 1))
    sheet.cell(6, 1, sheet.cell(7, 1).value)
    sheet.cell(8, column(sheet, "人数截止日"), dt.date(2036, 1, 1))
    batch = sent(plan, book, organiser(town), at)
    rows = {row.number: row for row in papers.preview(batch)[0]}
    said = {number: [f"{place}：{note}" for place, note in row.said if note.level in ("wrong", "duplicate")] for number, row in rows.items()}  # fmt: skip
    assert said[2] == ["E（党员数）：各行业加起来是458人，和党员数3不一样。"]
    assert said[3][0].startswith("G（教育卫生）：")
    assert said[4] == ["K（女党员）：比党员数337还多。"]
    assert "不一样" in said[5][0]
    assert "“选举单位”相同" in said[7][0]
    assert said[8] == ["N（人数截止日）：截止日还没有到。"]
    with override("en"):
        english = {row.number: [f"{place}: {note}" for place, note in row.said] for row in papers.preview(batch)[0]}
    assert english[2] == ["E (Members): The trades add up to 458, the members are 3."]
    assert (batch.bad, batch.good) == (6, 2)


def test_a_missing_trade_is_named(town: SimpleNamespace, plan: Any, at: dt.datetime) -> None:
    book = template(plan, login(town.organiser))
    book.worksheets[0].delete_cols(column(book.worksheets[0], "离退休"))
    batch = sent(plan, book, organiser(town), at)
    assert batch.good == 0
    assert "没有“离退休”这一列" in str(papers.preview(batch)[0][0].said[0][1])


def test_trades_changed_between_the_steps_stop_it(town: SimpleNamespace, plan: Any, at: dt.datetime) -> None:
    actor, before = organiser(town), figures(plan)
    batch = sent(plan, template(plan, login(town.organiser)), actor, at)
    first, second = list(plan.trades.all())[:2]
    services.remove_trade(plan, second.pk, into=first.pk, actor=actor, at=at)
    paper_services.apply(batch, good_only=False, actor=actor, at=at)
    run(batch, "apply", actor, at)
    assert batch.state == PaperState.CHECKED
    assert "行业改过了" in batch.troubles[0]
    assert [row[1] for row in figures(plan)] == [row[1] for row in before]


@pytest.mark.parametrize("step", ["population", "trades", "submitted"])
def test_it_is_not_taken_back_once_something_stands_on_it(town: SimpleNamespace, computed: Any, at: dt.datetime, step: str) -> None:  # fmt: skip
    actor = organiser(town)
    batch = sent(computed, template(computed, login(town.organiser)), actor, at)
    paper_services.apply(batch, good_only=False, actor=actor, at=at)
    run(batch, "apply", actor, at)
    if step == "population":
        services.set_population(computed, people={computed.units.first().pk: 5}, source="台账", actor=actor, at=at)
    elif step == "trades":
        services.add_trade(computed, name="快递", actor=actor, at=at)
    else:
        services.submit(services.compute(computed, actor=actor, at=at), actor=actor, at=at)
    after = figures(computed)
    paper_services.undo(batch, reason="填错了", actor=actor, at=at)
    run(batch, "undo", actor, at)
    assert batch.state == PaperState.APPLIED
    assert batch.troubles
    assert figures(computed) == after


def test_only_who_keeps_the_plan_may(town: SimpleNamespace, computed: Any, at: dt.datetime) -> None:
    page = f"/papers/import/quota_figures/?about={computed.pk}"
    assert login(town.organiser).get(page).status_code == 200
    assert login(town.outsider).get(page).status_code == 404
    assert login(town.organiser).get("/papers/import/quota_figures/").status_code == 404
    assert login(town.organiser).get("/papers/import/quota_figures/?about=x9").status_code == 404
    assert "quota_figures" not in login(town.organiser).get("/papers/").content.decode()
    published(town, computed, at)
    assert login(town.organiser).get(page).status_code == 404
