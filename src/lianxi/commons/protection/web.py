"""Who looked at my data."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lianxi.commons.permissions import Request
from lianxi.commons.questions import Address
from lianxi.commons.refusals import NotFound

from . import queries


@login_required
@require_safe
def my_looks(request: Request) -> HttpResponse:
    """谁看过我的信息: every look at one's own protected data, by whom, when and why; newest first."""
    if request.actor.person_id is None:
        raise NotFound
    page = queries.own_looks(request.actor, after=Address(request.GET).number("after"))
    return render(request, "protection/mine.html", {
        "page": page, "face": "desk.html" if request.actor.posts else "front.html",
    })  # fmt: skip
