"""What the register says on a day: members, organisations and groups by electoral unit and trade."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from lianxi.commons.units.models import Unit
from lianxi.commons.units.terms import UnitKind
from lianxi.organization.members.models import Affiliation
from lianxi.organization.members.terms import Sex
from lianxi.organization.units.models import Profile

from ..models import PlanTrade
from ..terms import YOUNG_UNTIL

ORGANISATIONS = (
    UnitKind.COMMUNITY,
    UnitKind.COMMITTEE,
    UnitKind.GENERAL_BRANCH,
    UnitKind.BRANCH,
    UnitKind.JOINT_BRANCH,
)
"""What counts as a Party organisation: committees, general branches, branches."""
REGIONS = (UnitKind.STREET, *ORGANISATIONS)
HAN = "01"


@dataclass(slots=True)
class Figures:
    """Figures of one electoral unit on a day; `people` by trade, in the order of the trades."""

    members: int = 0
    organizations: int = 0
    women: int = 0
    young: int = 0
    minority: int = 0
    people: list[int] = field(default_factory=list)


def regions_of(body: Unit, *, on: dt.date) -> list[Unit]:
    """The electoral units of a congress: the Party organisations directly below the body, or below its only one."""
    above = body
    while True:
        standing = Unit.objects.filter(Q(until=None) | Q(until__gte=on), since__lte=on, kind__in=REGIONS)
        found = list(standing.filter(parent=above).order_by("path"))
        if len(found) != 1:
            return found or ([above] if above != body else [])
        above = found[0]


class Sorter:
    """Says in which trade a member counts: the words of the post, else the sector of the branch, else the rest."""

    def __init__(self, trades: Sequence[PlanTrade]) -> None:
        self.trades = list(trades)
        self.sectors = {sector: place for place, one in reversed(list(enumerate(trades))) for sector in one.sectors}
        self.rest = next((place for place, one in enumerate(trades) if one.rest), len(self.trades) - 1)
        self.known: dict[str, int | None] = {}

    def _by_words(self, work: str) -> int | None:
        if work not in self.known:
            found = (place for place, one in enumerate(self.trades) if any(word in work for word in one.words if word))
            self.known[work] = next(found, None) if work else None
        return self.known[work]

    def place(self, work: str, sector: str) -> int:
        found = self._by_words(work)
        return found if found is not None else self.sectors.get(sector, self.rest)


def count(regions: Iterable[Unit], trades: Sequence[PlanTrade], *, on: dt.date) -> dict[int, Figures]:
    """Unit → its figures. Three queries; whose affiliation ran on that day counts."""
    regions = list(regions)
    result = {one.pk: Figures(people=[0] * len(trades)) for one in regions}
    sectors = dict(Profile.objects.exclude(sector="").values_list("unit", "sector"))
    below = Q()
    for one in regions:
        below |= Q(path__startswith=one.path)
    if not regions:
        return result
    for path in Unit.objects.filter(
        below, Q(until=None) | Q(until__gte=on), since__lte=on, kind__in=ORGANISATIONS
    ).values_list("path", flat=True):
        if found := _owner(path, result):
            found.organizations += 1
    _count_members(below, result, Sorter(trades), sectors, on)
    return result


def _count_members(below: Q, result: dict[int, Figures], sorter: Sorter, sectors: dict[int, str], on: dt.date) -> None:
    young_from = on.replace(year=on.year - YOUNG_UNTIL - 1, day=min(on.day, 28))
    paths = dict(Unit.objects.filter(below).values_list("pk", "path"))
    rows = (
        Affiliation.objects.filter(Q(until=None) | Q(until__gt=on), since__lte=on, unit__in=list(paths))
        .order_by()
        .values_list("unit", "member__work", "member__sex", "member__nationality", "member__born_on")
    )
    tally: Counter[tuple[int, str]] = Counter()
    for unit, work, sex, nationality, born in rows.iterator(chunk_size=5000):
        found = _owner(paths[unit], result)
        if found is None:
            continue
        tally[unit, work] += 1
        found.members += 1
        found.women += sex == Sex.FEMALE
        found.minority += nationality != HAN
        found.young += born > young_from
    for (unit, work), n in tally.items():
        found = _owner(paths[unit], result)
        if found is not None:
            found.people[sorter.place(work, _sector(paths[unit], sectors))] += n


def _keys(path: str) -> list[int]:
    return [int(part) for part in path.split(".") if part]


def _owner(path: str, result: dict[int, Figures]) -> Figures | None:
    return next((result[key] for key in _keys(path) if key in result), None)


def _sector(path: str, sectors: dict[int, str]) -> str:
    """The sector of the nearest unit upward that has one."""
    return next((sectors[key] for key in reversed(_keys(path)) if key in sectors), "")
