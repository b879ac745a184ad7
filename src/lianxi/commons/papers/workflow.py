"""The walk of an import."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from lianxi.commons.jobs import enqueue
from lianxi.commons.workflow import Row, Walk

from . import policies as may
from .models import ImportBatch, ImportEvent
from .terms import State as S

JOBS = {"upload": "papers.check", "apply": "papers.apply", "undo": "papers.undo"}
"""Which step sends which job on its way."""


def send_on(batch: ImportBatch, event: Any) -> None:
    """Enqueue the job of a step, by name, in the same transaction: rolled back, no job."""
    if name := JOBS.get(event.verb):
        enqueue(name, batch_id=batch.pk)


WALK: Walk[ImportBatch] = Walk(
    ImportBatch, ImportEvent, "batch", view=may.VIEW, tell=send_on,
    rows=(
        #   verb           label             from                          to             who
        Row("checked",     _("检查完"),      (S.WAITING,),                 S.CHECKED,     may.WORK),
        Row("unreadable",  _("读不了"),      (S.WAITING,),                 S.UNREADABLE,  may.WORK),
        Row("stopped",     _("停下检查"),    (S.WAITING,),                 S.DISCARDED,   may.WORK),
        Row("apply",       _("确认导入"),    (S.CHECKED,),                 S.APPLYING,    may.APPLY),
        Row("applied",     _("导入完"),      (S.APPLYING,),                S.APPLIED,     may.WORK),
        Row("not_applied", _("没有导入"),    (S.APPLYING,),                S.CHECKED,     may.WORK),
        Row("undo",        _("撤销导入"),    (S.APPLIED,),                 S.UNDOING,     may.UNDO),
        Row("undone",      _("撤销完"),      (S.UNDOING,),                 S.UNDONE,      may.WORK),
        Row("not_undone",  _("没有撤销"),    (S.UNDOING,),                 S.APPLIED,     may.WORK),
        Row("discard",     _("放弃"),        (S.CHECKED, S.UNREADABLE),    S.DISCARDED,   may.APPLY),
        Row("forgotten",   _("到期清除"),    (S.CHECKED,),                 S.DISCARDED,   may.WORK),
    ),
)  # fmt: skip
