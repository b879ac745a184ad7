"""Lists: addressed by their question, paged by key."""

import datetime as dt
from dataclasses import dataclass, field, fields, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from lianxi.commons.permissions import Actor
from lianxi.commons.search import matching
from lianxi.commons.units.models import Unit

from .. import policies
from ..models import Voice
from ..terms import IN_WORK, OPEN, ClockKind, Kind, State, Topic

SIZES = (10, 25, 50, 100)
VIEWS = ("open", "soon", "late", "waiting", "second", "mine", "answered", "all")
ORDERS = ("due", "new", "old")


@dataclass(frozen=True, slots=True)
class Asked:
    """A list's question. A saved view is its query string."""

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

    @classmethod
    def of(cls, params: Any) -> "Asked":
        """Read an address; whatever does not fit is left out."""

        def one(name: str, among: Any, otherwise: Any) -> Any:
            value = params.get(name, otherwise)
            return value if value in among else otherwise

        def number(name: str, otherwise: int = 0) -> int:
            text = str(params.get(name, ""))
            return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise

        size = number("size", 25)
        return cls(
            view=one("view", VIEWS, "open"),
            q=str(params.get("q", ""))[:100].replace("\x00", ""),
            kind=one("kind", Kind.values, ""),
            topic=one("topic", Topic.values, ""),
            state=one("state", State.values, ""),
            place=number("place"),
            owner=number("owner"),
            order=one("order", ORDERS, "due"),
            size=size if size in SIZES else 25,
            after=str(params.get("after", ""))[:40],
        )

    def query(self, **change: Any) -> str:
        """The query string of this question, or of one changed in some answers; defaults are left out."""
        changed = replace(self, **({"after": ""} | change))
        defaults = Asked()
        return urlencode(
            {
                f.name: getattr(changed, f.name)
                for f in fields(Asked)
                if getattr(changed, f.name) != getattr(defaults, f.name)
            }
        )


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. `next`: the key after which the next page begins; empty at the end."""

    rows: list[Voice] = field(default_factory=list)
    next: str = ""


def chosen(asked: Asked, *, actor: Actor, at: dt.datetime) -> QuerySet[Voice, Any]:
    """The rows of a question, unordered, as far as the actor may see them."""
    found = policies.VIEW.all(actor)
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
    """One page: the rows with owner, place and handler, and the key of the next."""
    found = _after(chosen(asked, actor=actor, at=at), asked)
    rows = list(found.select_related("owner", "place", "handler")[: asked.size + 1])
    more, rows = len(rows) > asked.size, rows[: asked.size]
    return Page(rows, _key(rows[-1], asked) if more else "")


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


def _after(found: QuerySet[Voice, Any], asked: Asked) -> QuerySet[Voice, Any]:
    if asked.order == "due":
        found = found.order_by(F("due_at").asc(nulls_last=True), "pk")
    else:
        found = found.order_by(*(("-received_at", "-pk") if asked.order == "new" else ("received_at", "pk")))
    moment, _, pk = asked.after.partition("_")
    if not pk.isdigit():
        return found
    if asked.order == "due":
        if moment == "none":
            return found.filter(due_at=None, pk__gt=int(pk))
        since = _moment(moment)
        return found.filter(Q(due_at__gt=since) | Q(due_at=since, pk__gt=int(pk)) | Q(due_at=None)) if since else found
    since, sign = _moment(moment), "lt" if asked.order == "new" else "gt"
    if since is None:
        return found
    return found.filter(**{f"received_at__{sign}e": since}).filter(
        Q(**{f"received_at__{sign}": since}) | Q(**{f"pk__{sign}": int(pk)})
    )


def _moment(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromtimestamp(int(text) / 1_000_000, tz=dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _key(row: Voice, asked: Asked) -> str:
    moment = row.due_at if asked.order == "due" else row.received_at
    if moment is None:
        return f"none_{row.pk}"
    whole = round((moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) / dt.timedelta(microseconds=1))
    return f"{whole}_{row.pk}"


WORKING_ON = IN_WORK
