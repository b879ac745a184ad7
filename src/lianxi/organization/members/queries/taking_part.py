"""Who has not taken part (B-05): since when, and by which of the three each did last.

Members are listed by branch, never by months: this is no ranking. The months count from the latest sign of any of the
three. The article lets each of the three count by itself; the days of all three are shown, so that the branch can judge.
Where there is no sign, they count from the day on which the register knows the member, and not before the branch began to
keep such records; a branch that keeps none is not counted at all, for there nothing can be told from silence.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Greatest, TruncDate
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions import Actor
from lianxi.commons.rulebook import Rule, applies, rule
from lianxi.commons.units.models import Unit

from .. import policies
from ..clock import quiet_by, quiet_months
from ..models import Affiliation, Member, TakingPart
from ..terms import PartKind, Standing

SIZE = 50


@dataclass(frozen=True, slots=True)
class Law:
    """B-05 as it stands on a day: months at which to alert, and after how many the branch may decide."""

    rule: Rule
    steps: tuple[int, ...]
    full: int

    def step(self, months: int) -> int:
        """The last step that so many months have reached; 0: none."""
        return max((one for one in self.steps if one <= months), default=0)


@applies("B-05", where=_("谁没有参加"))
def law(*, on: dt.date) -> Law:
    """The figures of B-05."""
    found = rule("B-05", on=on)
    return Law(found, tuple(sorted(int(one) for one in found.parameter("alert_months").value)), int(found.value))


@dataclass(frozen=True, slots=True)
class Quiet:
    """A member without a sign for some months; `last`: the latest day of each of the three, where there is one."""

    member: Member
    since: dt.date
    months: int
    last: tuple[dt.date | None, ...]

    @property
    def days(self) -> list[tuple[str, dt.date | None]]:
        """Each of the three with its latest day."""
        return [(str(kind.label), day) for kind, day in zip(PartKind, self.last, strict=True)]


@dataclass(frozen=True, slots=True)
class QuietPage:
    """A page of the list. `counts`: how many in each step (0: in all); `silent`: branches that keep no records; `next`: 0 or a key."""

    rows: list[Quiet]
    counts: dict[int, int]
    silent: int
    next: int


def quiet(rows: QuerySet[Member, Any], *, on: dt.date, months: int) -> QuerySet[Member, Any]:
    """Those of the members for whom so many months are over; `quiet_since` says since when.

    Two questions: whoever has a sign since is left out first, by one hash over the signs. Asked in one, the days of every
    member would be looked up before nearly all of them are left out.
    """
    edge = quiet_by(on, months)
    signs = TakingPart.objects.filter(member=OuterRef("pk"))
    without = rows.filter(~Exists(signs.filter(on__gt=edge)), standing=Standing.NORMAL)
    found = Member.objects.filter(pk__in=list(without.order_by().values_list("pk", flat=True))).annotate(
        sign=Subquery(signs.order_by("-on").values("on")[:1]),
        known=Subquery(Affiliation.objects.filter(member=OuterRef("pk")).order_by("since").values("since")[:1]),
        kept=Subquery(
            TakingPart.objects.filter(branch=OuterRef("branch")).order_by("at").values(day=TruncDate("at"))[:1]
        ),
    )
    return found.annotate(
        quiet_since=Case(
            When(sign__isnull=False, then=F("sign")),
            When(kept__isnull=False, then=Greatest(F("known"), F("kept"))),
        )
    ).filter(quiet_since__lte=edge)


def quiet_page(
    *, actor: Actor, on: dt.date, step: int = 0, unit: int = 0, after: int = 0, size: int = SIZE
) -> QuietPage:
    """A page of the members in the actor's care without a sign; `step`: only those between this step and the next."""
    rules = law(on=on)
    rows: QuerySet[Member, Any] = policies.PART.all(actor)
    if unit:
        path = Unit.objects.filter(pk=unit).values_list("path", flat=True).first()
        rows = rows.filter(branch_path__startswith=path) if path else rows.none()
    every = quiet(rows, on=on, months=rules.steps[0])
    counts = _counts(every, rules, on)
    found: Any = every
    if step in rules.steps:
        found = found.filter(quiet_since__lte=quiet_by(on, step))
        if below := _next(rules, step):
            found = found.filter(quiet_since__gt=quiet_by(on, below))
    if after and (last := Member.objects.filter(pk=after).values("branch_path").first()):
        found = found.filter(Q(branch_path__gt=last["branch_path"]) | Q(branch_path=last["branch_path"], pk__gt=after))
    got = list(
        found.select_related("person", "branch")
        .defer("identity", "address", "person__email")
        .order_by("branch_path", "pk")[: size + 1]
    )
    shown = got[:size]
    return QuietPage(_rows(shown, on), counts, _silent(rows), shown[-1].pk if len(got) > size else 0)


