"""What is told about secret votes: to trustees, card givers and leaders, when it is their turn. No notice names a ballot, a card or a voter."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.notices.kinds import Group, NoticeKind, Subject, declare
from lianxi.commons.notices.services import post
from lianxi.commons.notices.terms import Urgency
from lianxi.commons.permissions import Actor
from lianxi.commons.permissions.actor import actor_of
from lianxi.commons.permissions.models import Posting

from . import policies
from .models import Poll, PollEvent


def poll_words(actor: Actor, keys: Collection[int]) -> dict[int, dict[str, Any]]:
    """Titles of the polls that the actor may meet now; a letter names the title, which is printed on every card."""
    rows = policies.VIEW.all(actor).filter(pk__in=list(keys)).values_list("pk", "title")
    return {pk: {"what": title, "reference": title} for pk, title in rows}


POLL = Subject("ballotbox.poll", poll_words)
DUTIES = Group("ballotbox.duties", _("无记名投票要办的事"))

TO_MAKE_KEY = NoticeKind(
    "ballotbox.to_make_key", DUTIES, _("%(what)s：您是监票人，请制作密钥"),
    _("在自己的电脑上打开，设一个只有自己知道的密码。"), Urgency.AT_ONCE, about=POLL,
)  # fmt: skip
TO_GO_ON = NoticeKind(
    "ballotbox.to_go_on", DUTIES, _("%(what)s：监票人的密钥，轮到下一步"), _("其他监票人都做好了上一步。"), Urgency.AT_ONCE, about=POLL
)  # fmt: skip
TO_MAKE_CARDS = NoticeKind(
    "ballotbox.to_make_cards", DUTIES, _("%(what)s：您是发卡人，请制作选票卡"),
    _("在自己的电脑上制作、打印，开会当天签到以后当面发。"), Urgency.AT_ONCE, about=POLL,
)  # fmt: skip
TO_OPEN = NoticeKind(
    "ballotbox.to_open", DUTIES, _("%(what)s：密钥和选票卡都做好了，可以开始投票"), _("由您在会上开始，不会自动开始。"), about=POLL
)  # fmt: skip
TO_SHARE = NoticeKind(
    "ballotbox.to_share", DUTIES, _("%(what)s：请开票"), _("投票已经截止，签到人数登记好了。核对以后，用自己的密钥打开。"), Urgency.AT_ONCE, about=POLL
)  # fmt: skip
TO_PUBLISH = NoticeKind(
    "ballotbox.to_publish", DUTIES, _("%(what)s：票开出来了，请公布"), _("档案已经核验。"), Urgency.AT_ONCE, about=POLL
)  # fmt: skip
AGAIN = NoticeKind(
    "ballotbox.again", DUTIES, _("%(what)s：退回筹备，密钥和选票卡作废"), _("印好的卡要收回来销毁。理由：%(reason)s"), about=POLL
)  # fmt: skip
PUBLISHED = NoticeKind(
    "ballotbox.published", DUTIES, _("%(what)s：结果公布了"), _("您可以在公开页上下载档案，再核对一遍。"), about=POLL
)  # fmt: skip
ENDED = NoticeKind("ballotbox.ended", DUTIES, _("%(what)s：终止了"), _("理由：%(reason)s"), about=POLL)
declare(TO_MAKE_KEY, TO_GO_ON, TO_MAKE_CARDS, TO_OPEN, TO_SHARE, TO_PUBLISH, AGAIN, PUBLISHED, ENDED)


def leaders(poll: Poll, *, at: dt.datetime) -> list[Person]:
    """Who has led the poll so far and still may; where nobody does, those who serve nearest to the unit."""
    day = timezone.localtime(at).date()
    led = PollEvent._base_manager.filter(poll=poll.pk, verb__in=("draft", "prepare", "open", "close")).exclude(by=None)
    people = list(Person.objects.filter(pk__in=led.order_by().values("by")))
    line = [int(key) for key in poll.unit_path.split(".") if key]
    found = [one for one in people if policies.RUN.may(actor_of(one.pk, on=day), poll)]
    if found:
        return found
    held = Posting.objects.held(day).filter(unit__in=line, role__in=policies.ORGANISERS).select_related("person")
    by = {
        one.person_id: (line.index(one.unit_id), one.person)
        for one in held
        if policies.RUN.may(actor_of(one.person_id, on=day), poll)
    }
    deepest = max((place for place, _person in by.values()), default=0)
    return [person for place, person in by.values() if place == deepest]


def tell(
    kind: NoticeKind,
    poll: Poll,
    people: Collection[Person],
    *,
    key: str,
    at: dt.datetime,
    page: str = "poll",
    **facts: Any,
) -> int:
    """Tell each of them once; gives how many were told anew. `page`: the name of the page to which the notice leads."""
    link = reverse(page, args=[poll.pk])
    made = [
        post(kind, to=one, about=poll.pk, link=link, key=f"{kind.name}:{key}", at=at, facts=facts) for one in people
    ]
    return sum(notice is not None for notice in made)
