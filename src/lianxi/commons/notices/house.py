"""The kinds that the house itself posts."""

from django.utils.translation import gettext_lazy as _

from .kinds import Group, NoticeKind, declare

SYSTEM = Group("system", _("系统运行"))
NOT_DELIVERED = NoticeKind(
    "notices.not_delivered",
    SYSTEM,
    _("今天有通知没有送到"),
    _("邮件服务器不收，或者地址不对。打开看是哪些，改好以后可以再发。"),
    outside=False,
)
declare(NOT_DELIVERED)
