"""What rounds give to My work today and to the search of the house."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxi.commons.permissions import Actor
from lianxi.commons.search import marked
from lianxi.commons.views.due import chip, day, tallied
from lianxi.commons.views.rows import Duty, Found, Hit, Today

from ..queries import today as due_now

MOST = 20
FOUND = 10
STRAIGHT = ("draw", "place", "report")
"""Steps that ask for little: their button leads to the form, that of the others to the round with what is still missing."""


def of_today(*, actor: Actor, at: dt.datetime) -> Today:
    """Steps of rounds, objections to answer, and the own choice of a group."""
    duties = [_duty(one, at) for one in due_now.waiting(actor=actor, at=at)]
    return Today(duties=duties[:MOST], more=max(len(duties) - MOST, 0), tally=tallied(duties, at))


def keys(*, actor: Actor, at: dt.datetime) -> list[QuerySet[Any, Any]]:
    """For the rail."""
    return due_now.keys(actor=actor, at=at)


def _duty(one: due_now.Waiting, at: dt.datetime) -> Duty:
    record = one.round
    url = reverse("group_round", args=[record.pk])
    to = reverse("group_round_act", args=[record.pk, one.act]) if one.act in STRAIGHT else url
    if one.act == "choose":
        url = to = reverse("my_group_round", args=[record.pk])
    title, action, sentence = _words(one)
    if one.objection is not None:
        to = reverse("group_objection", args=[record.pk, one.objection.pk])
    return Duty(
        title=title,
        meta=_("编组 · %(unit)s") % {"unit": record.unit},
        url=url,
        action=action,
        action_url=to,
        due=chip(one.until, at),
        at=one.until,
        sentence=sentence,
    )


def _words(one: due_now.Waiting) -> tuple[str, str, str]:
    """Title, the act, and why it waits."""
    record = one.round
    if one.act == "choose":
        until = timezone.localtime(record.closes_at)
        when = f"{day(until)} {until:%-H:%M}"
        said = _("%(when)s以前都可以填，填了也可以改；没有特别想去的，交一张不填志愿的单就行。") % {"when": when}
        return _("选党小组：%(round)s") % {"round": record}, _("选小组"), said
    if one.objection is not None:
        title = _("答复%(who)s对编组的意见") % {"who": one.objection.participant}
        return title, _("答复意见"), _("党员对编入的小组有意见，看了以后答复本人。")
    what, sentence = {
        "close": (_("停止选组"), _("选组的时间到了。停止以后，可以在会上抽种子。")),
        "draw": (_("抽出种子"), _("名单已经停止，在会上当众抽出种子。")),
        "place": (pgettext("step of a round", "编组"), _("种子抽出来了，可以编组。")),
        "publish": (_("告诉党员"), _("编好了，党员还不知道编在哪里。")),
        "confirm": (_("支委会确定"), _("提意见的日子过了，意见都答复了，由支委会确定。")),
        "report": (_("报上级"), _("支委会已经确定，报上级知悉。")),
    }[one.act]
    return _("%(round)s：%(what)s") % {"round": record, "what": what}, what, sentence


def search(q: str, *, actor: Actor, at: dt.datetime) -> Found:
    """Rounds and their groups; a member is led to the own page."""
    hits = [
        Hit(marked(one.title, q), _page(one.pk, one.kept), str(one.unit), "", one.state, one.get_state_display())
        for one in due_now.rounds_found(q, actor=actor, most=FOUND)
    ]
    for one in due_now.groups_found(q, actor=actor, most=FOUND):
        url = reverse("group_of_round", args=[one.round_id, one.pk]) if one.kept else _page(one.round_id, False)
        about = " · ".join(part for part in (one.theme, one.place) if part)
        hits.append(Hit(marked(one.name, q), url, str(one.round), marked(about, q)))
    return Found(_("编组"), hits[:FOUND])


def _page(pk: int, kept: bool) -> str:
    return reverse("group_round" if kept else "my_group_round", args=[pk])
