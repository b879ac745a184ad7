"""What anybody reads: published plans."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .. import queries
from .desk import shown


@require_safe
def public_index(request: Any) -> HttpResponse:
    """The published plans."""
    return render(request, "quotas/public_list.html", {"plans": queries.published()})


@require_safe
def public(request: Any, pk: int) -> HttpResponse:
    """A published plan, to read and to check."""
    record = queries.public_record(pk, actor=request.actor)
    if request.headers.get("HX-Request") and "cell" in request.GET:
        working = queries.working(request.GET["cell"][:12], record.units, record.trades, record.calc)
        return render(request, "quotas/plan.html#working", {"working": working, "plan": record.plan})
    return render(request, "quotas/public.html", shown(record, request))
