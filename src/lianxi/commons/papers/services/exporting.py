"""Taking lists out: as the person who asked, with the posts of that moment, and written down."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import Actor
from lianxi.commons.protection.models import Look
from lianxi.commons.protection.services import open_for_delivery
from lianxi.commons.refusals import BadInput, Text
from lianxi.commons.sealing import Sealed

from ..models import Export
from ..writing import CSV, XLSX, SheetWriter, TextWriter

LOOKS_AT_ONCE = 1000
TYPES = {"csv": CSV, "xlsx": XLSX}


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
    check_reveal(columns, shown, may_reveal, reason)
    file, count = written(
        columns, records, name=name, format=format, shown=shown, reason=reason, subject=subject, actor=actor, at=at
    )
    on_record(
        columns, name=name, format=format, rows=count, shown=shown, reason=reason, asked=asked, actor=actor, at=at
    )
    return ExportFile(file_name_of(name, format, at), TYPES[format], file, count)


def file_name_of(name: Text, format: str, at: dt.datetime) -> str:
    return f"{name}_{timezone.localtime(at):%Y%m%d}.{format}"


def written(
    columns: Sequence[ExportColumn], records: Iterable[Any], *, name: Text, format: str, shown: frozenset[str], reason: str,
    subject: Callable[[Any], int | None], actor: Actor, at: dt.datetime, again: bool = False,
) -> tuple[IO[bytes], int]:  # fmt: skip
    """Write the records to a file, each after the look at it has been committed; gives the file and how many.

    `again`: this may be the second try of the same export (same person and moment): a look that is there already is
    not written twice. What may be shown has been checked.
    """
    writer: SheetWriter | TextWriter
    if format == "csv":
        writer = TextWriter()
    else:
        writer = SheetWriter(str(name), [c.width for c in columns], [c.as_text for c in columns])
    writer.head(str(column.label) for column in columns)
    count = 0
    for record in _recorded(columns, records, shown, actor, at, reason, subject, again):
        writer.row(_cell(column, record, shown) for column in columns)
        count += 1
    return writer.save(), count


def on_record(
    columns: Sequence[ExportColumn], *, name: Text, format: str, rows: int, shown: frozenset[str], reason: str,
    asked: Mapping[str, Any] | None, actor: Actor, at: dt.datetime,
) -> Export:  # fmt: skip
    """Keep that this list was taken out."""
    return Export.objects.create(
        at=at, by_id=actor.person_id, by_name=actor.name, name=str(name)[:120], format=format, rows=rows,
        columns=[column.name for column in columns], revealed=sorted(shown), asked=dict(asked or {}), reason=reason[:200],
    )  # fmt: skip


def check_reveal(columns: Sequence[ExportColumn], shown: frozenset[str], may_reveal: bool, reason: str) -> None:
    """Raises BadInput unless these columns may be given in full, for a reason."""
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
    again: bool,
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
            _look(part, fields, actor, at, reason, subject, again)
            yield from part
            part = []
    _look(part, fields, actor, at, reason, subject, again)
    yield from part


def _look(
    part: list[models.Model],
    fields: list[str],
    actor: Actor,
    at: dt.datetime,
    reason: str,
    subject: Callable[[Any], int | None],
    again: bool,
) -> None:
    if not part:
        return
    kind = ContentType.objects.get_for_model(part[0])
    known: set[tuple[int, str]] = set()
    if again:
        before = Look.objects.filter(of_kind=kind, of_pk__in=[record.pk for record in part], by=actor.person_id, at=at)
        known = set(before.values_list("of_pk", "field"))
    with transaction.atomic():
        Look.objects.bulk_create(
            Look(
                at=at, by_id=actor.person_id, by_name=actor.name, reason=reason.strip()[:200],
                of_kind=kind, of_pk=record.pk, field=field, subject_id=subject(record),
            )
            for record in part
            for field in fields
            if (record.pk, field) not in known
        )  # fmt: skip
