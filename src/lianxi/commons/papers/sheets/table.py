"""A file as a table: the right sheet, its header, and its rows with everything said that must be said."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any, BinaryIO

from django.utils.translation import gettext_noop as N_

from . import delimited
from .cells import FILLED, NO_FORMULA, NO_VALUE, Reading
from .columns import Column, Note, Row, column_letter, plain_heading
from .container import kind_of
from .header import LOOK_AT, Header, find
from .problems import CellProblem, Unreadable
from .raw import MOST_ROWS, Epoch, RawCell, RawRow
from .xlsx import SheetName, Workbook

NO_SHEET = N_("没有叫“%(sheet)s”的工作表。这个文件里有：%(sheets)s。")
NO_HEADER = N_("工作表“%(sheet)s”里没有找到表头。表头要有这几列：%(columns)s。可以下载模板对照。")
NO_COLUMNS = N_("工作表“%(sheet)s”第%(row)d行是表头，但缺这几列：%(columns)s。可以下载模板对照。")
TWICE = N_("表头里“%(column)s”出现了不止一次（%(letters)s列），不知道该用哪一列。请删掉多余的。")
TOO_MANY = N_("超过%(most)d行了。请分成几个文件。")
NO_ROWS = N_("工作表“%(sheet)s”的表头下面没有内容。")

REQUIRED = N_("“%(column)s”没有填。")
TITLES = N_("表头上面有%(n)d行标题，跳过了。")
READ_FROM = N_("读的是工作表“%(sheet)s”，表头在第%(row)d行。")
UNKNOWN = N_("没有用到的列：%(columns)s。")
HIDDEN_COLUMNS = N_("用到了隐藏的列：%(columns)s。")
HIDDEN_ROWS = N_("有%(n)d行是隐藏的，也读了（第一处在第%(row)d行）。")
OTHER_SHEETS = N_("没有读的工作表：%(sheets)s。")
ENCODING = N_("文字编码判断为%(encoding)s。如果下面的汉字不对，请另存为.xlsx再传。")
TOTALS = N_("第%(row)d行是合计，跳过了。")
HEADINGS = N_("第%(row)d行是小标题，跳过了。")
FOOT = N_("第%(row)d行是表尾的说明，跳过了。")
SAMPLE = N_("第%(row)d行是模板里的示例，跳过了。")
REPEATED = N_("第%(row)d行又是表头，跳过了。")
MOST_NOTES = 30

_TOTAL = re.compile(r"^(合\s*计|总\s*计|小\s*计|共\s*计|总\s*数|累\s*计|(grand\s+)?total|sum)\s*[:：]?", re.I)
_FOOT = re.compile(
    r"^(填\s*表|制\s*表|审\s*核|填\s*报|复\s*核|单位负责|负责人签|备\s*注|说\s*明|注)\S{0,6}\s*[:：]|^以下空白"
)


@dataclass(slots=True)
class Table:
    """An open table. `notes`: what is said about the sheet as a whole; grows while the rows are read."""

    sheet: str
    header: Header
    columns: Sequence[Column]
    raw: Iterator[RawRow]
    epoch: Epoch = 1900
    typed: bool = True
    notes: list[Note] = field(default_factory=list)
    estimate: int = 0
    """About how many rows there are, for a progress bar."""
    hidden_rows: int = 0
    headings: dict[int, set[str]] = field(init=False)
    """Column number → its headings: asked for each row, and slow to gather."""

    def __post_init__(self) -> None:
        self.headings = {number: column.headings() for number, column in self.header.columns.items()}

    def rows(self) -> Iterator[Row]:
        """The rows under the header. Blank rows, totals, headings and the foot are left out, and said.

        Raises Unreadable past 100,000 rows, and when the file breaks off.
        """
        number = 0
        for raw in self.raw:
            if self._left_out(raw):
                continue
            number += 1
            if number > MOST_ROWS:
                raise Unreadable(TOO_MANY, most=MOST_ROWS)
            if raw.hidden:
                self._say_hidden(raw)
            yield self._row(raw)
        if not number:
            raise Unreadable(NO_ROWS, sheet=self.sheet)

    def _row(self, raw: RawRow) -> Row:
        row = Row(raw.number)
        for number, column in self.header.columns.items():
            cell = raw.cells.get(number)
            if cell is None:
                row.values[column.name] = None
            else:
                row.shown[column.name] = cell.text[:200]
                row.values[column.name] = self._value(cell, column, row)
            if column.required and row.values[column.name] is None and not _named(row, column):
                row.wrong(column.name, REQUIRED, column=str(column.label))
        return row

    def _value(self, cell: RawCell, column: Column, row: Row) -> Any:
        reading = Reading(cell, self.epoch, self.typed)
        try:
            if cell.formula and column.formula == "refuse":
                raise CellProblem(NO_FORMULA)
            if cell.formula and not cell.text:
                raise CellProblem(NO_VALUE)
            value = column.parse(reading)
        except CellProblem as problem:
            params = (
                {**problem.params, "found": "****"} if column.mask and "found" in problem.params else problem.params
            )
            row.wrong(column.name, problem.msgid, **params)
            return None
        if cell.filled and value is not None:
            row.mended(column.name, FILLED)
        for msgid, params in reading.mends:
            row.mended(
                column.name, msgid, **({**params, "found": "****"} if column.mask and "found" in params else params)
            )
        return value

    def _left_out(self, raw: RawRow) -> bool:
        filled = {n: cell for n, cell in raw.cells.items() if cell.text.strip() or cell.formula}
        known = [n for n in filled if n in self.header.columns and not filled[n].filled]
        first = next((filled[n].text.strip() for n in sorted(filled)), "")
        if _TOTAL.match(first) or (known and _TOTAL.match(filled[min(known)].text.strip())):
            return self._say(TOTALS, raw)
        if first and _FOOT.match(first):
            return self._say(FOOT, raw)
        if raw.lone and filled:
            return self._say(HEADINGS, raw)
        if not known:
            return True
        if len(known) > 1 and all(self._is_sample(n, filled[n]) for n in known):
            return self._say(SAMPLE, raw)
        if len(known) > 1 and all(self._is_heading(n, filled[n]) for n in known):
            return self._say(REPEATED, raw)
        return False

    def _is_heading(self, number: int, cell: RawCell) -> bool:
        return cell.kind == "text" and plain_heading(cell.text) in self.headings[number]

    def _is_sample(self, number: int, cell: RawCell) -> bool:
        return bool(self.header.columns[number].sample) and cell.text == self.header.columns[number].sample

    def _say(self, msgid: str, raw: RawRow) -> bool:
        if len(self.notes) < MOST_NOTES:
            self.notes.append(Note("info", "", msgid, {"row": raw.number}))
        return True

    def _say_hidden(self, raw: RawRow) -> None:
        if not self.hidden_rows:
            self.notes.append(Note("mended", "", HIDDEN_ROWS, {"n": 0, "row": raw.number}))
        self.hidden_rows += 1
        note = next(note for note in self.notes if note.msgid == HIDDEN_ROWS)
        note.params["n"] = self.hidden_rows


def _named(row: Row, column: Column) -> bool:
    return any(note.level == "wrong" and note.column == column.name for note in row.notes)


@contextmanager
def open_table(file: BinaryIO, columns: Sequence[Column], *, sheet: str = "") -> Iterator[Table]:
    """Open an uploaded file as a table of these columns.

    `sheet`: the name of the sheet; without it, the visible sheet whose header knows most columns. Raises Unreadable.
    """
    if kind_of(file) == "text":
        yield _of_text(file, columns)
        return
    book = Workbook(file)
    try:
        yield _of_workbook(book, columns, sheet)
    finally:
        book.close()


def _of_text(file: BinaryIO, columns: Sequence[Column]) -> Table:
    text, encoding = delimited.decoded(file)
    raw = delimited.rows(text, delimited.separator(text))
    table = _begun(raw, columns, set(), "CSV", typed=False)
    table.estimate = max(text.count("\n") - table.header.at, 0)
    if encoding != "UTF-8":
        table.notes.append(Note("info", "", ENCODING, {"encoding": encoding}))
    return table


def _of_workbook(book: Workbook, columns: Sequence[Column], sheet: str) -> Table:
    chosen = _chosen(book, columns, sheet)
    merges, count = book.scan(chosen)
    table = _begun(book.rows(chosen, merges), columns, book.hidden_columns(chosen), chosen.name)
    table.epoch, table.estimate = book.epoch, max(count - table.header.at, 0)
    others = [one.name for one in book.sheets if one is not chosen]
    if others:
        table.notes.append(Note("info", "", OTHER_SHEETS, {"sheets": "、".join(others[:10])}))
    return table


def _chosen(book: Workbook, columns: Sequence[Column], name: str) -> SheetName:
    if name:
        for one in book.sheets:
            if one.name.strip() == name.strip():
                return one
        raise Unreadable(NO_SHEET, sheet=name, sheets="、".join(one.name for one in book.sheets))
    shown = [one for one in book.sheets if not one.hidden] or book.sheets
    if len(shown) == 1:
        return shown[0]
    found = [(len(find(list(islice(book.rows(one), LOOK_AT)), columns, set()).columns), one) for one in shown]
    return max(found, key=lambda pair: pair[0])[1]


def _begun(
    raw: Iterator[RawRow], columns: Sequence[Column], hidden: set[int], sheet: str, *, typed: bool = True
) -> Table:
    first = list(islice(raw, LOOK_AT))
    header = find(first, columns, hidden)
    wanted = "、".join(str(column.label) for column in columns if column.required)
    if not header.at:
        raise Unreadable(NO_HEADER, sheet=sheet, columns=wanted)
    if missing := header.missing(columns):
        named = "、".join(str(column.label) for column in missing)
        raise Unreadable(NO_COLUMNS, sheet=sheet, row=header.at, columns=named)
    for name, numbers in header.twice.items():
        label = next(str(column.label) for column in columns if column.name == name)
        raise Unreadable(TWICE, column=label, letters="、".join(map(column_letter, numbers)))
    rest = chain((row for row in first if row.number > header.at), raw)
    table = Table(sheet, header, columns, rest, typed=typed)
    table.notes.extend(_about(header, first, hidden, sheet))
    return table


def _about(header: Header, first: list[RawRow], hidden: set[int], sheet: str) -> Iterator[Note]:
    yield Note("info", "", READ_FROM, {"sheet": sheet, "row": header.at})
    if above := sum(row.number < header.at for row in first):
        yield Note("info", "", TITLES, {"n": above})
    if header.unknown:
        named = "、".join(f"{column_letter(n)} {heading}" for n, heading in sorted(header.unknown.items())[:12])
        yield Note("info", "", UNKNOWN, {"columns": named})
    if used := sorted(hidden & set(header.columns)):
        named = "、".join(f"{column_letter(n)} {header.columns[n].label}" for n in used)
        yield Note("mended", "", HIDDEN_COLUMNS, {"columns": named})
