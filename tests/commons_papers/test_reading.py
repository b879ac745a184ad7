# ruff: noqa: RUF001 - full-width signs are what is tested
"""Sheets as offices really have them: each irregularity is mended and said, or named by its cell."""

import datetime as dt
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from lianxi.commons.papers.sheets import CellProblem, Column, Unreadable, column_letter
from lianxi.commons.papers.sheets import cells as c
from lianxi.commons.papers.sheets import table as t

from .books import COLUMNS, GOOD_ID, book_of, read, saved

HEAD = ("姓名", "公民身份号码", "手机", "入党时间", "所在支部", "性别")


def one(value: object, column: str) -> tuple[object, list[str], str]:
    """The value read from a cell, the msgids said about it, and the verdict of its row."""
    at = [col.name for col in COLUMNS].index(column)
    row: list[object] = ["刘砚", *[None] * 5]
    row[at] = value
    rows, _ = read(book_of([HEAD, row]))
    notes = [note.msgid for note in rows[0].notes if note.column == column]
    return rows[0].values[column], notes, rows[0].verdict


@pytest.mark.parametrize(
    ("value", "day", "said"),
    [
        ("2020-01-05", dt.date(2020, 1, 5), []),
        ("2020-1-5", dt.date(2020, 1, 5), [c.AS_DATE]),
        ("2020/1/5", dt.date(2020, 1, 5), [c.AS_DATE]),
        ("2020.1.5", dt.date(2020, 1, 5), [c.AS_DATE]),
        ("2020．1．5", dt.date(2020, 1, 5), [c.AS_DATE]),
        ("2020年1月5日", dt.date(2020, 1, 5), [c.AS_DATE]),
        ("２０２０年１月５日", dt.date(2020, 1, 5), [c.WIDTH, c.AS_DATE]),
        ("20200105", dt.date(2020, 1, 5), [c.AS_DATE]),
        (20200105, dt.date(2020, 1, 5), [c.AS_DATE]),
        (43835, dt.date(2020, 1, 5), [c.SERIAL]),
        (dt.date(2020, 1, 5), dt.date(2020, 1, 5), []),
        (dt.datetime(2020, 1, 5, 13, 30), dt.date(2020, 1, 5), [c.WITHOUT_TIME]),
        ("2020-01-05 13:30", dt.date(2020, 1, 5), [c.AS_DATE]),
    ],
)
def test_dates_in_every_form(value: object, day: dt.date, said: list[str]) -> None:
    assert one(value, "joined") == (day, said, "mended" if said else "ready")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2020-02-30", c.NO_SUCH_DAY),
        ("98.7.1", c.SHORT_YEAR),
        ("1998.07", c.NO_DAY),
        (2020.1, c.WHICH_MONTH),
        (2020, c.NOT_A_DATE),
        ("七月一日", c.NOT_A_DATE),
        ("1/5/2020", c.NOT_A_DATE),
        ("1820-01-05", c.OUT_OF_RANGE),
    ],
)
def test_what_is_no_date_is_named(value: object, said: str) -> None:
    assert one(value, "joined") == (None, [said], "wrong")


FORMS = (
    "{y}-{m:02}-{d:02}",
    "{y}-{m}-{d}",
    "{y}/{m}/{d}",
    "{y}.{m}.{d}",
    "{y}年{m}月{d}日",
    "{y}{m:02}{d:02}",
    " {y}年 {m}月 {d}日 ",
)


@given(st.dates(dt.date(1900, 3, 1), dt.date(2099, 12, 31)), st.sampled_from(FORMS), st.booleans())
def test_any_day_in_any_form_is_the_same_day(day: dt.date, form: str, wide: bool) -> None:
    written = form.format(y=day.year, m=day.month, d=day.day)
    if wide:
        written = written.translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789"})
    assert c.date()(c.Reading(c.RawCell("text", written))) == day
    serial = (day - dt.date(1899, 12, 30)).days
    if serial > 2100:
        assert c.date()(c.Reading(c.RawCell("number", str(serial)))) == day


