"""Records that may be of one person."""

from dataclasses import dataclass
from itertools import combinations, islice
from operator import attrgetter
from typing import Any

from django.db.models import Count, QuerySet

from lianxi.commons.permissions import Actor

from .. import policies
from ..models import Member
from ..terms import CURRENT

MOST = 100
EACH = 10
"""Records of one group that are paired with each other."""


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
        asked = mine.exclude(person__phone_is=None) if by == "phone" else mine
        for rows in _groups(asked, keys):
            for first, second in combinations(rows[:EACH], 2):
                found.setdefault((first.pk, second.pk), Pair(first, second, by))
    return list(found.values())[:MOST]


def _groups(asked: QuerySet[Member, Any], keys: tuple[str, ...]) -> list[list[Member]]:
    """Records that agree in all keys. No LIMIT on the first query: it would lead the planner to walk an index record by
    record (20,000 members: 247 ms instead of 19)."""
    several = asked.order_by().values(*keys).annotate(n=Count("pk")).filter(n__gt=1).values_list(*keys)
    groups: dict[tuple[Any, ...], list[Member]] = {same: [] for same in islice(several, MOST)}
    each = {f"{key}__in": {same[at] for same in groups} for at, key in enumerate(keys)}
    same_as = [attrgetter(key.replace("__", ".")) for key in keys]
    for row in asked.filter(**each).select_related("person", "branch").order_by("pk"):
        same = tuple(get(row) for get in same_as)
        if same in groups:
            groups[same].append(row)
    return list(groups.values())
