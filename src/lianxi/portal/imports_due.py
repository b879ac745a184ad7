"""What imports give to My work today: a sheet that was checked waits for the yes or no of whoever uploaded it."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxi.commons.papers import queries
from lianxi.commons.papers.models import ImportBatch
from lianxi.commons.papers.terms import State
from lianxi.commons.permissions import Actor
from lianxi.commons.views.rows import Duty, Today

MOST = 5


def of_today(*, actor: Actor, at: dt.datetime) -> Today:
    """Imports to be confirmed, the oldest first."""
    if not actor.posts:
        return Today()
    found = list(queries.mine(actor).filter(state=State.CHECKED).order_by("at", "pk"))
    rows = [_duty(one) for one in found[:MOST]]
    return Today(duties=rows, more=len(found) - len(rows), tally={"all": len(found)})


def count(*, actor: Actor, at: dt.datetime) -> int:
    """For the rail."""
    return queries.mine(actor).filter(state=State.CHECKED).count() if actor.posts else 0


def _duty(batch: ImportBatch) -> Duty:
    url = reverse("import", args=[batch.pk])
    ready = ngettext("%(n)d行可以导入", "%(n)d行可以导入", batch.good) % {"n": batch.good}
    return Duty(
        title=batch.file_name,
        meta=_("导入 · %(ready)s") % {"ready": ready},
        url=url,
        action=_("看检查结果"),
        action_url=url,
        sentence=_("表格检查完了，等您确认。现在还什么都没有写进来。"),
    )
