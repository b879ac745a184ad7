"""What goes in and out, as JSON. Protected items go out masked."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from ninja import Schema
from pydantic import Field

from lianxi.commons.api import Key, Seen, Strict, UnitOut, among

from ..terms import NATIONALITIES, Education, Kind, PartKind, Sex, Standing

if TYPE_CHECKING:
    from ..models import Member, Merge, Transfer


class EntryOfMember(Schema):
    """What the list and the record have in common."""

    id: int
    number: str
    name: str
    branch: UnitOut
    sex: str
    nationality: str
    born_on: dt.date
    education: str
    kind: str
    joined_on: dt.date
    full_on: dt.date | None = None
    work: str
    standing: str
    lost: bool
    mobile: bool


class MemberOut(EntryOfMember):
    """A row of the list."""

    @staticmethod
    def resolve_name(member: "Member") -> str:
        return member.person.name


class MembersOut(Schema):
    rows: list[MemberOut]
    previous: int = 0
    next: int = 0


class AffiliationOut(Schema):
    unit: UnitOut
    group: UnitOut | None = None
    since: dt.date
    until: dt.date | None = None
    way_in: str
    way_out: str


class ProbationOut(Schema):
    since: dt.date
    until: dt.date
    extended_to: dt.date | None = None
    ended_on: dt.date | None = None
    outcome: str


class MergeOut(Schema):
    id: int
    gone: int
    reason: str
    at: dt.datetime

    @staticmethod
    def resolve_gone(merge: "Merge") -> int:
        return merge.gone_id


class EntryOut(Schema):
    """An entry of the history; protected items are named, not shown."""

    title: str
    at: dt.datetime
    who: str = ""
    text: str = ""


class MemberRecordOut(EntryOfMember):
    """A member's record. `identity`, `phone`, `address` are masked; `transfer`: the key of the one that is open."""

    identity: str
    phone: str
    address: str
    affiliations: list[AffiliationOut]
    probation: ProbationOut | None = None
    transfer: int | None = None
    merges: list[MergeOut]
    may: dict[str, bool]


def record_out(it: Any, merges: list[Any]) -> dict[str, Any]:
    """A member's record (`queries.Record`) as it goes out."""
    member = it.member
    return MemberOut.from_orm(member).dict() | {
        "identity": str(member.identity), "phone": str(member.person.phone), "address": str(member.address),
        "affiliations": it.affiliations, "probation": it.probation, "transfer": it.transfer and it.transfer.pk,
        "merges": merges, "may": {name: bool(one) for name, one in it.may.items()},
    }  # fmt: skip


class TransferOut(Schema):
    id: int
    member: int
    name: str
    source: UnitOut
    target: UnitOut
    state: str
    version: int
    reason: str
    asked_at: dt.datetime
    moved_on: dt.date | None = None

    @staticmethod
    def resolve_member(transfer: "Transfer") -> int:
        return transfer.member_id

    @staticmethod
    def resolve_name(transfer: "Transfer") -> str:
        return transfer.member.person.name


class TransfersOut(Schema):
    """`acting`: those that you can take further; `waiting`: other open ones; `done`: the latest finished ones."""

    acting: list[TransferOut]
    waiting: list[TransferOut]
    done: list[TransferOut]


class MemberDone(Schema):
    """The member; after `transfer` the transfer that was asked for."""

    verb: str
    id: int


class TransferDone(Schema):
    verb: str
    id: int
    state: str
    version: int


class RevealedOut(Schema):
    item: str
    plain: str


class ItemsIn(Strict):
    """The items of an entry, K-06."""

    name: str
    identity: str
    sex: among(Sex)  # type: ignore[valid-type]
    nationality: str = Field(json_schema_extra={"enum": list(NATIONALITIES)})
    born_on: dt.date
    education: among(Education, blank=True) = ""  # type: ignore[valid-type]
    joined_on: dt.date
    full_on: dt.date | None = None
    work: str = ""
    phone: str = ""
    address: str = ""
    lost: bool = False
    mobile: bool = False


class RegisterIn(ItemsIn):
    branch: Key
    kind: among(Kind)  # type: ignore[valid-type]


class ChangeMemberIn(Strict):
    """What is not named stays. An empty `identity`, `phone` or `address` stays too, as on the page."""

    name: str = ""
    identity: str = ""
    sex: among(Sex) = ""  # type: ignore[valid-type]
    nationality: str = Field("", json_schema_extra={"enum": list(NATIONALITIES)})
    born_on: dt.date | None = None
    education: among(Education, blank=True) = ""  # type: ignore[valid-type]
    joined_on: dt.date | None = None
    full_on: dt.date | None = None
    work: str = ""
    phone: str = ""
    address: str = ""
    lost: bool = False
    mobile: bool = False
    reason: str


class TransferIn(Strict):
    target: Key
    reason: str


class OnDayIn(Strict):
    on: dt.date


class ExtendProbationIn(Strict):
    to: dt.date
    reason: str


class CancelProbationIn(OnDayIn):
    reason: str


class StandingIn(CancelProbationIn):
    """`left` and `died` end the membership and its affiliation on that day."""

    standing: among(Standing)  # type: ignore[valid-type]


class GroupIn(Strict):
    """None: no group."""

    group: Key | None = None


class PartIn(Strict):
    """A day and which of the three of B-05."""

    kind: among(PartKind)  # type: ignore[valid-type]
    on: dt.date


class PartBackIn(Strict):
    """`sign`: the key of the record that was wrong."""

    sign: Key
    reason: str


class PartOut(Schema):
    """A sign of taking part."""

    id: int
    kind: str
    on: dt.date


class MergeIn(Strict):
    """`gone`: the entry that goes; `take`: items taken over from it."""

    gone: Key
    take: list[str] = Field(default_factory=list, max_length=10)
    reason: str


class UndoMergeIn(Strict):
    merge: Key


class RevealIn(Strict):
    """Why the plain text is wanted. It is kept, and the member can read it."""

    reason: str


class RefuseTransferIn(Seen):
    reason: str


class CompleteTransferIn(Seen):
    on: dt.date
