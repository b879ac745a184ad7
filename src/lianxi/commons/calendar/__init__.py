"""The working calendar of this installation: the State Council's notices, one file each, without Django.

`CALENDAR` is handed to `lianxi.engines.worktime`. A new year's notice is a new file under `editions/`; a notice that
changes a year in its course is a further file of that year, with its own date, and replaces the year from then on.
"""

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

from lianxi.engines.worktime import Calendar, Edition

__all__ = ["CALENDAR", "edition_from", "load"]


def edition_from(data: Mapping[str, Any]) -> Edition:
    """An edition from the contents of its file. Raises ValueError where the file contradicts itself."""
    holidays = frozenset(day for part in data["holiday"] for day in _days(part["first"], part["last"]))
    workdays = frozenset(day for part in data["holiday"] for day in part.get("worked", ()))
    if both := holidays & workdays:
        raise ValueError(f"{data['name']}: both worked and off: {sorted(both)}")
    if strange := [day for day in workdays if day.weekday() < 5]:
        raise ValueError(f"{data['name']}: a worked day that is no weekend: {sorted(strange)}")
    name = f"{data['name']}（{data['number']}）" if data["number"] else data["name"]
    return Edition(data["year"], data["published"], holidays, workdays, name, data["trust"])


def load() -> Calendar:
    """The calendar of all the files under `editions/`."""
    found = (file for file in files(__name__).joinpath("editions").iterdir() if file.name.endswith(".toml"))
    editions = (edition_from(tomllib.loads(file.read_text(encoding="utf-8"))) for file in found)
    return Calendar(tuple(sorted(editions, key=lambda e: (e.published, e.year))))


def _days(first: dt.date, last: dt.date) -> Iterable[dt.date]:
    if last < first:
        raise ValueError(f"a holiday that ends before it begins: {first}, {last}")
    return (first + dt.timedelta(days=n) for n in range((last - first).days + 1))


CALENDAR = load()
