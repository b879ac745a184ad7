"""Tell whom a step concerns, and every morning what is due. Running twice tells once."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from lianxi.commons.accounts.models import Person
from lianxi.commons.notices.kinds import NoticeKind
from lianxi.commons.permissions.terms import LEADS

from .. import notices_of as told
from .. import policies
from ..models import (
    Elector,
    Follower,
    Objection,
    ObjectionEvent,
    Proposal,
    ProposalEvent,
    Result,
    Round,
    RoundEvent,
    Sheet,
)
from ..queries.results import bought, outcome_of
from ..terms import RUNNING, SHOWN, Given, ObjectionState, ProposalState, State
from ..workflow import displayed_long_enough, objections_answered, ties_drawn

SOON = dt.timedelta(days=2)
"""So long before its last day a step is said to end soon."""


def _of(pk: int) -> Round:
    found: Round = Round._base_manager.select_related("unit").get(pk=pk)
    return found


@transaction.atomic
def tell_event(kind: str, event_id: int, *, at: dt.datetime) -> int:
    """Tell whom the event of a round, a proposal or an objection concerns; gives how many notices came to be."""
    if kind == "proposal":
        return _proposal(ProposalEvent._base_manager.select_related("proposal__told").get(pk=event_id), at)
    if kind == "objection":
        return _objection(ObjectionEvent._base_manager.select_related("objection__told").get(pk=event_id), at)
    event = RoundEvent._base_manager.get(pk=event_id)
    teller = TELLERS.get(event.verb)
    return teller(_of(event.round_id), event, f"budgets:{event.round_id}:{event.number}", at) if teller else 0


def _followers(one: Round) -> Iterator[Person]:
    for row in Follower._base_manager.filter(unit=one.unit_id).select_related("person").iterator():
        yield row.person


def _everybody(kind: NoticeKind, one: Round, key: str, at: dt.datetime, facts: dict[str, Any] | None = None) -> int:
    about = one.pk if kind.about else None
    return sum(
        told.tell_person(kind, one, person, about=about, key=key, at=at, facts=facts or {})
        for person in _followers(one)
    )


def _opened(one: Round, event: RoundEvent, key: str, at: dt.datetime) -> int:
    return _everybody(told.PROPOSING if event.verb == "open" else told.VOTING, one, key, at)


def _to_review(one: Round, event: RoundEvent | None, key: str, at: dt.datetime) -> int:
    waiting = Proposal._base_manager.filter(round=one.pk, state=ProposalState.PROPOSED).first()
    if waiting is None:
        return 0
    people = told.officers_of_proposal(one, waiting, at=at)
    n = Proposal._base_manager.filter(round=one.pk, state=ProposalState.PROPOSED).count()
    return told.tell_desk(told.TO_REVIEW, one, people, key=key, at=at, facts={"n": n})


def unentered(one: Round) -> int:
    """Paper ballots given out or begun that two persons have not yet entered alike."""
    sheets = list(Sheet._base_manager.filter(round=one.pk))
    given = Elector._base_manager.filter(round=one.pk, given=Given.PAPER).count()
    return max(given, len(sheets)) - sum(sheet.agreed for sheet in sheets)


def _to_enter(one: Round, event: RoundEvent | None, key: str, at: dt.datetime) -> int:
    n = unentered(one)
    if not n:
        return 0
    people = told.officers(one, policies.ENTER, told.CLERKS, at=at)
    return told.tell_desk(told.TO_ENTER, one, people, key=key, at=at, facts={"n": n})


def _counted(one: Round, event: RoundEvent, key: str, at: dt.datetime) -> int:
    result = Result._base_manager.filter(round=one.pk).first()
    if result is None or not ties_drawn(one, at).passed:
        return 0
    people = [p for p in told.officers(one, policies.PUBLISH, told.PUBLISHERS, at=at) if p.pk != result.by_id]
    return told.tell_desk(told.TO_DISPLAY, one, people, key=key, at=at, facts={})


def _published(one: Round, event: RoundEvent, key: str, at: dt.datetime) -> int:
    final = event.verb == "publish"
    count = _everybody(told.PUBLISHED if final else told.DISPLAYED, one, key, at, {} if final else {"day": one.ends_on})
    won = bought(one)
    for row in _with_account(one):
        facts = {"outcome": outcome_of(row, won)}
        count += _own(told.OUTCOME if final else told.OUTCOME_SHOWN, one, row, key, at, facts)
    return count


def _cancelled(one: Round, event: RoundEvent, key: str, at: dt.datetime) -> int:
    if event.source not in SHOWN:
        return 0
    facts = {"title": one.title, "reason": event.reason}
    count = _everybody(told.CANCELLED, one, key, at, facts)
    people = {row.told_id: row.told for row in _with_account(one)}
    return count + sum(
        told.tell_person(told.CANCELLED, one, person, about=None, key=key, at=at, facts=facts)
        for person in people.values()
        if person is not None
    )


def _with_account(one: Round) -> Any:
    return Proposal._base_manager.filter(round=one.pk).exclude(told=None).select_related("told")


def _proposal(event: ProposalEvent, at: dt.datetime) -> int:
    proposal = event.proposal
    one = _of(proposal.round_id)
    if event.verb == "propose":
        return _to_review(one, None, f"budgets:review:{one.pk}:{timezone.localtime(at):%Y-%m-%d}", at)
    kind = {"admit": told.ADMITTED, "decline": told.DECLINED, "again": told.AGAIN}[event.verb]
    note = event.reason or str(event.facts.get("note") or "")
    facts = {"cost": event.facts.get("cost"), "note": note}
    return _own(kind, one, proposal, f"budgets:proposal:{proposal.pk}:{event.number}", at, facts)


def _recounted(one: Round, event: RoundEvent, key: str, at: dt.datetime) -> int:
    return _everybody(told.RECOUNT, one, key, at)


def _objection(event: ObjectionEvent, at: dt.datetime) -> int:
    objection = event.objection
    one, key = _of(objection.round_id), f"budgets:objection:{objection.pk}:{event.number}"
    if event.verb == "object":
        return told.tell_desk(
            told.OBJECTED, one, _who_answers(one, at), key=key, at=at, facts={"day": objection.due_on}
        )
    if objection.told is None:
        return 0
    kind = told.UPHELD if event.verb == "uphold" else told.REJECTED
    facts = {"note": event.reason}
    return told.tell_person(kind, one, objection.told, about=objection.pk, key=key, at=at, facts=facts)


def _who_answers(one: Round, at: dt.datetime) -> list[Person]:
    """Who may answer, without who counted."""
    result = Result._base_manager.filter(round=one.pk).first()
    people = told.officers(one, policies.RECOUNT, told.PUBLISHERS, at=at)
    return [person for person in people if result is None or person.pk != result.by_id]


def _own(kind: NoticeKind, one: Round, row: Proposal, key: str, at: dt.datetime, facts: dict[str, Any]) -> int:
    if row.told is None:
        return 0
    return told.tell_person(kind, one, row.told, about=row.pk, key=f"{key}:{row.pk}", at=at, facts=facts)


TELLERS: dict[str, Callable[[Round, RoundEvent, str, dt.datetime], int]] = {
    "open": _opened,
    "open_vote": _opened,
    "close_proposals": _to_review,
    "close_vote": _to_enter,
    "count": _counted,
    "draw": _counted,
    "display": _published,
    "publish": _published,
    "recount": _recounted,
    "withdraw": _cancelled,
}


def remind(*, at: dt.datetime) -> int:
    """Every morning: what ends soon, what should have been closed, reviewed or entered; gives how many notices came to be."""
    count = 0
    waiting = Objection._base_manager.filter(state=ObjectionState.OPEN).values("round")
    running = Q(state__in=RUNNING) & ~Q(state=State.DRAFT)
    for one in Round._base_manager.filter(running | Q(pk__in=waiting)).select_related("unit"):
        with transaction.atomic():
            count += _remind(one, at)
    return count


def _remind(one: Round, at: dt.datetime) -> int:
    day, count = timezone.localtime(at).date(), 0
    if one.state in (State.PROPOSING, State.VOTING) and one.ends_on:
        key = f"budgets:ends:{one.pk}:{one.state}:{one.ends_on}"
        if day <= one.ends_on <= day + SOON:
            count += _everybody(told.ENDS_SOON, one, key, at, {"day": one.ends_on})
        elif one.ends_on < day:
            people = told.officers(one, policies.RUN, LEADS, at=at)
            count += told.tell_desk(told.TO_CLOSE, one, people, key=f"{key}:past", at=at, facts={"day": one.ends_on})
    if one.state in (State.PROPOSING, State.REVIEW):
        count += _to_review(one, None, f"budgets:review:{one.pk}:{day:%G-W%V}", at)
    if one.state == State.COUNTING and not one.imported:
        count += _to_enter(one, None, f"budgets:enter:{one.pk}:{day}", at)
    for objection in Objection._base_manager.filter(round=one.pk, state=ObjectionState.OPEN, due_on__lte=day + SOON):
        kind = told.LATE if objection.due_on < day else told.TO_ANSWER
        key, facts = f"budgets:answer:{objection.pk}:{kind.name}", {"day": objection.due_on}
        count += told.tell_desk(kind, one, _who_answers(one, at), key=key, at=at, facts=facts)
    if one.state == State.DISPLAYED and displayed_long_enough(one, at).passed and objections_answered(one, at).passed:
        key = f"budgets:publish:{one.pk}:{one.displayed_on}"
        count += told.tell_desk(told.TO_PUBLISH, one, _who_answers(one, at), key=key, at=at, facts={})
    return count
