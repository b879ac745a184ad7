"""Sending: claim → send → record. What is promised when a worker dies stands in docs/notices.md.

A claim is committed before anything leaves the house, with the key of the job that sends. So a job that was put back
after its worker died finds its own half-done letters and sends them once more, with the same ident; and a letter whose
job is no more is given back to whoever comes next.
"""

import datetime as dt
import logging
from collections.abc import Sequence
from random import Random

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from lianxi.commons.accounts.models import Person
from lianxi.commons.jobs.queries import held
from lianxi.commons.permissions import Actor
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import Role
from lianxi.commons.refusals import NotFound, NotPermitted

from .. import clock
from ..channels import TryAgain, Undeliverable, channels
from ..house import NOT_DELIVERED
from ..letters import Unreadable, letter_of
from ..models import Delivery, Notice
from ..terms import TO_SEND, TRIES, DeliveryState, Urgency
from .posting import post

log = logging.getLogger(__name__)
MOST = 500
"""So many letters one job sends."""
IN_A_ROW = 5
"""After so many failures one after the other the rest is left for a minute later: the server is probably down."""


def deliver(delivery: int, *, job: int, at: dt.datetime, lot: Random) -> None:
    """Send one delivery, if nobody else has it and it is not over. `job`: the key of the job that sends."""
    if batch := claim(job=job, at=at, only=delivery):
        send(batch, job=job, at=at, lot=lot)


def sweep(*, job: int, at: dt.datetime, lot: Random) -> int:
    """Send everything whose time has come, after giving back what no living job holds; gives how many letters."""
    give_back(at=at)
    failures = 0
    for count in range(MOST):
        if failures == IN_A_ROW or not (batch := claim(job=job, at=at)):
            return count
        failures = 0 if send(batch, job=job, at=at, lot=lot) else failures + 1
    return MOST


@transaction.atomic
def claim(*, job: int, at: dt.datetime, only: int | None = None) -> list[Delivery]:
    """Take the deliveries of one letter and mark them as being sent by `job`; empty if there is nothing to do.

    First what this very job had left half done; else the longest due that nobody is looking at.
    """
    mine = Delivery.objects.filter(state=DeliveryState.SENDING, job=job).order_by("pk")
    due = Delivery.objects.filter(state__in=TO_SEND, next_try_at__lte=at).order_by("next_try_at", "pk")
    if only is not None:
        mine, due = mine.filter(pk=only), due.filter(pk=only)
    while first := mine.first() or due.select_for_update(skip_locked=True).first():
        batch = _together(first, at)
        keys = [one.pk for one in batch]
        if any(one.attempts >= TRIES for one in batch):
            _give_up(batch, "tried too often", at)
            continue
        Delivery.objects.filter(pk__in=keys).update(
            state=DeliveryState.SENDING, job=job, letter=first.letter or first.pk, attempts=F("attempts") + 1
        )
        return list(Delivery.objects.filter(pk__in=keys).select_related("notice", "person").order_by("pk"))
    return []


def _together(first: Delivery, at: dt.datetime) -> list[Delivery]:
    """What travels in one letter: what did before; else, in a digest, all that waits for the recipient and is due."""
    locked = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).order_by("pk")
    if first.letter:
        return list(locked.filter(letter=first.letter, state__in=(*TO_SEND, DeliveryState.SENDING)))
    if first.urgency != Urgency.DIGEST:
        return [first]
    to = {"person": first.person_id} if first.person_id else {"notice__address_is": first.notice.address_is}
    return list(
        locked.filter(
            **to,
            channel=first.channel,
            urgency=Urgency.DIGEST,
            state=DeliveryState.WAITING,
            letter=None,
            next_try_at__lte=at,
        )
    )


def send(batch: Sequence[Delivery], *, job: int, at: dt.datetime, lot: Random) -> bool:
    """Send a claimed letter and record how it went; False if it is to be tried again. Outside of any transaction: the
    mail server may be slow."""
    try:
        letter, dropped = letter_of(batch, at=at)
        if letter:
            channels()[batch[0].channel].send(letter)
    except (Undeliverable, Unreadable, KeyError) as never:
        with transaction.atomic():
            _give_up(batch, str(never), at)
        return True
    except Exception as error:
        if not isinstance(error, TryAgain):
            log.exception("A letter could not be made or sent; it is tried again.")
        _try_later(batch, str(error) if isinstance(error, TryAgain) else type(error).__name__, job, at, lot)
        return False
    with transaction.atomic():
        _end([one for one in batch if one.pk in dropped], DeliveryState.NOT_NEEDED, at)
        _end([one for one in batch if one.pk not in dropped], DeliveryState.SENT, at)
    return True


@transaction.atomic
def give_back(*, at: dt.datetime) -> int:
    """Letters that are being sent by a job that is no more go back to wait; gives how many deliveries."""
    lost = Delivery.objects.filter(state=DeliveryState.SENDING).exclude(held("job"))
    keys = list(lost.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True))
    return Delivery.objects.filter(pk__in=keys).update(state=DeliveryState.WAITING, job=None, next_try_at=at)


@transaction.atomic
def try_again(delivery: int, *, actor: Actor, at: dt.datetime) -> Delivery:
    """再发一次: what was given up starts anew. Only for whoever looks after the system. Raises NotFound, NotPermitted."""
    if not actor.holds(Role.SYSTEM_ADMIN):
        raise NotPermitted
    found = Delivery.objects.select_for_update().filter(pk=delivery, state=DeliveryState.GIVEN_UP).first()
    if found is None:
        raise NotFound
    found.state, found.attempts, found.next_try_at = DeliveryState.WAITING, 0, at
    found.letter = found.job = found.ended_at = None
    found.save()
    return found


def _end(batch: Sequence[Delivery], state: DeliveryState, at: dt.datetime) -> None:
    keys = [one.pk for one in batch]
    Delivery.objects.filter(pk__in=keys, state=DeliveryState.SENDING).update(
        state=state, ended_at=at, job=None, trouble=""
    )
    Notice.objects.filter(pk__in=[one.notice_id for one in batch], person=None).update(address="")


@transaction.atomic
def _try_later(batch: Sequence[Delivery], trouble: str, job: int, at: dt.datetime, lot: Random) -> None:
    attempts = max(one.attempts for one in batch)
    if attempts >= TRIES:
        _give_up(batch, trouble, at)
        return
    Delivery.objects.filter(pk__in=[one.pk for one in batch], state=DeliveryState.SENDING, job=job).update(
        state=DeliveryState.FAILED, job=None, next_try_at=at + clock.wait(attempts, lot), trouble=trouble[:120]
    )


def _give_up(batch: Sequence[Delivery], trouble: str, at: dt.datetime) -> None:
    """Given up, and whoever looks after the system is told: once a day, in the house only."""
    Delivery.objects.filter(pk__in=[one.pk for one in batch]).update(
        state=DeliveryState.GIVEN_UP, job=None, ended_at=at, trouble=trouble[:120]
    )
    day = timezone.localtime(at).date()
    held_today = Posting.objects.held(day).filter(role=Role.SYSTEM_ADMIN).values("person")
    for person in Person.objects.filter(pk__in=held_today):
        post(NOT_DELIVERED, to=person, link=reverse("notices_undelivered"), key=f"not_delivered:{day}", at=at)
