"""What a person may see of the own data."""

from typing import Any

from django.db.models import QuerySet

from lianxi.commons.permissions import Actor
from lianxi.commons.protection.models import Look

from ..models import Member, Merge
from ..terms import Standing


def own(actor: Actor) -> int | None:
    """Key of the actor's own entry."""
    if actor.person_id is None:
        return None
    return (
        Member.objects.filter(person=actor.person_id)
        .exclude(standing=Standing.MERGED)
        .values_list("pk", flat=True)
        .first()
    )


def looks_at_me(actor: Actor) -> QuerySet[Look, Any]:
    """Every look at the actor's protected data, newest first; those at records merged into the own one too."""
    merged = Merge.objects.filter(kept__person=actor.person_id, undone_at=None).values_list("gone__person", flat=True)
    return Look.objects.filter(subject__in=[actor.person_id, *merged]).select_related("of_kind").order_by("-at", "-pk")
