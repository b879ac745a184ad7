"""Lists that people paste: one line a thing, as it comes out of a document or a sheet."""

import re
from dataclasses import dataclass

from .letters import alike, visible
from .rolls import Name

NAMES_AT_MOST = 5_000
NAME_AT_MOST, NOTE_AT_MOST = 60, 60
_NUMBER = re.compile(r"^\s*[(（]?\d{1,4}[)）.\uff0e、,，:：]\s*|^\s*\d{1,4}(?=\s)\s+")
_SPLIT = re.compile(r"\t|[,，;；]")
_BETWEEN = re.compile(r"(?<=[\u3400-\u9fff·])\s+(?=[\u3400-\u9fff·])")


def plain(text: str) -> str:
    """A line of visible letters; blanks between Han characters (张　伟) go."""
    return _BETWEEN.sub("", " ".join(visible(text).split()))


def lines(text: str) -> list[str]:
    """The lines that say something, without the numbers in front of them."""
    return [made for line in text.splitlines() if (made := plain(_NUMBER.sub("", line)))]


def repeated(found: list[str]) -> dict[str, list[int]]:
    """Text → the places (from 1) where it stands, or what looks like it, of those that stand more than once."""
    places: dict[str, list[int]] = {}
    for place, text in enumerate(found, 1):
        places.setdefault(alike(text), []).append(place)
    return {found[where[0] - 1]: where for where in places.values() if len(where) > 1}


@dataclass(frozen=True, slots=True)
class Twins:
    """One name several times. `same`: the remark is the same, too, so nobody could tell who is meant."""

    name: str
    places: tuple[int, ...]
    same: bool


def names(text: str) -> list[Name]:
    """Names of a roll: on each line a name and, after a tab or a comma, a remark."""
    found = []
    for line in text.splitlines():
        name, *more = _SPLIT.split(_NUMBER.sub("", line.strip()), maxsplit=1)
        if made := plain(name):
            found.append(Name(made, plain(more[0]) if more else ""))
    return found


def twins(found: list[Name]) -> list[Twins]:
    """Names that stand more than once."""
    made = []
    for name, where in repeated([one.name for one in found]).items():
        notes = [found[place - 1].note for place in where]
        made.append(Twins(name, tuple(where), len(set(notes)) < len(notes)))
    return made


def written(found: list[Name]) -> str:
    """Back as lines, for the field in which they are edited."""
    return "\n".join(f"{one.name}，{one.note}" if one.note else one.name for one in found)
