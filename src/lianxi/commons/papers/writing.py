"""Writing sheets: row by row, text as text, nothing that a spreadsheet would compute."""

import csv
import datetime as dt
import io
import tempfile
from collections.abc import Iterable, Sequence
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

IN_MEMORY = 1024 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
_STARTERS = frozenset("=+-@\t\r\n＝＋－＠|%")
_BOLD = Font(bold=True)
_GROUND = PatternFill("solid", fgColor="F1EDE6")
_MOST = 32_000


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe before = + - @ | %, tab and line ends, full-width ones too.

    A plain number with its sign stays as it is written: it computes to itself.
    """
    clean = str(ILLEGAL_CHARACTERS_RE.sub("", text))[:_MOST]
    first = clean.lstrip(" \u00a0\u3000")[:1]
    if (first and first in _STARTERS) or clean[:1] in _STARTERS:
        return f"'{clean}"
    return clean


def plain(value: Any) -> str | int | float | dt.date | None:
    """A value as a cell takes it."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime):
        return harmless(f"{value:%Y-%m-%d %H:%M}")
    if isinstance(value, int | float | dt.date):
        return value
    return harmless(str(value))


class SheetWriter:
    """A workbook of one list, written row by row to disk (openpyxl's write-only mode)."""

    def __init__(self, title: str, widths: Sequence[int], as_text: Sequence[bool]) -> None:
        self.book = Workbook(write_only=True)
        self.sheet = self.book.create_sheet(sheet_title(title))
        self.as_text = tuple(as_text)
        self.sheet.freeze_panes = "A2"
        for number, width in enumerate(widths, 1):
            self.sheet.column_dimensions[get_column_letter(number)].width = width

    def head(self, headings: Iterable[str]) -> None:
        self.sheet.append([self._cell(heading, bold=True) for heading in headings])

    def row(self, values: Iterable[Any]) -> None:
        """One row; columns said to be text are written as text."""
        self.sheet.append([self._value(value, text) for value, text in zip(values, self.as_text, strict=True)])

    def save(self) -> IO[bytes]:
        """The finished file, at its beginning."""
        out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the caller closes it
        self.book.save(out)
        out.seek(0)
        return out

    def _value(self, value: Any, text: bool) -> Any:
        value = plain(value)
        if value is None:
            return None
        if text:
            return self._cell(str(value), text=True)
        return self._cell(value) if isinstance(value, str) else value

    def _cell(self, value: str, *, bold: bool = False, text: bool = False) -> Any:
        cell = WriteOnlyCell(self.sheet, value)
        cell.data_type = "s"  # openpyxl would make a formula of what begins with =
        if text:
            cell.number_format = "@"
        if bold:
            cell.font, cell.fill = _BOLD, _GROUND
            cell.alignment = Alignment(wrap_text=True, vertical="center")
        return cell


def sheet_title(title: str) -> str:
    """A title that Excel allows for a sheet."""
    return "".join(sign for sign in title if sign not in "[]:*?/\\" and sign.isprintable())[:31].strip("'") or "Sheet1"


class TextWriter:
    """The same list as CSV: UTF-8 with its mark, so that Excel knows it."""

    def __init__(self) -> None:
        self.out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the caller closes it
        self.text = io.TextIOWrapper(self.out, encoding="utf-8-sig", newline="", write_through=True)
        self.csv = csv.writer(self.text)

    def head(self, headings: Iterable[str]) -> None:
        self.csv.writerow([harmless(heading) for heading in headings])

    def row(self, values: Iterable[Any]) -> None:
        self.csv.writerow(["" if (cell := plain(value)) is None else str(cell) for value in values])

    def save(self) -> IO[bytes]:
        self.text.flush()
        self.text.detach()
        self.out.seek(0)
        return self.out
