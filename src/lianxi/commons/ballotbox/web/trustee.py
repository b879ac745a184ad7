"""The trustee's page: what is there for the own next step, and the files that come back. Everything secret stays in the browser."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from lianxi.commons.refusals import Refusal

from .. import services
from ..queries import keeping as queries
from .bodies import sent
from .saying import TRUSTEE


def told(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Refusals as problems (RFC 9457), which the page's script reads."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        try:
            answer = view(request, *args, **named)
        except Refusal as refusal:
            answer = JsonResponse(refusal.problem(), status=refusal.status, content_type="application/problem+json")
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return inner


@login_required
@require_safe
def page(request: Any, pk: int) -> HttpResponse:
    """The steps of a trustee, with the server."""
    poll, mine = queries.kept(pk, actor=request.actor)
    count = queries.how_many(poll)
    context = {
        "face": "desk.html",
        "poll": poll,
        "mine": mine,
        "count": count,
        "spare": count - poll.threshold,
        "words": TRUSTEE,
    }
    return render(request, "ballotbox/trustee/page.html", context)


@require_safe
def alone(request: Any) -> HttpResponse:
    """The same steps from files, without the server; and a verifier of archives for anybody."""
    return render(request, "ballotbox/trustee/page.html", {"face": "front.html", "files": True, "words": TRUSTEE})


@login_required
@require_safe
@told
def files(request: Any, pk: int) -> HttpResponseBase:
    """What is there for this trustee."""
    return JsonResponse(queries.files_for(*queries.kept(pk, actor=request.actor)))


@login_required
@require_POST
@told
def give(request: Any, pk: int, step: str) -> HttpResponseBase:
    """A trustee hands in the file of a step."""
    poll, mine = queries.kept(pk, actor=request.actor)
    services.hand_in(
        poll, mine, step, sent(request, services.FILE_AT_MOST, _("文件太大。")), actor=request.actor, at=request.at
    )
    return HttpResponse(status=204)
