"""The work of jobs. Each is one transaction that looks first whether it is still wanted: run twice, it works once."""

import base64
import datetime as dt
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import DataError, IntegrityError, models, transaction
from django.utils.translation import gettext_noop as N_

from lianxi.commons.journal.because import because
from lianxi.commons.permissions import Actor, system
from lianxi.commons.protection.services import open_for_delivery
from lianxi.commons.refusals import Refusal

from ..contents import all_unpacked, note_kept, packed, unpacked
from ..kinds import RowRefused, SheetKind, kind_named
from ..models import ImportBatch, ImportEvent, ImportFile, ImportMade, ImportRow
from ..policies import JOB
from ..sheets import Note, Row, Table, Unreadable, open_table
from ..terms import GOOD, State, Verdict
from ..workflow import WALK
from .meter import Meter, Stopped

CHUNK = 1000
KEPT_FOR = dt.timedelta(days=30)
"""How long the rows of an import are kept when nobody decides. [D]"""
T = TypeVar("T")

SAME_IN_SHEET = N_("第%(first)d行和第%(second)d行的“%(column)s”相同。")
REPEATED_LATER = N_("后面第%(second)d行的“%(column)s”和这一行相同，那一行没有算进来。")
NO_LONGER = N_("第%(row)d行现在不能导入了：%(why)s这次一行也没有导入。")
CONFLICT = N_("第%(from_row)d行到第%(to_row)d行里，有一行和已有的记录冲突。这次一行也没有导入。")
NO_RIGHT = N_("您现在没有导入这类表格的权限了。这次一行也没有导入。")
IN_USE = N_("%(label)s里已经用到了这次导入的内容，先处理它们才能撤销。")
HALTED = N_("按您的要求停下了，没有改动任何记录。")
BROKE = N_("没有办成，是系统的问题，不是表格的问题。请过一会儿再试；还不行，请找系统管理员。")

_SYSTEM = system(JOB)


def check_batch(batch_id: int, *, actor: Actor, at: dt.datetime, meter: Meter) -> None:
    """Read the file, check it row by row, keep the rows. `actor`: who uploaded it, with the posts of today."""
    batch = _wanted(batch_id, State.WAITING)
    if batch is None:
        return
    try:
        with transaction.atomic():
            if _locked(batch_id, State.WAITING) is None:
                return
            found = _read(batch, actor, at, meter)
            ImportFile.objects.filter(batch=batch).delete()
            WALK.take("checked", batch, actor=_SYSTEM, at=at, **found)
    except Unreadable as problem:
        _after(batch_id, State.WAITING, "unreadable", at, problem.msgid, problem.params)
    except Stopped:
        _after(batch_id, State.WAITING, "stopped", at, HALTED, {})


def _read(batch: ImportBatch, actor: Actor, at: dt.datetime, meter: Meter) -> dict[str, Any]:
    kind = kind_named(batch.kind, batch.about)
    ImportRow.objects.filter(batch=batch).delete()
    file = io.BytesIO(base64.b64decode(open_for_delivery(ImportFile.objects.get(batch=batch).content)))
    tally: Counter[str] = Counter()
    seen: dict[tuple[str, Any], int] = {}
    with open_table(file, kind.columns, sheet=batch.wanted_sheet) as table:
        for rows in _chunks(table.rows()):
            _repeats(kind, rows, seen)
            kind.check([row for row in rows if row.verdict != "wrong"], actor=actor, at=at)
            _keep(batch, rows, tally)
            meter.tick(tally.total(), table.estimate)
        _name_first_ones(batch, kind, seen)
        return _about(table) | {verdict.value: tally[verdict.value] for verdict in Verdict}


def _about(table: Table) -> dict[str, Any]:
    return {
        "sheet": table.sheet[:100],
        "header_row": table.header.at,
        "columns": {str(number): column.name for number, column in table.header.columns.items()},
        "notes": [note_kept(note) for note in table.notes],
    }


def _keep(batch: ImportBatch, rows: Sequence[Row], tally: Counter[str]) -> None:
    tally.update(row.verdict for row in rows)
    ImportRow.objects.bulk_create(
        [ImportRow(batch=batch, number=row.number, verdict=row.verdict, content=packed(row)) for row in rows]
    )


def _repeats(kind: SheetKind, rows: Sequence[Row], seen: dict[Any, int]) -> None:
    """Name rows that repeat an earlier row of the sheet; the earlier one is remembered in `seen` under a negative number."""
    labels = {column.name: str(column.label) for column in kind.columns}
    for row in rows:
        for column, key in kind.keys(row.values):
            if key is None or key == "":
                continue
            first = seen.setdefault((column, key), row.number)
            if first != row.number:
                row.duplicate(column, SAME_IN_SHEET, first=first, second=row.number, column=labels[column])
                seen.setdefault(("", column, first), row.number)


