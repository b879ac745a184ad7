"""Rows as sealed JSON, and back."""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from lianxi.commons.protection.services import open_for_delivery

from .models import ImportRow
from .sheets import Note, Row


def note_kept(note: Note) -> dict[str, Any]:
    """A note as JSON keeps it."""
    return {"level": note.level, "column": note.column, "msgid": note.msgid, "params": note.params}


def note_again(kept: dict[str, Any]) -> Note:
    return Note(kept["level"], kept["column"], kept["msgid"], kept["params"])


def packed(row: Row) -> str:
    """A row as text to be sealed."""
    notes = [note_kept(note) for note in row.notes]
    return json.dumps({"values": row.values, "shown": row.shown, "notes": notes}, ensure_ascii=False, default=_packed)


def unpacked(kept: ImportRow) -> Row:
    """The row again. Emptied rows come back without values."""
    text = open_for_delivery(kept.content)
    if not text:
        return Row(kept.number)
    data = json.loads(text, object_hook=_unpacked)
    return Row(kept.number, data["values"], data["shown"], [note_again(note) for note in data["notes"]])


def all_unpacked(kept: Iterable[ImportRow]) -> list[Row]:
    return [unpacked(one) for one in kept]


def _packed(value: Any) -> Any:
    if isinstance(value, dt.date):
        return {"$date": value.isoformat()}
    raise TypeError(f"A parser gave {type(value).__name__}: only text, numbers, booleans, dates and None are kept.")


def _unpacked(value: dict[str, Any]) -> Any:
    return dt.date.fromisoformat(value["$date"]) if set(value) == {"$date"} else value
