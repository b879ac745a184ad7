"""Workbooks, streamed: one pass of expat over a sheet, a chunk at a time.

Why not openpyxl here: read-only it tells nothing of hidden rows, hidden columns and merged ranges, its defused parser is
written in Python, and it opens parts of the package that we do not need. Macros, drawings and links are never opened;
declarations of entities are refused (expat's own handlers, as defusedxml does it).
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO
from xml.parsers import expat

from .container import BROKEN, open_package
from .problems import Unreadable
from .raw import MOST_CHARACTERS, MOST_COLUMNS, Epoch, RawCell, RawRow, from_serial

CHUNK = 64 * 1024
MOST_MERGES = 50_000
_DATE_FORMATS = {14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)}
_TIME_FORMATS = {18, 19, 20, 21, 45, 46, 47}
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h|m|s)[^\]]*\]', re.I)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')


@dataclass(frozen=True, slots=True)
class SheetName:
    """A sheet of the workbook. `hidden`: not shown in Excel."""

    name: str
    part: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range, by rows and columns, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


def column_number(letters: str) -> int:
    """A → 1, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _local(tag: str) -> str:
    return tag.rpartition(" ")[2]


def _feed(
    source: Any, start: Callable[..., None], end: Callable[..., None], text: Callable[..., None]
) -> Iterator[None]:
    """Parse a part chunk by chunk; yields after each chunk. Raises Unreadable."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _forbidden
    try:
        while chunk := source.read(CHUNK):
            parser.Parse(chunk, False)
            yield
        parser.Parse(b"", True)
        yield
    except (expat.ExpatError, zipfile.BadZipFile, zlib.error, EOFError, OSError, LookupError):
        raise Unreadable(BROKEN) from None


def _forbidden(*args: Any) -> None:
    raise Unreadable(BROKEN)


def _nothing(*args: Any) -> None:
    """No interest in this event."""


class Workbook:
    """A workbook: its sheets, and the rows of each."""

    def __init__(self, file: BinaryIO) -> None:
        self.package = open_package(file)
        self.parts = set(self.package.namelist())
        main = self._main()
        self.links = self._relations(main)
        self.epoch: Epoch = 1900
        self.sheets: list[SheetName] = []
        self._read(main, self._workbook_tag)
        if not self.sheets:
            raise Unreadable(BROKEN)
        self.dates = self._date_styles()
        self.strings = self._shared_strings()

    def close(self) -> None:
        self.package.close()

    def rows(self, sheet: SheetName, merges: list[Merge] | None = None) -> Iterator[RawRow]:
        """The rows that have cells, in order. Merged ranges are filled downwards from their first cell."""
        fill = _Fill(self.scan(sheet)[0] if merges is None else merges)
        with self.package.open(sheet.part) as source:
            reader = _SheetReader(self)
            for _ in _feed(source, reader.start, reader.end, reader.text):
                yield from map(fill.into, reader.taken())

    def scan(self, sheet: SheetName) -> tuple[list[Merge], int]:
        """The merged ranges, and about how many rows there are.

        Merged ranges stand behind the rows in the file, hence a quick look at its bytes beforehand.
        """
        found: list[Merge] = []
        rows, rest = 0, b""
        with self.package.open(sheet.part) as source:
            try:
                while chunk := source.read(CHUNK):
                    window = rest + chunk
                    rows += chunk.count(b"<row ")
                    last = 0
                    for m in _MERGE.finditer(window):
                        last = m.end()
                        found.append(_merge(m))
                    rest = window[max(last, len(window) - 200) :]
                    if len(found) > MOST_MERGES:
                        raise Unreadable(BROKEN)
            except (zipfile.BadZipFile, zlib.error, EOFError, OSError):
                raise Unreadable(BROKEN) from None
        return found, rows

    def hidden_columns(self, sheet: SheetName) -> set[int]:
        """Numbers of the hidden columns."""
        reader = _SheetReader(self)
        with self.package.open(sheet.part) as source:
            for _ in _feed(source, reader.start, _nothing, _nothing):
                if reader.begun:
                    break
        return reader.hidden

    def _main(self) -> str:
        for target, kind in self._targets("_rels/.rels", ""):
            if kind.endswith("/officeDocument") and target in self.parts:
                return target
        raise Unreadable(BROKEN)

    def _relations(self, part: str) -> dict[str, str]:
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        self._kinds: dict[str, str] = {}
        ids: dict[str, str] = {}
        if rels in self.parts:
            for key, target, kind in self._relation_rows(rels, folder):
                ids[key] = target
                self._kinds.setdefault(kind.rpartition("/")[2], target)
        return ids

    def _targets(self, rels: str, folder: str) -> Iterator[tuple[str, str]]:
        if rels not in self.parts:
            raise Unreadable(BROKEN)
        yield from ((target, kind) for _, target, kind in self._relation_rows(rels, folder))

    def _relation_rows(self, rels: str, folder: str) -> list[tuple[str, str, str]]:
        rows: list[tuple[str, str, str]] = []

        def start(tag: str, at: dict[str, str]) -> None:
            if _local(tag) == "Relationship" and at.get("TargetMode") != "External":
                target = at.get("Target", "")
                path = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                rows.append((at.get("Id", ""), path, at.get("Type", "")))

        self._read(rels, start)
        return rows

    def _workbook_tag(self, tag: str, at: dict[str, str]) -> None:
        match _local(tag):
            case "workbookPr" if at.get("date1904") in ("1", "true"):
                self.epoch = 1904
            case "sheet":
                key = next((value for name, value in at.items() if _local(name) == "id"), "")
                part = self.links.get(key, "")
                if part in self.parts and "worksheet" in part:
                    self.sheets.append(SheetName(at.get("name", ""), part, at.get("state", "visible") != "visible"))

    def _read(self, part: str, start: Callable[..., None], end: Any = _nothing, text: Any = _nothing) -> None:
        with self.package.open(part) as source:
            for _ in _feed(source, start, end, text):
                pass

    def _date_styles(self) -> dict[str, bool]:
        """Styles that mean a date or a time: style number → whether it has a date."""
        part = self._kinds.get("styles", "")
        formats: dict[str, str] = {}
        styles: list[str] = []
        inside = False

        def start(tag: str, at: dict[str, str]) -> None:
            nonlocal inside
            match _local(tag):
                case "numFmt":
                    formats[at.get("numFmtId", "")] = at.get("formatCode", "")
                case "cellXfs":
                    inside = True
                case "xf" if inside:
                    styles.append(at.get("numFmtId", "0"))

        def end(tag: str) -> None:
            nonlocal inside
            inside = inside and _local(tag) != "cellXfs"

        if part in self.parts:
            self._read(part, start, end)
        found = {}
        for number, key in enumerate(styles):
            if (dated := _is_date(key, formats.get(key, ""))) is not None:
                found[str(number)] = dated
        return found

    def _shared_strings(self) -> list[str]:
        part = self._kinds.get("sharedStrings", "")
        strings: list[str] = []
        pieces: list[str] = []
        inside = phonetic = False

        def start(tag: str, at: dict[str, str]) -> None:
            nonlocal inside, phonetic
            match _local(tag):
                case "t":
                    inside = not phonetic
                case "rPh":
                    phonetic = True

        def end(tag: str) -> None:
            nonlocal inside, phonetic
            match _local(tag):
                case "t":
                    inside = False
                case "rPh":
                    phonetic = False
                case "si":
                    strings.append(_unescaped("".join(pieces)[: MOST_CHARACTERS + 1]))
                    pieces.clear()

        def text(data: str) -> None:
            if inside:
                pieces.append(data)

        if part in self.parts:
            self._read(part, start, end, text)
        return strings


def _merge(found: re.Match[bytes]) -> Merge:
    left, top, right, bottom = (part.decode() for part in found.groups())
    return Merge(int(top), column_number(left), int(bottom), column_number(right))


def _is_date(key: str, code: str) -> bool | None:
    """Whether a number format shows a date (True), only a time (False), or neither (None)."""
    number = int(key) if key.isdigit() else 0
    if not code:
        return True if number in _DATE_FORMATS else False if number in _TIME_FORMATS else None
    plain = _QUOTED.sub("", code.split(";")[0]).lower().replace("general", "")
    if "y" in plain or "d" in plain or ("m" in plain and "h" not in plain and "s" not in plain):
        return True
    return False if "h" in plain or "s" in plain else None


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text


class _SheetReader:
    """Collects the rows of a sheet from expat's events."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.hidden: set[int] = set()
        self.begun = False
        self._rows: list[RawRow] = []
        self._row = RawRow(0)
        self._column = 0
        self._type = self._style = ""
        self._formula = self._phonetic = False
        self._pieces: list[str] | None = None
        self._value: list[str] = []
        self._names: dict[str, str] = {}

    def taken(self) -> list[RawRow]:
        """The rows finished since the last call."""
        rows, self._rows = self._rows, []
        return rows

    def start(self, tag: str, at: dict[str, str]) -> None:
        name = self._names.get(tag) or self._names.setdefault(tag, _local(tag))
        if name == "c":
            self._begin_cell(at)
        elif name == "v" or name == "t":
            self._pieces = None if self._phonetic else self._value
        elif name == "row":
            number = at.get("r", "")
            self._row = RawRow(
                int(number) if number.isdigit() else self._row.number + 1, hidden=at.get("hidden") in ("1", "true")
            )
            self._column = 0
        elif name == "f":
            self._formula = True
        elif name == "rPh":
            self._phonetic = True
        elif name == "sheetData":
            self.begun = True
        elif name == "col" and at.get("hidden") in ("1", "true"):
            first, last = int(at.get("min", "0")), int(at.get("max", "0"))
            self.hidden.update(range(first, min(last, MOST_COLUMNS) + 1))

    def text(self, data: str) -> None:
        if self._pieces is not None:
            self._pieces.append(data)

    def end(self, tag: str) -> None:
        name = self._names.get(tag) or _local(tag)
        if name == "v" or name == "t":
            self._pieces = None
        elif name == "c":
            self._end_cell()
        elif name == "row" and self._row.cells:
            self._rows.append(self._row)
        elif name == "rPh":
            self._phonetic = False

    def _begin_cell(self, at: dict[str, str]) -> None:
        letters = at.get("r", "").rstrip("0123456789")
        self._column = column_number(letters) if letters.isascii() and letters.isupper() else self._column + 1
        self._type, self._style = at.get("t", "n"), at.get("s", "")
        self._formula = self._phonetic = False
        self._value = []

    def _end_cell(self) -> None:
        text = "".join(self._value)
        if (text or self._formula) and self._column <= MOST_COLUMNS:
            cell = self._cell(text)
            if cell is not None:
                self._row.cells[self._column] = cell

    def _cell(self, text: str) -> RawCell | None:
        match self._type:
            case "s":
                strings = self.book.strings
                return RawCell("text", strings[int(text)] if text.isdigit() and int(text) < len(strings) else "")
            case "inlineStr" | "str":
                return RawCell("text", _unescaped(text[: MOST_CHARACTERS + 1]), formula=self._formula)
            case "b":
                return RawCell("bool", "TRUE" if text == "1" else "FALSE", formula=self._formula)
            case "e":
                return RawCell("error", text, formula=self._formula)
            case "d":
                return RawCell("text", text.partition("T")[0], formula=self._formula)
        if not text:
            return RawCell("error", "", formula=True)
        dated = self.book.dates.get(self._style)
        if dated:
            try:
                return RawCell("date", text, from_serial(float(text), self.book.epoch), self._formula)
            except ValueError:
                return RawCell("error", text, formula=self._formula)
        return RawCell("number", text, formula=self._formula)


class _Fill:
    """Merged ranges: their first cell stands for all the rows below it, in its own column."""

    def __init__(self, merges: list[Merge]) -> None:
        self.wide = {(m.top, m.left): m.right - m.left for m in merges if m.right > m.left}
        self.tall = sorted((m for m in merges if m.bottom > m.top), key=lambda m: m.top)
        self.open: list[tuple[Merge, RawCell | None]] = []
        self.next = 0

    def into(self, row: RawRow) -> RawRow:
        if len(row.cells) == 1 and self.wide.get((row.number, next(iter(row.cells))), 0) >= 2:
            row.lone = True
        if self.open:
            self.open = [(m, cell) for m, cell in self.open if m.bottom >= row.number]
        while self.next < len(self.tall) and self.tall[self.next].top <= row.number:
            merge = self.tall[self.next]
            self.next += 1
            first = row.cells.get(merge.left) if merge.top == row.number else None
            if merge.bottom > row.number and first is not None:
                self.open.append((merge, first))
        for merge, cell in self.open:
            if cell is not None and merge.top < row.number and merge.left not in row.cells:
                row.cells[merge.left] = cell._replace(filled=True)
        return row
