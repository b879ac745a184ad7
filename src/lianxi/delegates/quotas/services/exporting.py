"""The allocation table 名额分配表 as a spreadsheet, on record."""

import datetime as dt
import tempfile
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from lianxi.commons.papers.models import Export
from lianxi.commons.papers.writing import harmless, sheet_title
from lianxi.commons.permissions import Actor

from ..models import SeatPlan
from ..queries import guides, loaded
from ..queries.matrix import Found

_LINE = Side(style="thin")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)


def allocation_sheet(plan: SeatPlan, *, actor: Actor, at: dt.datetime) -> IO[bytes]:
    """The table in the layout that offices print: title, what it is of, a head of two rows, one row a unit, sums, notes."""
    units, trades = loaded(plan)
    found, aims = Found(plan.current), guides(plan, units, plan.current)
    book = Workbook()
    sheet: Any = book.active
    sheet.title = sheet_title(_("名额分配表"))
    first = [_("序号"), _("选举单位"), _("党员数"), _("党组织数"), _("人口数")]
    last = [_("名额合计"), *(_("其中%(group)s") % {"group": one.label} for one in aims)]
    wide = len(first) + len(trades) + len(last)
    _titles(sheet, plan, wide)
    _head(sheet, first, [str(one) for one in trades], last)
    for i, unit in enumerate(units):
        _row(
            sheet,
            [i + 1, str(unit), unit.members, unit.organizations, unit.population]
            + [found.cell(i, j) for j in range(len(trades))]
            + [found.unit_seats(i), *(one.rows[i]["target"] for one in aims)],
        )
    _row(
        sheet,
        ["", _("合计"), sum(u.members for u in units), sum(u.organizations for u in units), sum(u.population or 0 for u in units)]
        + [found.trade_seats(j) for j in range(len(trades))]
        + [plan.seats, *(one.total for one in aims)],
        bold=True,
    )  # fmt: skip
    _notes(sheet, plan, wide, aims)
    _page(sheet, wide)
    Export.objects.create(
        at=at, by_id=actor.person_id, by_name=actor.name, name=_("名额分配表"), format="xlsx", rows=len(units),
        columns=[*first, *map(str, trades), *last], revealed=[], asked={"plan": plan.pk}, reason="",
    )  # fmt: skip
    out = tempfile.SpooledTemporaryFile(max_size=1024 * 1024)  # noqa: SIM115 - the caller closes it
    book.save(out)
    out.seek(0)
    return out


def _titles(sheet: Any, plan: SeatPlan, wide: int) -> None:
    day = plan.counted_on.isoformat() if plan.counted_on else ""
    for text, size in (
        (_("%(plan)s代表名额分配表") % {"plan": plan}, 18),
        (_("人数截至%(day)s　单位：名") % {"day": day}, 11),
    ):
        sheet.append([harmless(text)])
        sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=wide)
        cell = sheet.cell(sheet.max_row, 1)
        cell.font, cell.alignment = Font(size=size, bold=size > 12), _MIDDLE


def _head(sheet: Any, first: list[str], trades: list[str], last: list[str]) -> None:
    sheet.append([*first, _("各行业名额"), *[""] * (len(trades) - 1), *last])
    sheet.append([*[""] * len(first), *map(harmless, trades), *[""] * len(last)])
    for column in [
        *range(1, len(first) + 1),
        *range(len(first) + len(trades) + 1, len(first) + len(trades) + len(last) + 1),
    ]:
        sheet.merge_cells(start_row=3, end_row=4, start_column=column, end_column=column)
    sheet.merge_cells(start_row=3, end_row=3, start_column=len(first) + 1, end_column=len(first) + len(trades))
    for row in sheet.iter_rows(min_row=3, max_row=4):
        for cell in row:
            cell.border, cell.alignment, cell.font = _BOX, _MIDDLE, Font(bold=True)


def _row(sheet: Any, values: list[Any], *, bold: bool = False) -> None:
    """One row; its cells share one style, which is much faster than to set each."""
    sheet.append([harmless(one) if isinstance(one, str) else one for one in values])
    number = sheet._current_row  # `max_row` looks at every cell of the sheet
    first = sheet.cell(number, 1)
    first.border, first.alignment, first.font = _BOX, _MIDDLE, Font(bold=bold)
    for column in range(2, len(values) + 1):
        sheet.cell(number, column)._style = first._style


def _notes(sheet: Any, plan: SeatPlan, wide: int, aims: list[Any]) -> None:
    text = _(
        "说明：按党员数%(members)s、党组织数%(organizations)s、人口数%(population)s的权重分配，每个单位不少于%(floor)s名。"
        "先后次序：法规、单位名额、行业比例、指导数。"
    ) % {
        "members": plan.weight_members, "organizations": plan.weight_organizations,
        "population": plan.weight_population, "floor": plan.floor,
    }  # fmt: skip
    if plan.figures_source:
        text += _("人数来自%(source)s。") % {"source": plan.figures_source}
    for one in aims:
        if one.left:
            text += _("%(group)s的指导数里还有%(n)s名在%(names)s之间没有定。") % {"group": one.label, "n": one.left, "names": one.left_names}  # fmt: skip
    lines = [text, _("验算书指纹：%(digest)s") % {"digest": plan.current.digest if plan.current else ""}]
    for line in lines:
        sheet.append([harmless(line)])
        sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=wide)
        sheet.cell(sheet.max_row, 1).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[sheet.max_row].height = 32


def _page(sheet: Any, wide: int) -> None:
    sheet.column_dimensions["A"].width = 6
    sheet.column_dimensions["B"].width = 26
    for column in range(3, wide + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 11
    sheet.freeze_panes = "C5"
    sheet.print_title_rows = "3:4"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
