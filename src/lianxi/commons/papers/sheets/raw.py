"""Cells and rows as the file has them, before anything is understood."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

MOST_ROWS = 100_000
MOST_COLUMNS = 256
MOST_CHARACTERS = 10_000


class RawCell(NamedTuple):
    """`text`: what is written; of a number its literal. `when`: of a date or time. `formula`: it was computed."""

    kind: Literal["text", "number", "bool", "date", "error"]
    text: str
    when: dt.datetime | None = None
    formula: bool = False
    filled: bool = False
    """Taken from the first cell of a merged range."""


@dataclass(slots=True)
class RawRow:
    """A row with its number in the file and its cells by column number."""

    number: int
    cells: dict[int, RawCell] = field(default_factory=dict)
    hidden: bool = False
    lone: bool = False
    """Its only cell is merged across several columns: a heading inside the table."""


Epoch = Literal[1900, 1904]


def from_serial(serial: float, epoch: Epoch) -> dt.datetime:
    """The moment of an Excel serial number. 1900 counts a 29 February 1900 that never was. Raises ValueError."""
    days = int(serial // 1)
    if epoch == 1900:
        if days < 1 or days == 60:
            raise ValueError(serial)
        base = dt.datetime(1899, 12, 31) if days < 60 else dt.datetime(1899, 12, 30)
    else:
        base = dt.datetime(1904, 1, 1)
    try:
        return base + dt.timedelta(days=days, seconds=round((serial - days) * 86400))
    except OverflowError:
        raise ValueError(serial) from None
