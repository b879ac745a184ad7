"""The line of the history that each act leaves."""

import datetime as dt
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from lianxi.commons.accounts.models import Person
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput

from ..models import PersonEvent
from ..terms import Verb

REASON_AT_MOST = 200


def locked(person: Person) -> Person:
    """The person's row, until the transaction ends: two acts on one person stand in line."""
    return Person.objects.select_for_update().get(pk=person.pk)


def reason_in(text: str) -> str:
    """The reason that was written. Raises BadInput without one."""
    if len(text.strip()) < 2:
        raise BadInput({"reason": _("请写一句为什么。")})
    return text.strip()[:REASON_AT_MOST]


def record(verb: Verb, person: Person, *, actor: Actor, at: dt.datetime, reason: str, **facts: Any) -> PersonEvent:
    """Append the act; the person's row is locked, so that numbers follow one another."""
    last = PersonEvent.objects.filter(person=person).aggregate(last=Max("number"))["last"] or 0
    return PersonEvent.objects.create(
        person=person,
        number=last + 1,
        verb=verb,
        at=at,
        by_id=actor.person_id,
        by_name=actor.name,
        reason=reason,
        facts=facts,
    )