@given(st.text(max_size=40))
def test_whatever_is_written_is_read_or_refused_and_never_dangerous(written: str) -> None:
    for parse in (c.text(), c.name(), c.date(), c.phone(), c.identity(), c.integer(), c.boolean()):
        try:
            value = parse(c.Reading(c.RawCell("text", written)))
        except CellProblem:
            continue
        if isinstance(value, str):
            assert value == value.strip()
            assert not any(sign in value for sign in "\u202e\u2066\u200b\x00\x07")


def test_a_month_may_stand_for_its_first_day() -> None:
    columns = (Column("joined", "入党时间", c.date(month_ok=True)),)
    rows, _ = read(book_of([["入党时间"], ["1998.07"], ["199807"], ["1998年7月"]]), columns)
    assert [row.values["joined"] for row in rows] == [dt.date(1998, 7, 1)] * 3
    assert {note.msgid for row in rows for note in row.notes} == {c.FIRST_OF_MONTH}


def test_serial_numbers_of_1904() -> None:
    book = Workbook()
    book.epoch = dt.datetime(1904, 1, 1)
    book.active.append(HEAD)
    book.active.append(["刘砚", None, None, dt.date(2020, 1, 5), None, None])
    book.active.append(["林岚", None, None, 42373, None, None])
    rows, _ = read(saved(book))
    assert [row.values["joined"] for row in rows] == [dt.date(2020, 1, 5)] * 2


@pytest.mark.parametrize(
    ("value", "phone", "said"),
    [
        ("13800001234", "13800001234", []),
        (13800001234, "13800001234", [c.AS_TEXT]),
        (13800001234.0, "13800001234", [c.AS_TEXT]),
        ("13800001234.0", "13800001234", [c.BLANKS]),
        ("１３８００００１２３４", "13800001234", [c.WIDTH]),
        ("138 0000 1234", "13800001234", [c.BLANKS]),
        ("138-0000-1234", "13800001234", [c.BLANKS]),
        ("+86 13800001234", "13800001234", [c.BLANKS]),
        ("\u00a013800001234\u3000", "13800001234", [c.BLANKS]),
        ("\u200b13800001234", "13800001234", [c.UNSEEN]),
        ("0999-5550142", "09995550142", [c.BLANKS]),
    ],
)
def test_phones(value: object, phone: str, said: list[str]) -> None:
    assert one(value, "phone") == (phone, said, "mended" if said else "ready")


@pytest.mark.parametrize(
    ("value", "said"), [("1.38E+10", c.LOST_DIGITS), ("12345", c.NOT_A_PHONE), ("138000012345", c.NOT_A_PHONE)]
)
def test_what_is_no_phone_is_named_and_not_repeated_in_the_open(value: object, said: str) -> None:
    rows, _ = read(book_of([HEAD, ["刘砚", None, value, None, None, None]]))
    assert [note.msgid for note in rows[0].notes] == [said]
    assert "38" not in str(rows[0].notes[0]).replace("138****", "").replace("15位", "")


@pytest.mark.parametrize(
    ("value", "number", "said", "verdict"),
    [
        (GOOD_ID, GOOD_ID, [], "ready"),
        ("99912319800101103x", "99912319800101103X", [c.UPPER_X], "mended"),
        (f" {GOOD_ID} ", GOOD_ID, [c.BLANKS], "mended"),
        (f"'{GOOD_ID}", GOOD_ID, [c.GUARD], "mended"),
        (int(GOOD_ID), None, [c.LOST_DIGITS], "wrong"),
        (9.99123198001011e17, None, [c.LOST_DIGITS], "wrong"),
        ("9.99123E+17", None, [c.LOST_DIGITS], "wrong"),
        (GOOD_ID[:-1] + ("7" if GOOD_ID[-1] != "7" else "8"), None, [c.BAD_CHECK], "wrong"),
        ("999123800101123", None, [c.OLD_IDENTITY], "wrong"),
        ("无", None, [c.NOT_AN_IDENTITY], "wrong"),
    ],
)
def test_identity_numbers(value: object, number: str | None, said: list[str], verdict: str) -> None:
    assert one(value, "identity") == (number, said, verdict)


