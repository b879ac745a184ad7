"""The page of one voice, its steps and its forms."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxi.commons.protection.services import reveal as open_sealed
from lianxi.commons.refusals import (
    BadInput,
    Blocked,
    ChangedMeanwhile,
    NotFound,
    NotOpenFromHere,
    NotPermitted,
    Refusal,
)

from .. import policies, queries, services
from ..forms import desk as forms
from ..terms import State
from . import showing, wording
from .acts import BY_NAME, Act
from .offers import Offered, offered, title_of

SEALED = ("contact_name", "phone", "email")


def _on(request: Any) -> dt.date:
    return timezone.localtime(request.at).date()


def _record(request: Any, pk: int) -> queries.Record:
    """Raises NotFound for a stranger, for the accused, and for residents, whose pages are elsewhere."""
    record = queries.record_of(pk, actor=request.actor, at=request.at)
    if not record.may[policies.HISTORY]:
        raise NotFound
    return record


def _offered(record: queries.Record, request: Any) -> tuple[dict[str, Any], Offered]:
    due = showing.due(record.voice, request.at)
    return due, offered(record, late=due["kind"] == "late")


@never_cache
@login_required
@require_safe
def show(request: Any, pk: int) -> HttpResponse:
    """The record: who, until when, what next; the words of the resident; the work; the history."""
    record = _record(request, pk)
    return render(request, "voices/desk/record.html", _shown(record, request))


def _shown(record: queries.Record, request: Any) -> dict[str, Any]:
    voice = record.voice
    due, steps = _offered(record, request)
    names = queries.names_in(record.events, voice)
    looks = queries.looks(voice)
    check = showing.clock_check(record, request.at)
    waiting = [one for one in record.extensions if one.granted is None]
    checks = [*steps.checks, *([check] if check and steps.checks else [])]
    return {
        "record": record,
        "voice": voice,
        "due": due,
        "until_note": showing.until_note(record, request.at) if due["kind"] not in ("late", "none", "rating") else "",
        "next": showing.next_by(voice, request.at),
        "offered": steps,
        "checks": checks,
        "checks_title": title_of(steps.step, len(checks)),
        "others": queries.others(voice, actor=request.actor),
        "crumbs": [(_("民情"), "/voices/")],
        "history": wording.history(record.events, names),
        "workings": showing.workings(record),
        "last": record.answers[-1] if record.answers else None,
        "looked": showing.looked(looks),
        "looks": looks,
        "may_see_contact": bool(record.may[policies.CONTACT]),
        "may_note": bool(record.may[policies.NOTE]),
        "may_copy": bool(record.may[policies.DRAFT_COPY]) and voice.state in PUBLIC_FROM,
        "may_publish": bool(record.may[policies.PUBLISH]),
        "aside": queries.stood_aside(record.parties),
        "waiting": waiting[0] if waiting else None,
        "from_resident": [one for one in record.photos if one.from_resident],
        "from_staff": [one for one in record.photos if not one.from_resident],
        "note": forms.Note(auto_id="note_%s"),
    }


PUBLIC_FROM = (State.ANSWERED, State.CALL_BACK, State.CLOSED, State.DECLINED)


# Steps ----------------------------------------------------------------------------------------------------------


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: Any, pk: int, name: str) -> HttpResponse:
    """A step: its form on GET (a page, or a dialog for htmx), the step itself on POST."""
    act = BY_NAME.get(name)
    if act is None:
        raise NotFound
    record = _record(request, pk)
    refused: Refusal | None
    if request.method != "POST":
        form = _form(act, record, request)
        refused = _not_now(act, record)
        return _step_page(request, record, act, form, refused, status=refused.status if refused else 200)
    form = _form(act, record, request, request.POST, request.FILES)
    refused = None
    if form.is_valid():
        try:
            voice = _take(act, record, form, request)
        except NotFound:
            raise
        except BadInput as error:
            _put(error, form)
        except Refusal as error:
            refused = error
        else:
            return _done(request, act, voice, pk)
    return _step_page(request, record, act, form, refused, status=refused.status if refused else 422)


def _take(act: Act, record: queries.Record, form: Any, request: Any) -> Any:
    who = {"actor": request.actor, "at": request.at, "seen": form.cleaned_data["seen"]}
    files = request.FILES.getlist("photos")
    return act.run(record.voice, form.cleaned_data | {"files": files}, who)


def _put(error: BadInput, form: Any) -> None:
    """Sentences of a service to the fields they belong to."""
    for name, texts in error.errors.items():
        for text in texts:
            form.add_error(name if name in form.fields else None, str(text))


def _not_now(act: Act, record: queries.Record) -> Refusal | None:
    """Why the form cannot be sent as things are: the step is not open, or not for this person."""
    steps = [one for one in record.steps if one.verb in act.verbs]
    if not steps:
        return NotOpenFromHere(state=record.voice.state)
    if not any(one.why for one in steps):
        return NotPermitted(open_to=steps[0].why.open_to)
    stands = [
        check
        for one in steps
        if one.why
        for need, check in zip(one.row.needs, one.checks, strict=False)
        if not check.passed and need.__name__ not in act.fills
    ]
    return Blocked(stands) if stands else None


def _form(act: Act, record: queries.Record, request: Any, data: Any = None, files: Any = None) -> Any:
    offers = act.offers(record, _on(request)) if act.offers else {}
    more: dict[str, Any] = {}
    if act.name == "name_accused":
        units = [one for one in queries.may_take(record.voice, on=_on(request), everybody=True) if not one.barred]
        called = queries.people_called(data.get("person", "")) if data else []
        more = {"units": units, "persons": queries.as_choices(called) if len(called) > 1 else []}
    initial: dict[str, Any] = {"seen": record.voice.version}
    if act.name == "second_handling":
        initial["head"] = queries.head_of(record.voice.owner, on=_on(request))
    return act.form(data, files, record=record, on=_on(request), offers=offers, initial=initial, **more)


def _step_page(
    request: Any, record: queries.Record, act: Act, form: Any, refused: Refusal | None, *, status: int
) -> HttpResponse:
    shown: dict[str, Any] = {"record": record, "voice": record.voice, "act": act, "form": form, "refused": refused}
    if isinstance(refused, ChangedMeanwhile):
        shown["since"] = wording.history(refused.since, queries.names_in(refused.since))
        shown["seen_now"] = record.voice.version
        if form.is_bound:
            form.data = form.data.copy()
            form.data["seen"] = record.voice.version
    _due, steps = _offered(record, request)
    shown["button"] = next((one for one in steps.buttons if one.act is act), None)
    if act.name in ("answer", "send_back", "submit", "second_handling"):
        shown["last"] = record.answers[-1] if record.answers else None
    if act.name == "decide_extension":
        shown["waiting"] = next((one for one in record.extensions if one.granted is None), None)
    shown["crumbs"] = [(_("民情"), "/voices/"), (record.voice.reference, f"/voices/{record.voice.pk}/")]
    template = "voices/desk/step.html#dialog" if request.htmx else "voices/desk/step.html"
    return render(request, template, shown, status=status)


def _done(request: Any, act: Act, voice: Any, pk: int) -> HttpResponse:
    facts = {"owner": voice.owner, "handler": voice.handler} if "%(" in str(act.done) else {}
    messages.success(request, str(act.done) % facts if facts else str(act.done))
    there = policies.HISTORY.may(request.actor, voice)
    to = f"/voices/{pk}/" if there else "/voices/"
    if request.htmx:
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = to
        return answer
    return redirect(to)


# Notes, contact, history, print ------------------------------------------------------------------------------------


@login_required
@require_POST
def note(request: Any, pk: int) -> HttpResponse:
    """Write an internal note; on a refusal the record is shown again with what was typed."""
    record = _record(request, pk)
    form = forms.Note(request.POST, auto_id="note_%s")
    if form.is_valid():
        services.write_note(record.voice, text=form.cleaned_data["text"], actor=request.actor, at=request.at)
        messages.success(request, _("记下了。"))
        return redirect(f"/voices/{pk}/#notes")
    return render(request, "voices/desk/record.html", _shown(record, request) | {"note": form}, status=422)


@never_cache
@login_required
@require_POST
def reveal(request: Any, pk: int, field: str) -> HttpResponse:
    """Show a sealed field, after name and reason have been recorded: a fragment for 60 seconds, or a page without a script."""
    if field not in SEALED:
        raise NotFound
    record = _record(request, pk)
    may = record.may[policies.CONTACT]
    if not may:
        raise NotPermitted(open_to=may.open_to)
    shown: dict[str, Any] = {"voice": record.voice, "field": field, "text": getattr(record.voice, field), "plain": ""}
    status = 200
    try:
        shown["plain"] = open_sealed(
            record.voice, field, actor=request.actor, at=request.at, reason=request.POST.get("reason", ""),
            subject_id=record.voice.author_id,
        )  # fmt: skip
    except BadInput as error:
        shown["error"], status = str(error), 422
    shown["looked"] = showing.looked(queries.looks(record.voice))
    template = "voices/desk/reveal.html#sealed" if request.htmx else "voices/desk/reveal.html"
    return render(request, template, shown, status=status)


@never_cache
@login_required
@require_safe
def versions(request: Any, pk: int) -> HttpResponse:
    """Every earlier version of the record's row: what changed, when, by whom."""
    record = _record(request, pk)
    rows = queries.changes_of(pk, actor=request.actor)
    crumbs = [(_("民情"), "/voices/"), (record.voice.reference, f"/voices/{pk}/")]
    return render(
        request,
        "voices/desk/versions.html",
        {"voice": record.voice, "rows": rows, "crumbs": crumbs, "looks": queries.looks(record.voice)},
    )


@never_cache
@login_required
@require_safe
def printed(request: Any, pk: int) -> HttpResponse:
    """The record on paper."""
    record = _record(request, pk)
    return render(request, "voices/desk/record_print.html", _shown(record, request))
