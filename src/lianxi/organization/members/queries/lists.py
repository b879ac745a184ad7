"""The list of members: addressed by its question, paged by key."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from lianxi.commons.blinding import plain_form
from lianxi.commons.permissions import Actor
from lianxi.commons.questions import Address, Question
from lianxi.commons.units.models import Unit

from .. import policies
from ..checks import years_after
from ..models import Member
from ..terms import AGES, CURRENT, Education, Kind, Sex, Standing

SIZES = (10, 25, 50, 100)
VIEWS = ("all", "probationary", "mobile", "lost", "left")
ORDERS = {
    "branch": "branch_path",
    "joined": "joined_on",
    "-joined": "-joined_on",
    "born": "born_on",
    "-born": "-born_on",
}


@dataclass(frozen=True, slots=True)
class Asked(Question):
    """What the list is asked for."""

    view: str = "all"
    q: str = ""
    unit: int = 0
    kind: str = ""
    sex: str = ""
    age: str = ""
    education: str = ""
    standing: str = ""
    order: str = "branch"
    size: int = 25
    after: int = 0
    before: int = 0

    @classmethod
    def of(cls, params: Any) -> "Asked":
        """Read an address; whatever does not fit is left out."""
        said = Address(params)
        size = said.number("size", 25)
        return cls(
            view=said.one("view", VIEWS, "all"),
            q=said.words("q"),
            unit=said.number("unit"),
            kind=said.one("kind", Kind.values),
            sex=said.one("sex", Sex.values),
            age=said.one("age", [band[0] for band in AGES]),
            education=said.one("education", Education.values),
            standing=said.one("standing", Standing.values),
            order=said.one("order", ORDERS, "branch"),
            size=size if size in SIZES else 25,
            after=said.number("after"),
            before=said.number("before"),
        )


@dataclass(frozen=True, slots=True)
class Page:
    """Rows with the keys of the pages beside them (0: none)."""

    rows: list[Member]
    previous: int
    next: int


def _view(view: str) -> Q:
    current = Q(standing__in=CURRENT)
    return {
        "all": current,
        "probationary": current & Q(kind=Kind.PROBATIONARY),
        "mobile": current & Q(mobile=True),
        "lost": current & Q(lost=True),
        "left": Q(standing__in=(Standing.LEFT, Standing.DIED)),
    }[view]


def _searched(q: str) -> Q:
    """By whole ID, whole phone, number in the register, or the beginning of the name."""
    text = plain_form(q)
    if len(text) == 18 and text[:17].isdigit():
        return Q(identity_is=text)
    if len(text) >= 10 and text.isdigit():
        return Q(person__phone_is=text)
    if text.isascii() and text.isdigit():
        return Q(pk=int(text))
    return Q(person__name__startswith=q)


def _aged(band: str, on: dt.date) -> Q:
    low, high = next((one[2], one[3]) for one in AGES if one[0] == band)
    return Q(born_on__lte=years_after(on, -low), born_on__gt=years_after(on, -(high + 1)))


def found(asked: Asked, *, actor: Actor, on: dt.date) -> QuerySet[Member, Any]:
    """Everything that the question asks for and the actor may see, in its order; not yet paged."""
    rows: QuerySet[Member, Any] = policies.VIEW.all(actor)
    rows = rows.filter(Q(standing=asked.standing) if asked.standing else _view(asked.view))
    if asked.unit:
        path = Unit.objects.filter(pk=asked.unit).values_list("path", flat=True).first()
        rows = rows.filter(branch_path__startswith=path) if path else rows.none()
    if asked.q:
        rows = rows.filter(_searched(asked.q))
    if asked.age:
        rows = rows.filter(_aged(asked.age, on))
    for name in ("kind", "sex", "education"):
        if value := getattr(asked, name):
            rows = rows.filter(**{name: value})
    return rows


def page(asked: Asked, *, actor: Actor, on: dt.date) -> Page:
    """One page of the list, with persons and branches."""
    column = ORDERS[asked.order]
    name, down = column.lstrip("-"), column.startswith("-")
    rows = (
        found(asked, actor=actor, on=on)
        .select_related("person", "branch")
        .defer("identity", "address", "person__email")
    )
    backwards = bool(asked.before) and not asked.after
    key = asked.before if backwards else asked.after
    if key:
        at = Member.objects.filter(pk=key).values(name).first()
        if at is None:
            return Page([], 0, 0)
        side = "lt" if down != backwards else "gt"
        tie = "lt" if backwards else "gt"
        rows = rows.filter(Q(**{f"{name}__{side}": at[name]}) | Q(**{name: at[name], f"pk__{tie}": key}))
    first = F(name).desc() if down != backwards else F(name).asc()
    got = list(rows.order_by(first, "-pk" if backwards else "pk")[: asked.size + 1])
    more = len(got) > asked.size
    got = got[: asked.size]
    if backwards:
        got.reverse()
    if not got:
        return Page([], 0, 0)
    previous = got[0].pk if (asked.after or (backwards and more)) else 0
    following = got[-1].pk if (backwards or more) else 0
    return Page(got, previous, following)


def counts(asked: Asked, *, actor: Actor, on: dt.date) -> dict[str, int]:
    """How many stand in each view, under the other answers of the question; and `found` of the question itself."""
    base = replace(asked, view="all", standing="")
    rows: QuerySet[Member, Any] = policies.VIEW.all(actor)
    if base.unit:
        path = Unit.objects.filter(pk=base.unit).values_list("path", flat=True).first()
        rows = rows.filter(branch_path__startswith=path) if path else rows.none()
    answer = rows.aggregate(**{view: Count("pk", filter=_view(view)) for view in VIEWS})
    answer["found"] = found(asked, actor=actor, on=on).count()
    return answer
