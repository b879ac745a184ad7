"""One person: posts, account, history."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from lianxi.commons.accounts.models import Account, Person
from lianxi.commons.permissions import Actor, Permission, Why, why
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import Role
from lianxi.commons.refusals import NotFound

from .. import clock
from .. import policies as may
from ..models import PersonEvent
from ..terms import ICONS, Verb

EVENTS_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Held:
    """A post on the page: how it stands today, and whether the actor may end it."""

    post: Posting
    standing: str
    may_end: bool = False

    @property
    def soon(self) -> bool:
        return self.standing == "soon"


@dataclass(frozen=True, slots=True)
class Record:
    person: Person
    account: Account | None
    second_factor: bool
    posts: list[Held]
    may: dict[str, Why]
    events: list[dict[str, Any]]


def record_of(pk: int, *, actor: Actor, on: dt.date) -> Record:
    """Everything on a person's page. Raises NotFound for strangers."""
    person = may.VIEW.get(actor, pk=pk)
    account = Account.objects.filter(person=person).first()
    wanted = {"account": may.ACCOUNT, "permissions": may.PERMISSIONS, "history": may.HISTORY}
    granted = may_on(actor, person, wanted.values())
    endable = set(may.END.all(actor).filter(person=person).values_list("pk", flat=True))
    posts = [Held(one.post, one.standing, one.post.pk in endable) for one in postings_of(person.pk, on=on)]
    return Record(
        person, account, bool(account and Authenticator.objects.filter(user=account).exists()), posts,
        {name: granted[one] for name, one in wanted.items()}, events_of(person) if granted[may.HISTORY] else [],
    )  # fmt: skip


def may_on(actor: Actor, person: Person, wanted: Iterable[Permission]) -> dict[Permission, Why]:
    return why(actor, person, wanted)


def postings_of(person_id: int, *, on: dt.date) -> list[Held]:
    """All posts of a person, those held now first."""
    rows = Posting.objects.filter(person=person_id).select_related("unit", "person").order_by("-since", "-pk")
    order = {"held": 0, "soon": 0, "coming": 1, "past": 2}
    return sorted((Held(one, _standing(one, on)) for one in rows), key=lambda held: order[held.standing])


def _standing(post: Posting, on: dt.date) -> str:
    if post.since > on:
        return "coming"
    if post.until is None:
        return "held"
    return "past" if post.until < on else "soon" if post.until <= on + clock.lead() else "held"


def posting(pk: int, *, actor: Actor) -> Posting:
    """A post that the actor may end. Raises NotFound."""
    found = Posting.objects.filter(pk=pk).select_related("person", "unit").first()
    if found is None or not may.VIEW.may(actor, found.person):
        raise NotFound
    return found


def events_of(person: Person) -> list[dict[str, Any]]:
    """What happened to posts and account, newest first, as the timeline draws it."""
    return [
        {
            "icon": ICONS.get(one.verb, "circle"),
            "title": Verb(one.verb).label,
            "at": one.at,
            "who": one.by_name,
            "text": _text(one),
        }
        for one in PersonEvent.objects.filter(person=person)[:EVENTS_AT_MOST]
    ]


def _text(event: PersonEvent) -> str:
    facts = event.facts
    parts = []
    if "role" in facts:
        role = str(Role(facts["role"]).label) if facts["role"] in Role.values else facts["role"]
        term = f"{facts['since']}—{facts['until']}" if facts["until"] else _("%(day)s起") % {"day": facts["since"]}
        parts.append(f"{facts['unit']} {role} · {term}")
    return " · ".join([*parts, event.reason])
