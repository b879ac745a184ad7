"""Post a notice: its row, its deliveries and their job come to be with the act that caused it, or not at all."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from lianxi.commons.accounts.models import Person
from lianxi.commons.blinding import blind
from lianxi.commons.jobs import enqueue

from .. import clock
from ..channels import carriers
from ..kinds import NoticeKind, packed
from ..models import Delivery, Notice, Preference
from ..queries import is_stopped, preference_of
from ..terms import Urgency

EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Address:
    """Somebody without an account, who left an e-mail address; `language`: in which the letter is written."""

    email: str
    language: str = "zh-hans"


@transaction.atomic
def post(
    kind: NoticeKind,
    *,
    to: Person | Address,
    link: str,
    key: str,
    at: dt.datetime,
    facts: Mapping[str, Any] | None = None,
    about: int | None = None,
) -> Notice | None:
    """Tell a person, or an address; gives the notice, or None if that `key` was told before.

    `facts`: texts, numbers, days and moments for the kind's sentences; never the text of a matter, which is read through
    `about`, the key of the record of `kind.about`. `link`: where it leads, without host. Nothing is sent here: letters
    wait in the same transaction and go out by a job, after the digest time and the quiet hours of the person.
    """
    if (kind.about is None) != (about is None):
        raise ValueError(f"{kind.name}: `about` is given if and only if the kind has a subject.")
    whom: dict[str, Any] = {"person": to} if isinstance(to, Person) else {"address": to.email, "language": to.language}
    same = {"person": to} if isinstance(to, Person) else {"address_is": blind(to.email)}
    if isinstance(to, Address) and is_stopped(to.email):
        return None
    try:
        with transaction.atomic():
            if Notice.objects.filter(key=key, **same).exists():
                return None
            notice = Notice.objects.create(
                **whom,
                kind=kind.name,
                about=kind.about.name if kind.about else "",
                about_pk=about,
                facts=packed(facts or {}),
                link=link,
                key=key,
                at=at,
            )
    except IntegrityError:
        return None
    if kind.outside:
        _send_by_channels(notice, kind, to, at)
    return notice


def _send_by_channels(notice: Notice, kind: NoticeKind, to: Person | Address, at: dt.datetime) -> None:
    every = carriers()
    if isinstance(to, Address):
        if EMAIL in every:
            _deliver(notice, EMAIL, Urgency(kind.urgency), Preference(), at=at, breaks_quiet=False)
        else:
            Notice.objects.filter(pk=notice.pk).update(address="")
        return
    wanted = preference_of(to)
    if kind.group.may_be_off and kind.group.name in wanted.off:
        return
    for name in wanted.channels:
        if name in every and every[name].reaches(to):
            _deliver(notice, name, Urgency(kind.urgency), wanted, at=at, breaks_quiet=kind.breaks_quiet)


def _deliver(
    notice: Notice, channel: str, urgency: Urgency, wanted: Preference, *, at: dt.datetime, breaks_quiet: bool
) -> None:
    when = goes_out(urgency, wanted, at=at, breaks_quiet=breaks_quiet)
    delivery = Delivery.objects.create(
        notice=notice, person=notice.person, channel=channel, urgency=urgency, next_try_at=when, made_at=at
    )
    if when <= at:
        enqueue("notices.deliver", delivery=delivery.pk)


def goes_out(urgency: str, wanted: Preference, *, at: dt.datetime, breaks_quiet: bool = False) -> dt.datetime:
    """When a letter goes out: at the person's digest time, or at once; never in quiet hours unless it breaks them."""
    zone = timezone.get_default_timezone()
    when = clock.next_time(at, wanted.digest_at, zone) if urgency == Urgency.DIGEST else at
    return when if breaks_quiet else clock.after_quiet(when, wanted.quiet_from, wanted.quiet_until, zone)
