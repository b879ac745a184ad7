"""The question of a list 列表的问题: read from an address, and written into one. A saved view is its query string."""

from collections.abc import Container
from dataclasses import fields, replace
from typing import Any
from urllib.parse import urlencode

PAGING = ("after", "before", "start")
"""Answers that say where a page begins: another question begins at its first page."""


class Address:
    """The parameters of an address; whatever does not fit is left out."""

    def __init__(self, params: Any) -> None:
        self._params = params

    def text(self, name: str, most: int = 60) -> str:
        return str(self._params.get(name, ""))[:most].replace("\x00", "")

    def words(self, name: str, most: int = 60) -> str:
        """A text with single spaces."""
        return " ".join(self.text(name, most).split())

    def one(self, name: str, among: Container[str], otherwise: str = "") -> str:
        value = self._params.get(name, otherwise)
        return str(value) if value in among else otherwise

    def number(self, name: str, otherwise: int = 0) -> int:
        """A whole number that the database can hold, not negative."""
        text = str(self._params.get(name, ""))
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else otherwise


class Question:
    """What a list is asked for: base of frozen dataclasses, each field with its default."""

    __slots__ = ()

    def query(self, **change: Any) -> str:
        """The query string of this question, or of one changed in some answers; defaults are left out."""
        plain: Any = type(self)()
        named = [one.name for one in fields(plain)]
        fresh = {name: getattr(plain, name) for name in named if name in PAGING}
        changed: Any = replace(self, **(fresh | change))  # type: ignore[type-var]
        pairs = {name: getattr(changed, name) for name in named}
        return urlencode({name: value for name, value in pairs.items() if value != getattr(plain, name)})
