"""What goes in and out, as JSON."""

import datetime as dt
from typing import TYPE_CHECKING

from ninja import Schema
from pydantic import Field

from lianxi.commons.api import Seen, Strict, UnitOut
from lianxi.participation.voices.terms import Kind, Topic

if TYPE_CHECKING:
    from lianxi.participation.voices.models import Voice


class VoiceOut(Schema):
    id: int
    reference: str
    title: str
    text: str
    kind: str
    topic: str
    state: str
    version: int
    round: int
    channel: str
    naming: str
    address: str
    place: UnitOut
    owner: UnitOut
    handler: str | None = None
    received_at: dt.datetime
    due_at: dt.datetime | None = None
    due_clock: str = ""
    ended_at: dt.datetime | None = None
    solved_handler: str = ""
    solved_resident: str = ""
    solved_call_back: str = ""
    satisfied: str = ""

    @staticmethod
    def resolve_handler(voice: "Voice") -> str | None:
        return voice.handler.name if voice.handler else None


class PageOut(Schema):
    rows: list[VoiceOut]
    next: str = ""


class EventOut(Schema):
    number: int
    verb: str
    source: str
    target: str
    at: dt.datetime
    by_name: str
    reason: str


class SaidIn(Strict):
    text: str = Field(max_length=6000)
    title: str = Field("", max_length=200)
    kind: str = Kind.HELP
    topic: str = Topic.OTHER
    place: int | None = None
    address: str = Field("", max_length=400)
    naming: str = ""
    contact_name: str = Field("", max_length=100)
    phone: str = Field("", max_length=40)
    accused_units: list[int] = Field(default_factory=list, max_length=10)
    accused_words: str = Field("", max_length=200)
    channel: str = "api"


class RaisedOut(Schema):
    id: int
    reference: str
    code: str
    state: str


class FollowOut(Schema):
    """What the holder of a receipt reads."""

    reference: str
    title: str
    state: str
    version: int
    owner: str
    due_at: dt.datetime | None = None
    answer: str = ""
    solved_resident: str = ""
    satisfied: str = ""


class Reasoned(Seen):
    reason: str


class Accepting(Seen):
    topic: str = ""
    kind: str = ""
    title: str = ""


class Declining(Reasoned):
    exit: str


class Dispatching(Seen):
    to: int
    reason: str = ""


class Taking(Seen):
    handler: int


class Contacting(Seen):
    how: str
    words: str


class Asking(Seen):
    question: str


class Extending(Reasoned):
    days: int = Field(ge=0, le=10_000)


class Deciding(Seen):
    decision: str = ""


class Telling(Seen):
    words: str


class Drafting(Seen):
    facts: str = ""
    result: str = ""
    opinion: str = ""
    basis: str = ""
    solved: str = ""


class Rating(Seen):
    solved: str
    satisfied: str
    comment: str = ""


class CallingBack(Seen):
    solved: str
    satisfied: str
    words: str


class Heading(Seen):
    head: str


class Unitary(Seen):
    unit: int


class Naming(Seen):
    """One of the two. `more`: others are still to be named, and nobody but the dispatcher meets the voice until then."""

    unit: int | None = None
    person: int | None = None
    more: bool = False


class Adding(Seen):
    text: str
