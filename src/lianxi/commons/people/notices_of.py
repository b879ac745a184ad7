"""What a person is told about the own posts: given, ended early or taken back, about to run out.

The reason written with an act stays in the history, where the person reads it; no notice carries it out of the house.
"""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianxi.commons.notices.kinds import Facts, Group, NoticeKind, declare
from lianxi.commons.notices.services import post
from lianxi.commons.notices.terms import Urgency
from lianxi.commons.notices.wording import day as day_as_said
from lianxi.commons.notices.wording import english
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import Role

from . import clock


def _read(facts: Facts) -> Facts:
    """Unit, role and days as the active language says them; a term without end has a sentence of its own."""
    role = facts["role"]
    label = str(Role(role).label) if role in Role.values else str(role)
    named = facts["unit_en"] if english() and facts["unit_en"] else facts["unit"]
    said: dict[str, Any] = {"post": f"{named}{' ' if english() else ''}{label}"}
    for name in ("since", "until"):
        said[name] = day_as_said(facts[name], year=True) if facts.get(name) else None
    said["term"] = _("%(since)s起，到%(until)s止。") % said if said["until"] else _("%(since)s起，没有定期限。") % said
    return said


POSTS = Group("people.posts", _("自己的职务"), staff=True)
GIVEN = NoticeKind(
    "people.post_given", POSTS, _("您担任%(post)s"),
    _("%(term)s打开看这个职务能做什么、凭什么。"), Urgency.AT_ONCE, read=_read,
)  # fmt: skip
ENDED = NoticeKind(
    "people.post_ended", POSTS, _("您的职务结束：%(post)s"),
    _("最后一天是%(until)s。为什么，写在您的任职经过里。"), Urgency.AT_ONCE, read=_read,
)  # fmt: skip
TAKEN_BACK = NoticeKind(
    "people.post_taken_back", POSTS, _("安排您担任%(post)s，已经撤销"),
    _("原定%(since)s起。为什么，写在您的任职经过里。"), Urgency.AT_ONCE, read=_read,
)  # fmt: skip
RUNS_OUT = NoticeKind(
    "people.post_runs_out", POSTS, _("您担任%(post)s，%(until)s到期"),
    _("这一天过完就卸任。要续任，由给您安排职务的人办。"), read=_read,
)  # fmt: skip
declare(GIVEN, ENDED, TAKEN_BACK, RUNS_OUT)


def tell_given(posting: Posting, *, at: dt.datetime) -> None:
    """Tell the person of a new post; the link opens what he or she may do now, and why."""
    _tell(GIVEN, posting, key=f"people.post:{posting.pk}:given", link=reverse("my_permissions"), at=at)


def tell_ended(posting: Posting, *, on: dt.date, at: dt.datetime) -> None:
    """Tell the person that the post ends with its new last day.

    Where the reminder of that last day would be due already, this was it.
    """
    due = on >= clock.remind_from(posting.since, posting.until) if posting.until else False
    key = _last_day(posting) if due else f"people.post:{posting.pk}:ended:{posting.until}"
    _tell(ENDED, posting, key=key, link=reverse("person", args=[posting.person_id]), at=at)


def tell_taken_back(posting: Posting, *, at: dt.datetime) -> None:
    """Tell the person that a post never came about; called while its row is still there."""
    _tell(
        TAKEN_BACK, posting, key=f"people.post:{posting.pk}:taken_back",
        link=reverse("person", args=[posting.person_id]), at=at,
    )  # fmt: skip


def tell_runs_out(posting: Posting, *, at: dt.datetime) -> bool:
    """Tell the person that the post runs out, once for each last day; whether this was the first time."""
    return _tell(RUNS_OUT, posting, key=_last_day(posting), link=reverse("my_permissions"), at=at)


def _last_day(posting: Posting) -> str:
    return f"people.post:{posting.pk}:until:{posting.until}"


def _tell(kind: NoticeKind, posting: Posting, *, key: str, link: str, at: dt.datetime) -> bool:
    facts = {
        "role": posting.role,
        "unit": posting.unit.name,
        "unit_en": posting.unit.name_en,
        "since": posting.since,
        "until": posting.until,
    }
    return post(kind, to=posting.person, link=link, key=key, at=at, facts=facts) is not None
