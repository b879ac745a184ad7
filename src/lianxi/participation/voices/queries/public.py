"""What everybody may read: redacted copies that were published. It depends on nobody who asks, so nobody can tell a difference."""

import datetime as dt
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from math import sqrt
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import ANYBODY
from lianxi.commons.questions import Address, Question
from lianxi.commons.refusals import NotFound, Text
from lianxi.commons.search import matching
from lianxi.commons.units.models import Unit
from lianxi.commons.units.outlines import as_geojson
from lianxi.commons.units.terms import UnitKind

from .. import policies
from ..models import Answer, PublicCopy
from ..terms import TERM_OVER, Exit, Result, Solved, State
from .joined import people_of

SIZE = 20
ALIKE_FROM = 0.35
"""Cosine of character pairs from which two texts are shown as alike; almost always the same matter from .45."""
LOOKED_THROUGH = 600
ALIKE_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """A published copy as residents read it. `outcome`: what came of it, in a few words; `is_no`: it was refused.

    Of a withdrawn copy no word is left, the title neither: it may be why it was withdrawn.
    """

    pk: int
    title: str
    text: str
    answer: str
    place: Unit
    where: str
    at: dt.datetime
    outcome: Text
    is_no: bool
    withdrawn_at: dt.datetime | None = None
    withdrawn_why: str = ""
    people: int | None = None
    """About how many people say so; None where there are few."""


@dataclass(frozen=True, slots=True)
class Published:
    """A page of copies, and the key of the next."""

    rows: list[Shown] = field(default_factory=list)
    next: str = ""


@dataclass(frozen=True, slots=True)
class AskedCopies(Question):
    """The list's question: words, community (key), month (2026-11), key after which the page begins."""

    q: str = ""
    place: int = 0
    month: str = ""
    after: str = ""

    @classmethod
    def of(cls, params: Any) -> "AskedCopies":
        """Read an address; whatever does not fit is left out."""
        said = Address(params)
        month = said.text("month")
        return cls(
            q=said.text("q"),
            place=said.number("place"),
            month=month if _month(month) else "",
            after=said.text("after", 40),
        )


MOST_MONTHS = 24


def newest(count: int = 3) -> list[Shown]:
    """The newest results for the front door. One of them is a *no*, if there is one: only successes nobody believes."""
    rows = _rows(standing()[:count])
    if rows and not any(row.is_no for row in rows):
        refused = _rows(standing().filter(_REFUSED)[:1])
        rows[-1:] = refused or rows[-1:]
    return rows


def published(asked: AskedCopies) -> Published:
    """One page of the public list, newest first; withdrawn copies stand in it without their words."""
    found = _public()
    if asked.q.strip():
        found = matching(found.filter(withdrawn_at=None), asked.q, "title", "text")
    if asked.place:
        path = Unit.objects.filter(pk=asked.place).values_list("path", flat=True).first()
        found = found.filter(place_path__startswith=path) if path else found.none()
    if span := _month(asked.month):
        found = found.filter(published_at__gte=span[0], published_at__lt=span[1])
    if asked.after.isascii() and asked.after.isdigit():
        last = PublicCopy._base_manager.filter(pk=int(asked.after[:12])).values_list("published_at", flat=True).first()
        if last:
            found = found.filter(Q(published_at__lt=last) | Q(published_at=last, pk__lt=int(asked.after)))
    rows = _rows(found[: SIZE + 1])
    return Published(rows[:SIZE], str(rows[SIZE - 1].pk) if len(rows) > SIZE else "")


def public_copy(pk: int) -> Shown:
    """One published copy; of a withdrawn one only that it was withdrawn, when and why. Raises NotFound."""
    found = _rows(_public().filter(pk=pk)[:1])
    if not found:
        raise NotFound
    return found[0]


def to_join(pk: int) -> Shown | None:
    """A published copy that stands, for somebody who says the same; None if there is no such copy."""
    return next(iter(_rows(standing().filter(pk=pk)[:1])), None)


