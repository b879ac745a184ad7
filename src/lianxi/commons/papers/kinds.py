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
from collections.abc import Hashable, Iterable, Sequence
from typing import Any, ClassVar

from django.db import models
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

    `notes`: sentences for the second sheet of the template. `owns`: models whose rows belong to the records made (they
    go with them, and do not stand in the way of undoing).
    """

    name: ClassVar[str]
    label: ClassVar[Text]
    columns: ClassVar[tuple[Column, ...]]
    notes: ClassVar[tuple[Text, ...]] = ()
    owns: ClassVar[tuple[type[models.Model], ...]] = ()

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
            for relation in _relations_to(model):
                found = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": list(rows)})
                pointed = list(found.values_list(relation.field.attname, flat=True)[:100_000])
                if pointed and relation.related_model not in self.owns:
                    label = str(relation.related_model._meta.verbose_name)
                    yield BUILT_ON, {"label": label, "n": len(pointed), "row": min(rows[key] for key in pointed)}

    def undo(self, made: Made, *, actor: Actor, at: dt.datetime) -> None:
        """Take the records back (given latest first). As it stands: delete them and what they own."""
        for model, rows in _by_model(made).items():
            for owned in self.owns:
                for field in owned._meta.get_fields():
                    if isinstance(field, models.ForeignKey) and field.related_model is model:
                        owned._base_manager.filter(**{f"{field.name}__in": list(rows)}).delete()
            model._base_manager.filter(pk__in=list(rows)).delete()


def _by_model(made: Made) -> dict[type[models.Model], dict[Any, int]]:
    found: dict[type[models.Model], dict[Any, int]] = {}
    for number, record in made:
        found.setdefault(type(record), {})[record.pk] = number
    return found


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


_KINDS: dict[str, SheetKind] = {}


def register(kind: SheetKind) -> SheetKind:
    """Make a kind known. Names are unique; registering the same class again replaces it (a reload)."""
    known = _KINDS.get(kind.name)
    if known is not None and type(known) is not type(kind):
        raise ValueError(f"Sheet kind {kind.name} is registered twice.")
    _KINDS[kind.name] = kind
    return kind


def kind_named(name: str) -> SheetKind:
    """Raises KeyError for an unknown name."""
    return _KINDS[name]


def kinds_for(actor: Actor) -> list[SheetKind]:
    """What the actor may import."""
    return [kind for kind in _KINDS.values() if kind.may_import(actor)]
