"""Words and lines of a plan's page."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxi.commons.views.due import day as day_told

from ..terms import WORKING, State


def due_of(plan: Any, today: dt.date) -> dict[str, str] | None:
    """Until when the plan is to be with the higher organisation, or approved, as a chip."""
    day = plan.due_on if plan.state in WORKING else plan.held_on if plan.state == State.SUBMITTED else None
    if day is None:
        return None
    left = (day - today).days
    if left < 0:
        return {"kind": "late", "text": ngettext("逾期%(n)d日", "逾期%(n)d日", -left) % {"n": -left}}
    if left == 0:
        return {"kind": "today", "text": _("今天到期")}
    return {"kind": "tomorrow" if left == 1 else "later", "text": day_told(day)}


def lines_of_owner(record: Any, at: dt.datetime) -> dict[str, str]:
    """Who has the next step, in a sentence."""
    plan = record.plan
    body = plan.body.brief
    above = _("上级党组织")
    words = {
        State.DRAFTING: _("%(body)s组织员冻结人数、测算") % {"body": body},
        State.COMPUTED: _("%(body)s报上级审批") % {"body": body},
        State.TIED: _("%(body)s开会表决次序，或者当众抽签") % {"body": body},
        State.INFEASIBLE: _("%(body)s改要求，再算") % {"body": body},
        State.SUBMITTED: _("%(above)s批复") % {"above": above},
        State.RETURNED: _("%(body)s照退回的理由改") % {"body": body},
        State.APPROVED: _("%(body)s公布") % {"body": body},
        State.PUBLISHED: _("各选举单位按名额提名"),
    }
    return {"who": body, "next": words.get(State(plan.state), "")}
