"""The members' roll, taken out as a sheet."""

import datetime as dt
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.papers.services.exporting import ExportColumn
from lianxi.commons.papers.services.lists import ListKind
from lianxi.commons.permissions import Actor

from .. import policies, queries

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


class MemberList(ListKind):
    """What the list's filters show to whoever may export; protected items in full only for a reason, each look on record."""

    name: ClassVar[str] = "members"
    label = _("党员名册")
    columns = COLUMNS
    may_reveal: ClassVar[bool] = True

    def may(self, actor: Actor) -> bool:
        return policies.EXPORT.anywhere(actor)

    def rows(self, asked: str, *, actor: Actor, at: dt.datetime) -> QuerySet[Any, Any]:
        on = timezone.localtime(at).date()
        found = queries.found(queries.Asked.of(QueryDict(asked)), actor=actor, on=on).filter(policies.EXPORT.q(actor))
        return found.select_related("person", "branch").order_by("branch_path", "pk")

    def visible(self, actor: Actor) -> QuerySet[Any, Any]:
        return policies.EXPORT.all(actor)

    def subject(self, record: Any) -> int | None:
        return int(record.person_id)
