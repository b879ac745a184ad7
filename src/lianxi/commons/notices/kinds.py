"""Kinds of notices: declared once by the room that posts them. Texts are lazy strings with %(…)s."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import Text

from .terms import Urgency

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Group:
    """Kinds that a person switches on or off together. `may_be_off`: whether their letters may be switched off;
    `staff`: whether only those who hold a post get such notices."""

    name: str
    label: Text
    may_be_off: bool = True
    staff: bool = False


def _nothing(actor: Actor, keys: Collection[int]) -> dict[int, dict[str, Any]]:
    return {key: {} for key in keys}


@dataclass(frozen=True, slots=True)
class Subject:
    """What notices are about: a kind of record, read through its door each time.

    `words(actor, keys)`: for those of the records that the actor may meet now, what the texts may say: `what` names the
    record, `reference` names it where no content may stand (letters leave the house).
    `news_*`, `news_link`: all that somebody without an account is told, by a letter to an address.
    """

    name: str
    words: Callable[[Actor, Collection[int]], Mapping[int, Mapping[str, Any]]] = _nothing
    news_title: Text = ""
    news_body: Text = ""
    news_link: Callable[[], str] = lambda: "/"


def _as_they_are(facts: Facts) -> Facts:
    return facts


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """One kind of notice. `title` and `body` may use the facts posted and the words of the subject.

    `breaks_quiet`: goes out in quiet hours too. `outside`: whether it leaves the house at all (in-app it always is).
    `read`: turns codes among the facts into words of the active language.
    """

    name: str
    group: Group
    title: Text
    body: Text = ""
    urgency: Urgency = Urgency.DIGEST
    about: Subject | None = None
    breaks_quiet: bool = False
    outside: bool = True
    read: Callable[[Facts], Facts] = _as_they_are


_KINDS: dict[str, NoticeKind] = {}
_SUBJECTS: dict[str, Subject] = {}
_GROUPS: dict[str, Group] = {}


def declare(*kinds: NoticeKind) -> None:
    """Make kinds known. Names are unique."""
    for one in kinds:
        if one.name in _KINDS:
            raise ValueError(f"Notice kind {one.name} is declared twice.")
        _KINDS[one.name] = one
        _GROUPS.setdefault(one.group.name, one.group)
        if one.about:
            _SUBJECTS.setdefault(one.about.name, one.about)


def kind_named(name: str) -> NoticeKind:
    """Raises KeyError for an unknown name."""
    return _KINDS[name]


def kinds() -> tuple[NoticeKind, ...]:
    return tuple(_KINDS.values())


def subject_named(name: str) -> Subject:
    """Raises KeyError for an unknown name."""
    return _SUBJECTS[name]


def groups() -> tuple[Group, ...]:
    """Those with letters that may be switched off, in the order of their declaration."""
    leaves = {one.group.name for one in _KINDS.values() if one.outside}
    return tuple(one for one in _GROUPS.values() if one.name in leaves and one.may_be_off)


def packed(facts: Facts) -> dict[str, Any]:
    """Facts as JSON keeps them: moments and days become text that `unpacked` knows again."""
    return {name: _pack(value) for name, value in facts.items()}


def unpacked(facts: Facts) -> dict[str, Any]:
    return {name: _unpack(value) for name, value in facts.items()}


def _pack(value: Any) -> Any:
    match value:
        case dt.datetime():
            return {"moment": value.isoformat()}
        case dt.date():
            return {"day": value.isoformat()}
        case str() | int() | None:
            return value
    raise TypeError(f"A fact of a notice is a text, a number, a day or a moment, not {type(value).__name__}.")


def _unpack(value: Any) -> Any:
    match value:
        case {"moment": str(text)}:
            return dt.datetime.fromisoformat(text)
        case {"day": str(text)}:
            return dt.date.fromisoformat(text)
    return value