def _next(rules: Law, step: int) -> int:
    return min((one for one in rules.steps if one > step), default=0)


def _counts(every: QuerySet[Member, Any], rules: Law, on: dt.date) -> dict[int, int]:
    edges = {one: quiet_by(on, one) for one in rules.steps}
    said = every.aggregate(
        all=Count("pk"), **{f"over_{one}": Count("pk", filter=Q(quiet_since__lte=edges[one])) for one in rules.steps}
    )
    over = [said[f"over_{one}"] for one in rules.steps] + [0]
    return {0: said["all"]} | {one: over[n] - over[n + 1] for n, one in enumerate(rules.steps)}


def _rows(members: list[Member], on: dt.date) -> list[Quiet]:
    last = last_of(one.pk for one in members)
    return [
        Quiet(one, one.quiet_since, quiet_months(one.quiet_since, on), last.get(one.pk, NEVER))  # type: ignore[attr-defined]
        for one in members
    ]


NEVER: tuple[dt.date | None, ...] = (None,) * len(PartKind)


def last_of(members: Iterable[int]) -> dict[int, tuple[dt.date | None, ...]]:
    """Member → the latest day of each of the three, in the order of `PartKind`. One query; members without a sign are left out."""
    found: dict[int, dict[str, dt.date]] = {}
    rows = TakingPart.objects.filter(member__in=list(members)).order_by().values("member", "kind")
    for row in rows.annotate(last=Max("on")):
        found.setdefault(row["member"], {})[row["kind"]] = row["last"]
    return {key: tuple(days.get(kind) for kind in PartKind.values) for key, days in found.items()}


def latest_of(members: Iterable[int]) -> dict[int, dt.date]:
    """Member → the latest day of any of the three. One query."""
    return {key: max(day for day in days if day) for key, days in last_of(members).items()}


def parts_of(member: Member) -> list[dict[str, Any]]:
    """The three with the latest day of each, for the member's page."""
    days = last_of([member.pk]).get(member.pk, NEVER)
    return [{"label": kind.label, "day": day} for kind, day in zip(PartKind, days, strict=True)]


def signs_of(member: Member, *, most: int = 30) -> list[TakingPart]:
    """The latest signs of a member, to take one back."""
    return list(TakingPart.objects.filter(member=member).order_by("-on", "kind")[:most])


def _silent(rows: QuerySet[Member, Any]) -> int:
    """Branches of these members that keep no such records."""
    kept = TakingPart.objects.filter(branch=OuterRef("pk"))
    mine = rows.filter(standing=Standing.NORMAL).order_by().values("branch")
    return Unit.objects.filter(~Exists(kept), pk__in=mine).count()


def branches_for(actor: Actor) -> QuerySet[Unit, Any]:
    """Branches with members whose taking part the actor may write down."""
    mine = policies.PART.all(actor).filter(standing=Standing.NORMAL).order_by().values("branch")
    return Unit.objects.filter(pk__in=mine).select_related("parent").order_by("path")


def roster(branch: Unit, *, actor: Actor) -> QuerySet[Member, Any]:
    """The members of a branch whose taking part the actor may write down, by name."""
    found: QuerySet[Member, Any] = policies.PART.all(actor).filter(branch=branch, standing=Standing.NORMAL)
    return found.select_related("person").defer("identity", "address").order_by("person__name", "pk")
