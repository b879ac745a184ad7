"""Reading JSON so that nothing is left to taste: one text for one meaning, or a refusal that says where.

What a ballot or an event says is hashed; a second spelling of the same would be a second ballot. So fields stand in the
order of the specification, numbers are plain decimals, and a text that is not written again letter by letter is refused.
"""

import json
import re
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from gmpy2 import mpz

from .words import CHINESE

MOST_BYTES = 64 * 1024 * 1024
"""Of one file of an archive. A shuffle of 3,000 ballots takes about 13 MB."""
MOST_DIGITS = 620
"""Of one number: 2,048 bits have 617."""
_DECIMAL = re.compile(r"0|[1-9][0-9]*")
T = TypeVar("T")


class Malformed(ValueError):
    """A text that does not say what it should in the one way in which it may be said.

    `why` is the reason in English with gaps for `facts`; `words.CHINESE` has it in Chinese. `where` is its place.
    """

    def __init__(self, why: str, where: str = "", **facts: object) -> None:
        super().__init__(why, where, facts)
        self.why, self.where, self.facts = why, where, facts

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.why, self.where, self.facts)

    def said(self, language: str = "en") -> str:
        """The sentence in `zh` or `en`."""
        why = CHINESE[self.why] if language.startswith("zh") else self.why
        sentence = why.format(**self.facts)
        if not self.where:
            return sentence
        return f"{self.where}：{sentence}" if language.startswith("zh") else f"{self.where}: {sentence}"

    def __str__(self) -> str:
        return self.said()


def _again(why: str, where: str, facts: dict[str, object]) -> Malformed:
    return Malformed(why, where, **facts)


def written(value: Any) -> str:
    """The one text of a value: compact, fields as they stand, letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def parsed(text: bytes) -> Any:
    """The value of a text. Raises Malformed where it is no JSON, too large, too deep, or has a field twice or a fraction."""
    if len(text) > MOST_BYTES:
        raise Malformed("{size} bytes; at most {most}", size=len(text), most=MOST_BYTES)
    try:
        found = text.decode()
    except UnicodeDecodeError:
        raise Malformed("not UTF-8") from None
    try:
        value = json.loads(
            found, object_pairs_hook=_once, parse_float=_no_fraction, parse_constant=_no_fraction, parse_int=_small
        )
        if "\\u" in found:
            written(value).encode()  # half a character can be escaped, but is no text
        return value
    except UnicodeEncodeError:
        raise Malformed("not UTF-8") from None
    except json.JSONDecodeError as error:
        raise Malformed("not JSON at character {at}", at=error.pos) from None
    except RecursionError:
        raise Malformed("too deep") from None


def exactly(text: bytes, value: Any) -> None:
    """Raises Malformed unless the text is the one text of the value."""
    same_text(text, written(value).encode())


def same_text(text: bytes, wanted: bytes) -> None:
    """Raises Malformed unless the text is the wanted one."""
    if text != wanted:
        raise Malformed("written otherwise than it should be (spaces, order of fields, or spelling)")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("a field stands twice")
    return found


def _no_fraction(said: str) -> NoReturn:
    raise Malformed("{what} is not a whole number", what=said[:20])


def _small(said: str) -> int:
    if len(said) > 15 or not re.fullmatch(r"-?(0|[1-9][0-9]*)", said):
        raise Malformed("{what}… is not a small number", what=said[:20])
    return int(said)


def fields(value: Any, where: str, *names: str) -> dict[str, Any]:
    """The value as a record with exactly these fields in this order; a name that begins with ? may be absent."""
    if not isinstance(value, dict):
        raise Malformed("should be a record", where)
    known = tuple(name.lstrip("?") for name in names)
    if tuple(value) == known:  # nearly always
        return value
    for name in names:
        if name[0] != "?" and name not in value:
            raise Malformed("lacks {name}", where, name=name)
    for name in value:
        if name not in known:
            raise Malformed("has a field {what} that does not belong", where, what=name[:40])
    if list(value) != [name for name in known if name in value]:
        raise Malformed("has its fields in another order", where)
    return value


def many(value: Any, where: str, one: Callable[[Any, str], T], exactly: int | None = None) -> list[T]:
    """The value as a list of what `one` reads."""
    if not isinstance(value, list):
        raise Malformed("should be a list", where)
    if exactly is not None and len(value) != exactly:
        raise Malformed("has {count} entries instead of {wanted}", where, count=len(value), wanted=exactly)
    return [one(entry, f"{where}[{at}]") for at, entry in enumerate(value)]


def string(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise Malformed("should be a text", where)
    return value


def small(value: Any, where: str) -> int:
    """A number written as a number, not negative."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Malformed("should be a whole number", where)
    return value


def big(value: Any, where: str) -> mpz:
    """A number written as a decimal in quotation marks."""
    if not isinstance(value, str) or len(value) > MOST_DIGITS or not _DECIMAL.fullmatch(value):
        raise Malformed("should be a decimal number in quotation marks", where)
    return mpz(value)


def sha(value: Any, where: str) -> str:
    """A SHA-256 in hexadecimal."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9a-f]{64}", value):
        raise Malformed("should be a SHA-256 in hexadecimal", where)
    return value
