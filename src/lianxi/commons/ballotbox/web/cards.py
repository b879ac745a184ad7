"""The card giver's page. The cards are made in the browser; what comes here are public keys."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from lianxi.commons.refusals import BadInput
from lianxi.engines.ballots.strict import MOST_DIGITS

from .. import services
from ..queries import giving as queries
from ..services.drafting import ROLL_AT_MOST
from ..services.sheets import attendance_sheet
from ..terms import State
from .bodies import record, sent
from .saying import CARDS
from .trustee import told

KEYS_AT_MOST = ROLL_AT_MOST * (MOST_DIGITS + 3) + 100
"""Bytes: a key for each name of the longest roll."""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cards(request: Any, pk: int) -> HttpResponseBase:
    """The page; and, posted to by its script, the public keys of the cards that were made."""
    return _register(request, pk) if request.method == "POST" else _page(request, pk)


def _page(request: Any, pk: int) -> HttpResponse:
    it = queries.given_out(pk, actor=request.actor)
    context = {
        "poll": it.poll,
        "voters": it.voters,
        "cards": it.cards,
        "fingerprint": it.fingerprint,
        "making": it.poll.state == State.PREPARING,
        "address": request.build_absolute_uri(reverse("vote_page", args=[it.poll.uuid])),
        "words": CARDS,
    }
    answer = render(request, "ballotbox/cards.html", context)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@told
def _register(request: Any, pk: int) -> HttpResponseBase:
    it = queries.given_out(pk, actor=request.actor)
    found = record(sent(request, KEYS_AT_MOST, _("文件太大。")))
    keys, instead = found.get("keys"), found.get("instead", "")
    if not isinstance(keys, list) or not all(isinstance(one, str) for one in [*keys, instead]):
        raise BadInput({"keys": _("收到的不是公钥。")})
    services.make_cards(it.poll, keys, instead_of=instead, actor=request.actor, at=request.at)
    return HttpResponse(status=204)


@login_required
@require_POST
@told
def reissue(request: Any, pk: int) -> HttpResponseBase:
    """The public keys of a lost card and of the one in its place."""
    it = queries.given_out(pk, actor=request.actor)
    found = record(sent(request, KEYS_AT_MOST, _("文件太大。")))
    old, new = found.get("old"), found.get("new")
    if not isinstance(old, str) or not isinstance(new, str):
        raise BadInput({"keys": _("收到的不是公钥。")})
    services.reissue(it.poll, old, new, actor=request.actor, at=request.at)
    return HttpResponse(status=204)


@login_required
@require_POST
@told
def names(request: Any, pk: int) -> HttpResponseBase:
    """Who is on the roll, for cards that are sent; on record as looks. Which card is whose the browser draws by lot."""
    it = queries.given_out(pk, actor=request.actor)
    rows = attendance_sheet(it.poll, actor=request.actor, at=request.at, reason=gettext("寄选票卡"))
    return JsonResponse({"people": [{"name": one.name, "note": one.note} for one in rows]})
