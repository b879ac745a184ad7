"""The list of rounds: addressed by its question, paged by key."""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Q, QuerySet

from lianxi.commons.permissions import Actor
from lianxi.commons.questions import Address, Question
from lianxi.commons.units.models import Unit

from .. import policies
from ..models import Round
from ..terms import FINISHED, RUNNING, Rule, State

VIEWS = ("running", "finished", "cancelled", "all")
SIZE = 25


@dataclass(frozen=True, slots=True)
class Asked(Question):
    """What the list is asked for."""

    view: str = "running"
    q: str = ""
    state: str = ""
    rule: str = ""
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
            rule=said.one("rule", Rule.values),
            kind=said.one("kind", ("party", "functional")),
            after=said.number("after"),
        )


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, and the key of the next page (0: none)."""

    rows: list[Round]
    next: int


def _view(view: str) -> Q:
    return {
        "running": Q(state__in=RUNNING),
        "finished": Q(state__in=FINISHED),
        "cancelled": Q(state=State.CANCELLED),
        "all": Q(),
    }[view]


def found(asked: Asked, *, actor: Actor, counting: bool = False) -> QuerySet[Round, Any]:
    """Rounds that the actor keeps and that fit the question, newest first. `counting`: whatever the view."""
    rows: QuerySet[Round, Any] = policies.KEEP.all(actor)
    if not counting:
        rows = rows.filter(_view(asked.view))
    if asked.q:
        rows = rows.filter(Q(title__icontains=asked.q) | Q(unit__name__icontains=asked.q))
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.rule:
        rows = rows.filter(rule=asked.rule)
    if asked.kind:
        rows = rows.filter(functional=asked.kind == "functional")
    return rows.order_by("-begun_at", "-pk")


def page(asked: Asked, *, actor: Actor) -> Page:
    """One page of the list, with units and counts of members and groups."""
    rows = found(asked, actor=actor).select_related("unit")
    if asked.after and (last := Round.objects.filter(pk=asked.after).values("begun_at", "pk").first()):
        rows = rows.filter(Q(begun_at__lt=last["begun_at"]) | Q(begun_at=last["begun_at"], pk__lt=last["pk"]))
    got = list(rows[: SIZE + 1])
    more = len(got) > SIZE
    got = got[:SIZE]
    keys = [one.pk for one in got]
    counted = Round.objects.filter(pk__in=keys).order_by()
    members = dict(counted.values_list("pk").annotate(n=Count("participants")))
    answered = dict(counted.values_list("pk").annotate(n=Count("participants", filter=~Q(participants__answer=""))))
    groups = dict(counted.values_list("pk").annotate(n=Count("groups")))
    for one in got:
        one.n_members, one.n_answered, one.n_groups = members[one.pk], answered[one.pk], groups[one.pk]
    return Page(got, got[-1].pk if more else 0)


def counts(asked: Asked, *, actor: Actor) -> dict[str, int]:
    """How many stand in each view, and how many the question found."""
    rows = found(replace(asked, state=""), actor=actor, counting=True).order_by()
    answer = rows.aggregate(
        **{view: Count("pk", filter=_view(view)) if view != "all" else Count("pk") for view in VIEWS}
    )
    answer["found"] = found(asked, actor=actor).count()
    return answer


def units_to_begin(*, actor: Actor, kinds: Any) -> QuerySet[Unit, Any]:
    """Where the actor may begin a round."""
    rows: QuerySet[Unit, Any] = policies.BEGIN.all(actor)
    return rows.filter(kind__in=kinds, until=None).order_by("path")