def months(at: dt.datetime) -> list[str]:
    """Of the last `MOST_MONTHS` months those in which something was published, newest first: 2026-11."""
    this = timezone.localtime(at).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    number = this.year * 12 + this.month  # of the month after this one, counted from 0
    starts = [this.replace(year=n // 12, month=n % 12 + 1) for n in range(number, number - MOST_MONTHS - 1, -1)]
    # One look into the index for each month: reading every copy for its month takes longer the more there are.
    looks = [
        _public().filter(published_at__gte=first, published_at__lt=end).values_list("published_at")[:1]
        for end, first in pairwise(starts)
    ]
    found = looks[0].union(*looks[1:], all=True)
    return sorted((f"{timezone.localtime(moment):%Y-%m}" for (moment,) in found), reverse=True)


def alike(text: str, *, place: int = 0) -> list[Shown]:
    """Published copies about much the same as `text`, most alike first. Never anything that is not public."""
    mine = _pairs(text)
    if sum(mine.values()) < 6:
        return []
    found = standing()
    if place:
        path = Unit.objects.filter(pk=place).values_list("path", flat=True).first()
        found = found.filter(place_path__startswith=path) if path else found
    scored = [(_cosine(mine, _pairs(f"{copy.title} {copy.text}")), copy) for copy in found[:LOOKED_THROUGH]]
    best = sorted((pair for pair in scored if pair[0] >= ALIKE_FROM), key=lambda pair: (-pair[0], -pair[1].pk))
    return _rows(copy for _score, copy in best[:ALIKE_AT_MOST])


_REFUSED = Q(solved=Solved.NO) | Q(result=Result.NOT_SUPPORT) | Q(voice__state=State.DECLINED)


def _public() -> QuerySet[Any, Any]:
    given = Answer._base_manager.filter(voice=OuterRef("voice"), given_at__isnull=False).order_by("-number")
    found: QuerySet[Any, Any] = (
        policies.READ_COPY.all(ANYBODY)
        .filter(published_at__isnull=False)
        .select_related("place", "voice")
        .annotate(result=Subquery(given.values("result")[:1]))
        .order_by("-published_at", "-pk")
    )
    return found


def standing() -> QuerySet[Any, Any]:
    """Published copies that were not withdrawn."""
    return _public().filter(withdrawn_at=None)


def _rows(copies: Iterable[Any]) -> list[Shown]:
    """Copies as they are read, with how many people say so: one query for all of them."""
    found = list(copies)
    people = people_of(copy.voice_id for copy in found if copy.withdrawn_at is None)
    return [_shown(copy, people.get(copy.voice_id)) for copy in found]


def _shown(copy: Any, people: int | None) -> Shown:
    gone = copy.withdrawn_at is not None
    outcome, is_no = _outcome(copy)
    return Shown(
        pk=copy.pk,
        title="" if gone else copy.title,
        text="" if gone else copy.text,
        answer="" if gone else copy.answer,
        place=copy.place,
        where=community_name(copy.place),
        at=copy.published_at,
        outcome=_("已撤下") if gone else outcome,
        is_no=is_no and not gone,
        withdrawn_at=copy.withdrawn_at,
        withdrawn_why=gettext(TERM_OVER) if copy.withdrawn_why == TERM_OVER else copy.withdrawn_why,
        people=people,
    )


def _outcome(copy: Any) -> tuple[Text, bool]:
    if copy.voice.state == State.DECLINED:
        return (Exit(copy.voice.exit).label if copy.voice.exit in Exit.values else State.DECLINED.label), True
    if copy.result == Result.NOT_SUPPORT:
        return Result.NOT_SUPPORT.label, True
    if copy.solved in Solved.values:
        return Solved(copy.solved).label, copy.solved == Solved.NO
    return State.ANSWERED.label, False


def _month(text: str) -> tuple[dt.datetime, dt.datetime] | None:
    try:
        first = dt.datetime.strptime(text, "%Y-%m").replace(tzinfo=timezone.get_current_timezone())
    except ValueError:
        return None
    if not 2000 <= first.year < 2100:
        return None
    return first, (first + dt.timedelta(days=32)).replace(day=1)


def _pairs(text: str) -> Counter[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())
    return Counter(plain[i : i + 2] for i in range(len(plain) - 1))


def _cosine(one: Counter[str], other: Counter[str]) -> float:
    if not one or not other:
        return 0.0
    shared = sum(count * other[pair] for pair, count in one.items() if pair in other)
    return shared / sqrt(sum(n * n for n in one.values()) * sum(n * n for n in other.values()))


COMMUNITIES = (UnitKind.COMMUNITY,)
NAMED = (
    UnitKind.DISTRICT,
    UnitKind.STREET,
    UnitKind.OFFICE,
    UnitKind.COMMUNITY,
    UnitKind.RESIDENTS,
    UnitKind.GOVERNMENT,
    UnitKind.INSTITUTION,
    UnitKind.SCHOOL,
    UnitKind.ENTERPRISE,
    UnitKind.SOCIAL,
)
"""Kinds of units whose names are public."""


def community_name(unit: Unit) -> str:
    """望槐社区, where the unit is its Party committee."""
    return unit.as_place


def communities(on: dt.date) -> list[Unit]:
    """The communities that a resident chooses from."""
    return [unit for unit in Unit.objects.filter(kind__in=COMMUNITIES) if unit.stands(on)]


def street_map(on: dt.date) -> dict[str, Any]:
    """Where the communities lie, as GeoJSON."""
    return as_geojson(COMMUNITIES, on=on)


def units_named(words: str, on: dt.date, most: int = 8) -> list[Unit]:
    """Units with a public name that has the words in it, shortest name first."""
    words = words.strip()[:60]
    if not words:
        return []
    found = Unit.objects.filter(kind__in=NAMED).filter(
        Q(name__icontains=words) | Q(short_name__icontains=words) | Q(name_en__icontains=words)
    )
    return sorted((unit for unit in found[:200] if unit.stands(on)), key=lambda unit: (len(unit.name), unit.path))[
        :most
    ]


def public_units(on: dt.date, most: int = 400) -> list[Unit]:
    """Every unit with a public name, for a page without scripts."""
    return [unit for unit in Unit.objects.filter(kind__in=NAMED)[:most] if unit.stands(on)]
