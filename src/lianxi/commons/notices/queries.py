"""Every read of notices: through the door of what they are about, worded in the active language."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from lianxi.commons.accounts.models import Person
from lianxi.commons.blinding import blind
from lianxi.commons.permissions import Actor

from .channels import carriers
from .kinds import NoticeKind, kind_named, subject_named
from .models import Delivery, Notice, Preference, Stopped
from .terms import DeliveryState
from .wording import worded

PAGE = 25
COUNTED = 99
"""So far the badge counts."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice as it is read."""

    pk: int
    kind: NoticeKind
    title: str
    body: str
    link: str
    at: dt.datetime
    read_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """Some notices, newest first; `after`: where the next page begins (None: there is none)."""

    rows: list[Shown]
    after: int | None


def notices_of(actor: Actor, *, unread_only: bool = False, after: int | None = None, size: int = PAGE) -> Page:
    """A page of the actor's notices, without those whose record is kept from the actor now."""
    found = _of(actor, unread_only=unread_only)
    rows: list[Shown] = []
    while True:
        part = list((found.filter(pk__lt=after) if after else found)[: size + 1])
        for one, shown in zip(part, _shown(part, actor), strict=True):
            if len(rows) == size:
                return Page(rows, after)
            after = one.pk
            if shown:
                rows.append(shown)
        if len(part) <= size:
            return Page(rows, None)


def notice_of(actor: Actor, pk: int) -> Notice | None:
    """One of the actor's own notices, kept ones left out."""
    one = _of(actor).filter(pk=pk).first()
    return one if one and next(iter(_shown([one], actor))) else None


def unread(actor: Actor) -> int:
    """How many unread notices the actor has, up to `COUNTED`: two short queries for the badge on every page."""
    if actor.person_id is None:
        return 0
    rows = list(_of(actor, unread_only=True).only("pk", "about", "about_pk", "kind")[:COUNTED])
    open_to = _words(rows, actor)
    return sum(_known(row) and (not row.about or row.about_pk in open_to[row.about]) for row in rows)


def words_for(notices: Sequence[Notice], actor: Actor) -> list[dict[str, Any] | None]:
    """For each notice what its subject says to the actor; None where the door is shut or the kind is no more."""
    open_to = _words(notices, actor)
    return [
        None
        if not _known(one) or (one.about and one.about_pk not in open_to[one.about])
        else dict(open_to[one.about][one.about_pk])
        if one.about
        else {}
        for one in notices
    ]


def preference_of(person: Person) -> Preference:
    """What the person prefers; not saved where nothing was chosen: every channel that reaches him or her."""
    found = Preference.objects.filter(pk=person.pk).first()
    return found or Preference(
        person=person, channels=[name for name, one in carriers().items() if one.reaches(person)]
    )


def is_stopped(address: str) -> bool:
    """Whether the address wants no more letters."""
    return Stopped.objects.filter(address_is=blind(address)).exists()


def in_trouble(*, after: int | None = None, size: int = PAGE) -> list[Delivery]:
    """Deliveries that are being tried again or were given up, newest first; for whoever looks after the system."""
    found = Delivery.objects.filter(state__in=(DeliveryState.FAILED, DeliveryState.GIVEN_UP)).order_by("-pk")
    found = found.select_related("notice", "person")
    return list((found.filter(pk__lt=after) if after else found)[:size])


def _of(actor: Actor, *, unread_only: bool = False) -> QuerySet[Notice, Any]:
    if actor.person_id is None:
        return Notice.objects.none()
    found = Notice.objects.filter(person=actor.person_id).order_by("-pk")
    return found.filter(read_at=None) if unread_only else found


def _shown(notices: Sequence[Notice], actor: Actor) -> list[Shown | None]:
    result: list[Shown | None] = []
    for one, words in zip(notices, words_for(notices, actor), strict=True):
        if words is None:
            result.append(None)
            continue
        kind = kind_named(one.kind)
        title, body = worded(kind, one.facts, words)
        result.append(Shown(one.pk, kind, title, body, one.link, one.at, one.read_at))
    return result


def _words(notices: Iterable[Notice], actor: Actor) -> dict[str, Any]:
    """subject → key → words, for what the actor may meet now: one question per subject."""
    keys: dict[str, set[int]] = {}
    for one in notices:
        if one.about and one.about_pk is not None and _known(one):
            keys.setdefault(one.about, set()).add(one.about_pk)
    return {name: subject_named(name).words(actor, wanted) for name, wanted in keys.items()}


def _known(one: Notice) -> bool:
    """Whether the kind is still declared: an app may have been taken out."""
    try:
        kind_named(one.kind)
    except KeyError:
        return False
    return True


def own_preference(actor: Actor) -> tuple[Person, Preference]:
    """The actor's person and preference. Raises Person.DoesNotExist for somebody without a person."""
    person = Person.objects.get(pk=actor.person_id or 0)
    return person, preference_of(person)
