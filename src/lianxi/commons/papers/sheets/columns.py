"""Columns of a sheet and the rows read from it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from django.utils.translation import override

from .problems import said

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from .cells import Parser

Level = Literal["mended", "wrong", "duplicate", "info"]
LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a sheet may have.

    `name`: key of the value. `label`: its heading, in both languages; `aliases`: other headings met in offices.
    `parse`: turns a cell into a value (see `cells`). `required`: the column must be there and filled. `width`: in
    characters. `sample`: what the template shows. `as_text`: written as text, so that Excel keeps every digit.
    `formula`: take the value that a formula had, or refuse it. `mask`: a mask of `lianxi.commons.sealing` for what must
    not be shown in the open. `choices`: offered as a list in the template.
    """

    name: str
    label: str | Promise
    parse: Parser
    aliases: tuple[str, ...] = ()
    required: bool = False
    width: int = 12
    sample: str = ""
    as_text: bool = False
    formula: Literal["value", "refuse"] = "value"
    mask: str = ""
    choices: tuple[str, ...] = ()

    def headings(self) -> set[str]:
        """All headings by which the column is known, in their plain form."""
        known = {self.name, *self.aliases}
        for language in LANGUAGES:
            with override(language):
                known.add(str(self.label))
        return {plain_heading(one) for one in known}


_BRACKETS = re.compile(r"[(\[{【〔<].*?[)\]}】〕>]")
_NOISE = re.compile(r"[\s*:：.·_\-/、]+")


def plain_heading(text: str) -> str:
    """A heading for comparing: half-width, lower case, without blanks, marks and remarks in brackets."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    short = _NOISE.sub("", _BRACKETS.sub("", plain))
    return short or _NOISE.sub("", plain)


def column_letter(number: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Note:
    """Something said about a row: about one cell (`column`), or about the row. Kept as msgid and facts."""

    level: Level
    column: str
    msgid: str
    params: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return said(self.msgid, self.params)


@dataclass(slots=True)
class Row:
    """A row of the sheet: its number there, the values by column, what the cells showed, and what is said about them."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def wrong(self, column: str, msgid: str, /, **params: Any) -> None:
        """Name what is wrong: `row.wrong("branch", N_("没有“%(name)s”这个支部。"), name=…)`."""
        self.notes.append(Note("wrong", column, msgid, params))

    def mended(self, column: str, msgid: str, /, **params: Any) -> None:
        """Say what was mended."""
        self.notes.append(Note("mended", column, msgid, params))

    def duplicate(self, column: str, msgid: str, /, **params: Any) -> None:
        """Say what the row repeats: another row, or what is on record already."""
        self.notes.append(Note("duplicate", column, msgid, params))

    def info(self, column: str, msgid: str, /, **params: Any) -> None:
        """Say something that needs no mending."""
        self.notes.append(Note("info", column, msgid, params))

    @property
    def verdict(self) -> Level | Literal["ready"]:
        """wrong, duplicate, mended or ready: the gravest thing said."""
        levels = {note.level for note in self.notes}
        for level in ("wrong", "duplicate", "mended"):
            if level in levels:
                return level
        return "ready"
