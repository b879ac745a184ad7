"""Members and their transfers over HTTP: what the pages do, through the same forms and services."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Status

from lianxi.commons.api import REFUSED, Seen, StepOut, actor_of, at_of, step_out, who
from lianxi.commons.refusals import NotPermitted
from lianxi.commons.throttling import spend
from lianxi.organization.programs import Verb, open_steps, typed

from .. import forms, policies, queries, services
from . import shapes

router = Router(tags=["members"])
transfers = Router(tags=["transfers"])


def _record(request: HttpRequest, pk: int) -> queries.Record:
    return queries.record(pk, actor=actor_of(request), on=timezone.localtime(at_of(request)).date())


@router.get("", response={200: shapes.MembersOut, **REFUSED}, summary="List")
def list_members(
    request: HttpRequest, view: str = "all", q: str = "", unit: int = 0, kind: str = "", sex: str = "", age: str = "",
    education: str = "", standing: str = "", order: str = "branch", size: int = 25, after: int = 0, before: int = 0,
) -> Any:  # fmt: skip
    """Those that you may see, narrowed as on the page's list, paged by key."""
    asked = queries.Asked.of({
        "view": view, "q": q, "unit": unit, "kind": kind, "sex": sex, "age": age, "education": education,
        "standing": standing, "order": order, "size": size, "after": after, "before": before,
    })  # fmt: skip
    return queries.page(asked, actor=actor_of(request), on=timezone.localtime(at_of(request)).date())


@router.post("", response={201: shapes.MemberDone, **REFUSED}, summary="Register a member")
def register(request: HttpRequest, body: shapes.RegisterIn) -> Any:
    if not policies.REGISTER.anywhere(actor_of(request)):
        raise NotPermitted(open_to=[policies.keeps_unit.says])
    values = typed(forms.Register, body.dict(), request=request)
    branch, name, phone = values.pop("branch"), values.pop("name"), values.pop("phone")
    member = services.register(branch=branch, name=name, phone=phone, items=values, **who(request))
    return Status(201, {"verb": "register", "id": member.pk})


@router.get(
    "/{int:pk}", response={200: shapes.MemberRecordOut, **REFUSED}, summary="One member, protected items masked"
)
def one_member(request: HttpRequest, pk: int) -> Any:
    found = _record(request, pk)
    return shapes.record_out(found, queries.merges_of(found.member) if found.may["merge"] else [])


@router.get("/{int:pk}/events", response={200: list[shapes.EntryOut], **REFUSED}, summary="Its history, newest first")
def events(request: HttpRequest, pk: int) -> Any:
    found = _record(request, pk)
    if not found.may["history"]:
        raise NotPermitted(open_to=found.may["history"].open_to)
    return queries.history(found)


@router.post(
    "/{int:pk}/reveal/{item}", response={200: shapes.RevealedOut, **REFUSED},
    summary="A protected item in the open; the look is on record with its reason",
)  # fmt: skip
def reveal(request: HttpRequest, response: HttpResponse, pk: int, item: str, body: shapes.RevealIn) -> Any:
    """`identity`, `phone` or `address`. A program is quicker than eyes, so its looks are counted."""
    member = policies.VIEW.get(actor_of(request), pk=pk)
    spend("members.reveal_api", f"person:{actor_of(request).person_id}", at=at_of(request))
    response["Cache-Control"] = "no-store"
    return {"item": item, "plain": services.reveal_item(member, item, reason=body.reason, **who(request))}


def _change(member: Any, values: dict[str, Any], who: dict[str, Any]) -> int:
    values = {key: value for key, value in values.items() if value or key not in forms.Change.PROTECTED}
    return services.change(member, **values, **who).pk


def _merge(member: Any, values: dict[str, Any], who: dict[str, Any]) -> int:
    values["take"] = tuple(values["take"])
    return services.merge(member, **values, **who).kept_id


def _take_part(member: Any, values: dict[str, Any], who: dict[str, Any]) -> int:
    services.take_part([member.pk], **values, **who)
    return int(member.pk)


def _take_back_part(member: Any, values: dict[str, Any], who: dict[str, Any]) -> int:
    services.take_back_part(member, **values, **who)
    return int(member.pk)


