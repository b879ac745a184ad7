"""Kinds of sheets: what an app declares so that its records can be imported.

class MemberSheet(SheetKind):
    name, label = "members", _("党员名册")
    columns = (Column("name", _("姓名"), sheets.name(), required=True), …)
    def may_import(self, actor): …
    def keys(self, values): yield "identity", values["identity"]
    def check(self, rows, *, actor, at): …          # row.wrong(…), row.duplicate(…)
    def apply(self, rows, *, actor, at): return [register(row.values, actor=actor, at=at) for row in rows]

register(MemberSheet())                             # in the app's AppConfig.ready
"""

import datetime as dt
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django.db import connection, models
from django.utils.translation import gettext_noop as N_

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import Text

from .sheets import Column, Row

BUILT_ON = N_("%(label)s里有%(n)d条已经用到了这次导入的内容（如第%(row)d行），先处理它们才能撤销。")


class RowRefused(Exception):
    """A row that was good in the preview can no longer be applied. Nothing of its import is applied."""

    def __init__(self, number: int, msgid: str, /, **params: Any) -> None:
        super().__init__(f"{number}: {msgid}")
        self.number, self.msgid, self.params = number, msgid, params


Made = Sequence[tuple[int, models.Model]]
"""Rows' numbers with the records made of them, in the order of making."""


class SheetKind:
    """One kind of sheet. Subclasses set `name`, `label`, `columns` and write `may_import`, `apply`; the rest as needed.

    `notes`: sentences for the second sheet of the template. `record`: key of the record that it is bound to (see `about`);
    `home`: address where what was imported is seen. `owns`: models whose rows belong to the records made (they
    go with them, and do not stand in the way of undoing).
    """

    name: ClassVar[str]
    label: ClassVar[Text]
    columns: tuple[Column, ...] = ()
    notes: tuple[Text, ...] = ()
    record: str = ""
    home: str = ""
    owns: ClassVar[tuple[type[models.Model], ...]] = ()

    def about(self, key: str) -> "SheetKind":
        """The kind as it is for one record, where columns depend on it (a seat plan has a column for each of its trades).

        As it stands: itself. A kind that needs a record refuses everybody in `may_import` until it is bound to one.
        """
        return self

    def filled(self) -> Iterable[Mapping[str, Any]]:
        """Rows that the template already has, by name of column; without any it shows one example."""
        return ()

    def may_import(self, actor: Actor) -> bool:
        """Whether the actor may import such sheets; asked at upload and again by the job."""
        raise NotImplementedError

    def keys(self, values: dict[str, Any]) -> Iterable[tuple[str, Hashable]]:
        """What makes a row unique within its sheet: names of columns with their keys (None: says nothing)."""
        return ()

    def check(self, rows: Sequence[Row], *, actor: Actor, at: dt.datetime) -> None:
        """Look at some hundreds of rows together and say what is wrong, by `row.wrong`, `row.duplicate`, `row.mended`.

        Asked for the preview and again in the transaction that applies. May change `row.values`.
        """

    def apply(self, rows: Sequence[Row], *, actor: Actor, at: dt.datetime) -> Sequence[models.Model | None]:
        """Make the records, one for each row (None: nothing to take back). Raises RowRefused."""
        raise NotImplementedError

    def obstacles(self, made: Made) -> Iterable[tuple[str, dict[str, Any]]]:
        """What has been built on the records since, as msgid and facts; they stand in the way of undoing.

        As it stands: every row of another table that points to one of them, `owns` and histories left out.
        """
        for model, rows in _by_model(made).items():
            yield from built_on(model, rows, owned=self.owns)

    def undo(self, made: Made, *, actor: Actor, at: dt.datetime) -> None:
        """Take the records back (given latest first). As it stands: remove them and what they own.

        What points to them all the same is refused by the database: `obstacles` has looked before.
        """
        for model, rows in _by_model(made).items():
            for owned in self.owns:
                for field in owned._meta.get_fields():
                    if isinstance(field, models.ForeignKey) and field.related_model is model:
                        remove(owned, field.column, rows)
            remove(model, str(model._meta.pk.column), rows)


def _by_model(made: Made) -> dict[type[models.Model], dict[Any, int]]:
    found: dict[type[models.Model], dict[Any, int]] = {}
    for number, record in made:
        found.setdefault(type(record), {})[record.pk] = number
    return found


def built_on(
    model: type[models.Model], rows: Mapping[Any, int], *, owned: Collection[type[models.Model]] = ()
) -> Iterator[tuple[str, dict[str, Any]]]:
    """What points to records of a model, one sentence for each table. `rows`: their keys with the rows they came from."""
    for relation in _relations_to(model):
        if relation.related_model in owned:
            continue
        if pointed := _pointing(relation.related_model, relation.field.column, list(rows)):
            label = str(relation.related_model._meta.verbose_name)
            yield BUILT_ON, {"label": label, "n": len(pointed), "row": min(rows[key] for key in pointed)}


def _relations_to(model: type[models.Model]) -> list[Any]:
    """Foreign keys that point to a model, those without a name for the way back included; histories left out."""
    return [
        field
        for field in model._meta.get_fields(include_hidden=True)
        if field.auto_created
        and not field.concrete
        and (field.one_to_many or field.one_to_one)
        and not hasattr(field.related_model, "pgh_tracked_model")
    ]


# Keys go in as one array: thousands of placeholders take longer to write than to answer.
def _pointing(table: type[models.Model], column: str, keys: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        name = connection.ops.quote_name
        cursor.execute(
            f"SELECT {name(column)} FROM {name(table._meta.db_table)} WHERE {name(column)} = ANY(%s) LIMIT 100000",
            [keys],
        )
        return [key for (key,) in cursor.fetchall()]


def remove(table: type[models.Model], column: str, keys: Iterable[Any]) -> None:
    """Delete the rows whose column holds one of the keys, in one statement; history triggers write it down.

    Nothing goes along with them: whatever still points to them makes the database refuse, at the latest at commit.
    """
    with connection.cursor() as cursor:
        name = connection.ops.quote_name
        cursor.execute(f"DELETE FROM {name(table._meta.db_table)} WHERE {name(column)} = ANY(%s)", [list(keys)])


_KINDS: dict[str, SheetKind] = {}


def register(kind: SheetKind) -> SheetKind:
    """Make a kind known. Names are unique; registering the same class again replaces it (a reload)."""
    known = _KINDS.get(kind.name)
    if known is not None and type(known) is not type(kind):
        raise ValueError(f"Sheet kind {kind.name} is registered twice.")
    _KINDS[kind.name] = kind
    return kind


def kind_named(name: str, about: str = "") -> SheetKind:
    """The kind, bound to a record if one is named. Raises KeyError for an unknown name."""
    return _KINDS[name].about(about) if about else _KINDS[name]


def kinds_for(actor: Actor) -> list[SheetKind]:
    """What the actor may import."""
    return [kind for kind in _KINDS.values() if kind.may_import(actor)]
