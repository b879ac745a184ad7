"""Voices over HTTP: what the pages do, through the same services."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Header, Router, Status
from ninja.constants import NOT_SET

from lianxi.commons.accounts.queries import person_of
from lianxi.commons.api import REFUSED, Seen, StepOut, actor_of, at_of, step_out
from lianxi.commons.permissions import Actor, asking
from lianxi.commons.refusals import BadInput, NotFound
from lianxi.commons.throttling import address_of, spend
from lianxi.commons.units.queries import unit_of as found_unit
from lianxi.participation.voices import policies, queries, services
from lianxi.participation.voices.queries import Asked

from .shapes import (
    Accepting,
    Adding,
    Asking,
    CallingBack,
    Contacting,
    Deciding,
    Declining,
    Dispatching,
    Drafting,
    EventOut,
    Extending,
    FollowOut,
    Heading,
    Naming,
    PageOut,
    RaisedOut,
    Rating,
    Reasoned,
    SaidIn,
    Taking,
    Telling,
    Unitary,
    VoiceOut,
)

if TYPE_CHECKING:
    from lianxi.commons.accounts.models import Person
    from lianxi.commons.units.models import Unit
    from lianxi.participation.voices.models import Voice

router = Router(tags=["voices"])
residents = Router(tags=["residents"])
LOT = random.SystemRandom()
CODE: Any = Header(..., alias="Receipt-Code")  # type: ignore[type-arg]
"""A receipt code comes in a header: addresses are kept by every log on the way."""


def unit_of(pk: int, field: str) -> "Unit":
    """Raises BadInput naming the field."""
    unit = found_unit(pk)
    if unit is None:
        raise BadInput({field: _("没有这个单位。")})
    return unit


@router.get("", response={200: PageOut, **REFUSED}, summary="List")
def list_voices(
    request: HttpRequest, view: str = "open", q: str = "", kind: str = "", topic: str = "", state: str = "",
    place: int = 0, owner: int = 0, order: str = "due", size: int = 25, after: str = "",
) -> Any:  # fmt: skip
    """Those that you may see, narrowed as on the desk's list, paged by key."""
    asked = Asked.of({
        "view": view, "q": q, "kind": kind, "topic": topic, "state": state, "place": place, "owner": owner, "order": order,
        "size": size, "after": after,
    })  # fmt: skip
    page = queries.listed(asked, actor=actor_of(request), at=at_of(request))
    return {"rows": page.rows, "next": page.next}


@router.post("", response={201: RaisedOut, **REFUSED}, summary="Register on behalf of a resident")
def register(request: HttpRequest, body: SaidIn) -> Any:
    voice, code = _raise(request, body, body.channel)
    return Status(201, {"id": voice.pk, "reference": voice.reference, "code": code, "state": voice.state})


def _record(request: HttpRequest, pk: int) -> queries.Record:
    """As on the desk: whoever raised it reads it with the receipt, without what the house settles within itself."""
    record = queries.record_of(pk, actor=actor_of(request), at=at_of(request))
    if not record.may[policies.HISTORY]:
        raise NotFound
    return record


@router.get("/{int:pk}", response={200: VoiceOut, **REFUSED}, summary="One voice")
def one_voice(request: HttpRequest, pk: int) -> Any:
    return _record(request, pk).voice


@router.get("/{int:pk}/events", response={200: list[EventOut], **REFUSED}, summary="Its history")
def events(request: HttpRequest, pk: int) -> Any:
    return _record(request, pk).events


@router.get(
    "/{int:pk}/steps", response={200: list[StepOut], **REFUSED}, summary="Its next steps, may I, why, what is missing"
)
def steps(request: HttpRequest, pk: int) -> Any:
    return [step_out(step) for step in _record(request, pk).steps]


STEPS: tuple[tuple[str, type[Seen], Callable[..., "Voice"]], ...] = (
    ("accept", Accepting, services.accept),
    ("decline", Declining, services.decline),
    ("discipline_door", Seen, services.discipline_door),
    ("dispatch", Dispatching, services.dispatch),
    ("overrule", Reasoned, services.overrule),
    ("recall", Reasoned, services.recall),
    ("object", Reasoned, services.object_to_dispatch),
    ("take", Taking, services.take_in_hand),
    ("assign", Taking, services.assign),
    ("stand_aside", Reasoned, services.stand_aside),
    ("contact", Contacting, services.contact),
    ("ask_resident", Asking, services.ask_resident),
    ("ask_extension", Extending, services.ask_extension),
    ("grant_extension", Deciding, services.grant_extension),
    ("refuse_extension", Deciding, services.refuse_extension),
    ("progress", Telling, services.progress),
    ("draft", Drafting, services.draft_answer),
    ("submit", Seen, services.submit_answer),
    ("send_back", Reasoned, services.send_back),
    ("answer", Seen, services.answer),
    ("call_back", Seen, services.call_back),
    ("call_back_result", CallingBack, services.rate_by_call_back),
    ("close_unrated", Seen, services.close_unrated),
    ("second_handling", Heading, services.second_handling),
    ("reopen", Reasoned, services.reopen),
    ("urge", Reasoned, services.urge),
    ("add_co_handler", Unitary, services.add_co_handler),
    ("drop_co_handler", Unitary, services.drop_co_handler),
    ("name_accused", Naming, services.name_accused),
    ("no_official", Reasoned, services.no_official),
)
"""Verb → what it wants → the service. `rate` and the resident's own words stand with the receipts below."""


