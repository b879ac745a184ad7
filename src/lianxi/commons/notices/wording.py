"""From a notice's kind and facts to the sentences a person reads, in the active language."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.utils import timezone, translation
from django.utils.functional import Promise

from .kinds import NoticeKind, unpacked

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """The recipient's language and the house's zone, for the time of wording."""
    with translation.override(language or "zh-hans"), timezone.override(timezone.get_default_timezone()):
        yield


def worded(kind: NoticeKind, facts: Mapping[str, Any], words: Mapping[str, Any]) -> tuple[str, str]:
    """Title and body in the active language; `words` are what the subject says about its record.

    A body whose facts are missing (a limit that stands still, say) is left out; in a title a gap shows as `…`.
    """
    given = {name: value for name, value in {**kind.read(unpacked(facts)), **words}.items() if value is not None}
    filled = {name: said(value) for name, value in given.items()}
    return kind.title % _Gaps(filled), _body(kind.body, filled)


class _Gaps(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return "…"


def _body(text: Any, filled: Mapping[str, Any]) -> str:
    try:
        return str(text % filled)
    except KeyError:
        return ""


def said(value: Any) -> Any:
    """A moment or a day as it is said in the active language; anything else as it is."""
    match value:
        case dt.datetime():
            local = timezone.localtime(value) if timezone.is_aware(value) else value
            time = f"{local.hour}:{local.minute:02d}"
            return f"{day(local)}, {time}" if english() else f"{day(local)}{time}"
        case dt.date():
            return day(value)
        case Promise():
            return str(value)
    return value


def day(value: dt.date, *, year: bool = False) -> str:
    """11月23日, 23 November; with its year 2026年11月23日, 23 November 2026."""
    if english():
        return f"{value.day} {MONTHS[value.month - 1]}{f' {value.year}' if year else ''}"
    return f"{f'{value.year}年' if year else ''}{value.month}月{value.day}日"


def english() -> bool:
    return (translation.get_language() or "").startswith("en")
