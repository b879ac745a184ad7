"""The book of rules: what it holds, and how it is read from `rules/*.toml`. Pure: no database, no settings.

A file is one regulation; an entry is one rule from one day on. A changed figure is a second entry with the same id
and a later `since`. `load` refuses a broken file in one sentence that names file, rule and key.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .terms import TRUST, UNITS, Mark, Text

if TYPE_CHECKING:
    from .models import LocalRule

FOLDERS = (Path(__file__).resolve().parents[2] / "rules", Path(__file__).resolve().parents[4] / "rules")
"""Where the data lie: inside the installed package, or at the root of a checkout."""


class UnknownRule(LookupError):
    """No such rule, or none on that day. A mistake of the caller, not of a person at a screen."""

    def __init__(self, rule_id: str, on: dt.date | None = None, known: str = "") -> None:
        self.rule_id, self.on = rule_id, on
        day = f" on {on.isoformat()}" if on else ""
        super().__init__(f"no rule {rule_id}{day}{known and f' ({known})'}")


class UnknownFigure(LookupError):
    """The rule has no such figure (or is a duty without one)."""

    def __init__(self, rule_id: str, name: str, names: str) -> None:
        self.rule_id, self.name = rule_id, name
        super().__init__(f"rule {rule_id} has no figure {name or '(main)'}; it has: {names or 'none'}")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a rule. `name` is empty for the main one.

    `value`: int, Fraction, or a tuple of them; `at_least`, `at_most`: what a local figure may be (both missing: it is
    fixed). `local`: the local figure that gave the value, if one did.
    """

    name: str
    value: Any
    unit: str
    label: Text
    at_least: Any = None
    at_most: Any = None
    local: LocalRule | None = None

    @property
    def text(self) -> str:
        """With its unit in the reader's language: 60日, 60 days."""
        return str(UNITS[self.unit].write(self.value))

    def written(self, value: Any) -> str:
        """Another value in this figure's unit, in the reader's language."""
        return str(UNITS[self.unit].write(value))

    def __int__(self) -> int:
        return int(self.value)

    @property
    def fixed(self) -> bool:
        """No local figure is allowed."""
        return self.at_least is None and self.at_most is None

    def allows(self, value: Any) -> bool:
        """May a local figure be this?"""
        return (
            not self.fixed
            and (self.at_least is None or value >= self.at_least)
            and (self.at_most is None or value <= self.at_most)
        )


