"""The list of voices, taken out as a sheet; contacts are not among its columns."""

import datetime as dt
from dataclasses import replace
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy

from lianxi.commons.papers.services.exporting import ExportColumn
from lianxi.commons.papers.services.lists import ListKind
from lianxi.commons.permissions import Actor

from .. import policies, queries


def _moment(value: dt.datetime | None) -> str:
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else ""


COLUMNS = (
    ExportColumn("reference", gettext_lazy("编号"), lambda v: v.reference, 16, as_text=True),
    ExportColumn("title", gettext_lazy("事情"), lambda v: v.title, 40),
    ExportColumn("place", gettext_lazy("社区"), lambda v: str(v.place), 20),
    ExportColumn("address", gettext_lazy("地点"), lambda v: v.address, 24),
    ExportColumn("kind", gettext_lazy("类型"), lambda v: v.get_kind_display(), 12),
    ExportColumn("topic", gettext_lazy("类别"), lambda v: v.get_topic_display(), 12),
    ExportColumn("state", gettext_lazy("状态"), lambda v: v.get_state_display(), 12),
    ExportColumn("owner", gettext_lazy("主办单位"), lambda v: str(v.owner), 24),
    ExportColumn("handler", gettext_lazy("承办人"), lambda v: v.handler.name if v.handler else "", 12),
    ExportColumn("received", gettext_lazy("收到时间"), lambda v: _moment(v.received_at), 18),
    ExportColumn("due", gettext_lazy("期限"), lambda v: _moment(v.due_at), 18),
    ExportColumn("answered", gettext_lazy("首次答复时间"), lambda v: _moment(v.answered_at), 18),
    ExportColumn(
        "solved",
        gettext_lazy("居民说"),
        lambda v: v.get_solved_resident_display() or v.get_solved_call_back_display(),
        14,
    ),
    ExportColumn("satisfied", gettext_lazy("满意程度"), lambda v: v.get_satisfied_display(), 12),
)


class VoiceList(ListKind):
    """What the filter of the list shows to the person who asks; never what is kept from that person."""

    name: ClassVar[str] = "voices"
    label = gettext_lazy("民情")
    columns = COLUMNS

    def may(self, actor: Actor) -> bool:
        return actor.person_id is not None

    def rows(self, asked: str, *, actor: Actor, at: dt.datetime) -> QuerySet[Any, Any]:
        question = replace(queries.Asked.of(QueryDict(asked)), after="", before="")
        return queries.taken_out(question, actor=actor, at=at)

    def visible(self, actor: Actor) -> QuerySet[Any, Any]:
        return policies.HISTORY.all(actor)
