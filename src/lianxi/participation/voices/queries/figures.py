"""Figures: counts and three rates with their denominators, by month, kind, topic and community.

Two readings. The desk's is exact, within the permission of who asks and less what is kept from them. The public's is made
only of voices in which nobody is complained about, suppressed and rounded: so neither subtracting one public table from
another, nor the public figures from the own desk's, tells a person complained about that something is kept away.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import NOBODY, Actor, kept_from
from lianxi.commons.refusals import Text
from lianxi.commons.units.models import Unit
from lianxi.commons.units.terms import UnitKind

from .. import policies
from ..models import Voice
from ..terms import Kind, Satisfied, Solved, State, Topic

MONTHS = 12
SMALL = 5
"""Public cells below this are not shown; the others are rounded to a multiple of it."""

UNNAMED = Voice._base_manager.filter(accused_open=True).values("pk")
"""Voices of which it is not yet known whom they are about: in no figure, also not in the dispatcher's."""

LIVE_UP_TO = 20_000
"""Voices on record up to which every reading counts afresh; past it, readings keep for `KEPT`."""
KEPT = dt.timedelta(minutes=10)

COUNTS = ("received", "closed", "contacted", "dispatched", "answered", "due", "solved", "asked", "satisfied", "rated")


@dataclass(slots=True)
class Cell:
    """Counts of one group. Rates: contacted/dispatched, solved/asked, satisfied/rated (J-12); answered/due in time."""

    received: int = 0
    closed: int = 0
    contacted: int = 0
    dispatched: int = 0
    answered: int = 0
    due: int = 0
    solved: int = 0
    asked: int = 0
    satisfied: int = 0
    rated: int = 0

    def add(self, row: Sequence[int]) -> None:
        """Add counts in the order of `COUNTS`."""
        for name, count in zip(COUNTS, row, strict=True):
            setattr(self, name, getattr(self, name) + count)


@dataclass(frozen=True, slots=True)
class Shown:
    """A group as a table shows it. A count is None where it is suppressed; a rate pair where one of its counts is."""

    label: Text
    key: Any
    received: int | None
    closed: int | None
    response: tuple[int, int] | None
    resolution: tuple[int, int] | None
    satisfaction: tuple[int, int] | None

    @property
    def pairs(self) -> tuple[tuple[int, int] | None, ...]:
        return self.response, self.resolution, self.satisfaction


@dataclass(slots=True)
class Figures:
    """All tables of one reading: the whole, and by month, kind, topic, community."""

    first: dt.date
    last: dt.date
    whole: Shown
    as_of: dt.datetime | None = None
    """When what was counted before was counted; None if all of it was counted now."""
    months: list[Shown] = field(default_factory=list)
    kinds: list[Shown] = field(default_factory=list)
    topics: list[Shown] = field(default_factory=list)
    places: list[Shown] = field(default_factory=list)


def _counts(at: dt.datetime) -> dict[str, Count]:
    contact_over = Q(contacted_at__isnull=False) | Q(contact_due_at__lt=at)
    answer_over = Q(answered_at__isnull=False) | Q(answer_due_at__lt=at)
    reachable = Q(contact_due_at__isnull=False) & ~Q(naming="anonymous")
    asked = ~Q(solved_resident="") | ~Q(solved_call_back="")
    solved = Q(solved_call_back=Solved.YES) | Q(solved_call_back="", solved_resident=Solved.YES)
    return {
        "received": Count("pk"),
        "closed": Count("pk", filter=Q(state=State.CLOSED)),
        "dispatched": Count("pk", filter=reachable & contact_over),
        "contacted": Count("pk", filter=reachable & Q(contacted_at__lte=F("contact_due_at"))),
        "due": Count("pk", filter=Q(answer_due_at__isnull=False) & answer_over),
        "answered": Count("pk", filter=Q(answered_at__lte=F("answer_due_at"))),
        "asked": Count("pk", filter=asked),
        "solved": Count("pk", filter=solved),
        "rated": Count("pk", filter=~Q(satisfied="")),
        "satisfied": Count("pk", filter=Q(satisfied__in=[Satisfied.YES, Satisfied.FAIRLY])),
    }