def _name_first_ones(batch: ImportBatch, kind: SheetKind, seen: dict[Any, int]) -> None:
    """Say at the first of two equal rows, too, that another one repeats it."""
    labels = {column.name: str(column.label) for column in kind.columns}
    repeated = {key[2]: (key[1], later) for key, later in seen.items() if len(key) == 3}
    for kept in ImportRow.objects.filter(batch=batch, number__in=list(repeated)):
        column, later = repeated[kept.number]
        row = unpacked(kept)
        row.info(column, REPEATED_LATER, second=later, column=labels[column])
        kept.content = packed(row)
        kept.save(update_fields=["content"])


def apply_batch(batch_id: int, *, actor: Actor, at: dt.datetime, meter: Meter) -> None:
    """Make records of the good rows: all of them, or none."""
    batch = _wanted(batch_id, State.APPLYING)
    if batch is None:
        return
    try:
        with transaction.atomic():
            if _locked(batch_id, State.APPLYING) is None:
                return
            made = _apply(batch, actor, at, meter)
            WALK.take("applied", batch, actor=_SYSTEM, at=at, applied=made)
    except RowRefused as refused:
        _mark(batch, refused)
        why = Note("wrong", "", refused.msgid, refused.params)
        _after(batch_id, State.APPLYING, "not_applied", at, NO_LONGER, {"row": refused.number, "why": str(why)}, batch)
    except Stopped:
        _after(batch_id, State.APPLYING, "not_applied", at, HALTED, {})
    except _NoRight:
        _after(batch_id, State.APPLYING, "not_applied", at, NO_RIGHT, {})
    except _Clash as clash:
        params = {"from_row": clash.args[0], "to_row": clash.args[1]}
        _after(batch_id, State.APPLYING, "not_applied", at, CONFLICT, params)


class _NoRight(Exception):
    """The person may no longer import such sheets."""


class _Clash(Exception):
    """The database refused something between two rows."""


def _apply(batch: ImportBatch, actor: Actor, at: dt.datetime, meter: Meter) -> int:
    kind = kind_named(batch.kind, batch.about)
    if not kind.may_import(actor):
        raise _NoRight
    done = 0
    good = ImportRow.objects.filter(batch=batch, verdict__in=GOOD)
    for numbers in _chunks(iter(good.order_by("number").values_list("number", flat=True))):
        rows = all_unpacked(good.filter(number__gte=numbers[0], number__lte=numbers[-1]).order_by("number"))
        try:
            _apply_chunk(batch, kind, rows, actor, at)
        except (IntegrityError, DataError):
            raise _Clash(numbers[0], numbers[-1]) from None
        done += len(rows)
        meter.tick(done, batch.good)
    good.update(content=b"")
    return done


def _apply_chunk(batch: ImportBatch, kind: SheetKind, rows: list[Row], actor: Actor, at: dt.datetime) -> None:
    kind.check(rows, actor=actor, at=at)
    for row in rows:
        for note in row.notes:
            if note.level in ("wrong", "duplicate"):
                raise RowRefused(row.number, note.msgid, **note.params)
    try:
        records = kind.apply(rows, actor=actor, at=at)
    except Refusal as refused:
        raise RowRefused(rows[0].number, "%(why)s", why=str(refused)) from None
    ImportMade.objects.bulk_create(
        ImportMade(batch=batch, row=row.number, of_kind=ContentType.objects.get_for_model(record), of_pk=record.pk)
        for row, record in zip(rows, records, strict=True)
        if record is not None
    )


def undo_batch(batch_id: int, *, actor: Actor, at: dt.datetime, meter: Meter) -> None:
    """Take back everything that the import made, latest first; or nothing, if something has been built on it."""
    batch = _wanted(batch_id, State.UNDOING)
    if batch is None:
        return
    try:
        with transaction.atomic():
            if _locked(batch_id, State.UNDOING) is None:
                return
            obstacles = _undo(batch, actor, at, meter)
            if obstacles:
                WALK.take("not_undone", batch, actor=_SYSTEM, at=at, trouble=obstacles)
            else:
                WALK.take("undone", batch, actor=_SYSTEM, at=at)
    except Stopped:
        _after(batch_id, State.UNDOING, "not_undone", at, HALTED, {})
    except (models.ProtectedError, IntegrityError) as error:
        _after(batch_id, State.UNDOING, "not_undone", at, IN_USE, {"label": _where(error)})


def _where(error: models.ProtectedError | IntegrityError) -> str:
    """The name of the records that a refusal to delete speaks of."""
    if isinstance(error, models.ProtectedError):
        return str(next(iter(error.protected_objects))._meta.verbose_name)
    table = getattr(getattr(error.__cause__, "diag", None), "table_name", None) or ""
    found = next((model for model in apps.get_models() if model._meta.db_table == table), None)
    return str(found._meta.verbose_name) if found else table


