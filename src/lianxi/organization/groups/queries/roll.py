"""The roll of a round: who takes part, who has answered, who is where. Wishes show only on a member's own page."""

from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import NotFound

from .. import policies
from ..models import Participant, Round
from ..terms import HAS_RESULT

SIZE = 50
ANSWERS = ("all", "silent", "answered", "none", "designated")


@dataclass(frozen=True, slots=True)
class RollAsked:
    """The roll's question."""

    view: str = "all"
    q: str = ""
    group: int = 0
    branch: int = 0
    rank: str = ""
    after: int = 0

    @classmethod
    def of(cls, params: Any) -> "RollAsked":
        """Read an address; whatever does not fit is left out."""

        def number(name: str) -> int:
            text = str(params.get(name, ""))
            return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

        view, rank = params.get("view", "all"), str(params.get("rank", ""))
        return cls(
            view=view if view in ANSWERS else "all",
            q=" ".join(str(params.get("q", ""))[:60].replace("\x00", "").split()),
            group=number("group"),
            branch=number("branch"),
            rank=rank if rank in {"-1", *map(str, range(11))} else "",
            after=number("after"),
        )

    def query(self, **change: Any) -> str:
        changed, plain = replace(self, **({"after": 0} | change)), RollAsked()
        pairs = {one.name: getattr(changed, one.name) for one in fields(changed)}
        return urlencode({name: value for name, value in pairs.items() if value != getattr(plain, name)})


@dataclass(slots=True)
class Listed:
    """A page of the roll."""

    rows: list[Participant]
    next: int
    counts: dict[str, int]


def _view(view: str) -> Q:
    return {
        "all": Q(),
        "silent": Q(answer="", designated=None),
        "answered": ~Q(answer=""),
        "none": ~Q(answer="") & Q(wishes=[], designated=None),
        "designated": ~Q(designated=None),
    }[view]


def roll_found(record: Round, asked: RollAsked, *, actor: Actor) -> QuerySet[Participant, Any]:
    """Who the question asks for, in the order of the roll."""
    rows: QuerySet[Participant, Any] = policies.ROLL.all(actor).filter(_view(asked.view), round=record)
    if asked.q:
        rows = rows.filter(number=int(asked.q)) if asked.q.isdecimal() and len(asked.q) < 8 else rows.filter(member__person__name__startswith=asked.q)  # fmt: skip
    if asked.branch:
        rows = rows.filter(branch=asked.branch)
    if record.state in HAS_RESULT:
        if asked.group:
            rows = rows.filter(seat__group=asked.group)
        if asked.rank:
            rows = rows.filter(seat__rank=int(asked.rank))
    elif asked.group:
        rows = rows.filter(designated=asked.group)
    return rows.order_by("number")


def roll(record: Round, asked: RollAsked, *, actor: Actor) -> Listed:
    """One page of the roll."""
    wanted = ["member__person", "branch", "designated"]
    if record.state in HAS_RESULT:
        wanted.append("seat__group")
    rows = roll_found(record, asked, actor=actor).select_related(*wanted).defer("member__identity", "member__address")
    counts: dict[str, int] = (
        policies.ROLL.all(actor)
        .filter(round=record)
        .aggregate(**{view: Count("pk", filter=_view(view)) if view != "all" else Count("pk") for view in ANSWERS})
    )
    counts["found"] = rows.count()
    if asked.after:
        rows = rows.filter(number__gt=asked.after)
    got = list(rows[: SIZE + 1])
    more = len(got) > SIZE
    got = got[:SIZE]
    return Listed(got, got[-1].number if more else 0, counts)


def participant(record: Round, pk: int, *, actor: Actor) -> Participant:
    """One member of the roll, for the officers. Raises NotFound."""
    found: Participant | None = (
        policies.ROLL.all(actor)
        .select_related("member__person", "branch", "designated", "round__unit")
        .filter(round=record, pk=pk)
        .first()
    )
    if found is None:
        raise NotFound
    return found
