"""Tell those whose turn it is after a step. Running twice tells once."""

import datetime as dt

from django.db import transaction

from lianxi.commons.accounts.models import Person

from .. import notices_of as told
from ..models import Poll, PollEvent, Trustee
from ..queries.ceremony import places
from ..terms import State, Step
from ..workflow import SHARE, cards_complete, key_complete


@transaction.atomic
def tell_event(event_id: int, *, at: dt.datetime) -> int:
    """Tell whom a step of a poll concerns; gives how many notices came to be."""
    event = PollEvent._base_manager.get(pk=event_id)
    poll: Poll = Poll._base_manager.select_related("unit", "giver").get(pk=event.poll_id)
    if event.verb in ("reopen_draft", "withdraw"):
        kind = told.AGAIN if event.verb == "reopen_draft" else told.ENDED
        key, people = f"{poll.pk}:{event.number}", _concerned(poll)
        return told.tell(kind, poll, people, key=key, at=at, reason=event.reason)
    if event.verb == "publish":
        return told.tell(told.PUBLISHED, poll, _trustees(poll), key=str(poll.pk), at=at)
    if event.verb == "count":
        return told.tell(told.TO_PUBLISH, poll, told.leaders(poll, at=at), key=str(poll.pk), at=at)
    if poll.state == State.PREPARING:
        return _preparing(poll, at)
    return _shares(poll, at) if poll.state == State.CLOSED else 0


def _trustees(poll: Poll) -> list[Person]:
    rows = Trustee._base_manager.filter(poll=poll.pk).select_related("person").order_by("number")
    return [one.person for one in rows]


def _concerned(poll: Poll) -> list[Person]:
    people = {one.pk: one for one in _trustees(poll)}
    if poll.giver:
        people[poll.giver.pk] = poll.giver
    return list(people.values())


def _preparing(poll: Poll, at: dt.datetime) -> int:
    """Whose turn it is with the key; the giver; the leaders once both are done. Begun anew, it is told anew."""
    begun = PollEvent._base_manager.filter(poll=poll.pk, verb="prepare").count()
    n = 0
    for place in places(poll):
        if place.want and not place.waits_for:
            kind = told.TO_MAKE_KEY if place.want == Step.CERTIFICATE else told.TO_GO_ON
            key = f"{poll.pk}:{begun}:{place.want}"
            n += told.tell(kind, poll, [_person(place.trustee)], key=key, at=at, page="poll_trustee")
    cards = cards_complete(poll, at).passed
    if not cards and poll.giver:
        n += told.tell(told.TO_MAKE_CARDS, poll, [poll.giver], key=f"{poll.pk}:{begun}", at=at, page="poll_cards")
    if cards and key_complete(poll, at).passed:
        n += told.tell(told.TO_OPEN, poll, told.leaders(poll, at=at), key=f"{poll.pk}:{begun}", at=at)
    return n


def _person(trustee: Trustee) -> Person:
    found: Person = Person.objects.get(pk=trustee.person_id)
    return found


def _shares(poll: Poll, at: dt.datetime) -> int:
    if not all(check(poll, at).passed for check in SHARE):
        return 0
    return told.tell(told.TO_SHARE, poll, _trustees(poll), key=str(poll.pk), at=at, page="poll_trustee")
