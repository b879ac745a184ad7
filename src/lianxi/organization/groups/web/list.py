"""The list of rounds."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from lianxi.commons.papers.services.exporting import ExportColumn
from lianxi.commons.papers.services.exporting import export as write

from .. import policies, queries
from ..terms import Rule, State

MOST = 5000


@login_required
@require_safe
def rounds(request: Any) -> HttpResponse:
    """The rounds that the actor keeps."""
    asked = queries.Asked.of(request.GET)
    counts = queries.counts(asked, actor=request.actor)
    words = {"running": _("还在编"), "finished": _("已办好"), "cancelled": _("已取消"), "all": _("全部")}
    context = {
        "asked": asked,
        "page": queries.page(asked, actor=request.actor),
        "counts": counts,
        "views": [
            {"label": word, "url": f"?{asked.query(view=key, state='')}", "count": counts[key], "current": asked.view == key}
            for key, word in words.items()
        ],
        "filters": [
            _filter(asked, "state", _("状态"), State.choices),
            _filter(asked, "rule", _("编组办法"), Rule.choices),
            _filter(asked, "kind", _("哪一种"), [("party", _("党小组")), ("functional", _("功能型党小组"))]),
        ],
        "may_begin": policies.BEGIN.anywhere(request.actor),
        "query": asked.query(),
        "mine": queries.my_rounds(actor=request.actor),
    }  # fmt: skip
    return render(request, "groups/list.html", context)


def _filter(asked: queries.Asked, name: str, label: str, choices: Any) -> dict[str, Any]:
    now = getattr(asked, name)
    chosen = next((word for key, word in choices if key == now), label)
    options = [{"label": _("不限"), "url": f"?{asked.query(**{name: ''})}", "current": not now}]
    options += [
        {"label": word, "url": f"?{asked.query(**{name: key})}", "current": key == now} for key, word in choices
    ]
    return {"label": chosen if now else label, "set": bool(now), "options": options}


COLUMNS = (
    ExportColumn("title", gettext_lazy("名称"), lambda one: one.title, 30),
    ExportColumn("unit", gettext_lazy("组织"), lambda one: str(one.unit), 30),
    ExportColumn("state", gettext_lazy("状态"), lambda one: one.get_state_display(), 14),
    ExportColumn("closes", gettext_lazy("停止选组的时间"), lambda one: one.closes_at.date(), 14),
    ExportColumn("decided", gettext_lazy("支委会日期"), lambda one: one.decided_on, 14),
    ExportColumn("number", gettext_lazy("报告文号"), lambda one: one.report_number, 20),
)


@login_required
@require_safe
def export(request: Any) -> FileResponse:
    """The list as a spreadsheet, with the filters of the page. On record."""
    asked = queries.Asked.of(request.GET)
    rows = queries.found(asked, actor=request.actor).select_related("unit")[:MOST]
    file = write(COLUMNS, rows, name=_("编组"), actor=request.actor, at=request.at, asked={"query": asked.query()})
    return FileResponse(file.content, as_attachment=True, filename=file.file_name, content_type=file.content_type)
