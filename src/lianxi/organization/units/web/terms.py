"""Which terms run out."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .. import queries
from .tree import today_of


@login_required
@require_safe
def terms(request: Any) -> HttpResponse:
    """Running terms, the first to run out in front."""
    on = today_of(request)
    rows = [(term, queries.chip(term, on=on)) for term in queries.running(actor=request.actor)[:200]]
    return render(
        request, "org_units/terms.html", {"rows": rows, "late": sum(1 for _t, c in rows if c and c["kind"] == "late")}
    )
