"""The list of polls: addressed by its question, paged by key."""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Q, QuerySet

from lianxi.commons.permissions import Actor
from lianxi.commons.questions import Address, Question
from lianxi.commons.units.models import Unit

from .. import policies
from ..models import Poll, RollEntry
from ..terms import Kind, State

VIEWS = ("running", "published", "withdrawn", "all")
SIZE = 25
COUNTED_FROM = (State.OPEN, State.CLOSED, State.COUNTED, State.PUBLISHED)
"""States in which the number of ballots says something."""


@dataclass(frozen=True, slots=True)
class Asked(Question):
    """What the list is asked for."""

    view: str = "running"
    q: str = ""
    state: str = ""
    kind: str = ""
    after: int = 0

    @classmethod
    def of(cls, params: Any) -> "Asked":
        """Read an address; whatever does not fit is left out."""
        said = Address(params)
        return cls(
            view=said.one("view", VIEWS, "running"),
            q=said.words("q"),
            state=said.one("state", State.values),
            kind=said.one("kind", Kind.values),
            after=said.number("after"),
        )


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, and the key of the next page (0: none)."""

    rows: list[Any]
    next: int


def _view(view: str) -> Q:
    return {
        "running": ~Q(state__in=(State.PUBLISHED, State.WITHDRAWN)),
        "published": Q(state=State.PUBLISHED),
        "withdrawn": Q(state=State.WITHDRAWN),
        "all": Q(),
    }[view]


def found(asked: Asked, *, actor: Actor, counting: bool = False) -> QuerySet[Poll, Any]:
    """Polls that the actor may see and that fit the question, newest first. `counting`: whatever the view."""
    rows: QuerySet[Poll, Any] = policies.VIEW.all(actor)
    if not counting:
        rows = rows.filter(_view(asked.view))
    if asked.q:
        rows = rows.filter(Q(title__icontains=asked.q) | Q(unit__name__icontains=asked.q))
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    return rows.order_by("-pk")


def page(asked: Asked, *, actor: Actor) -> Page:
    """One page of the list, with units and numbers of voters."""
    rows = found(asked, actor=actor).select_related("unit")
    if asked.after:
        rows = rows.filter(pk__lt=asked.after)
    got = list(rows[: SIZE + 1])
    more = len(got) > SIZE
    got = got[:SIZE]
    voters = voters_of([one.pk for one in got])
    for one in got:
        setattr(one, "voters", voters.get(one.pk, 0))  # noqa: B010 - for the row only
        setattr(one, "shows_ballots", one.state in COUNTED_FROM)  # noqa: B010
    return Page(got, got[-1].pk if more else 0)


def voters_of(keys: list[int]) -> dict[int, int]:
    """Poll → names on its roll."""
    rows = RollEntry._base_manager.filter(poll__in=keys).order_by().values_list("poll").annotate(n=Count("pk"))
    return dict(rows)


def counts(asked: Asked, *, actor: Actor) -> dict[str, int]:
    """How many stand in each view, and how many the question found."""
    rows = found(replace(asked, state=""), actor=actor, counting=True).order_by()
    answer = rows.aggregate(
        **{view: Count("pk", filter=_view(view)) if view != "all" else Count("pk") for view in VIEWS}
    )
    answer["found"] = found(asked, actor=actor).count()
    return answer


def units_to_begin(*, actor: Actor) -> QuerySet[Unit, Any]:
    """Where the actor may begin a poll."""
    rows: QuerySet[Unit, Any] = policies.PLAN.all(actor)
    return rows.filter(until=None).order_by("path")
