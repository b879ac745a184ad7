"""Every address of the house and, for each, a record that its parts point to."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.urls import URLPattern, get_resolver

TABLE = Path(__file__).with_name("table.txt")
NOT_PAGES = ("/api/",)
"""What has tests of its own from its own registry: the API (OpenAPI, schemathesis)."""

Row = dict[str, int]


def routes() -> list[str]:
    """Every address, as it is written in the urls."""

    def walk(patterns: Any, before: str) -> Iterator[str]:
        for one in patterns:
            if isinstance(one, URLPattern):
                yield before + str(one.pattern).removeprefix("^").removesuffix("$")
            else:
                yield from walk(one.url_patterns, before + str(one.pattern))

    return sorted({one for one in walk(get_resolver().url_patterns, "/") if not one.startswith(NOT_PAGES)})


def filled(route: str, world: SimpleNamespace) -> str:
    """The address with the keys of the world's records; a part that nobody named here is 1."""
    values: dict[str, Any] = {
        "rule_id": "X-11",
        "code": world.code,
        "key": world.photo,
        "token": "x",
        "kind": "members",
    }
    values |= {"room": "voices", "field": "phone", "item": "identity", "coverage": 1, "merge": 1}
    for start, more in world.records.items():
        if route.startswith(start):
            values |= more
    return re.sub(r"\(\?P<\w+>[^)]*\)", "x", re.sub(r"<(?:\w+:)?(\w+)>", lambda m: str(values.get(m[1], 1)), route))


def read(people: Iterable[str] = ()) -> dict[str, Row]:
    """The table: address → person → status. `rest` stands for all of `people` that the line does not name."""
    table: dict[str, Row] = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines() if TABLE.exists() else []:
        if not line or line.startswith("#"):
            continue
        route, _gap, cells = line.partition("  ")
        table[route] = {}
        for cell in cells.split(";"):
            status, *named = cell.split()
            table[route] |= dict.fromkeys(named, int(status))
        if (rest := table[route].pop("rest", None)) is not None:
            table[route] = dict.fromkeys(people, rest) | table[route]
    return table


def written(table: dict[str, Row]) -> str:
    """The table as text, one address a line."""
    lines = []
    for route, row in sorted(table.items()):
        by: dict[int, list[str]] = {}
        for person, status in row.items():
            by.setdefault(status, []).append(person)
        most = max(by, key=lambda status: len(by[status]))
        by[most] = ["rest"]
        cells = "; ".join(f"{status} {' '.join(people)}" for status, people in sorted(by.items()))
        lines.append(f"{route}  {cells}")
    return HEAD + "\n".join(lines) + "\n"


HEAD = """# Every page × every named person: who gets what by a plain GET (200 shown, 302 led elsewhere, 403 not permitted,
# 404 not there for this person, 405 only to be posted to). A new page needs its line here: `LIANXI_WRITE_TABLE=1 pytest
# tests/pages` writes the missing lines; read them, for they say who may open the page.
"""
