"""Taking lists out: as the person who asked, with the posts of that moment, and written down."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import Actor
from lianxi.commons.protection.models import Look
from lianxi.commons.protection.services import open_for_delivery
from lianxi.commons.refusals import BadInput, Text
from lianxi.commons.sealing import Sealed

from ..models import Export
from ..writing import CSV, XLSX, SheetWriter, TextWriter

LOOKS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column of an exported list.

    `value`: gives the cell's value from a record. For a protected column it gives the `Sealed` value, which comes out
    masked; `field` names it, so that it can be asked for in full. `as_text`: identity numbers, phones, codes.
    """

    name: str
    label: Text
    value: Callable[[Any], Any]
    width: int = 12
    as_text: bool = False
    field: str = ""


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A finished export. `content`: an open file, to be handed to `FileResponse`, which closes it."""

    file_name: str
    content_type: str
    content: IO[bytes]
    rows: int


def export(
    columns: Sequence[ExportColumn],
    records: Iterable[Any],
    *,
    name: Text,
    format: str = "xlsx",
    actor: Actor,
    at: dt.datetime,
    reveal: Sequence[str] = (),
    reason: str = "",
    may_reveal: bool = False,
    subject: Callable[[Any], int | None] = lambda record: None,
    asked: Mapping[str, Any] | None = None,
) -> ExportFile:
    """Write a list as .xlsx or .csv and put it on record.

    `records`: what the actor's permission let through (`VIEW.all(actor)…`, ideally `.iterator()`), read once.
    `reveal`: names of protected columns to be given in full: only with `may_reveal` (the caller has checked the
    permission) and a reason; each record then gets a look on record, of `subject(record)`, committed before the file
    exists. `asked`: the filters of the list. Raises BadInput.
    """
    shown = frozenset(reveal)
    _check_reveal(columns, shown, may_reveal, reason)
    writer: SheetWriter | TextWriter
    if format == "csv":
        writer = TextWriter()
    else:
        writer = SheetWriter(str(name), [c.width for c in columns], [c.as_text for c in columns])
    writer.head(str(column.label) for column in columns)
    count = 0
    for record in _recorded(columns, records, shown, actor, at, reason, subject):
        writer.row(_cell(column, record, shown) for column in columns)
        count += 1
    Export.objects.create(
        at=at, by_id=actor.person_id, by_name=actor.name, name=str(name)[:120], format=format, rows=count,
        columns=[column.name for column in columns], revealed=sorted(shown), asked=dict(asked or {}), reason=reason[:200],
    )  # fmt: skip
    return ExportFile(f"{name}_{at:%Y%m%d}.{format}", CSV if format == "csv" else XLSX, writer.save(), count)


def _check_reveal(columns: Sequence[ExportColumn], shown: frozenset[str], may_reveal: bool, reason: str) -> None:
    if not shown:
        return
    if unknown := shown - {column.name for column in columns if column.field}:
        raise BadInput({"reveal": _("这些列没有打码：%(names)s。") % {"names": "、".join(sorted(unknown))}})
    if not may_reveal:
        raise BadInput({"reveal": _("您不能导出未打码的信息。")})
    if len(reason.strip()) < 2:
        raise BadInput({"reason": _("请写一句为什么要导出未打码的信息。")})


def _cell(column: ExportColumn, record: Any, shown: frozenset[str]) -> Any:
    value = column.value(record)
    if isinstance(value, Sealed):
        return open_for_delivery(value) if column.name in shown else str(value)
    return value


def _recorded(
    columns: Sequence[ExportColumn],
    records: Iterable[models.Model],
    shown: frozenset[str],
    actor: Actor,
    at: dt.datetime,
    reason: str,
    subject: Callable[[Any], int | None],
) -> Iterator[models.Model]:
    """The records, each after the looks at it have been committed, a thousand at a time."""
    if not shown:
        yield from records
        return
    fields = [column.field for column in columns if column.name in shown]
    part: list[models.Model] = []
    for record in records:
        part.append(record)
        if len(part) == LOOKS_AT_ONCE:
            _look(part, fields, actor, at, reason, subject)
            yield from part
            part = []
    _look(part, fields, actor, at, reason, subject)
    yield from part


def _look(
    part: list[models.Model],
    fields: list[str],
    actor: Actor,
    at: dt.datetime,
    reason: str,
    subject: Callable[[Any], int | None],
) -> None:
    with transaction.atomic():
        Look.objects.bulk_create(
            Look(
                at=at, by_id=actor.person_id, by_name=actor.name, reason=reason.strip()[:200],
                of_kind=ContentType.objects.get_for_model(record), of_pk=record.pk, field=field, subject_id=subject(record),
            )
            for record in part
            for field in fields
        )  # fmt: skip
