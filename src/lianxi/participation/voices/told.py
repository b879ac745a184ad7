"""Who is told: from the roles in a row to people, nearest first.

Each role gives *levels*: those at the unit, those at the next unit above, and so on. The first level in which somebody
may meet the voice is told; whoever may not meet it is passed over without a trace.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from itertools import groupby

from django.db.models import QuerySet

from lianxi.commons.accounts.models import Person
from lianxi.commons.notices.services import Address
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import Role
from lianxi.commons.protection.services import KeyLost, open_for_delivery
from lianxi.commons.units.models import Unit

from .models import CoHandler, Voice, VoiceEvent
from .workflow import KEEPERS

Level = list[Person]
LEADS = (Role.SECRETARY, Role.DIRECTOR, Role.DEPUTY)


def levels(role: str, voice: Voice, event: VoiceEvent | None, day: dt.date) -> list[Level]:
    """The people of a role, as of a day. Raises KeyError for a role that is none."""
    return ROLES[role](voice, event, day)


def author(voice: Voice) -> Person | Address | None:
    """Whoever raised it: a person with a list of notices, an address, or nobody who can be told."""
    if voice.author:
        return voice.author
    if not voice.email:
        return None
    try:
        return Address(open_for_delivery(voice.email), voice.language)
    except KeyLost:
        return None


def _owner(voice: Voice, event: VoiceEvent | None, day: dt.date) -> list[Level]:
    """Handlers and heads of the owner. A voice that lies with the street is its dispatchers' business."""
    if voice.owner.kind in KEEPERS:
        return _dispatcher(voice, event, day)
    handlers = _up(voice.owner.path, day, roles=(Role.HANDLER,))
    heads = _up(voice.owner.path, day, roles=LEADS, head=True)
    return [[*(handlers[0] if handlers else []), *(heads[0] if heads else [])], *handlers[1:], *heads[1:]]


def _handler(voice: Voice, event: VoiceEvent | None, day: dt.date) -> list[Level]:
    if voice.handler:
        return [[voice.handler]]
    if voice.owner.kind in KEEPERS:
        return _dispatcher(voice, event, day)
    return _up(voice.owner.path, day, roles=(Role.HANDLER,))


def _head(voice: Voice, event: VoiceEvent | None, day: dt.date) -> list[Level]:
    if voice.owner.kind in KEEPERS:
        return _supervisor(voice, event, day)
    return _up(voice.owner.path, day, roles=LEADS, head=True)


def _dispatcher(voice: Voice, event: VoiceEvent | None, day: dt.date) -> list[Level]:
    return _up(voice.place.path, day, roles=(Role.DISPATCHER,))


def _supervisor(voice: Voice, event: VoiceEvent | None, day: dt.date) -> list[Level]:
    return _up(voice.place.path, day, roles=(Role.SUPERVISOR,))


def _secretary(voice: Voice, event: VoiceEvent | None, day: dt.date) -> list[Level]:
    """Of the community: above it the supervisor is told, not the secretary of the street."""
    return _up(voice.place.path, day, roles=(Role.SECRETARY,), below=KEEPERS)


def _co_handler(voice: Voice, event: VoiceEvent | None, day: dt.date) -> list[Level]:
    """Of the unit that the event added."""
    unit = Unit.objects.filter(pk=event.facts.get("unit")).first() if event else None
    still = unit and CoHandler._base_manager.filter(voice=voice.pk, unit=unit, until=None).exists()
    if unit is None or not still:
        return []
    return _up(unit.path, day, roles=(Role.HANDLER, Role.SECRETARY, Role.DIRECTOR))


def _up(path: str, day: dt.date, *, roles: Iterable[str], head: bool = False, below: Iterable[str] = ()) -> list[Level]:
    """Who holds one of the roles at the unit of `path` or above it, grouped by unit from below."""
    keys = [int(key) for key in path.split(".") if key]
    held: QuerySet[Posting] = Posting.objects.held(day).filter(unit__in=keys, role__in=list(roles))
    held = held.exclude(unit__kind__in=list(below)).select_related("person", "unit")
    found = sorted(held.filter(head=True) if head else held, key=lambda post: (-len(post.unit.path), post.pk))
    return [[post.person for post in posts] for _path, posts in groupby(found, key=lambda post: post.unit.path)]


ROLES: dict[str, Callable[[Voice, VoiceEvent | None, dt.date], list[Level]]] = {
    "owner": _owner,
    "handler": _handler,
    "head": _head,
    "dispatcher": _dispatcher,
    "supervisor": _supervisor,
    "secretary": _secretary,
    "co_handler": _co_handler,
}
