"""The list of plans."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from lianxi.commons.permissions import Actor
from lianxi.commons.units.models import Unit

from .. import policies
from ..models import SeatPlan
from ..terms import PUBLIC, WORKING, State

VIEWS: dict[str, Q] = {
    "all": ~Q(state__in=(State.DROPPED,)),
    "working": Q(state__in=WORKING),
    "submitted": Q(state=State.SUBMITTED),
    "public": Q(state__in=PUBLIC),
}
MOST = 200


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[SeatPlan]
    counts: dict[str, int]
    begin_at: list[Unit]
    """Units where the actor may begin a plan, the highest ones."""


def listed(view: str, *, actor: Actor) -> Page:
    """The plans of a view that the actor may see, newest first."""
    every = policies.VIEW.all(actor)
    counts = every.aggregate(**{name: Count("pk", filter=condition) for name, condition in VIEWS.items()})
    rows = every.filter(VIEWS[view]).select_related("body").order_by("-pk")[:MOST]
    return Page(list(rows), counts, may_begin(actor))


def may_begin(actor: Actor) -> list[Unit]:
    """Where the actor may begin a plan: the units of the own posts, and the committees below them."""
    kinds = ("district", "street", "community", "committee")
    return list(policies.BEGIN.all(actor).filter(kind__in=kinds, until=None).order_by("path")[:60])


def published() -> list[SeatPlan]:
    """What anybody may read, newest first."""
    rows: Any = SeatPlan.objects.filter(state__in=PUBLIC).select_related("body").order_by("-published_at")
    return list(rows[:100])
