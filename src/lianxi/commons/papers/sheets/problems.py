"""What may be wrong with a file or a cell. Sentences are kept as msgid and facts, so that each reader gets his language."""

from typing import Any

from django.utils.translation import gettext

from lianxi.commons.refusals import Refusal


def said(msgid: str, facts: dict[str, Any]) -> str:
    """The sentence in the active language; facts that are headings or names of tables are put into it, too."""
    return gettext(msgid) % {name: _fact(name, value) for name, value in facts.items()} if facts else gettext(msgid)


def _fact(name: str, value: Any) -> Any:
    if name in ("column", "label"):
        return gettext(value)
    if name == "columns":
        return gettext("、").join(gettext(part) for part in value.split("、"))
    return value


class Unreadable(Refusal):
    """The file, or the sheet in it, cannot be read. `msgid` and `params` allow saying it later in another language."""

    code, status = "unreadable", 422

    def __init__(self, msgid: str, **params: Any) -> None:
        self.msgid, self.params = msgid, params
        super().__init__(said(msgid, params), **params)

    def __str__(self) -> str:
        return said(self.msgid, self.params)


class CellProblem(Exception):
    """A cell cannot be used. Raised by parsers."""

    def __init__(self, msgid: str, **params: Any) -> None:
        super().__init__(msgid)
        self.msgid, self.params = msgid, params
