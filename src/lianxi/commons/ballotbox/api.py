"""Secret votes over HTTP, to be read: what the pages show, by the same queries. Ballots come to the booth's own address, where
nobody is asked who it is; steps are taken on the pages, where keys and cards stay on the computer of whoever has them."""

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema

from lianxi.commons.api import REFUSED, Strict, actor_of
from lianxi.commons.refusals import NotFound

from . import policies, queries
from .terms import State

router = Router(tags=["polls"])


class AskedIn(Strict):
    """The list's question. `after`: `next` of the answer before."""

    view: Literal["running", "published", "withdrawn", "all"] = "running"
    after: int = 0


class PollOut(Schema):
    """A poll in numbers. `ballots`: how many have voted, from the beginning on."""

    id: int
    uuid: str
    title: str
    unit: str
    kind: str
    state: str
    voters: int
    attended: int | None
    cards_given: int | None
    ballots: int
    archive_hash: str


class PollsOut(Schema):
    """Newest first. `next`: 0 where there are no more."""

    rows: list[PollOut]
    next: int


class MarkOut(Schema):
    label: str
    n: int


class LineOut(Schema):
    """A motion, an option or a name with its votes; `passed` where a rule decides."""

    number: int
    text: str
    written_in: bool
    marks: list[MarkOut]
    passed: bool | None


class ResultOut(Schema):
    """`bases`: should attend, signed in, cards given, voted."""

    bases: list[MarkOut]
    lines: list[LineOut]
    blank: int | None


def _out(poll: Any, voters: int) -> PollOut:
    names = ("uuid", "title", "kind", "state", "attended", "cards_given", "ballots", "archive_hash")
    return PollOut(id=poll.pk, unit=str(poll.unit), voters=voters, **{name: getattr(poll, name) for name in names})


@router.get("", response={200: PollsOut, **REFUSED}, summary="Secret votes that you may see")
def polls(request: HttpRequest, asked: Query[AskedIn]) -> Any:
    found = queries.page(queries.Asked(view=asked.view, after=max(asked.after, 0)), actor=actor_of(request))
    return PollsOut(rows=[_out(one, one.voters) for one in found.rows], next=found.next)


@router.get("/{int:pk}", response={200: PollOut, **REFUSED}, summary="One secret vote")
def one_poll(request: HttpRequest, pk: int) -> Any:
    poll = policies.VIEW.get(actor_of(request), pk=pk)
    return _out(poll, queries.voters(poll))


@router.get("/{int:pk}/result", response={200: ResultOut, **REFUSED}, summary="Its result with its bases")
def result(request: HttpRequest, pk: int) -> Any:
    poll = policies.VIEW.get(actor_of(request), pk=pk)
    shown = queries.result(poll) if poll.state in (State.COUNTED, State.PUBLISHED) else None
    if shown is None:
        raise NotFound
    lines = [
        LineOut(
            number=line.number,
            text=line.text,
            written_in=line.written_in,
            marks=[MarkOut(label=str(mark.label), n=mark.n) for mark in line.marks],
            passed=line.check.passed if line.check else None,
        )
        for line in shown.lines
    ]
    bases = [MarkOut(label=str(base.label), n=base.n) for base in shown.bases]
    return ResultOut(bases=bases, lines=lines, blank=shown.blank.n if shown.blank else None)
