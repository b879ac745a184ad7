"""What waits in secret votes, and for whom: who leads one, who gives out its cards, each of its trustees. One row a poll and act."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from lianxi.commons.permissions import NOBODY, Actor
from lianxi.commons.permissions.near import nearest
from lianxi.commons.rulebook import rule
from lianxi.commons.search import containing
from lianxi.commons.views.due import PACE, end_of

from .. import policies as may
from ..models import Credential, Entry, Poll, PollEvent, Trustee, TrusteeFile
from ..terms import EntryKind, State, Step


@dataclass(frozen=True, slots=True)
class Waiting:
    """A poll, the act that is due, and until when."""

    poll: Poll
    act: str
    until: dt.datetime | None


def _lacking(step: Step) -> QuerySet[Trustee, Any]:
    """Trustees of the poll who have not handed in a step."""
    handed = TrusteeFile._base_manager.filter(trustee=OuterRef("pk"), step=step)
    return Trustee._base_manager.filter(~Exists(handed), poll=OuterRef("pk"))


def _mine(actor: Actor, step: Step) -> Q:
    return Q(Exists(_lacking(step).filter(person=actor.person_id)))


def _all(step: Step) -> Q:
    return ~Q(Exists(_lacking(step)))


def _key(actor: Actor) -> Q:
    """Each step begins once all have done the one before."""
    return (
        _mine(actor, Step.CERTIFICATE)
        | (_all(Step.CERTIFICATE) & _mine(actor, Step.POLYNOMIAL))
        | (_all(Step.POLYNOMIAL) & _mine(actor, Step.OUTPUT))
    )


def _share(actor: Actor, on: dt.date) -> Q:
    """The sum is there, the numbers agree, and this trustee's share is wanted."""
    tally = Entry._base_manager.filter(poll=OuterRef("pk"), kind=EntryKind.TALLY)
    agrees = Q(attended__isnull=False, ballots__lte=F("attended")) & Q(ballots__lte=F("cards_given"))
    hidden = Q(ballots=0) | Q(ballots__gte=rule("V-06", on=on).value)
    shares = TrusteeFile._base_manager.filter(trustee__poll=OuterRef("pk"), step=Step.SHARE).order_by()
    given = Subquery(shares.values("trustee__poll").annotate(n=Count("pk")).values("n"))
    wanted = Q(GreaterThan(F("threshold"), Coalesce(given, 0)))
    return Q(Exists(tally)) & agrees & hidden & wanted & _mine(actor, Step.SHARE)


def _keepers() -> QuerySet[Any, Any]:
    """Who keeps a key of the poll does not lead it on, so that its duties go to the next."""
    rows = Trustee._base_manager.filter(poll=OuterRef(OuterRef("pk"))).exclude(poll__state=State.DRAFT)
    return rows.order_by().values("person")


def _duties(actor: Actor, at: dt.datetime) -> list[tuple[str, Q]]:
    """Act → the polls in which it is due from the actor."""
    if actor.person_id is None:
        return []
    on = timezone.localtime(at).date()
    cards = Exists(Credential._base_manager.filter(poll=OuterRef("pk")))
    found: list[tuple[str, Q]] = [
        ("key", may.TRUST.q(actor) & Q(state=State.PREPARING) & _key(actor)),
        ("cards", may.GIVE.q(actor) & Q(state=State.PREPARING) & ~Q(cards)),
        ("share", may.TRUST.q(actor) & Q(state=State.CLOSED) & _share(actor, on)),
    ]
    near = nearest(actor, *may.ORGANISERS, over="unit", on=on, but=_keepers())
    if near is not NOBODY:
        ready = _all(Step.OUTPUT) & Q(cards)
        leads = (
            ("draft", Q(state=State.DRAFT)),
            ("open", Q(state=State.PREPARING) & ready),
            ("close", Q(state=State.OPEN) & (Q(opens_on=None) | Q(opens_on__lte=on))),
            ("attendance", Q(state=State.CLOSED, attended=None)),
            ("publish", Q(state=State.COUNTED)),
        )
        found += [(act, may.RUN.q(actor) & near & condition) for act, condition in leads]
    return found


def keys(*, actor: Actor, at: dt.datetime) -> list[QuerySet[Any, Any]]:
    """One query for each act, to be counted together with those of other rooms."""
    return [may.VIEW.all(actor).filter(q).order_by().values_list("pk") for _act, q in _duties(actor, at)]


def waiting(*, actor: Actor, at: dt.datetime, most: int = 200) -> list[Waiting]:
    """What waits for the actor: one query where nothing does, two where something does."""
    duties = _duties(actor, at)
    asked = [Poll._base_manager.filter(q).order_by().values_list(Value(n), "pk") for n, (_act, q) in enumerate(duties)]
    acts: dict[int, list[str]] = {}
    for number, pk in sorted(asked[0].union(*asked[1:], all=True)) if asked else ():
        acts.setdefault(pk, []).append(duties[number][0])
    if not acts:
        return []
    events = PollEvent._base_manager.filter(poll=OuterRef("pk")).order_by("-number").values("at")[:1]
    polls = may.VIEW.all(actor).filter(pk__in=list(acts)).select_related("unit").annotate(since=Subquery(events))
    return [
        Waiting(poll, act, _until(poll, act)) for poll in polls.order_by("-created_at")[:most] for act in acts[poll.pk]
    ]


def _until(poll: Any, act: str) -> dt.datetime | None:
    """Before the vote its day is the limit; after it, the pace of the house."""
    if act in ("draft", "key", "cards", "open", "close") and poll.opens_on:
        return end_of(poll.opens_on)
    return poll.since + PACE if poll.since else None


def polls_found(q: str, *, actor: Actor, most: int) -> list[Poll]:
    """Polls with these words in the title that the actor may see at the desk, newest first."""
    rows = may.VIEW.all(actor).select_related("unit")
    return list(containing(rows, q, "title").order_by("-created_at")[:most])
