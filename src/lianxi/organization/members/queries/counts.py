"""How many members belong to units, by subtree."""

import os
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q

from lianxi.commons.permissions import Actor
from lianxi.commons.units.models import Unit

from .. import policies
from ..models import Affiliation, Member
from ..terms import CURRENT, Kind


def by_unit(units: Iterable[Unit]) -> dict[int, tuple[int, int]]:
    """Unit → (members, full members) in it and below. One query. Not a face for people: ask `count_into`."""
    units = list(units)
    wanted = {unit.pk for unit in units}
    common = os.path.commonprefix([unit.path for unit in units])  # noqa: RUF071 - cut at a point in the next line
    within = common[: common.rfind(".") + 1]
    rows = (
        Member.objects.filter(branch_path__startswith=within, standing__in=CURRENT)
        .order_by()
        .values_list("branch_path")
        .annotate(all=Count("pk"), full=Count("pk", filter=Q(kind=Kind.FULL)))
    )
    every: Counter[int] = Counter()
    full: Counter[int] = Counter()
    for path, count, full_count in rows:
        for key in wanted.intersection(int(part) for part in path.split(".") if part):
            every[key] += count
            full[key] += full_count
    return {key: (every[key], full[key]) for key in wanted}


def count_into(nodes: list[Any], *, actor: Actor) -> None:
    """Set `members` and `full` of the nodes of a tree (unit, below) where the actor may see figures."""
    every: list[Any] = []
    todo = list(nodes)
    while todo:
        node = todo.pop()
        every.append(node)
        todo += node.below
    may = set(policies.FIGURES.all(actor).filter(pk__in=[node.unit.pk for node in every]).values_list("pk", flat=True))
    figures = by_unit(node.unit for node in every if node.unit.pk in may) if may else {}
    for node in every:
        if node.unit.pk in figures:
            node.members, node.full = figures[node.unit.pk]


def in_group(group: Unit) -> tuple[int, int]:
    """Members and full members of a Party group."""
    answer = Affiliation.objects.filter(group=group, until=None).aggregate(
        all=Count("pk"), full=Count("pk", filter=Q(member__kind=Kind.FULL))
    )
    return answer["all"], answer["full"]
