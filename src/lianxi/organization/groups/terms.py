"""Words of a round: its states, how places are found, how the seed was drawn, what became of an objection."""

import datetime as dt
from typing import Final

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where a round of forming groups stands 编组进度."""

    DRAFTING = "drafting", pgettext_lazy("round of groups", "准备中")
    OPEN = "open", _("正在选组")
    CLOSED = "lists_closed", _("已停止选组")
    DRAWN = "drawn", _("已抽出种子")
    PLACED = "placed", _("已编组")
    OBJECTIONS = "objections", _("征求意见")
    CONFIRMED = "confirmed", _("已确定")
    REPORTED = "reported", _("已报上级")
    CANCELLED = "cancelled", _("已取消")


LOOKS: Final[dict[str, tuple[str, str]]] = {
    State.DRAFTING: ("pencil", "neutral"),
    State.OPEN: ("progress", "blue"),
    State.CLOSED: ("lock", "violet"),
    State.DRAWN: ("qrcode", "violet"),
    State.PLACED: ("users-group", "blue"),
    State.OBJECTIONS: ("messages", "blue"),
    State.CONFIRMED: ("circle-check", "green"),
    State.REPORTED: ("checks", "green"),
    State.CANCELLED: ("arrow-back-up", "neutral"),
}
"""Icon and tone of the chip of a state."""

RUNNING: Final = (State.DRAFTING, State.OPEN, State.CLOSED, State.DRAWN, State.PLACED, State.OBJECTIONS)
FINISHED: Final = (State.CONFIRMED, State.REPORTED)
SEEN_BY_MEMBERS: Final = (
    State.OPEN, State.CLOSED, State.DRAWN, State.PLACED, State.OBJECTIONS, State.CONFIRMED, State.REPORTED
)  # fmt: skip
"""A draft is the office's own."""
TOLD: Final = (State.OBJECTIONS, State.CONFIRMED, State.REPORTED)
"""States in which a member sees the own place."""
HAS_RESULT: Final = (State.PLACED, *TOLD)


SOON: Final = dt.timedelta(days=2)
"""So long before the lists close, whoever has not answered is reminded once. A custom of the house."""


class Rule(models.TextChoices):
    """Which plan is the best (engine `assignment`)."""

    GREEDY = "greedy-max", _("不在志愿内的人最少，其次第一志愿最多")
    GENEROUS = "generous", _("不在志愿内的人最少，其次最后志愿最少")
    LINEAR = "linear", _("各人志愿序号之和最小")
    LOTTERY = "lottery", _("按抽签号依次挑选")


class Answer(models.TextChoices):
    """How a member's wishes came in 怎样交的志愿."""

    NONE = "", _("还没有交")
    PHONE = "phone", _("本人网上交")
    PAPER = "paper", _("交纸质志愿单")


class Seed(models.TextChoices):
    """How the seed was drawn 种子怎样抽出."""

    TYPED = "typed", _("会上抽出，录入")
    DICE = "dice", _("由系统掷骰子")


class LeaderWay(models.TextChoices):
    """How a leader came to be (B-04) 组长产生办法."""

    DESIGNATED = "designated", _("支部指定")
    RECOMMENDED = "recommended", _("小组党员推荐")


class ObjectionState(models.TextChoices):
    OPEN = "open", pgettext_lazy("objection", "等答复")
    UPHELD = "upheld", _("已采纳")
    REJECTED = "rejected", _("未采纳")


OUTSIDE: Final = 0
"""Rank of a place that the member had not wished for; -1: designated, -2: named no wish at all; from 1: the k-th wish."""
DESIGNATED: Final = -1
NO_WISH: Final = -2


def rank_word(rank: int | None) -> str | Promise:
    """第1志愿 · 组织指定 · 志愿外."""
    if rank is None:
        return ""
    if rank == DESIGNATED:
        return _("组织指定")
    if rank == NO_WISH:
        return _("没有填志愿")
    return _("第%(n)d志愿") % {"n": rank} if rank > 0 else _("志愿外")