@pytest.mark.parametrize(
    ("value", "name", "verdict"),
    [("刘　砚", "刘砚", "mended"), ("古丽 • 买买提", "古丽·买买提", "mended"), ("John  Lin", "John Lin", "mended")],
)
def test_names(value: str, name: str, verdict: str) -> None:
    got, _, said = one(value, "name")
    assert (got, said) == (name, verdict)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("长" * 61, c.TOO_LONG),
        ("长" * 10_001, c.TOO_LONG),
        ("第一支部\u202e", c.INVISIBLE),
        ("第一\u2067支部", c.INVISIBLE),
        ("第一_x0008_支部", c.INVISIBLE),
    ],
)
def test_long_and_invisible_text_is_refused(value: str, said: str) -> None:
    assert one(value, "branch")[1:] == ([said], "wrong")


def test_choices_are_understood_or_listed() -> None:
    assert one("男", "sex") == ("m", [], "ready")
    rows, _ = read(book_of([HEAD, ["刘砚", None, None, None, None, "男性"]]))
    assert str(rows[0].notes[0]) == "“男性”不在可填的里面。可填：男、女。"


def test_titles_hidden_parts_totals_headings_blanks_and_the_foot() -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "花名册"
    sheet.append(["砚湖街道党员花名册"])
    sheet.merge_cells("A1:G1")
    sheet.append(["填报单位：砚湖街道", None, None, None, None, None, "2026年11月"])
    sheet.append(["序号", *HEAD])
    sheet.append(["一、第一党支部"])
    sheet.merge_cells("A4:G4")
    sheet.append([1, "刘砚", GOOD_ID, "13800001234", "2020-01-05", "第一支部", "男"])
    sheet.append([2, "林岚", None, "13800001235", "2020-01-06", None, "女"])
    sheet.append([3, "陆秋", None, "13800001236", "2020-01-06", None, "女"])
    sheet.merge_cells("F5:F7")
    sheet.append([4, None, None, None, None, None, None])
    sheet.append([None, " ", "\u3000", None, None, None, None])
    sheet.append(["序号", *HEAD])
    sheet.append([5, "赵一", None, None, None, "第二支部", None])
    sheet.append(["合计", 4])
    sheet.append(["填表人：王五", None, "审核人：赵六"])
    sheet.row_dimensions[6].hidden = True
    sheet.column_dimensions["D"].hidden = True
    book.create_sheet("说明").append(["姓名", "随便"])
    book.create_sheet("旧的").sheet_state = "hidden"
    rows, notes = read(saved(book))
    assert [(row.number, row.values["name"], row.values["branch"]) for row in rows] == [
        (5, "刘砚", "第一支部"),
        (6, "林岚", "第一支部"),
        (7, "陆秋", "第一支部"),
        (11, "赵一", "第二支部"),
    ]
    assert [note.msgid for note in rows[1].notes] == [c.FILLED]
    assert notes == [
        "读的是工作表“花名册”，表头在第3行。",
        "表头上面有2行标题，跳过了。",
        "没有用到的列：A 序号。",
        "用到了隐藏的列：D 手机。",
        "没有读的工作表：说明、旧的。",
        "第4行是小标题，跳过了。",
        "有1行是隐藏的，也读了（第一处在第6行）。",
        "第10行又是表头，跳过了。",
        "第12行是合计，跳过了。",
        "第13行是表尾的说明，跳过了。",
    ]


def test_a_header_of_two_merged_levels() -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["党员花名册"])
    sheet.append(["姓名", "基本情况", None, "联系方式", None, "入党时间"])
    sheet.append([None, "身份证号码", "性别", "联系电话", "住址", None])
    for area in ("A1:F1", "A2:A3", "B2:C2", "D2:E2", "F2:F3"):
        sheet.merge_cells(area)
    sheet.append(["刘砚", GOOD_ID, "男", "13800001234", "望槐路", "2020-01-05"])
    rows, notes = read(saved(book))
    assert rows[0].values == {
        "name": "刘砚",
        "identity": GOOD_ID,
        "sex": "m",
        "phone": "13800001234",
        "joined": dt.date(2020, 1, 5),
    }
    assert notes[0].endswith("表头在第3行。")


