"""The list as a spreadsheet."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from lianxi.commons.accounts.again import asks_again, typed_before
from lianxi.commons.papers.services.exporting import ExportColumn
from lianxi.commons.papers.services.exporting import export as write
from lianxi.commons.refusals import BadInput, NotPermitted

from .. import forms, policies, queries
from .list import today_of

COLUMNS = (
    ExportColumn("name", _("姓名"), lambda m: m.person.name, 12),
    ExportColumn("identity", _("身份证号"), lambda m: m.identity, 22, as_text=True, field="identity"),
    ExportColumn("sex", _("性别"), lambda m: m.get_sex_display(), 6),
    ExportColumn("nationality", _("民族"), lambda m: m.nationality_label, 10),
    ExportColumn("born_on", _("出生日期"), lambda m: m.born_on, 12),
    ExportColumn("education", _("学历"), lambda m: m.get_education_display(), 12),
    ExportColumn("kind", _("人员类别"), lambda m: m.get_kind_display(), 12),
    ExportColumn("branch", _("所在党支部"), lambda m: str(m.branch), 30),
    ExportColumn("joined_on", _("入党日期"), lambda m: m.joined_on, 12),
    ExportColumn("full_on", _("转正日期"), lambda m: m.full_on, 12),
    ExportColumn("work", _("工作岗位"), lambda m: m.work, 16),
    ExportColumn("phone", _("电话"), lambda m: m.person.phone, 14, as_text=True, field="phone"),
    ExportColumn("address", _("家庭住址"), lambda m: m.address, 30, field="address"),
    ExportColumn("standing", _("党籍状态"), lambda m: m.get_standing_display(), 10),
    ExportColumn("lost", _("失去联系"), lambda m: _("是") if m.lost else _("否"), 8),
    ExportColumn("mobile", _("流动党员"), lambda m: _("是") if m.mobile else _("否"), 8),
)
"""The sixteen items, in the order of K-06."""


@login_required
@require_http_methods(["GET", "POST"])
@asks_again
def export(request: Any) -> HttpResponse | FileResponse:
    """Choose what comes out in the open, then take the list out. On record."""
    if not policies.EXPORT.anywhere(request.actor):
        raise NotPermitted(open_to=[policies.keeps.says])
    asked, on = queries.Asked.of(request.GET), today_of(request)
    rows = queries.found(asked, actor=request.actor, on=on).filter(policies.EXPORT.q(request.actor))
    form = forms.ExportForm(request.POST if request.method == "POST" else typed_before(request), request=request)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            file = write(
                COLUMNS,
                rows.select_related("person", "branch").order_by("branch_path", "pk").iterator(chunk_size=1000),
                name=_("党员名册"),
                format=values["format"],
                actor=request.actor,
                at=request.at,
                reveal=values["reveal"],
                reason=values["reason"],
                may_reveal=True,
                subject=lambda member: member.person_id,
                asked={"query": asked.query()},
            )
        except BadInput as wrong:
            for field, texts in wrong.errors.items():
                form.add_error(field if field in form.fields else None, [str(text) for text in texts])
        else:
            return FileResponse(
                file.content, as_attachment=True, filename=file.file_name, content_type=file.content_type
            )
    context = {"form": form, "count": rows.count(), "query": asked.query()}
    return render(
        request, "members/export.html", context, status=422 if request.method == "POST" and form.errors else 200
    )
