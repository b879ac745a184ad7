"""Lists going out: text stays text, nothing computes, each export is on record; templates and lists of problems."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from lianxi.commons.accounts.models import Person
from lianxi.commons.papers import handouts, queries, services, sheets
from lianxi.commons.papers.models import Export
from lianxi.commons.papers.qr import qr_svg
from lianxi.commons.papers.services import ExportColumn
from lianxi.commons.papers.sheets import Column
from lianxi.commons.papers.writing import SheetWriter, TextWriter, harmless
from lianxi.commons.protection.models import Look
from lianxi.commons.refusals import BadInput

from .people import PeopleSheet

NAME = ExportColumn("name", "姓名", lambda p: p.name)
PHONE = ExportColumn("phone", "手机", lambda p: p.phone, as_text=True, field="phone")
STARTERS = "=+-@\t\r\n＝＋－＠|%"


@pytest.mark.parametrize("start", list(STARTERS))
@pytest.mark.parametrize("before", ["", " ", "\u3000"])
def test_what_could_compute_gets_an_apostrophe(start: str, before: str) -> None:
    assert harmless(f"{before}{start}cmd|' /C calc'!A0").startswith("'")


@given(st.text())
def test_no_text_begins_like_a_formula(text: str) -> None:
    out = harmless(text)
    assert not out[:1] or out[0] not in STARTERS
    assert len(out) <= 32_001


def test_plain_text_is_left_alone() -> None:
    assert [harmless(text) for text in ("刘砚", "第1支部", "a=b", "13800001234")] == [
        "刘砚",
        "第1支部",
        "a=b",
        "13800001234",
    ]


def sheet_of(content: Any) -> Any:
    return load_workbook(io.BytesIO(content.read()))


def test_a_workbook_keeps_every_digit_and_computes_nothing() -> None:
    writer = SheetWriter("党员/名册", [10, 20, 10], [False, True, False])
    writer.head(["姓名", "号码", "人数"])
    writer.row(['=HYPERLINK("http://x")', "999123198001011232", 12])
    writer.row(["刘砚\x07", None, dt.date(2020, 1, 5)])
    sheet = sheet_of(writer.save()).active
    assert sheet.title == "党员名册"
    cells = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert cells == [['\'=HYPERLINK("http://x")', "999123198001011232", 12], ["刘砚", None, dt.datetime(2020, 1, 5)]]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert sheet["B2"].number_format == "@"


def test_text_tables_come_back_as_they_went() -> None:
    writer = TextWriter()
    writer.head(["姓名", "备注"])
    writer.row(["刘砚", "+86 很急"])
    data = writer.save().read()
    assert data.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))[1] == ["刘砚", "'+86 很急"]
    columns = (Column("name", "姓名", sheets.name()), Column("note", "备注", sheets.text()))
    with sheets.open_table(io.BytesIO(data), columns) as table:
        assert next(table.rows()).values == {"name": "刘砚", "note": "+86 很急"}


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_an_export_is_masked_and_on_record(street: Any, at: dt.datetime, format: str) -> None:
    actor = street.actor(street.clerk)
    people = Person.objects.filter(pk__in=[street.handler.pk, street.resident.pk]).order_by("pk")
    file = services.export([NAME, PHONE], people, name="名单", format=format, actor=actor, at=at, asked={"q": "陆"})
    data = file.content.read()
    assert b"13900000417" not in data
    if format == "csv":
        assert "139****0417" in data.decode("utf-8-sig")
    else:
        assert sheet_of(io.BytesIO(data)).active["B2"].value == "139****0417"
    kept = Export.objects.get()
    assert (kept.by_id, kept.rows, kept.format, kept.asked, kept.revealed) == (
        street.clerk.pk,
        2,
        format,
        {"q": "陆"},
        [],
    )
    assert file.file_name == f"名单_20261116.{format}"
    assert not Look.objects.exists()


@pytest.mark.django_db
def test_in_full_only_with_right_and_reason_and_each_look_is_on_record(street: Any, at: dt.datetime) -> None:
    actor = street.actor(street.clerk)
    people = Person.objects.filter(pk__in=[street.handler.pk, street.resident.pk]).order_by("pk")

    def take(**more: Any) -> services.ExportFile:
        return services.export([NAME, PHONE], people, name="名单", actor=actor, at=at, reveal=["phone"], **more)

    for more in ({}, {"may_reveal": True}, {"may_reveal": True, "reason": " "}, {"reason": "回访"}):
        with pytest.raises(BadInput):
            take(**more)
    with pytest.raises(BadInput):
        services.export(
            [NAME], people, name="名单", actor=actor, at=at, reveal=["name"], may_reveal=True, reason="回访"
        )
    assert (Export.objects.count(), Look.objects.count()) == (0, 0)
    file = take(may_reveal=True, reason="回访", subject=lambda p: p.pk)
    assert sheet_of(file.content).active["B2"].value == "13900000417"
    assert [(look.subject_id, look.field, look.reason) for look in Look.objects.order_by("pk")] == [
        (street.handler.pk, "phone", "回访"),
        (street.resident.pk, "phone", "回访"),
    ]
    assert Export.objects.get().revealed == ["phone"]


def test_a_template_can_be_filled_in_and_read_back(kind: PeopleSheet) -> None:
    book = sheet_of(handouts.template(kind))
    sheet = book.active
    assert [cell.value for cell in sheet[1]] == ["姓名 *", "手机", "语言", "日期"]
    assert sheet["B2"].number_format == "@"
    assert [rule.formula1 for rule in sheet.data_validations.dataValidation] == ['"中文,英文"']
    assert "15位" in "".join(str(row[0].value) for row in book.worksheets[1])
    sheet.append(["刘砚", "13800001234", "中文", "2020-01-05"])
    out = io.BytesIO()
    book.save(out)
    with sheets.open_table(out, kind.columns) as table:
        rows = list(table.rows())
        assert [(row.number, row.verdict) for row in rows] == [(3, "ready")]
        assert "第2行是模板里的示例，跳过了。" in [str(note) for note in table.notes]


@pytest.mark.django_db
def test_the_list_of_problems_has_comments_and_can_be_mended(
    upload: Callable[..., Any], work: Callable[..., Any], kind: Any
) -> None:
    batch = work(
        upload(("刘砚", "12", None, "去年"), ("=1+1", "13800001001", None, None), (None, "13800001002", None, None)),
        "check",
    )
    content = handouts.problems(batch, queries.bad_rows(batch))
    sheet = sheet_of(content).active
    assert [cell.value for cell in sheet[1]] == ["原表行号", "问题", "姓名", "手机", "语言", "日期"]
    assert [sheet["A2"].value, sheet["C2"].value, sheet["D2"].value, sheet["F2"].value] == [2, "刘砚", "12", "去年"]
    assert "不是电话号码" in sheet["D2"].comment.text
    assert "不是日期" in sheet["F2"].comment.text
    assert sheet["C2"].comment is None
    assert sheet["C3"].comment.text.startswith("这一格的公式") or "公式" in sheet["B3"].value
    content.seek(0)
    with sheets.open_table(io.BytesIO(content.read()), kind.columns) as table:
        assert next(table.rows()).values["name"] == "刘砚"


def test_qr_codes_carry_no_style_and_say_what_they_are() -> None:
    svg = qr_svg("https://example.org/f/YH-7K3M-92QD", label='收件码 "<YH>"')
    assert svg.startswith('<svg role="img" aria-label="收件码 &quot;&lt;YH&gt;&quot;" ')
    assert "style" not in svg
    assert 'viewBox="0 0 ' in svg
    assert "width=" not in svg
    with pytest.raises(ValueError, match="too long"):
        qr_svg("x" * 5000)
