"""States of an import, verdicts on its rows, steps of its jobs."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    WAITING = "waiting", _("检查中")
    UNREADABLE = "unreadable", _("读不了")
    CHECKED = "checked", _("待确认")
    APPLYING = "applying", _("导入中")
    APPLIED = "applied", _("已导入")
    UNDOING = "undoing", _("撤销中")
    UNDONE = "undone", _("已撤销")
    DISCARDED = "discarded", _("已放弃")


AT_WORK = (State.WAITING, State.APPLYING, State.UNDOING)
"""A job is on its way."""


class Verdict(models.TextChoices):
    READY = "ready", _("可以导入")
    MENDED = "mended", _("改过可以导入")
    WRONG = "wrong", _("有问题")
    DUPLICATE = "duplicate", _("重复")


GOOD = (Verdict.READY, Verdict.MENDED)
"""Rows that may be applied."""
BAD = (Verdict.WRONG, Verdict.DUPLICATE)
"""Rows that may not."""


class Work(models.TextChoices):
    CHECK = "check", _("逐行检查")
    APPLY = "apply", _("导入")
    UNDO = "undo", _("撤销导入")


class OrderState(models.TextChoices):
    """Where a long export stands: its job writes it, it waits to be fetched, and it is cleared away."""

    RUNNING = "running", _("正在导出")
    DONE = "done", _("可以下载")
    FAILED = "failed", _("没有导出成")
    GONE = "gone", _("已清除")