def _person_of(pk: int, field: str) -> "Person":
    person = person_of(pk)
    if person is None:
        raise BadInput({field: _("没有这个人。")})
    return person


RECORDS: dict[str, Callable[[int, str], Any]] = {
    "to": unit_of, "unit": unit_of, "handler": _person_of, "person": _person_of,
}  # fmt: skip


def _open(verb: str, wants: type[Seen], service: Callable[..., "Voice"]) -> None:
    def take(request: HttpRequest, pk: int, body: Any) -> Any:
        actor, at = actor_of(request), at_of(request)
        voice = queries.record_of(pk, actor=actor, at=at).voice
        given = {
            name: RECORDS[name](value, name) if name in RECORDS and value is not None else value
            for name, value in body.dict().items()
        }
        service(voice, actor=actor, at=at, **given)
        return {"verb": verb, "id": pk}

    take.__annotations__["body"] = wants
    take.__name__ = f"step_{verb}"
    router.post(
        f"/{{int:pk}}/steps/{verb}",
        response={200: dict[str, str | int], **REFUSED},
        summary=f"Step: {verb}",
        operation_id=f"step_{verb}",
        auth=NOT_SET,
    )(take)


for _verb, _wants, _service in STEPS:
    _open(_verb, _wants, _service)


def _raise(request: HttpRequest, body: SaidIn, channel: str) -> tuple["Voice", str]:
    said = services.Said(
        text=body.text, title=body.title, kind=body.kind, topic=body.topic, place=unit_of(body.place, "place") if body.place else None,
        address=body.address, naming=body.naming, contact_name=body.contact_name, phone=body.phone, channel=channel,
        accused_units=[unit_of(pk, "accused_units") for pk in body.accused_units], accused_words=body.accused_words,
    )  # fmt: skip
    return services.raise_voice(said, actor=actor_of(request), at=at_of(request), lot=LOT)


@residents.post("/voices", response={201: RaisedOut, **REFUSED}, auth=None, summary="Raise a voice, without an account")
def raise_one(request: HttpRequest, body: SaidIn) -> Any:
    spend("voices.raise_api", address_of(request.META), at=at_of(request))
    voice, code = _raise(request, body, "api")
    return Status(201, {"id": voice.pk, "reference": voice.reference, "code": code, "state": voice.state})


def _followed(request: HttpRequest, code: str) -> tuple["Voice", Actor]:
    """Wrong codes count here as on the page: guessing is no faster by program."""
    address, at = address_of(request.META), at_of(request)
    spend("voices.follow_api", address, at=at)
    try:
        voice = services.with_receipt(code)
    except NotFound:
        services.guessed_wrong(address, at=at)
        raise
    services.may_guess(address, at=at)
    return voice, replace(actor_of(request), receipts=frozenset({voice.pk}), as_resident=True)


def _shown(voice: "Voice", actor: Actor, at: dt.datetime) -> dict[str, Any]:
    record = queries.record_of(voice.pk, actor=actor, at=at)
    given = [answer for answer in record.answers if answer.given_at]
    return {
        "reference": voice.reference, "title": record.voice.title, "state": record.voice.state, "version": record.voice.version,
        "owner": record.voice.owner.name, "due_at": record.voice.due_at,
        "answer": "\n".join([given[-1].facts, given[-1].opinion, given[-1].basis]) if given else "",
        "solved_resident": record.voice.solved_resident, "satisfied": record.voice.satisfied,
    }  # fmt: skip


@residents.get("/follow", response={200: FollowOut, **REFUSED}, auth=None, summary="Follow with a receipt code")
def follow(request: HttpRequest, code: str = CODE) -> Any:
    voice, actor = _followed(request, code)
    return _shown(voice, actor, at_of(request))


@residents.post("/follow/rating", response={200: FollowOut, **REFUSED}, auth=None, summary="Rate the answer")
def rate(request: HttpRequest, body: Rating, code: str = CODE) -> Any:
    voice, actor = _followed(request, code)
    with asking(actor):
        services.rate(voice, actor=actor, at=at_of(request), **body.dict())
    return _shown(voice, actor, at_of(request))


@residents.post("/follow/supplement", response={200: FollowOut, **REFUSED}, auth=None, summary="Add something")
def supplement(request: HttpRequest, body: Adding, code: str = CODE) -> Any:
    voice, actor = _followed(request, code)
    verb = services.resident_answers if voice.state == "awaiting_resident" else services.supplement
    with asking(actor):
        verb(voice, actor=actor, at=at_of(request), **body.dict())
    return _shown(voice, actor, at_of(request))
