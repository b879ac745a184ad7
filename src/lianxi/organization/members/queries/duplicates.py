"""Records that may be of one person."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from lianxi.commons.permissions import Actor

from .. import policies
from ..models import Member
from ..terms import CURRENT

MOST = 100


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records and why they may be one."""

    first: Member
    second: Member
    by: str
    """`phone`, or `name_birth`."""


def duplicates(*, actor: Actor) -> list[Pair]:
    """Pairs with the same phone, or the same name and birth, among those that the actor keeps. IDs cannot repeat."""
    mine: QuerySet[Member, Any] = policies.MERGE.all(actor).filter(standing__in=CURRENT)
    found: dict[tuple[int, int], Pair] = {}
    for by, keys in (("phone", ("person__phone_is",)), ("name_birth", ("person__name", "born_on"))):
        same = (
            mine.exclude(**({"person__phone_is": None} if by == "phone" else {}))
            .order_by()
            .values(*keys)
            .annotate(n=Count("pk"))
            .filter(n__gt=1)[:MOST]
        )
        for group in same:
            where = {key: group[key] for key in keys}
            rows = list(mine.filter(**where).select_related("person", "branch").order_by("pk")[:10])
            for index, first in enumerate(rows):
                for second in rows[index + 1 :]:
                    found.setdefault((first.pk, second.pk), Pair(first, second, by))
    return list(found.values())[:MOST]
