"""Reading and checking the book's files. Every refusal is one sentence: file, rule, key, what is wrong."""

import datetime as dt
import itertools
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from .book import Book, Figure, Regulation, Rule
from .terms import MECHANISMS, SCOPES, TRUST, UNITS, Text

# fmt: off
HEAD = {
    "regulation", "regulation_en", "effective", "scope", "titled", "document", "about", "about_en", "source",
    "mechanism", "rule",
}
ENTRY = {
    "id", "article", "title", "title_en", "zh", "en", "quoted", "value", "unit", "at_least", "at_most", "label",
    "label_en", "parameters", "since", "until", "trust", "source", "mechanism", "note", "note_en",
}
# fmt: on
FIGURE = {"value", "unit", "at_least", "at_most", "zh", "en"}
ID = re.compile(r"[A-Z]-\d{2}")
NAME = re.compile(r"[a-z][a-z0-9_]*")


class BrokenBook(ValueError):
    """A file of the book cannot be used. Its text names file, rule and key."""

    def __init__(self, file: str, rule_id: str, key: str, wrong: str) -> None:
        self.file, self.rule_id, self.key, self.wrong = file, rule_id, key, wrong
        super().__init__(": ".join(part for part in (f"rules/{file}", rule_id, key, wrong) if part))


class Reader:
    """One file; `at` is the rule being read, for the messages."""

    def __init__(self, file: str, text: str) -> None:
        self.file, self.at = file, ""
        try:
            self.data: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise self.broken("", f"not TOML: {error}") from None

    def broken(self, key: str, wrong: str) -> BrokenBook:
        return BrokenBook(self.file, self.at, key, wrong)

    def rules(self) -> Iterable[Rule]:
        self.law = self.regulation()
        entries = self.data.get("rule")
        if not isinstance(entries, list) or not entries:
            raise self.broken("rule", "a file needs at least one [[rule]]")
        for entry in entries:
            yield self.rule(entry)
            self.at = ""

    def regulation(self) -> Regulation:
        head = self.data
        self.known(head, HEAD)
        return Regulation(
            slug=self.file.removesuffix(".toml"),
            name=Text(self.text(head, "regulation"), self.text(head, "regulation_en")),
            scope=self.chosen(head, "scope", SCOPES, "national"),
            titled=bool(head.get("titled", True)),
            document=str(head.get("document", "")),
            effective=self.day(head, "effective"),
            about=self.both(head, "about", "about_en", needed=False),
        )

    def rule(self, entry: dict[str, Any]) -> Rule:
        self.at = str(entry.get("id", "(no id)"))
        if not ID.fullmatch(self.at):
            raise self.broken("id", f"{self.at!r} is not a letter, a hyphen and two digits")
        self.known(entry, ENTRY)
        since = self.day(entry, "since", self.law.effective)
        until = self.day(entry, "until") if "until" in entry else None
        if until and until < since:
            raise self.broken("until", f"{until} lies before since {since}")
        return Rule(
            id=self.at,
            law=self.law,
            article=str(entry.get("article", "")),
            titled=self.both(entry, "title", "title_en"),
            words=self.both(entry, "zh", "en"),
            quoted=bool(entry.get("quoted", False)),
            figures=self.figures(entry),
            mechanism=self.chosen(entry, "mechanism", MECHANISMS, self.data.get("mechanism", "")),
            trust=self.chosen(entry, "trust", TRUST, ""),
            source=self.text(entry, "source", str(self.data.get("source", ""))),
            since=since,
            until=until,
            note=self.both(entry, "note", "note_en", needed=False),
        )

    def figures(self, entry: dict[str, Any]) -> dict[str, Figure]:
        found: dict[str, Figure] = {}
        if "value" in entry:
            main: dict[str, Any] = {key: entry[key] for key in ("value", "unit", "at_least", "at_most") if key in entry}
            main |= {"zh": entry.get("label", "期限" if str(entry.get("unit", "")).endswith("days") else "数值")}
            main |= {"en": entry.get("label_en", "Limit" if str(entry.get("unit", "")).endswith("days") else "Figure")}
            found[""] = self.figure("", main)
        elif stray := {"unit", "at_least", "at_most", "label"} & entry.keys():
            raise self.broken(sorted(stray)[0], "belongs to a value, and there is none")
        for name, raw in entry.get("parameters", {}).items():
            if not NAME.fullmatch(name):
                raise self.broken(f"parameters.{name}", "is not a name in small letters")
            found[name] = self.figure(name, raw)
        return found

    def figure(self, name: str, raw: Any) -> Figure:
        where = f"parameters.{name}." if name else ""
        if not isinstance(raw, dict):
            raise self.broken(where.rstrip("."), "is not a table with value and unit")
        self.known(raw, FIGURE, where)
        if raw.get("unit") not in UNITS:
            raise self.broken(f"{where}unit", f"{raw.get('unit')!r} is not a unit of the book")
        value = self.number(raw, "value", where)
        if value is None:
            raise self.broken(f"{where}value", "is missing")
        low, high = self.number(raw, "at_least", where), self.number(raw, "at_most", where)
        if isinstance(value, tuple) and (low is not None or high is not None):
            raise self.broken(where.rstrip(".") or "value", "a list has no bounds")
        if low is not None and value < low:
            raise self.broken(f"{where}at_least", f"{low} is above the value {value}")
        if high is not None and value > high:
            raise self.broken(f"{where}at_most", f"{high} is below the value {value}")
        return Figure(name, value, raw["unit"], self.both(raw, "zh", "en", where=where), low, high)

    def number(self, raw: dict[str, Any], key: str, where: str) -> Any:
        value = raw.get(key)
        if isinstance(value, list) and value:
            return tuple(self.one(item, f"{where}{key}") for item in value)
        return None if value is None else self.one(value, f"{where}{key}")

    def one(self, value: Any, key: str) -> int | Fraction:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        try:
            if not isinstance(value, str):
                raise ValueError
            return Fraction(value)
        except (ValueError, ZeroDivisionError):
            raise self.broken(key, f'{value!r} is neither a whole number nor a fraction such as "4/5"') from None

    def known(self, table: dict[str, Any], names: set[str], where: str = "") -> None:
        if strange := sorted(table.keys() - names):
            raise self.broken(where + strange[0], "is not a key of the book")

    def text(self, table: dict[str, Any], key: str, default: str = "", where: str = "") -> str:
        value = table.get(key, default)
        if not isinstance(value, str) or not value.strip():
            raise self.broken(where + key, "is missing or empty")
        return value.strip()

    def both(self, table: dict[str, Any], zh: str, en: str, *, needed: bool = True, where: str = "") -> Text:
        if not needed and zh not in table and en not in table:
            return Text("", "")
        return Text(self.text(table, zh, where=where), self.text(table, en, where=where))

    def chosen(self, table: dict[str, Any], key: str, names: Iterable[str], default: str) -> str:
        value = str(table.get(key, default))
        if value not in names:
            raise self.broken(key, f"{value!r} is none of {', '.join(names)}")
        return value

    def day(self, table: dict[str, Any], key: str, default: dt.date | None = None) -> dt.date:
        value = table.get(key, default)
        if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
            raise self.broken(key, "is missing or not a day such as 2022-05-01")
        return value


def read_book(files: Iterable[tuple[str, str]]) -> Book:
    """The book from (file name, text) pairs. Raises BrokenBook."""
    laws: list[Regulation] = []
    rules: list[Rule] = []
    for name, text in files:
        reader = Reader(name, text)
        rules.extend(reader.rules())
        laws.append(reader.law)
    if not rules:
        raise BrokenBook("", "", "", "the folder holds no file *.toml")
    found = Book(tuple(laws), tuple(rules))
    return Book(found.regulations, tuple(one for many in found.by_id.values() for one in apart(many)))


def apart(editions: tuple[Rule, ...]) -> Iterator[Rule]:
    """Editions of one rule (newest first), each ending before the next begins: an open one the day before.

    Raises BrokenBook if two begin on one day, or one says that it goes on into the next.
    """
    yield editions[0]
    for newer, older in itertools.pairwise(editions):
        if newer.since == older.since:
            raise BrokenBook(f"{newer.law.slug}.toml", newer.id, "since", f"two entries begin on {newer.since}")
        if older.until and older.until >= newer.since:
            raise BrokenBook(f"{older.law.slug}.toml", older.id, "until", f"overlaps the entry from {newer.since}")
        yield replace(older, until=older.until or newer.since - dt.timedelta(days=1))
