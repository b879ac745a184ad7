"""Lists: addressed by their question, paged by key."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from lianxi.commons.permissions import Actor
from lianxi.commons.questions import Address, Question
from lianxi.commons.search import matching
from lianxi.commons.units.models import Unit

from .. import policies
from ..models import Voice
from ..terms import OPEN, ClockKind, Kind, State, Topic

SIZES = (10, 25, 50, 100)
VIEWS = ("open", "soon", "late", "waiting", "second", "mine", "answered", "all")
ORDERS = ("due", "-due", "received", "-received")
EITHER = {
    "due": ("due_at", 1),
    "-due": ("due_at", -1),
    "received": ("received_at", 1),
    "-received": ("received_at", -1),
}
"""Column and direction of an order. Rows without a deadline stand last both ways."""


@dataclass(frozen=True, slots=True)
class Asked(Question):
    """What the list is asked for."""

    view: str = "open"
    q: str = ""
    kind: str = ""
    topic: str = ""
    state: str = ""
    place: int = 0
    owner: int = 0
    order: str = "due"
    size: int = 25
    after: str = ""
    before: str = ""
    start: int = 0

    @classmethod
    def of(cls, params: Any) -> "Asked":
        """Read an address; whatever does not fit is left out."""
        said = Address(params)
        size = said.number("size", 25)
        return cls(
            view=said.one("view", VIEWS, "open"),
            q=said.text("q", 100),
            kind=said.one("kind", Kind.values),
            topic=said.one("topic", Topic.values),
            state=said.one("state", State.values),
            place=said.number("place"),
            owner=said.number("owner"),
            order=said.one("order", ORDERS, "due"),
            size=size if size in SIZES else 25,
            after=said.text("after", 40),
            before=said.text("before", 40),
            start=said.number("start"),
        )


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. `next`, `previous`: keys after and before which the neighbouring pages lie; empty at the ends."""

    rows: list[Voice] = field(default_factory=list)
    next: str = ""
    previous: str = ""


def chosen(asked: Asked, *, actor: Actor, at: dt.datetime) -> QuerySet[Voice, Any]:
    """The rows of a question, unordered, as far as the actor may see them."""
    found = policies.HISTORY.all(actor)
    found = _view(found, asked.view, actor, at)
    for name in ("kind", "topic", "state"):
        if value := getattr(asked, name):
            found = found.filter(**{name: value})
    for name in ("place", "owner"):
        if key := getattr(asked, name):
            path = Unit.objects.filter(pk=key).values_list("path", flat=True).first()
            found = found.filter(**{f"{name}_path__startswith": path}) if path else found.none()
    return _searched(found, asked.q)


def listed(asked: Asked, *, actor: Actor, at: dt.datetime) -> Page:
    """One page: the rows with owner, place and handler, and the keys of its neighbours."""
    back = bool(asked.before)
    found = _paged(chosen(asked, actor=actor, at=at), asked, back)
    rows = list(found.select_related("owner", "place", "handler")[: asked.size + 1])
    more, rows = len(rows) > asked.size, rows[: asked.size]
    if back:
        rows.reverse()
    if not rows:
        return Page()
    forward, backward = (True, more) if back else (more, bool(asked.after))
    return Page(rows, _key(rows[-1], asked) if forward else "", _key(rows[0], asked) if backward else "")


def counted(asked: Asked, *, actor: Actor, at: dt.datetime) -> int | None:
    """How many rows a question has; None where counting would mean to read everything."""
    if asked.view in ("all", "answered"):
        return None
    return chosen(asked, actor=actor, at=at).count()


def taken_out(asked: Asked, *, actor: Actor, at: dt.datetime) -> QuerySet[Voice, Any]:
    """Every row of a question, in its order, for an export."""
    found = _ordered(chosen(replace(asked, after="", before=""), actor=actor, at=at), asked, False)
    return found.select_related("owner", "place", "handler")


def picked(keys: Sequence[int], *, actor: Actor) -> list[Voice]:
    """The rows with these keys, as far as the actor may see them, soonest first."""
    found = policies.HISTORY.all(actor).filter(pk__in=list(keys)[:200])
    return list(found.select_related("owner", "place", "handler").order_by(F("due_at").asc(nulls_last=True), "pk"))


def _view(found: QuerySet[Voice, Any], view: str, actor: Actor, at: dt.datetime) -> QuerySet[Voice, Any]:
    if view == "all":
        return found
    if view == "answered":
        return found.filter(state__in=[State.ANSWERED, State.CALL_BACK, State.CLOSED])
    found = found.filter(state__in=OPEN)
    if view == "late":
        return found.filter(due_at__lt=at).exclude(due_clock=ClockKind.RATE)
    if view == "soon":
        return found.filter(due_at__gte=at, due_at__lt=end_of_tomorrow(at)).exclude(due_clock=ClockKind.RATE)
    if view == "waiting":
        return found.filter(state=State.AWAITING_RESIDENT)
    if view == "second":
        return found.filter(state__in=[State.UNSATISFIED, State.SECOND_HANDLING])
    if view == "mine":
        return found.filter(handler=actor.person_id) if actor.person_id else found.none()
    return found


def end_of_tomorrow(at: dt.datetime) -> dt.datetime:
    """Midnight after tomorrow, local time."""
    local = timezone.localtime(at)
    return (local + dt.timedelta(days=2)).replace(hour=0, minute=0, second=0, microsecond=0)


def _searched(found: QuerySet[Voice, Any], q: str) -> QuerySet[Voice, Any]:
    q = q.strip()
    digits = q.strip("〔〕号").replace("〕", "-").lstrip("0")
    if digits.isascii() and digits.isdigit() and len(digits) <= 6 and digits:
        return found.filter(number=int(digits)) | matching(found, q, "title", "text")
    return matching(found, q, "title", "text") if q else found


def _ordered(found: QuerySet[Voice, Any], asked: Asked, back: bool) -> QuerySet[Voice, Any]:
    name, way = EITHER[asked.order]
    column = F(name)
    if name == "received_at":
        return found.order_by(*((name, "pk") if (way > 0) != back else (f"-{name}", "-pk")))
    if (way > 0) != back:
        return found.order_by(column.asc(nulls_first=True) if back else column.asc(nulls_last=True), "pk")
    return found.order_by(column.desc(nulls_first=True) if back else column.desc(nulls_last=True), "-pk")


def _paged(found: QuerySet[Voice, Any], asked: Asked, back: bool) -> QuerySet[Voice, Any]:
    found = _ordered(found, asked, back)
    text, _, pk = (asked.before or asked.after).partition("_")
    if not (pk.isascii() and pk.isdigit()):
        return found
    name, way = EITHER[asked.order]
    sign = "gt" if (way > 0) != back else "lt"
    if text == "none":
        last = Q(**{name: None, f"pk__{sign}": int(pk)})
        return found.filter(last | Q(**{f"{name}__isnull": False}) if back else last)
    if (since := _moment(text)) is None:
        return found
    beyond = Q(**{f"{name}__{sign}": since}) | Q(**{name: since, f"pk__{sign}": int(pk)})
    if name == "received_at":
        return found.filter(**{f"{name}__{sign}e": since}).filter(beyond)
    return found.filter(beyond if back else beyond | Q(**{name: None}))


def _moment(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromtimestamp(int(text) / 1_000_000, tz=dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _key(row: Voice, asked: Asked) -> str:
    moment = getattr(row, EITHER[asked.order][0])
    if moment is None:
        return f"none_{row.pk}"
    whole = round((moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) / dt.timedelta(microseconds=1))
    return f"{whole}_{row.pk}"
