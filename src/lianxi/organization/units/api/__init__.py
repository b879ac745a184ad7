"""Units and the terms of their committees over HTTP: what the pages do, through the same forms and services."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from lianxi.commons.api import REFUSED, Seen, StepOut, actor_of, at_of, step_out, who
from lianxi.commons.refusals import NotFound
from lianxi.organization.programs import Verb, open_steps, typed

from .. import forms, policies, queries, services
from . import shapes

router = Router(tags=["units"])


def _record(request: HttpRequest, pk: int) -> queries.Record:
    at = at_of(request)
    return queries.record(pk, actor=actor_of(request), on=timezone.localtime(at).date(), at=at)


@router.get("/terms", response={200: list[shapes.TermOut], **REFUSED}, summary="Running terms, the next to end first")
def terms(request: HttpRequest) -> Any:
    return queries.running(actor=actor_of(request))[:2000]


@router.get("/{int:pk}", response={200: shapes.UnitRecordOut, **REFUSED}, summary="One unit")
def one_unit(request: HttpRequest, pk: int) -> Any:
    return shapes.record_out(_record(request, pk))


@router.get("/{int:pk}/move", response={200: shapes.MoveOut, **REFUSED}, summary="How its latest move goes")
def latest_move(request: HttpRequest, pk: int) -> Any:
    found = queries.latest_move(policies.VIEW.get(actor_of(request), pk=pk))
    if found is None:
        raise NotFound
    return found


@router.get(
    "/{int:pk}/term/steps",
    response={200: list[StepOut], **REFUSED},
    summary="Next steps of its term, may I, why, what is missing",
)
def term_steps(request: HttpRequest, pk: int) -> Any:
    return [step_out(step) for step in _record(request, pk).steps]


STEPS = (
    Verb(
        "new", "Found a unit below it", shapes.NewUnitIn, forms.NewUnit, policies.EDIT,
        lambda unit, values, who: services.create_unit(parent=unit, **values, **who).pk,
    ),
    Verb(
        "change", "Change its entry; what is not named stays", shapes.ChangeUnitIn, forms.ChangeUnit, policies.EDIT,
        lambda unit, values, who: services.change_unit(unit, **values, **who).pk, changes=True,
    ),
    Verb(
        "profile", "Set its profile; what is not named stays", shapes.ProfileIn, forms.ProfileOfUnit, policies.EDIT,
        lambda unit, values, who: services.set_profile(unit, **values, **who).pk, changes=True,
    ),
    Verb(
        "code", "Enter a code of a standard", shapes.CodeIn, forms.CodeOfUnit, policies.EDIT,
        lambda unit, values, who: services.set_code(unit, **values, **who).unit_id,
    ),
    Verb(
        "cover", "Cover a resident unit from a day on", shapes.CoverIn, forms.CoverUnit, policies.EDIT,
        lambda unit, values, who: services.cover(unit, **values, **who).body_id,
    ),
    Verb(
        "move", "Move it with all below it; a job does it", shapes.MoveIn, forms.MoveUnit, policies.EDIT,
        lambda unit, values, who: services.move(unit, **values, **who).unit_id,
    ),
    Verb(
        "close", "Close it", shapes.CloseUnitIn, forms.CloseUnit, policies.EDIT,
        lambda unit, values, who: services.close_unit(unit, **values, **who).pk,
    ),
    Verb(
        "begin_term", "Enter the term that its election began", shapes.BeginTermIn, forms.BeginTerm, policies.EDIT,
        lambda unit, values, who: services.begin_term(unit, **values, **who).body_id,
    ),
)  # fmt: skip

TERM_STEPS = (
    Verb(
        "ask_shift", "Ask to hold the election early or late", shapes.AskShiftIn, forms.AskShift, policies.ASK_SHIFT,
        lambda term, values, who: services.ask_shift(term, **values, **who),
    ),
    Verb(
        "approve_shift", "Approve it", shapes.ApproveShiftIn, forms.ApproveShift, policies.APPROVE_SHIFT,
        lambda term, values, who: services.approve_shift(term, **values, **who),
    ),
    Verb(
        "refuse_shift", "Refuse it", shapes.RefuseShiftIn, forms.RefuseShift, policies.APPROVE_SHIFT,
        lambda term, values, who: services.refuse_shift(term, **values, **who),
    ),
    Verb(
        "take_back_shift", "Take the request back", Seen, forms.Nothing, policies.ASK_SHIFT,
        lambda term, values, who: services.take_back_shift(term, **values, **who),
    ),
    Verb(
        "close", "Enter the election; the next term begins", shapes.CloseTermIn, forms.CloseTerm, policies.KEEP_TERM,
        lambda term, values, who: services.close_term(term, **values, **who),
    ),
    Verb(
        "close_late", "Enter an election held out of time", shapes.CloseLateIn, forms.CloseLate, policies.APPROVE_SHIFT,
        lambda term, values, who: services.close_term(term, late=True, **values, **who),
    ),
)  # fmt: skip


open_steps(
    router,
    STEPS,
    of="unit",
    path="/{int:pk}/steps/",
    shape=shapes.UnitDone,
    find=lambda actor, pk: policies.VIEW.get(actor, pk=pk),
    answer=lambda done: {"id": done},
)
open_steps(
    router, TERM_STEPS, of="term", path="/{int:pk}/term/steps/", shape=shapes.TermDone,
    find=lambda actor, pk: policies.VIEW_TERM.get(actor, body=pk, ended_on=None),
    answer=lambda now: {"number": now.number, "state": now.state, "version": now.version},
)  # fmt: skip


@router.post(
    "/{int:pk}/covers/{int:coverage}/end", response={200: shapes.CoverageOut, **REFUSED}, summary="End a coverage"
)
def uncover(request: HttpRequest, pk: int, coverage: int, body: shapes.UncoverIn) -> Any:
    """As on the page: whoever may not edit the unit finds no coverage there."""
    unit = policies.EDIT.get(actor_of(request), pk=pk)
    row = queries.coverage(unit, coverage)
    return services.uncover(row, **typed(forms.Uncover, body.dict(), record=unit, request=request), **who(request))