STEPS = (
    Verb(
        "change", "Change items; what is not named stays", shapes.ChangeMemberIn, forms.Change, policies.EDIT, _change, changes=True
    ),
    Verb(
        "transfer", "Ask another branch to receive; gives the transfer", shapes.TransferIn, forms.RequestTransfer,
        policies.REQUEST, lambda member, values, who: services.request_transfer(member, **values, **who).pk,
    ),
    Verb(
        "full", "Become a full member", shapes.OnDayIn, forms.OnDay, policies.EDIT,
        lambda member, values, who: services.make_full(member, **values, **who).pk,
    ),
    Verb(
        "extend", "Extend the probation", shapes.ExtendProbationIn, forms.Extend, policies.EDIT,
        lambda member, values, who: services.extend_probation(member, **values, **who).member_id,
    ),
    Verb(
        "cancel", "End the probation without membership", shapes.CancelProbationIn, forms.Cancel, policies.EDIT,
        lambda member, values, who: services.cancel_probation(member, **values, **who).pk,
    ),
    Verb(
        "standing", "Suspend, resume, or end the membership", shapes.StandingIn, forms.Standings, policies.EDIT,
        lambda member, values, who: services.set_standing(member, **values, **who).pk,
    ),
    Verb(
        "group", "Put in a Party group", shapes.GroupIn, forms.Group, policies.EDIT,
        lambda member, values, who: services.put_in_group(member, **values, **who).member_id,
    ),
    Verb("part", "Record that the member took part", shapes.PartIn, forms.TakePart, policies.PART, _take_part),
    Verb("part_back", "Take a wrong record back", shapes.PartBackIn, forms.TakeBackPart, policies.PART, _take_back_part),
    Verb("merge", "Merge another entry of the same person into it", shapes.MergeIn, forms.MergeInto, policies.MERGE, _merge),
)  # fmt: skip

TRANSFER_STEPS = (
    Verb(
        "accept", "Agree to receive", Seen, forms.Nothing, policies.RECEIVE,
        lambda transfer, values, who: services.accept_transfer(transfer, **values, **who),
    ),
    Verb(
        "refuse", "Refuse to receive", shapes.RefuseTransferIn, forms.Reason, policies.RECEIVE,
        lambda transfer, values, who: services.refuse_transfer(transfer, **values, **who),
    ),
    Verb(
        "complete", "Move the affiliation on that day", shapes.CompleteTransferIn, forms.OnDay, policies.SEND,
        lambda transfer, values, who: services.complete_transfer(transfer, **values, **who),
    ),
    Verb(
        "withdraw", "Take the request back", Seen, forms.Nothing, policies.SEND,
        lambda transfer, values, who: services.withdraw_transfer(transfer, **values, **who),
    ),
)  # fmt: skip


open_steps(
    router,
    STEPS,
    of="member",
    path="/{int:pk}/steps/",
    shape=shapes.MemberDone,
    find=lambda actor, pk: policies.VIEW.get(actor, pk=pk),
    answer=lambda done: {"id": done},
)
open_steps(
    transfers, TRANSFER_STEPS, of="transfer", path="/{int:pk}/steps/", shape=shapes.TransferDone,
    find=lambda actor, pk: policies.VIEW_TRANSFER.get(actor, pk=pk),
    answer=lambda now: {"state": now.state, "version": now.version},
)  # fmt: skip


@router.get("/{int:pk}/parts", response={200: list[shapes.PartOut], **REFUSED}, summary="When the member took part")
def parts(request: HttpRequest, pk: int) -> Any:
    """The latest signs, newest first: a day and a kind, nothing more."""
    return queries.signs_of(policies.PART.get(actor_of(request), pk=pk))


@router.post("/{int:pk}/steps/undo_merge", response={200: shapes.MemberDone, **REFUSED}, summary="Take a merge back")
def undo_merge(request: HttpRequest, pk: int, body: shapes.UndoMergeIn) -> Any:
    member = policies.VIEW.get(actor_of(request), pk=pk)
    services.undo_merge(queries.merge_of(member, body.merge), **who(request))
    return {"verb": "undo_merge", "id": pk}


@transfers.get(
    "", response={200: shapes.TransfersOut, **REFUSED}, summary="Those that you send, receive, or are the subject of"
)
def list_transfers(request: HttpRequest) -> Any:
    return queries.transfers(actor=actor_of(request))


@transfers.get("/{int:pk}", response={200: shapes.TransferOut, **REFUSED}, summary="One transfer")
def one_transfer(request: HttpRequest, pk: int) -> Any:
    return queries.transfer(pk, actor=actor_of(request), at=at_of(request)).transfer


@transfers.get(
    "/{int:pk}/steps", response={200: list[StepOut], **REFUSED}, summary="Its next steps, may I, why, what is missing"
)
def transfer_steps(request: HttpRequest, pk: int) -> Any:
    return [step_out(step) for step in queries.transfer(pk, actor=actor_of(request), at=at_of(request)).steps]