def _undo(batch: ImportBatch, actor: Actor, at: dt.datetime, meter: Meter) -> list[dict[str, Any]]:
    kind = kind_named(batch.kind, batch.about)
    made = ImportMade.objects.filter(batch=batch)
    total, done = made.count(), 0
    meter.tick(0, total)
    found = [
        {"msgid": msgid, "params": params}
        for part in _made(made.order_by("pk"), 20 * CHUNK)
        for msgid, params in kind.obstacles(part)
    ]
    if found:
        return found[:20]
    for part in _made(made.order_by("-pk"), 4 * CHUNK):
        with because(actor, _reason(batch)):
            kind.undo(part, actor=actor, at=at)
        done += len(part)
        meter.tick(done, total)
    made.delete()
    ImportRow.objects.filter(batch=batch).delete()
    return []


def _reason(batch: ImportBatch) -> str:
    """Why the import is being taken back, as the person wrote it."""
    said = ImportEvent.objects.filter(batch=batch, verb="undo").order_by("-number").values_list("reason", flat=True)
    return said.first() or ""


def _made(rows: Any, size: int) -> Iterator[list[tuple[int, models.Model]]]:
    """The records made, part by part, as they stand now; those that are gone are left out."""
    for part in _chunks(rows.values_list("row", "of_kind", "of_pk").iterator(), size):
        records: dict[tuple[int, int], models.Model] = {}
        for kind_id in {kind_id for _, kind_id, _ in part}:
            model = ContentType.objects.get_for_id(kind_id).model_class()
            assert model is not None
            keys = [pk for _, one, pk in part if one == kind_id]
            records |= {(kind_id, record.pk): record for record in model._base_manager.filter(pk__in=keys)}
        yield [(row, records[kind_id, pk]) for row, kind_id, pk in part if (kind_id, pk) in records]


def give_up(batch_id: int, *, at: dt.datetime) -> None:
    """After the last attempt of a job has failed: put the import back to where it can be tried again, and say so."""
    for state, verb in ((State.WAITING, "unreadable"), (State.APPLYING, "not_applied"), (State.UNDOING, "not_undone")):
        _after(batch_id, state, verb, at, BROKE, {})


def forget_old(*, at: dt.datetime) -> int:
    """Empty the rows and files of imports that nobody has touched for 30 days; returns how many imports."""
    old = ImportBatch.objects.filter(at__lt=at - KEPT_FOR).exclude(state__in=(State.APPLYING, State.UNDOING))
    keys = list(old.filter(pk__in=ImportRow.objects.values("batch")).values_list("pk", flat=True))
    ImportFile.objects.filter(batch__in=old.exclude(state=State.WAITING)).delete()
    ImportRow.objects.filter(batch__in=keys).delete()
    for batch in old.filter(pk__in=keys, state=State.CHECKED):
        WALK.take("forgotten", batch, actor=_SYSTEM, at=at)
    return len(keys)


def _wanted(batch_id: int, state: State) -> ImportBatch | None:
    return ImportBatch.objects.filter(pk=batch_id, state=state).first()


def _locked(batch_id: int, state: State) -> ImportBatch | None:
    """The import, locked, if the work is still to be done: a second worker waits here, and then finds it done."""
    return ImportBatch.objects.select_for_update().filter(pk=batch_id, state=state).first()


@transaction.atomic
def _after(
    batch_id: int,
    state: State,
    verb: str,
    at: dt.datetime,
    msgid: str,
    params: dict[str, Any],
    counted: ImportBatch | None = None,
) -> None:
    """Write down, after everything was rolled back, how a job ended."""
    batch = _locked(batch_id, state)
    if batch is None:
        return
    change: dict[str, Any] = {"trouble": [{"msgid": msgid, "params": params}]}
    if counted is not None:
        change |= {verdict.value: getattr(counted, verdict.value) for verdict in Verdict}
    if verb in ("unreadable", "stopped"):
        ImportFile.objects.filter(batch=batch).delete()
    WALK.take(verb, batch, actor=_SYSTEM, at=at, **change)


def _mark(batch: ImportBatch, refused: RowRefused) -> None:
    """Mark the row that was refused, so that the preview shows it among the wrong ones."""
    kept = ImportRow.objects.filter(batch=batch, number=refused.number, verdict__in=GOOD).first()
    if kept is None:
        return
    row = unpacked(kept)
    row.wrong("", refused.msgid, **refused.params)
    setattr(batch, kept.verdict, getattr(batch, kept.verdict) - 1)
    batch.wrong += 1
    kept.verdict, kept.content = Verdict.WRONG, packed(row)
    kept.save(update_fields=["verdict", "content"])


def _chunks(things: Iterator[T], size: int = CHUNK) -> Iterator[list[T]]:
    while part := list(islice(things, size)):
        yield part