def test_headings_are_known_by_aliases_marks_and_in_english() -> None:
    rows, _ = read(book_of([["党员姓名＊", "手 机（必填）", "身份证号\n（18位）"], ["刘砚", "13800001234", GOOD_ID]]))
    assert rows[0].values == {"name": "刘砚", "phone": "13800001234", "identity": GOOD_ID}


def test_formulas_give_their_value_or_are_refused() -> None:
    columns = (*COLUMNS[:1], Column("branch", "所在支部", c.text(), formula="refuse"), COLUMNS[3])
    source = book_of([["姓名", "所在支部", "入党时间"], ['=A9&"砚"', '="x"', "=TODAY()"]])
    rows, _ = read(source, columns)
    assert [(n.column, n.msgid) for n in rows[0].notes] == [
        ("name", c.NO_VALUE),
        ("branch", c.NO_FORMULA),
        ("joined", c.NO_VALUE),
    ]


def test_a_missing_value_is_named_once() -> None:
    rows, _ = read(book_of([HEAD, [None, None, "13800001234", None, None, None]]))
    assert [str(note) for note in rows[0].notes] == ["“姓名”没有填。"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["甲", "乙"], ["1", "2"]], t.NO_HEADER),
        ([["手机", "入党时间"], ["13800001234", "2020-01-05"]], t.NO_COLUMNS),
        ([["姓名", "手机", "联系电话"], ["刘砚", "1", "2"]], t.TWICE),
        ([HEAD], t.NO_ROWS),
    ],
)
def test_a_sheet_without_a_usable_header_is_refused(rows: list[list[object]], said: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(book_of(rows))
    assert refused.value.msgid == said
    assert "%(" not in str(refused.value)


def test_a_hidden_twin_column_gives_way() -> None:
    book = Workbook()
    book.active.append(["姓名", "手机", "联系电话"])
    book.active.append(["刘砚", "13800001234", "13900001234"])
    book.active.column_dimensions["B"].hidden = True
    rows, _ = read(saved(book))
    assert rows[0].values["phone"] == "13900001234"


def test_the_sheet_may_be_named() -> None:
    book = Workbook()
    book.active.append(HEAD)
    book.active.append(["甲"])
    book.create_sheet("二").append(HEAD)
    book["二"].append(["乙"])
    assert read(saved(book), sheet="二")[0][0].values["name"] == "乙"
    with pytest.raises(Unreadable) as refused:
        read(saved(book), sheet="三")
    assert refused.value.msgid == t.NO_SHEET


@pytest.mark.parametrize(
    ("data", "notes"),
    [
        ("姓名,手机\n刘砚,13800001234\n".encode(), 0),
        ("姓名,手机\n刘砚,13800001234\n".encode("utf-8-sig"), 0),
        ("姓名,手机\r\n刘砚,13800001234\r\n".encode("gb18030"), 1),
        ("姓名\t手机\n刘砚\t13800001234\n".encode("utf-16"), 1),
        ("姓名;手机\n刘砚;13800001234\n".encode(), 0),
        ('姓名,手机\n"刘砚","=""13800001234"""\n'.encode(), 0),
    ],
)
def test_text_tables_in_any_encoding(data: bytes, notes: int) -> None:
    rows, said = read(io.BytesIO(data))
    assert (rows[0].number, rows[0].values) == (2, {"name": "刘砚", "phone": "13800001234"})
    assert sum("编码" in note for note in said) == notes


def test_numbers_in_text_tables_are_nothing_to_mend() -> None:
    columns = (Column("n", "人数", c.integer()), Column("name", "姓名", c.name()))
    rows, _ = read(io.BytesIO("姓名,人数\n刘砚,12\n林岚,12.5\n".encode()), columns)
    assert (rows[0].values["n"], rows[0].verdict, rows[1].verdict) == (12, "ready", "wrong")
    rows, _ = read(book_of([["姓名", "人数"], ["刘砚", "12"], ["林岚", 12]]), columns)
    assert [row.verdict for row in rows] == ["mended", "ready"]


def test_letters_of_columns() -> None:
    assert [column_letter(n) for n in (1, 26, 27, 52, 703)] == ["A", "Z", "AA", "AZ", "AAA"]
