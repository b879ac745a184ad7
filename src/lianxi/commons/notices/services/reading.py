"""Reading: a notice that was read needs no letter any more."""

import datetime as dt

from django.db import transaction

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import NotFound

from ..models import Delivery, Notice
from ..queries import notice_of
from ..terms import TO_SEND, DeliveryState


@transaction.atomic
def read(pk: int, *, actor: Actor, at: dt.datetime) -> Notice:
    """Mark one of one's own notices as read. Raises NotFound."""
    notice = notice_of(actor, pk)
    if notice is None:
        raise NotFound
    if notice.read_at is None:
        Notice.objects.filter(pk=pk, read_at=None).update(read_at=at)
        notice.read_at = at
        _no_letter([pk], at)
    return notice


@transaction.atomic
def read_all(*, actor: Actor, at: dt.datetime, up_to: int | None = None) -> int:
    """Mark all of one's own as read, or those up to the key the page showed; gives how many."""
    mine = Notice.objects.filter(person=actor.person_id, read_at=None)
    if actor.person_id is None:
        return 0
    keys = list((mine.filter(pk__lte=up_to) if up_to else mine).values_list("pk", flat=True))
    Notice.objects.filter(pk__in=keys).update(read_at=at)
    _no_letter(keys, at)
    return len(keys)


def _no_letter(notices: list[int], at: dt.datetime) -> None:
    """What waits for its first try is dropped; what is under way goes on, so that its letter stays the same."""
    waiting = Delivery.objects.filter(notice__in=notices, state__in=TO_SEND, letter=None)
    locked = waiting.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)
    Delivery.objects.filter(pk__in=list(locked)).update(state=DeliveryState.NOT_NEEDED, ended_at=at)
