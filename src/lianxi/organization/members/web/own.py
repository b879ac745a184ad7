"""What a person may see of the own data."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .. import queries
from .list import today_of
from .record import shown


@login_required
@require_safe
def my_record(request: Any) -> HttpResponse:
    """My own entry in the register, or the plain fact that there is none."""
    pk = queries.own(request.actor)
    if pk is None:
        return render(request, "members/mine.html", {"it": None})
    found = queries.record(pk, actor=request.actor, on=today_of(request))
    return render(request, "members/mine.html", shown(found, request))


@login_required
@require_safe
def my_looks(request: Any) -> HttpResponse:
    """Who looked at my protected data, and why."""
    return render(request, "members/looks.html", {"looks": queries.looks_at_me(request.actor)[:200]})
