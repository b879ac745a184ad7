"""What pages read of imports and exports."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lianxi.commons.masking import MASKS
from lianxi.commons.permissions import Actor

from . import policies as may
from .contents import unpacked
from .kinds import SheetKind, kind_named
from .models import Export, ExportOrder, ImportBatch, ImportEvent, ImportProgress, ImportRow
from .sheets import Column, Note, Row, column_letter
from .terms import BAD, OrderState, State, Verdict
from .workflow import WALK

PAGE = 50


def batch(actor: Actor, pk: int) -> ImportBatch:
    """One import. Raises NotFound."""
    found: ImportBatch = may.VIEW.get(actor, pk=pk)
    return found


def mine(actor: Actor, kind: str = "") -> QuerySet[ImportBatch, Any]:
    """The actor's own imports, newest first."""
    found = may.VIEW.all(actor).select_related("by")
    return found.filter(kind=kind) if kind else found


def progress(batch: ImportBatch) -> ImportProgress:
    """How far its job is; nothing done where none has begun."""
    return ImportProgress.objects.filter(batch=batch).first() or ImportProgress(batch=batch)


def history(batch: ImportBatch) -> list[ImportEvent]:
    """What happened, latest first."""
    return list(WALK.events(batch).reverse())


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell of the preview: what will be imported, what the sheet showed if that differs, and what is said about it."""

    value: str
    was: str
    notes: tuple[Note, ...]
    label: str = ""

    @property
    def level(self) -> str:
        """The gravest thing said, or ''."""
        levels = {note.level for note in self.notes}
        return next((one for one in ("wrong", "duplicate", "mended") if one in levels), "")


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the preview. `said`: every note with the place it is about."""

    number: int
    verdict: str
    label: str
    cells: tuple[ShownCell, ...]
    said: tuple[tuple[str, Note], ...]


def columns_of(batch: ImportBatch) -> list[tuple[str, Column]]:
    """The columns of the sheet that are read, in its order, with their letters."""
    known = {column.name: column for column in kind_named(batch.kind, batch.about).columns}
    found = sorted((int(number), name) for number, name in batch.columns.items())
    return [(column_letter(number), known[name]) for number, name in found if name in known]


def preview(batch: ImportBatch, verdict: str = "", after: int = 0) -> tuple[list[ShownRow], int | None]:
    """A page of rows with number > `after`, and where the next page begins (None: this is the last).

    Of an import that has been applied only what was left behind.
    """
    rows = ImportRow.objects.filter(batch=batch, number__gt=after).order_by("number")
    if verdict in Verdict.values:
        rows = rows.filter(verdict=verdict)
    if batch.state == State.APPLIED:
        rows = rows.filter(verdict__in=BAD)
    page = list(rows[: PAGE + 1])
    columns = columns_of(batch)
    shown = [_shown(unpacked(kept), kept.verdict, columns) for kept in page[:PAGE]]
    return shown, page[PAGE - 1].number if len(page) > PAGE else None


def counts(batch: ImportBatch) -> dict[str, int]:
    """Rows by verdict."""
    return {
        Verdict.READY.value: batch.ready, Verdict.MENDED.value: batch.mended,
        Verdict.WRONG.value: batch.wrong, Verdict.DUPLICATE.value: batch.duplicate,
    }  # fmt: skip


def _shown(row: Row, verdict: str, columns: list[tuple[str, Column]]) -> ShownRow:
    places = {column.name: place_of(letter, column) for letter, column in columns}
    said = tuple((places.get(note.column, ""), note) for note in row.notes)
    cells = tuple(_cell(row, column) for _letter, column in columns)
    return ShownRow(row.number, verdict, str(Verdict(verdict).label), cells, said)


def place_of(letter: str, column: Column) -> str:
    """C（手机）"""
    return _("%(letter)s（%(label)s）") % {"letter": letter, "label": column.label}


def _cell(row: Row, column: Column) -> ShownCell:
    notes = tuple(note for note in row.notes if note.column == column.name)
    value, was = as_shown(row.values.get(column.name), column), row.shown.get(column.name, "")
    if column.mask:
        was = masked(was, column) if any(note.level == "wrong" for note in notes) else ""
    if not notes and was == _serial(value):
        was = ""  # a day as a spreadsheet keeps it: its reader saw the day, never this number
    return ShownCell(value, was if was != value else "", notes, str(column.label))


def _serial(value: str) -> str:
    """The number by which a spreadsheet keeps a day; empty for what is no day."""
    try:
        return str((dt.date.fromisoformat(value) - dt.date(1899, 12, 30)).days)
    except ValueError:
        return ""


def as_shown(value: Any, column: Column) -> str:
    """A value as the preview shows it: protected ones masked."""
    if value is None:
        return ""
    if words := getattr(column.parse, "words", None):
        return str(words.get(str(value), value))
    if isinstance(value, dt.date):
        return value.isoformat()
    return masked(str(value), column) if column.mask else str(value)


def masked(text: str, column: Column) -> str:
    return MASKS[column.mask](text) if text else ""


def bad_rows(batch: ImportBatch) -> QuerySet[ImportRow, Any]:
    """The rows that cannot be imported, in order."""
    return ImportRow.objects.filter(batch=batch, verdict__in=BAD).order_by("number")


def kind_for(actor: Actor, name: str, about: str = "") -> SheetKind:
    """The kind of that name, of the record that it is about, if the actor may import it. Raises NotFound: a stranger cannot tell which."""
    from lianxi.commons.refusals import NotFound

    try:
        kind = kind_named(name, about[:20])
    except KeyError:
        raise NotFound from None
    if not kind.may_import(actor):
        raise NotFound
    return kind


def exports_by(actor: Actor) -> QuerySet[Export, Any]:
    """The actor's own exports, newest first."""
    return Export.objects.filter(by=actor.person_id) if actor.person_id else Export.objects.none()


def order_of(actor: Actor, pk: int) -> ExportOrder:
    """A long export of the actor's own. Raises NotFound."""
    found: ExportOrder = may.FETCH.get(actor, pk=pk)
    return found


def orders_by(actor: Actor) -> QuerySet[ExportOrder, Any]:
    """The actor's own long exports that are being written or can be fetched, newest first."""
    return may.FETCH.all(actor).filter(state__in=(OrderState.RUNNING, OrderState.DONE)).defer("keys")
