"""What seat plans give to My work today and to the search of the house."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxi.commons.permissions import Actor
from lianxi.commons.search import marked
from lianxi.commons.views.due import chip, tallied
from lianxi.commons.views.rows import Duty, Found, Hit, Today

from ..queries import today as due_now

MOST = 20
FOUND = 10


def of_today(*, actor: Actor, at: dt.datetime) -> Today:
    """Plans to approve, ties to decide, plans that cannot be done or were returned, approved ones to publish."""
    duties = [_duty(one, at) for one in due_now.waiting(actor=actor, at=at)]
    return Today(duties=duties[:MOST], more=max(len(duties) - MOST, 0), tally=tallied(duties, at))


def keys(*, actor: Actor, at: dt.datetime) -> list[QuerySet[Any, Any]]:
    """For the rail."""
    return due_now.keys(actor=actor, at=at)


def _duty(one: due_now.Waiting, at: dt.datetime) -> Duty:
    url = reverse("quota", args=[one.plan.pk])
    action, sentence = {
        "approve": (_("批复名额方案"), _("下级党组织报来的方案，批准或者退回。")),
        "settle": (_("定并列的名额"), _("有几个单位一样该得，由会议表决次序，或者当众抽签。")),
        "cure": (_("看怎么改"), _("要求互相矛盾，排不出来；页上写着差在哪里、改哪一处就行。")),
        "mend": (_("改好再报"), _("上级退回来了，理由写在方案的经过里。")),
        "publish": (_("公布名额方案"), _("上级批了，可以公布。")),
    }[one.act]
    return Duty(
        title=str(one.plan),
        meta=_("名额方案 · %(body)s") % {"body": one.plan.body},
        url=url,
        action=action,
        action_url=url,
        due=chip(one.until, at),
        at=one.until,
        sentence=sentence,
    )


def search(q: str, *, actor: Actor, at: dt.datetime) -> Found:
    """Seat plans by title; published ones are everybody's."""
    hits = [
        Hit(
            marked(str(one), q), reverse("quota" if one.at_desk else "public_quota", args=[one.pk]), str(one.body), "", one.state,
            one.get_state_display(),
        )
        for one in due_now.plans_found(q, actor=actor, most=FOUND)
    ]  # fmt: skip
    return Found(_("名额方案"), hits)
