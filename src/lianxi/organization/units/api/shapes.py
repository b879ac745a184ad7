"""What goes in and out, as JSON."""

import datetime as dt
from typing import Any

from ninja import Schema

from lianxi.commons.api import Key, Seen, Strict, UnitOut, among
from lianxi.commons.units.terms import UnitKind

from ..terms import Scheme, Sector, Situation


class CodeOut(Schema):
    scheme: str
    code: str
    kept_because: str


class ProfileOut(Schema):
    sector: str
    situation: str
    contact: str
    phone: str


class CoverageOut(Schema):
    id: int
    body: UnitOut
    unit: UnitOut
    since: dt.date
    until: dt.date | None = None


class TermOut(Schema):
    number: int
    body: UnitOut
    since: dt.date
    until: dt.date
    asked_for: dt.date | None = None
    shifted_to: dt.date | None = None
    due: dt.date
    approval: str
    ended_on: dt.date | None = None
    state: str
    version: int


class MoveOut(Schema):
    """A job does the move: `waiting`, `running`, `done`, `failed`."""

    id: int
    target: UnitOut
    reason: str
    state: str
    below: int
    records: int
    at: dt.datetime
    ended_at: dt.datetime | None = None


class UnitRecordOut(Schema):
    id: int
    name: str
    name_en: str
    short_name: str
    kind: str
    code: str
    since: dt.date
    until: dt.date | None = None
    above: list[UnitOut]
    profile: ProfileOut | None = None
    codes: list[CodeOut]
    covers: list[CoverageOut]
    covered_by: list[CoverageOut]
    term: TermOut | None = None
    past_terms: list[TermOut]
    members: int | None = None
    may_edit: bool
    may_close: bool


def record_out(it: Any) -> dict[str, Any]:
    """A unit's record (`queries.Record`) as it goes out."""
    unit = it.unit
    plain = {
        name: getattr(unit, name) for name in ("id", "name", "name_en", "short_name", "kind", "code", "since", "until")
    }
    for one in it.past_terms:
        one.body = unit
    names = (
        "above",
        "profile",
        "codes",
        "covers",
        "covered_by",
        "term",
        "past_terms",
        "members",
        "may_edit",
        "may_close",
    )
    return plain | {name: getattr(it, name) for name in names}


class UnitDone(Schema):
    """The unit that the step was done on or, by `new`, the one that came to be."""

    verb: str
    id: int


class TermDone(Schema):
    """`state` and `version` of the term that runs after the step."""

    verb: str
    id: int
    number: int
    state: str
    version: int


class NewUnitIn(Strict):
    kind: among(UnitKind)  # type: ignore[valid-type]
    name: str
    name_en: str = ""
    short_name: str = ""
    since: dt.date
    sector: among(Sector, blank=True) = ""  # type: ignore[valid-type]
    contact: str = ""
    phone: str = ""


class ChangeUnitIn(Strict):
    name: str = ""
    name_en: str = ""
    short_name: str = ""
    code: str = ""
    since: dt.date | None = None
    reason: str


class ProfileIn(Strict):
    sector: among(Sector, blank=True) = ""  # type: ignore[valid-type]
    situation: among(Situation, blank=True) = ""  # type: ignore[valid-type]
    contact: str = ""
    phone: str = ""


class CodeIn(Strict):
    """`kept_because`: why a code with a wrong check digit is kept."""

    scheme: among(Scheme)  # type: ignore[valid-type]
    code: str
    kept_because: str = ""


class CoverIn(Strict):
    unit: Key
    since: dt.date


class UncoverIn(Strict):
    until: dt.date


class MoveIn(Strict):
    target: Key
    reason: str


class CloseUnitIn(Strict):
    """`on`: the last day."""

    on: dt.date
    reason: str


class BeginTermIn(Strict):
    """`since`: the day of the election; the end follows from the rules."""

    since: dt.date
    number: int | None = None


class AskShiftIn(Seen):
    to: dt.date
    reason: str


class ApproveShiftIn(Seen):
    approval: str


class RefuseShiftIn(Seen):
    reason: str


class CloseTermIn(Seen):
    """`on`: the day of the next election; the next term begins with it."""

    on: dt.date


class CloseLateIn(CloseTermIn):
    approval: str
