"""What is told about long exports: only to whoever asked for them, and never what is in them."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from lianxi.commons.notices.kinds import Facts, Group, NoticeKind, declare
from lianxi.commons.notices.services import post
from lianxi.commons.notices.terms import Urgency
from lianxi.commons.notices.wording import english

from .models import ExportOrder


def _read(facts: Facts) -> Facts:
    return {**facts, "list": facts["list_en"] if english() else facts["list"]}


EXPORTS = Group("papers.exports", _("导出"), staff=True)
READY = NoticeKind(
    "papers.export_ready", EXPORTS, _("导出好了：%(list)s"),
    _("%(rows)s行。%(until)s以前可以下载，只有您能下载。"), Urgency.AT_ONCE, read=_read,
)  # fmt: skip
FAILED = NoticeKind(
    "papers.export_failed", EXPORTS, _("没有导出成：%(list)s"), _("请再导出一次；还不成，找系统管理员。"),
    Urgency.AT_ONCE, read=_read,
)  # fmt: skip
declare(READY, FAILED)


def tell_ready(order: ExportOrder, *, label: object, at: dt.datetime) -> None:
    """The file can be fetched."""
    _tell(READY, order, label, at, {"rows": order.done, "until": order.until})


def tell_failed(order: ExportOrder, *, label: object, at: dt.datetime) -> None:
    """It could not be written."""
    _tell(FAILED, order, label, at, {})


def _tell(kind: NoticeKind, order: ExportOrder, label: object, at: dt.datetime, facts: dict[str, object]) -> None:
    with override("zh-hans"):
        chinese = str(label)
    with override("en"):
        other = str(label)
    post(
        kind, to=order.by, link=reverse("export", args=[order.pk]), key=f"{kind.name}:{order.pk}", at=at,
        facts={"list": chinese, "list_en": other, **facts},
    )  # fmt: skip
