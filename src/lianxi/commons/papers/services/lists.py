"""Lists that may be long: what an app declares so that a job can write them.

class MemberList(ListKind):
    name, label, columns, may_reveal = "members", _("党员名册"), COLUMNS, True
    def may(self, actor): …
    def rows(self, asked, *, actor, at): return …     # the list's question, as the actor may see it
    def visible(self, actor): return EXPORT.all(actor)

register(MemberList())                                # in the app's AppConfig.ready
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import Text

from .exporting import ExportColumn


class ListKind:
    """One kind of list. `may_reveal`: whether protected columns may be given in full to whoever may have the list."""

    name: ClassVar[str]
    label: ClassVar[Text]
    columns: ClassVar[Sequence[ExportColumn]]
    may_reveal: ClassVar[bool] = False

    def may(self, actor: Actor) -> bool:
        """Whether the actor may take such lists out; asked at the order, by the job, and when the file is fetched."""
        raise NotImplementedError

    def rows(self, asked: str, *, actor: Actor, at: dt.datetime) -> QuerySet[Any, Any]:
        """The records that a query string asks for, as the actor may see them, in their order."""
        raise NotImplementedError

    def visible(self, actor: Actor) -> QuerySet[Any, Any]:
        """Everything that a list of the actor's may hold now."""
        raise NotImplementedError

    def subject(self, record: Any) -> int | None:
        """Whose data a record is, for the looks at it."""
        return None


_LISTS: dict[str, ListKind] = {}


def register(kind: ListKind) -> ListKind:
    """Make a list known. Names are unique; registering the same class again replaces it (a reload)."""
    known = _LISTS.get(kind.name)
    if known is not None and type(known) is not type(kind):
        raise ValueError(f"List {kind.name} is registered twice.")
    _LISTS[kind.name] = kind
    return kind


def list_named(name: str) -> ListKind:
    """Raises KeyError for an unknown name."""
    return _LISTS[name]