@dataclass(frozen=True, slots=True)
class Regulation:
    """A file of the book: an act, a standard, or a collection of practice."""

    slug: str
    name: Text
    scope: str
    titled: bool
    document: str
    effective: dt.date
    about: Text

    @property
    def cited(self) -> str:
        """The name as one cites it: in 《》 if it is the title of a document."""
        name = str(self.name)
        return f"《{name}》" if self.titled and name == self.name.zh else name

    @property
    def dated(self) -> str:
        """The name with the year from which it holds, to tell two texts of one name apart."""
        year = self.effective.year
        return str(Text(f"{self.name.zh}（{year}）", f"{self.name.en} ({year})")) if self.titled else str(self.name)


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule from `since` to `until` (both inclusive; None: still so). Figures: `value`, `parameter(name).value`."""

    id: str
    law: Regulation
    article: str
    titled: Text
    words: Text
    quoted: bool
    figures: Mapping[str, Figure]
    mechanism: str
    trust: str
    source: str
    since: dt.date
    until: dt.date | None
    note: Text = field(default_factory=lambda: Text("", ""))

    @property
    def value(self) -> Any:
        """The main figure: int or Fraction. Raises UnknownFigure if the rule is a duty without one."""
        return self.figure().value

    @property
    def unit(self) -> str:
        """Unit of the main figure, a key of `terms.UNITS`."""
        return self.figure().unit

    @property
    def parameters(self) -> dict[str, Figure]:
        """The named figures, without the main one."""
        return {name: one for name, one in self.figures.items() if name}

    def parameter(self, name: str) -> Figure:
        """A named figure: `rule("X-11", on=day).parameter("extension_days").value` → 30, `.unit` → "days"."""
        return self.figure(name)

    def figure(self, name: str = "") -> Figure:
        """A figure with unit, bounds and label."""
        try:
            return self.figures[name]
        except KeyError:
            raise UnknownFigure(self.id, name, ", ".join(one or "(main)" for one in self.figures)) from None

    @property
    def listed_figures(self) -> tuple[Figure, ...]:
        """Those that a row of a list has room for."""
        return tuple(one for one in self.figures.values() if not isinstance(one.value, tuple))[:2]

    @property
    def more_figures(self) -> int:
        """How many figures there are in all, if a row does not show them all; else 0."""
        return len(self.figures) if len(self.figures) > len(self.listed_figures) else 0

    @property
    def local(self) -> LocalRule | None:
        """The local figure in force, if any: of the main figure, else of the first parameter that has one."""
        return next((one.local for one in self.figures.values() if one.local), None)

    @property
    def regulation(self) -> str:
        return str(self.law.name)

    @property
    def title(self) -> str:
        return str(self.titled)

    @property
    def sentence(self) -> str:
        """The words of the rule in the reader's language: quoted if `quoted`, else restated."""
        return str(self.words)

    @property
    def place(self) -> str:
        """The article as one cites it: 第34条, art. 34."""
        if not self.article or not self.article[0].isdigit():
            return self.article
        return str(Text(f"第{self.article}条", f"art. {self.article.replace('、', ', ')}"))

    @property
    def citation(self) -> str:
        """《信访工作条例》第34条; Regulations on Petition Work, art. 34. A local figure names its own source first."""
        local = self.local
        cited = self.law.cited
        if self.place:
            cited += str(Text(self.place, f", {self.place}"))
        return str(Text(f"{local.source}（{cited}）", f"{local.source} ({cited})")) if local else cited

    @property
    def mark(self) -> Mark:
        return TRUST[self.trust]

    @property
    def settled(self) -> bool:
        """The text was read, and it holds here: neither a memory nor another city's rule."""
        return self.mark.settled and self.law.scope == "national"

    @property
    def shown(self) -> str:
        """The mark a page shows: `own` for this street's own choice, `L` for another place's rule, else `trust`."""
        return {"street": "own", "elsewhere": "L"}.get(self.law.scope, self.trust)

    @property
    def url(self) -> str:
        return f"/rules/{self.id}/"

    def holds(self, day: dt.date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    def __str__(self) -> str:
        return self.citation


@dataclass(frozen=True)
class Book:
    """All rules of all days."""

    regulations: tuple[Regulation, ...]
    rules: tuple[Rule, ...]

    @cached_property
    def by_id(self) -> dict[str, tuple[Rule, ...]]:
        """Editions of each rule, newest first."""
        found: dict[str, list[Rule]] = {}
        for one in self.rules:
            found.setdefault(one.id, []).append(one)
        return {key: tuple(sorted(many, key=lambda one: one.since, reverse=True)) for key, many in found.items()}

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Every id, in the order of the numbers."""
        return tuple(sorted(self.by_id, key=order))

    def rule(self, rule_id: str, on: dt.date) -> Rule:
        """The edition in force on a day. Raises UnknownRule naming id and day."""
        for one in self.by_id.get(rule_id, ()):
            if one.since <= on and (one.until is None or on <= one.until):
                return one
        raise UnknownRule(rule_id, on, self._known(rule_id))

    def history(self, rule_id: str) -> tuple[Rule, ...]:
        """All editions, newest first. Raises UnknownRule."""
        try:
            return self.by_id[rule_id]
        except KeyError:
            raise UnknownRule(rule_id) from None

    def on(self, day: dt.date) -> Iterator[Rule]:
        """Every rule in force on a day, in the order of their numbers."""
        for key in self.ids:
            for one in self.by_id[key]:
                if one.holds(day):
                    yield one
                    break

    def _known(self, rule_id: str) -> str:
        many = self.by_id.get(rule_id)
        return f"the book has it from {min(one.since for one in many).isoformat()}" if many else ""


def order(rule_id: str) -> tuple[str, int]:
    """Sort key: X-09 before X-11 before Z-01."""
    letter, _, number = rule_id.partition("-")
    return letter, int(number)


def folder() -> Path:
    """The folder of the book's data. Raises FileNotFoundError."""
    for one in FOLDERS:
        if one.is_dir():
            return one
    raise FileNotFoundError("the rulebook's data are missing: no folder " + " or ".join(map(str, FOLDERS)))


def load(path: Path | None = None) -> Book:
    """Read and check every file of a folder. Raises BrokenBook."""
    from .reading import read_book

    where = path or folder()
    return read_book((file.name, file.read_text(encoding="utf-8")) for file in sorted(where.glob("*.toml")))


_book: Book | None = None


def book() -> Book:
    """The book of this installation, read once."""
    global _book
    if _book is None:
        _book = load()
    return _book
