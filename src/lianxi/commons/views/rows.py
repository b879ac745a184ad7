"""Rows that a room gives to the pages of the whole house."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from lianxi.commons.refusals import Text


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that waits for a person: deadline · thing · the one action due.

    `due`: for `<c-due>` (kind late, today, tomorrow, later, stopped, none; text). `at`: the deadline, for sorting.
    `sentence`: why it waits, shown where the row stands opened on top.
    """

    title: str
    meta: str
    url: str
    action: Text
    action_url: str
    due: dict[str, Any] = field(default_factory=lambda: {"kind": "none", "text": ""})
    at: dt.datetime | None = None
    sentence: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Awaited:
    """Something that somebody else has to do first."""

    who: str
    what: str
    url: str


@dataclass(frozen=True, slots=True)
class Rate:
    """A count of last week, with its denominator where it is a rate."""

    label: Text
    value: int
    of: int | None = None


@dataclass(slots=True)
class Today:
    """What a room gives to My work today. `tally`: how many things wait, all, late, today, week; `more`: how many of them
    have no row of their own."""

    duties: list[Duty] = field(default_factory=list)
    more: int = 0
    tally: dict[str, int] = field(default_factory=dict)
    awaited: list[Awaited] = field(default_factory=list)
    week: list[Rate] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found. `title` and `text` may carry marks (safe strings)."""

    title: str
    url: str
    meta: str = ""
    text: str = ""
    state: str = ""
    state_word: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a room found: its hits, and where to see all of them."""

    label: Text
    hits: list[Hit]
    more_url: str = ""
