"""The list as a spreadsheet."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from lianxi.commons.accounts.again import asks_again, typed_before
from lianxi.commons.papers.services import take_out
from lianxi.commons.papers.web import answer_of
from lianxi.commons.refusals import BadInput, NotPermitted

from .. import forms, policies, queries
from ..services.exporting import MemberList


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@asks_again
def export(request: Any) -> HttpResponseBase:
    """Choose what comes out in the open, then take the list out. On record."""
    if not policies.EXPORT.anywhere(request.actor):
        raise NotPermitted(open_to=[policies.keeps.says])
    asked = queries.Asked.of(request.GET)
    rows = MemberList().rows(asked.query(), actor=request.actor, at=request.at)
    form = forms.ExportForm(request.POST if request.method == "POST" else typed_before(request), request=request)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            taken = take_out(
                MemberList(), asked=asked.query(), format=values["format"], language=request.LANGUAGE_CODE,
                reveal=tuple(values["reveal"]), reason=values["reason"], actor=request.actor, at=request.at,
            )  # fmt: skip
        except BadInput as wrong:
            for field, texts in wrong.errors.items():
                form.add_error(field if field in form.fields else None, [str(text) for text in texts])
        else:
            return answer_of(request, taken)
    context = {"form": form, "count": rows.count(), "query": asked.query()}
    return render(
        request, "members/export.html", context, status=422 if request.method == "POST" and form.errors else 200
    )
