"""Publication: a redacted copy is drafted beside the original, approved by a second person, withdrawn with a reason."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxi.commons.refusals import BadInput, NotPermitted, Refusal

from .. import policies, queries, services
from ..forms import desk as forms


def _crumbs(voice: Any) -> list[tuple[str, str]]:
    return [(_("民情"), "/voices/"), (voice.reference, f"/voices/{voice.pk}/")]


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: Any, pk: int) -> HttpResponse:
    """Draft the copy, side by side with the original; what looks like a number or an address is blacked out already."""
    record = queries.record_of(pk, actor=request.actor, at=request.at)
    if not (may := record.may[policies.DRAFT_COPY]):
        raise NotPermitted(open_to=may.open_to)
    voice = record.voice
    drafted = next((one for one in record.copies if not one.published_at and not one.withdrawn_at), None)
    refused: Refusal | None = None
    if request.method == "POST":
        form = forms.PublicCopy(request.POST)
        if form.is_valid():
            try:
                copy = services.redact(voice, **form.cleaned_data, actor=request.actor, at=request.at)
            except BadInput as error:
                for name, texts in error.errors.items():
                    for text in texts:
                        form.add_error(name if name in form.fields else None, str(text))
            else:
                messages.success(request, _("拟好了，等另一个人审。"))
                return redirect("copy", copy.pk)
    else:
        suggested = services.suggest_copy(voice)
        first = {"title": drafted.title, "text": drafted.text, "answer": drafted.answer} if drafted else suggested
        form = forms.PublicCopy(initial=first)
    given = next((one for one in reversed(record.answers) if one.given_at), None)
    shown = {
        "voice": voice,
        "form": form,
        "given": given,
        "crumbs": _crumbs(voice),
        "refused": refused,
        "record": record,
    }
    return render(request, "voices/desk/copy_draft.html", shown, status=422 if form.is_bound else 200)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: Any, pk: int) -> HttpResponse:
    """One copy: approve it, or withdraw it."""
    one = queries.copy_named(pk, actor=request.actor)
    record = queries.record_of(one.voice_id, actor=request.actor, at=request.at)
    if not record.may[policies.HISTORY]:
        raise NotPermitted(open_to=record.may[policies.HISTORY].open_to)
    may = record.may[policies.PUBLISH]
    refused: Refusal | None = None
    if request.method == "POST":
        try:
            if request.POST.get("do") == "withdraw":
                services.withdraw(one, reason=request.POST.get("reason", ""), actor=request.actor, at=request.at)
                messages.success(request, _("撤下了，居民会看到理由。"))
            else:
                services.publish(one, actor=request.actor, at=request.at)
                messages.success(request, _("公开了。"))
            return redirect("copy", pk)
        except (BadInput, NotPermitted) as error:
            refused = error
    own = one.drafted_by_id == request.actor.person_id
    shown = {
        "copy": one,
        "voice": record.voice,
        "crumbs": _crumbs(record.voice),
        "may_publish": bool(may) and not own and not one.published_at and not one.withdrawn_at,
        "may_withdraw": bool(may) and not one.withdrawn_at,
        "may_draft": bool(record.may[policies.DRAFT_COPY]) and not one.published_at and not one.withdrawn_at,
        "own": own,
        "refused": refused,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "voices/desk/copy.html", shown, status=refused.status if refused else 200)
