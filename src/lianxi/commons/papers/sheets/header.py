"""Where the table begins: the header row under its titles, in one level or two."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from .columns import Column, plain_heading
from .raw import RawRow

LOOK_AT = 40
"""Rows in which a header is sought."""


@dataclass(slots=True)
class Header:
    """The header found. `at`: its (lower) row number; `columns`: column number → column; `unknown`: number → heading;
    `twice`: columns that stand there more than once, with their numbers."""

    at: int = 0
    columns: dict[int, Column] = field(default_factory=dict)
    unknown: dict[int, str] = field(default_factory=dict)
    twice: dict[str, list[int]] = field(default_factory=dict)

    def missing(self, columns: Sequence[Column]) -> list[Column]:
        """The required columns that are not there."""
        found = {column.name for column in self.columns.values()}
        return [column for column in columns if column.required and column.name not in found]


def find(rows: Sequence[RawRow], columns: Sequence[Column], hidden: set[int]) -> Header:
    """The best header among the rows; `at` is 0 if none knows more than one of the columns (or the only one)."""
    known = {heading: column for column in reversed(columns) for heading in column.headings()}
    best, best_score = Header(), 0
    for index, row in enumerate(rows):
        above = rows[index - 1] if index and rows[index - 1].number == row.number - 1 else None
        for names in filter(None, (_single(row), _double(above, row) if above else None)):
            header = _matched(row.number, names, known, hidden)
            score = 4 * len({c.name for c in header.columns.values()}) - len(header.unknown)
            if score > best_score and len(header.columns) >= min(2, len(columns)):
                best, best_score = header, score
    return best


def _single(row: RawRow) -> dict[int, tuple[str, ...]]:
    return {number: (cell.text,) for number, cell in row.cells.items() if cell.kind == "text"}


def _double(above: RawRow, row: RawRow) -> dict[int, tuple[str, ...]]:
    """Names from two rows: the lower one, both together, or the upper one where the lower is empty."""
    names: dict[int, tuple[str, ...]] = {}
    group = ""
    for number in range(1, max([*above.cells, *row.cells]) + 1):
        upper, lower = above.cells.get(number), row.cells.get(number)
        if upper is not None and not upper.filled:
            group = upper.text
        if lower is not None and lower.text.strip() and not lower.filled:
            names[number] = (f"{group}{lower.text}", lower.text)
        elif upper is not None and upper.text.strip():
            names[number] = (upper.text,)
            group = ""
    return names


def _matched(at: int, names: dict[int, tuple[str, ...]], known: dict[str, Column], hidden: set[int]) -> Header:
    header = Header(at)
    places: dict[str, list[int]] = {}
    for number, candidates in names.items():
        column = next((known[key] for name in candidates if (key := plain_heading(name)) in known), None)
        if column is None:
            header.unknown[number] = " ".join(candidates[-1].split())[:30]
            continue
        places.setdefault(column.name, []).append(number)
        header.columns[number] = column
    for name, numbers in places.items():
        shown = [number for number in numbers if number not in hidden] or numbers
        for number in set(numbers) - set(shown[:1]):
            del header.columns[number]
        if len(shown) > 1:
            header.twice[name] = shown
    return header
