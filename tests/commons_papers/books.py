"""Workbooks as offices and attackers make them."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook

from lianxi.commons.papers import sheets
from lianxi.commons.papers.sheets import Column, Row

COLUMNS = (
    Column("name", "姓名", sheets.name(), aliases=("党员姓名",), required=True),
    Column(
        "identity", "公民身份号码", sheets.identity(), aliases=("身份证号", "身份证号码"), as_text=True, mask="identity"
    ),
    Column("phone", "手机", sheets.phone(), aliases=("联系电话",), as_text=True, mask="phone"),
    Column("joined", "入党时间", sheets.date(), aliases=("入党日期",)),
    Column("branch", "所在支部", sheets.text(60)),
    Column("sex", "性别", sheets.choice({"男": "m", "女": "f"}), choices=("男", "女")),
)
GOOD_ID = "999123198001011232"


def saved(book: Workbook) -> io.BytesIO:
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def book_of(rows: Iterable[Sequence[Any]], title: str = "党员") -> io.BytesIO:
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    return saved(book)


def read(file: Any, columns: Sequence[Column] = COLUMNS, sheet: str = "") -> tuple[list[Row], list[str]]:
    with sheets.open_table(file, columns, sheet=sheet) as table:
        rows = list(table.rows())
        return rows, [str(note) for note in table.notes]


def changed(file: io.BytesIO, part: str, old: bytes, new: bytes) -> io.BytesIO:
    """The workbook with some bytes of a part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == part:
                assert old in data
                data = data.replace(old, new)
            target.writestr(entry.filename, data)
    out.seek(0)
    return out


def with_part(file: io.BytesIO, name: str, data: bytes) -> io.BytesIO:
    """The workbook with one part more."""
    out = io.BytesIO(file.getvalue())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as target:
        target.writestr(name, data)
    out.seek(0)
    return out
