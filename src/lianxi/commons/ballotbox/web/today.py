"""What secret votes give to My work today and to the search of the house."""

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
STRAIGHT = ("open", "close", "publish")
PAGES = {"key": "poll_trustee", "share": "poll_trustee", "cards": "poll_cards", "attendance": "poll_attendance"}


def of_today(*, actor: Actor, at: dt.datetime) -> Today:
    """Drafts to finish, keys and cards to make, votes to open and to close, shares to give, results to publish."""
    duties = [_duty(one, at) for one in due_now.waiting(actor=actor, at=at)]
    return Today(duties=duties[:MOST], more=max(len(duties) - MOST, 0), tally=tallied(duties, at))


def keys(*, actor: Actor, at: dt.datetime) -> list[QuerySet[Any, Any]]:
    """For the rail."""
    return due_now.keys(actor=actor, at=at)


def _duty(one: due_now.Waiting, at: dt.datetime) -> Duty:
    said = {
        "draft": (_("继续筹备"), _("继续筹备"), _("议题、名册、监票人和发卡人都定了，才能定稿。")),
        "key": (_("制作监票人的密钥"), _("制作密钥"), _("在自己的电脑上做，密码只有您知道。一步一步来，等人的时候可以离开。")),
        "cards": (_("制作选票卡"), _("制作选票卡"), _("在自己的电脑上做，做完打印，开会当天签到以后发。")),
        "open": (_("开始投票"), _("开始投票"), _("密钥和选票卡都做好了。")),
        "close": (_("截止投票"), _("截止投票"), _("到会的人都投完了就截止，不会自动截止。")),
        "attendance": (_("登记签到人数"), _("登记签到人数"), _("数签到表上的签名。登记以后监票人才能开票。")),
        "share": (_("开票"), _("开票"), _("先核对投票数和签到数，再用自己的密钥打开。")),
        "publish": (_("公布结果"), _("公布结果"), _("票已经开出来，档案核验过。")),
    }  # fmt: skip
    title, action, sentence = said[one.act]
    url = reverse("poll", args=[one.poll.pk])
    to = url
    if one.act in STRAIGHT:
        to = reverse("poll_act", args=[one.poll.pk, one.act])
    elif one.act in PAGES:
        to = reverse(PAGES[one.act], args=[one.poll.pk])
    return Duty(
        title=_("%(poll)s：%(what)s") % {"poll": one.poll, "what": title},
        meta=_("无记名投票 · %(unit)s") % {"unit": one.poll.unit},
        url=url,
        action=action,
        action_url=to,
        due=chip(one.until, at),
        at=one.until,
        sentence=sentence,
    )


def search(q: str, *, actor: Actor, at: dt.datetime) -> Found:
    """Polls by title."""
    hits = [
        Hit(marked(one.title, q), reverse("poll", args=[one.pk]), str(one.unit), "", one.state, one.get_state_display())
        for one in due_now.polls_found(q, actor=actor, most=FOUND)
    ]
    return Found(_("无记名投票"), hits)