def period(at: dt.datetime, months: int = MONTHS) -> tuple[dt.datetime, dt.datetime]:
    """The last `months` months, this one included; local midnights."""
    end = timezone.localtime(at)
    index = end.year * 12 + end.month - months
    first = end.replace(year=index // 12, month=index % 12 + 1, day=1, hour=0, minute=0, second=0, microsecond=0)
    return first, end


def _grouped(found: QuerySet[Voice, Any], at: dt.datetime) -> list[dict[str, Any]]:
    """One pass over a year of voices, grouped by everything; the tables are sums of these rows."""
    first, _end = period(at)
    known = found.exclude(pk__in=UNNAMED)
    groups = known.filter(received_at__gte=first, received_at__lte=at).annotate(month=TruncMonth("received_at"))
    rows: Any = groups.order_by().values("month", "kind", "topic", "place").annotate(**_counts(at))
    with transaction.atomic(), connection.cursor() as cursor:
        # The planner cannot guess how few groups there are, and would sort a year of voices on disk.
        cursor.execute("SET LOCAL work_mem = '64MB'")
        return list(rows)


def desk_figures(*, actor: Actor, at: dt.datetime) -> Figures:
    """Exact, for the area of the actor's posts, less what is kept from the actor."""
    paths = [unit.path for unit in policies.FIGURES.all(actor).filter(pk__in=[post.unit_id for post in actor.posts])]
    area = NOBODY
    for path in paths:
        area = area | Q(place_path__startswith=path)
    kept = kept_from(Voice, actor)
    return _read("desk " + " ".join(sorted(paths)), area, ~kept if kept else Q(), at, _exact)


def public_figures(*, at: dt.datetime) -> Figures:
    """For everybody: only voices in which nobody is complained about, suppressed and rounded, each margin by itself."""
    return _read("public", Q(accused_any=False), Q(), at, rounded)


def _read(name: str, area: Q, open_to: Q, at: dt.datetime, shown: Callable[[int], int | None]) -> Figures:
    """Count afresh, or, with many voices on record, add what changes with the reader to what was counted for all.

    Kept are only sums of voices that are kept from nobody; whatever concerns a person or a unit is counted afresh for
    each reader, so that what is kept tells nobody anything.
    """
    if _on_record() <= LIVE_UP_TO:
        return _tables(_summed(_grouped(Voice._base_manager.filter(area & open_to), at)), at, shown)
    stored = _stored(name, area, at)
    sums = {key: list(counts) for key, counts in stored.sums.items()}
    delicate = Voice._base_manager.filter(area & open_to).extra(
        where=["voices_voice.id = ANY(%s)"], params=[stored.delicate]
    )
    _summed(_grouped(delicate, at), sums)
    return _tables(sums, at, shown, stored.at)


def _on_record() -> int:
    """About how many voices there are, as the database last counted them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = 'voices_voice'::regclass")
        return int(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True)
class Stored:
    """What was counted for all readers of an area. `delicate`: keys left out, to be counted for each reader."""

    at: dt.datetime
    sums: "Sums"
    delicate: list[int]


def _stored(name: str, area: Q, at: dt.datetime) -> Stored:
    key = "voices.figures:" + hashlib.sha256(f"{name} {period(at)[0]}".encode()).hexdigest()[:32]
    stored: Stored | None = cache.get(key)
    if stored is None or not stored.at <= at < stored.at + KEPT:
        party = Q(accused_any=True) | Q(accused_open=True) | Q(pk__in=policies.PARTIES)
        found = Voice._base_manager.filter(area)
        plain = _summed(_grouped(found.exclude(party), at))
        first, _end = period(at)
        keys = found.filter(party, received_at__gte=first, received_at__lte=at).values_list("pk", flat=True)
        stored = Stored(at, plain, list(keys))
        cache.set(key, stored, KEPT.total_seconds())
    return stored


def _exact(count: int) -> int | None:
    return count


def rounded(count: int) -> int | None:
    """None below five; else the nearest multiple of five. The same count always gives the same figure."""
    return None if count < SMALL else SMALL * ((count + SMALL // 2) // SMALL)


def _pair(value: int, of: int, shown: Callable[[int], int | None]) -> tuple[int, int] | None:
    """Numerator and denominator as they are shown; None if one of them is not."""
    a, b = shown(value), shown(of)
    return None if a is None or b is None else (a, b)


def _show(label: Text, key: Any, cell: Cell, shown: Callable[[int], int | None]) -> Shown:
    return Shown(
        label=label,
        key=key,
        received=shown(cell.received),
        closed=shown(cell.closed),
        response=_pair(cell.contacted, cell.dispatched, shown),
        resolution=_pair(cell.solved, cell.asked, shown),
        satisfaction=_pair(cell.satisfied, cell.rated, shown),
    )


Sums = dict[tuple[str, Any], list[int]]
"""Counts in the order of `COUNTS`, by table and key of its row; ("", "") is the whole."""


def _summed(rows: Iterable[dict[str, Any]], sums: Sums | None = None) -> Sums:
    """The sums of grouped rows, added to those given."""
    sums = {} if sums is None else sums
    for row in rows:
        counts = [row[name] for name in COUNTS]
        month = timezone.localtime(row["month"]).date()
        for key in (("", ""), ("month", month), *((name, row[name]) for name in ("kind", "topic", "place"))):
            if (cell := sums.get(key)) is None:
                sums[key] = counts[:]
            else:
                for index, count in enumerate(counts):
                    cell[index] += count
    return sums


def _tables(
    sums: Sums, at: dt.datetime, shown: Callable[[int], int | None], as_of: dt.datetime | None = None
) -> Figures:
    def cell(name: str, key: Any) -> Cell:
        made = Cell()
        if counts := sums.get((name, key)):
            made.add(counts)
        return made

    first, last = period(at)
    places = Unit.objects.filter(kind=UnitKind.COMMUNITY).order_by("path")

    def table(name: str, choices: Iterable[tuple[Any, Text]]) -> list[Shown]:
        return [_show(label, key, cell(name, key), shown) for key, label in choices]

    return Figures(
        first=first.date(),
        last=last.date(),
        whole=_show(_("合计"), "", cell("", ""), shown),
        as_of=as_of,
        months=table("month", [(day, f"{day:%Y-%m}") for day in _months(first.date())]),
        kinds=table("kind", Kind.choices),
        topics=table("topic", Topic.choices),
        places=table(
            "place", [(one.pk, one.as_place) for one in places if ("place", one.pk) in sums or shown is rounded]
        ),
    )


def _months(first: dt.date) -> list[dt.date]:
    return [
        dt.date((first.year * 12 + first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1) for n in range(MONTHS)
    ]


def week(*, actor: Actor, at: dt.datetime) -> list[tuple[Text, int, int | None]]:
    """Last week, Monday to Sunday, in what the actor may see: label, count, denominator."""
    local = timezone.localtime(at)
    monday = local.replace(hour=0, minute=0, second=0, microsecond=0) - dt.timedelta(days=local.weekday() + 7)
    counted = (
        policies.HISTORY.all(actor)
        .exclude(pk__in=UNNAMED)
        .filter(received_at__gte=monday, received_at__lt=monday + dt.timedelta(days=7))
        .aggregate(**_counts(at))
    )
    return [
        (_("收到"), counted["received"], None),
        (_("按期答复"), counted["answered"], counted["due"]),
        (_("居民说解决了"), counted["solved"], counted["asked"]),
        (_("满意"), counted["satisfied"], counted["rated"]),
    ]
