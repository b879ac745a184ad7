"""The tree as a page shows it: some levels at a time, on any day."""

import datetime as dt
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from lianxi.commons.permissions import Actor
from lianxi.commons.questions import Address, Question
from lianxi.commons.units.models import Unit
from lianxi.commons.units.terms import UnitKind

from .. import policies

MOST = 50
"""Units that a search shows."""


@dataclass(slots=True)
class Node:
    """A unit with what lies below; `more`: there is something below that was not fetched."""

    unit: Unit
    below: list["Node"] = field(default_factory=list)
    more: bool = False
    full: int | None = None
    members: int | None = None


@dataclass(frozen=True, slots=True)
class Asked(Question):
    """What the tree's page is asked for."""

    q: str = ""
    kind: str = ""
    on: str = ""
    root: int = 0

    @classmethod
    def of(cls, params: Any) -> "Asked":
        """Read an address; whatever does not fit is left out."""
        said = Address(params)
        on = said.text("on")
        try:
            on = dt.date.fromisoformat(on).isoformat() if on else ""
        except ValueError:
            on = ""
        return cls(
            q=unicodedata.normalize("NFKC", said.text("q")).strip(),
            kind=said.one("kind", (*UnitKind.values, "party", "resident")),
            on=on,
            root=said.number("root"),
        )

    def day(self, today: dt.date) -> dt.date:
        return dt.date.fromisoformat(self.on) if self.on else today


def standing(on: dt.date) -> Q:
    """Units that exist on that day."""
    return Q(since__lte=on) & (Q(until=None) | Q(until__gte=on))


def tree(*, actor: Actor, on: dt.date, today: dt.date, root: int = 0, depth: int = 3) -> list[Node]:
    """The tree from the top (or from a unit), `depth` levels of it, as it stood on that day."""
    if on < today:
        return _as_it_stood(on, root)
    units = policies.VIEW.all(actor).filter(standing(on))
    level = [Node(one) for one in _with_more(units.filter(pk=root) if root else units.filter(parent=None), on)]
    top, every = level, list(level)
    for _level in range(depth - 1):
        by_key = {node.unit.pk: node for node in level}
        level = []
        for one in _with_more(units.filter(parent__in=by_key), on):
            node = Node(one, more=one.has_below)
            by_key[one.parent_id].below.append(node)
            level.append(node)
        every += level
    for node in every:
        node.more = bool(getattr(node.unit, "has_below", False)) and not node.below
    return top


def below(unit: Unit, *, actor: Actor, on: dt.date) -> list[Node]:
    """What lies directly below a unit."""
    rows = _with_more(policies.VIEW.all(actor).filter(standing(on), parent=unit), on)
    return [Node(one, more=one.has_below) for one in rows]


def _with_more(units: QuerySet[Unit, Any], on: dt.date) -> Iterable[Any]:
    children = Unit._base_manager.filter(standing(on), parent=OuterRef("pk"))
    return units.annotate(has_below=Exists(children)).order_by("pk")


def _as_it_stood(on: dt.date, root: int) -> list[Node]:
    """Names, kinds and places of that day, from the history; a unit entered in the register later is taken as it is now."""
    end = timezone.make_aware(dt.datetime.combine(on, dt.time.max))
    history = apps.get_model("units", "UnitEvent")
    then = {
        row.id: row
        for row in history._base_manager.filter(pgh_created_at__lte=end)
        .order_by("pgh_obj_id", "-pgh_id")
        .distinct("pgh_obj_id")
    }
    nodes: dict[int, Node] = {}
    parents: dict[int, int | None] = {}
    for unit in Unit._base_manager.order_by("pk"):
        past = then.get(unit.pk, unit)
        unit.name, unit.kind, unit.since = past.name, past.kind, past.since
        if unit.stands(on):
            nodes[unit.pk], parents[unit.pk] = Node(unit), past.parent_id
    children: dict[int | None, list[Node]] = defaultdict(list)
    for key, node in nodes.items():
        children[parents[key] if parents[key] in nodes else None].append(node)
    for key, node in nodes.items():
        node.below = children.get(key, [])
    return [nodes[root]] if root in nodes else children[None]


def search(asked: Asked, *, actor: Actor, on: dt.date) -> tuple[list[Unit], bool]:
    """Units by a part of the name, or by a code; the second says whether there are more than are shown."""
    units = policies.VIEW.all(actor).filter(standing(on))
    if asked.kind:
        units = units.filter(kinds(asked.kind))
    if asked.q:
        units = units.filter(
            Q(name__icontains=asked.q)
            | Q(name_en__icontains=asked.q)
            | Q(short_name__icontains=asked.q)
            | Q(code=asked.q)
            | Q(codes__code__startswith=asked.q.upper().replace("-", ""))
        ).distinct()
    rows = list(units.order_by("path")[: MOST + 1])
    return rows[:MOST], len(rows) > MOST


def kinds(kind: str) -> Q:
    """Condition for a kind, or for one of the two groups `party`, `resident`."""
    from lianxi.commons.units.terms import PARTY_KINDS, RESIDENT_UNIT_KINDS

    groups = {"party": PARTY_KINDS, "resident": RESIDENT_UNIT_KINDS}
    return Q(kind__in=groups[kind]) if kind in groups else Q(kind=kind)


def lines_above(units: Iterable[Unit]) -> dict[int, list[Unit]]:
    """Unit → the units above it from the top down, in one query."""
    units = list(units)
    keys = {unit.pk: [int(key) for key in unit.path.split(".") if key][:-1] for unit in units}
    above = Unit._base_manager.in_bulk({key for line in keys.values() for key in line})
    return {key: [above[one] for one in line if one in above] for key, line in keys.items()}
