"""The sheets that imports hand out: the template to fill in, and the rows that need mending."""

import tempfile
from collections.abc import Iterable
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from .contents import unpacked
from .kinds import SheetKind
from .models import ImportBatch, ImportRow
from .queries import columns_of
from .sheets import Column
from .writing import IN_MEMORY, harmless, sheet_title

RULES = (
    N_("带 * 的列必须填。"),
    N_("第二行是示例，导入时会跳过；直接在下面填。"),
    N_("号码列已设为“文本”格式：请不要改成数字，否则15位以后的数字会丢。"),
    N_("日期写成2020-01-05。"),
    N_("列的次序可以变，多出来的列不影响。"),
)
_ROWS = 5000
"""How many rows of the template have the text format and the lists."""
_LIGHT, _INK = PatternFill("solid", fgColor="F1EDE6"), Font(bold=True)
_GREY = Font(color="6B645A")


def template(kind: SheetKind) -> IO[bytes]:
    """An empty sheet to fill in: headings, one example row, lists to choose from, and a second sheet of notes."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = sheet_title(str(kind.label))
    sheet.freeze_panes = "A2"
    rows = list(kind.filled())
    for number, column in enumerate(kind.columns, 1):
        _template_column(sheet, number, column, sample=not rows)
    for row in rows:
        sheet.append([_filled(row.get(column.name)) for column in kind.columns])
    notes = book.create_sheet(sheet_title(_("说明")))
    notes.column_dimensions["A"].width = 80
    for text in (*map(_, RULES if not rows else RULES[:1] + RULES[2:]), *map(str, kind.notes)):
        notes.append([harmless(text)])
    return _saved(book)


def _filled(value: Any) -> Any:
    return harmless(value) if isinstance(value, str) else value


def _template_column(sheet: Any, number: int, column: Column, *, sample: bool = True) -> None:
    letter = get_column_letter(number)
    head = sheet.cell(1, number, f"{column.label}{' *' if column.required else ''}")
    head.font, head.fill, head.alignment = _INK, _LIGHT, Alignment(wrap_text=True, vertical="center")
    dimension = sheet.column_dimensions[letter]
    dimension.width = column.width
    if column.as_text:
        dimension.number_format = "@"
    if sample:
        example = sheet.cell(2, number, column.sample)
        example.data_type, example.font = "s", _GREY
        if column.as_text:
            example.number_format = "@"
    if column.choices:
        listed = ",".join(column.choices)
        if len(listed) <= 250 and '"' not in listed:
            rule = DataValidation(
                "list", formula1=f'"{listed}"', allow_blank=not column.required, showErrorMessage=True
            )
            rule.add(f"{letter}2:{letter}{_ROWS}")
            sheet.add_data_validation(rule)


def problems(batch: ImportBatch, rows: Iterable[ImportRow]) -> IO[bytes]:
    """The rows that cannot be imported, as they were in the sheet, with a comment in each cell that needs mending.

    The first two columns say where the row stood and everything that is wrong with it: they can stay, an upload passes
    over them.
    """
    book = Workbook()
    sheet: Any = book.active
    sheet.title = sheet_title(_("有问题的行"))
    sheet.freeze_panes = "C2"
    columns = columns_of(batch)
    for number, heading in enumerate((_("原表行号"), _("问题"), *(str(c.label) for _letter, c in columns)), 1):
        cell = sheet.cell(1, number, heading)
        cell.font, cell.fill = _INK, _LIGHT
    sheet.column_dimensions["B"].width = 50
    for at, kept in enumerate(rows, 2):
        _problem_row(sheet, at, kept, [column for _letter, column in columns])
    return _saved(book)


def _problem_row(sheet: Any, at: int, kept: ImportRow, columns: list[Column]) -> None:
    row = unpacked(kept)
    said = [note for note in row.notes if note.level in ("wrong", "duplicate")]
    sheet.cell(at, 1, row.number)
    sheet.cell(at, 2, harmless("\n".join(str(note) for note in said))).alignment = Alignment(wrap_text=True)
    for number, column in enumerate(columns, 3):
        cell = sheet.cell(at, number, harmless(row.shown.get(column.name, "")) or None)
        if cell.value is not None:
            cell.data_type = "s"
        if column.as_text:
            cell.number_format = "@"
        about = [str(note) for note in said if note.column == column.name]
        if about:
            cell.comment, cell.fill = Comment("\n".join(about), "Lianxi", height=90, width=300), _LIGHT


def _saved(book: Workbook) -> IO[bytes]:
    out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the caller closes it
    book.save(out)
    out.seek(0)
    return out
