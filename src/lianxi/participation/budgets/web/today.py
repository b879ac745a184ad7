"""What rounds of projects give to My work today and to the search of the house."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxi.commons.permissions import Actor
from lianxi.commons.search import marked
from lianxi.commons.views.due import chip, tallied
from lianxi.commons.views.rows import Duty, Found, Hit, Today

from ..queries import today as due_now

MOST = 20
FOUND = 10


def of_today(*, actor: Actor, at: dt.datetime) -> Today:
    """Proposals to review, steps whose day has come, paper to enter a second time, results to compute and to publish."""
    duties = [_duty(one, at) for one in due_now.waiting(actor=actor, at=at)]
    return Today(duties=duties[:MOST], more=max(len(duties) - MOST, 0), tally=tallied(duties, at))


def keys(*, actor: Actor, at: dt.datetime) -> list[QuerySet[Any, Any]]:
    """For the rail."""
    return due_now.keys(actor=actor, at=at)


def _duty(one: due_now.Waiting, at: dt.datetime) -> Duty:
    n = one.n
    said = {
        "review": (
            ngettext("审核%(n)d个项目", "审核%(n)d个项目", n) % {"n": n},
            _("审核项目"),
            _("列入投票的核定费用，不列入的写明理由。"),
        ),
        "close_proposals": (_("截止征集"), _("截止征集"), _("征集的日子过了，截止以后逐件审核。")),
        "close_vote": (_("截止投票"), _("截止投票"), _("投票的日子过了，截止以后录纸票、计票。")),
        "second_entry": (
            ngettext("%(n)d张纸票等第二个人录", "%(n)d张纸票等第二个人录", n) % {"n": n},
            _("录入纸票"),
            _("第一遍是别人录的，第二遍由您来录。"),
        ),
        "count": (_("计算结果"), _("计算结果"), _("纸票两遍都一致，可以算了。")),
        "display": (_("公示结果"), _("核对后公示"), _("结果是别人算的，由您核对后公示。")),
        "publish": (_("公布结果"), _("公布结果"), _("公示期满，没有等答复的异议，可以公布。")),
        "answer": (
            ngettext("答复%(n)d件异议", "答复%(n)d件异议", n) % {"n": n},
            _("答复异议"),
            _("成立不成立都写明理由，并公开。"),
        ),
    }
    title, action, sentence = said[one.act]
    url = reverse("round", args=[one.round.pk])
    straight = {"close_proposals", "close_vote", "count", "publish"}
    to = reverse("round_act", args=[one.round.pk, one.act]) if one.act in straight else url
    if one.act == "second_entry":
        to = reverse("round_sheets", args=[one.round.pk])
    return Duty(
        title=_("%(round)s：%(what)s") % {"round": one.round, "what": title},
        meta=_("居民项目 · %(unit)s") % {"unit": one.round.unit},
        url=url,
        action=action,
        action_url=to,
        due=chip(one.until, at),
        at=one.until,
        sentence=sentence,
    )


def search(q: str, *, actor: Actor, at: dt.datetime) -> Found:
    """Rounds and projects by title; at the desk for those who work there, else their public page."""
    hits = [
        Hit(marked(one.title, q), _page(one.pk, one.at_desk), str(one.unit), "", one.state, one.get_state_display())
        for one in due_now.rounds_found(q, actor=actor, most=FOUND)
    ]
    hits += [
        Hit(
            marked(one.title, q),
            _page(one.round_id, one.at_desk),
            str(one.round),
            "",
            one.state,
            one.get_state_display(),
        )
        for one in due_now.proposals_found(q, actor=actor, most=FOUND)
    ]
    return Found(_("居民项目"), hits[:FOUND])


def _page(pk: int, at_desk: bool) -> str:
    return reverse("round" if at_desk else "projects_round", args=[pk])
