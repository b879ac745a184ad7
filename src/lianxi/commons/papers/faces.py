"""How imports look: words, chips and lines for the pages. No reading, no writing."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import ExportOrder, ImportBatch, ImportProgress
from .queries import ShownRow
from .terms import AT_WORK, BAD, OrderState, State, Verdict
from .workflow import WALK

LEAST_TO_GUESS = 0.05


@dataclass(frozen=True, slots=True)
class Chip:
    """A state as icon, word and tint."""

    tone: str
    icon: str
    word: str


_STATES = {
    State.WAITING: ("blue", "progress"), State.UNREADABLE: ("ink", "circle-x"), State.CHECKED: ("ochre", "clock"),
    State.APPLYING: ("blue", "progress"), State.APPLIED: ("green", "circle-check"), State.UNDOING: ("blue", "progress"),
    State.UNDONE: ("neutral", "arrow-back-up"), State.DISCARDED: ("neutral", "door-exit"),
}  # fmt: skip
_VERDICTS = {
    Verdict.READY: ("green", "circle-check"), Verdict.MENDED: ("blue", "pencil"),
    Verdict.WRONG: ("ink", "circle-x"), Verdict.DUPLICATE: ("ochre", "copy"),
}  # fmt: skip
_ICONS = {
    "upload": "upload", "checked": "list-check", "unreadable": "circle-x", "apply": "check", "applied": "circle-check",
    "undo": "arrow-back-up", "undone": "arrow-back-up", "not_applied": "circle-x", "not_undone": "circle-x",
    "discard": "door-exit", "stopped": "player-stop", "forgotten": "trash",
}  # fmt: skip


def state_chip(batch: ImportBatch) -> Chip:
    return Chip(*_STATES[State(batch.state)], str(State(batch.state).label))


_ORDERS = {
    OrderState.RUNNING: ("blue", "progress"), OrderState.DONE: ("green", "circle-check"),
    OrderState.FAILED: ("ink", "circle-x"), OrderState.GONE: ("neutral", "trash"),
}  # fmt: skip


def order_chip(order: ExportOrder) -> Chip:
    return Chip(*_ORDERS[OrderState(order.state)], str(OrderState(order.state).label))


def order_line(order: ExportOrder, label: object) -> dict[str, Any]:
    """A long export in a list, or on its page."""
    return {"order": order, "label": label, "chip": order_chip(order)}


def verdict_chip(verdict: str) -> Chip:
    return Chip(*_VERDICTS[Verdict(verdict)], str(Verdict(verdict).label))


def row(shown: ShownRow) -> dict[str, Any]:
    """A row of the preview with its chip."""
    return {"row": shown, "chip": verdict_chip(shown.verdict)}


def line(batch: ImportBatch) -> dict[str, Any]:
    """An import in a list."""
    return {"batch": batch, "chip": state_chip(batch), "busy": batch.state in AT_WORK}


def doing(batch: ImportBatch) -> str:
    """What its job does, as a title for the bar."""
    name = {"name": batch.file_name}
    match batch.state:
        case State.APPLYING:
            return _("正在导入%(name)s") % name
        case State.UNDOING:
            return _("正在撤销%(name)s") % name
    return _("正在逐行检查%(name)s") % name


def remaining(progress: ImportProgress | ExportOrder) -> str:
    """How long it will take, guessed from how long it took so far."""
    can_leave = _("可以离开这一页，回来还在。")
    if progress.began is None:
        return _("排着队，马上开始。") + can_leave
    if not progress.total or progress.done < LEAST_TO_GUESS * progress.total or progress.moved is None:
        return can_leave
    spent = (progress.moved - progress.began).total_seconds()
    left = max(1, round(spent * (progress.total - progress.done) / progress.done))
    if left >= 90:
        minutes = round(left / 60)
        return ngettext("还要大约%(n)d分钟。", "还要大约%(n)d分钟。", minutes) % {"n": minutes} + can_leave
    return ngettext("还要大约%(n)d秒。", "还要大约%(n)d秒。", left) % {"n": left} + can_leave


def tabs(batch: ImportBatch, current: str) -> list[dict[str, Any]]:
    """The rows by verdict, as tabs; an imported batch shows only what was left behind."""
    wanted = list(BAD) if batch.state == State.APPLIED else list(Verdict)
    every = [("", _("全部"), sum(getattr(batch, one.value) for one in wanted))]
    named = [(one.value, str(one.label), getattr(batch, one.value)) for one in wanted]
    return [
        {"label": label, "url": f"?verdict={value}", "count": count, "current": value == current}
        for value, label, count in every + named
    ]


def paging(batch: ImportBatch, rows: list[ShownRow]) -> str:
    """Which rows of the sheet this page shows."""
    if not rows:
        return ""
    return _("原表第%(first)d行到第%(last)d行") % {"first": rows[0].number, "last": rows[-1].number}


def history(batch: ImportBatch) -> list[dict[str, Any]]:
    """What happened, latest first, for a timeline."""
    labels = {one.verb: str(one.label) for one in WALK.rows} | {"upload": _("上传")}
    return [
        {
            "icon": _ICONS.get(event.verb, "circle"), "title": labels.get(event.verb, event.verb),
            "at": timezone.localtime(event.at), "who": event.by_name if event.by_id else _("系统"), "text": event.reason,
        }
        for event in WALK.events(batch).reverse()
    ]  # fmt: skip
