"""Pages of one's own tokens."""

import secrets

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxi.commons.accounts.again import asks_again, typed_before
from lianxi.commons.accounts.once import forgotten, sent_on, told_once
from lianxi.commons.permissions import Request
from lianxi.commons.refusals import BadInput, NotFound

from . import queries, services
from .forms import IssueForm

LOT = secrets.SystemRandom()


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@asks_again
def tokens(request: Request) -> HttpResponse:
    """接口令牌: one's own, and a new one, whose text is shown once."""
    if request.actor.person_id is None:
        raise NotFound
    given = request.POST if request.method == "POST" else typed_before(request)
    roles = queries.roles_held(request.actor)
    form = IssueForm(given, roles=roles)
    if request.method == "POST" and form.is_valid():
        try:
            token, text = services.issue(**form.cleaned_data, actor=request.actor, at=request.at, lot=LOT)
        except BadInput as refused:
            for name, said in refused.errors.items():
                for one in said:
                    form.add_error(name, str(one))
        else:
            return sent_on(request, reverse("my_tokens"), text=text, token=str(token))
    told = told_once(request) if request.method == "GET" else None
    answer = render(request, "tokens/mine.html", {
        "form": form, "roles": roles, "lines": queries.mine(request.actor, at=request.at), **(told or {}),
        "face": "desk.html" if request.actor.posts else "front.html",
    }, status=422 if request.method == "POST" and form.errors else 200)  # fmt: skip
    return forgotten(answer, reverse("my_tokens")) if told else answer


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: Request, pk: int) -> HttpResponse:
    """收回: asks on GET, does on POST. It takes away a right, so it needs no fresh proof."""
    token = queries.one_of_mine(pk, actor=request.actor)
    if request.method == "POST":
        services.withdraw(pk, actor=request.actor, at=request.at)
        messages.success(request, _("收回了。用它的程序现在就进不来了。"))
        return HttpResponseRedirect(reverse("my_tokens"))
    return render(request, "tokens/withdraw.html", {
        "token": token, "face": "desk.html" if request.actor.posts else "front.html",
    })  # fmt: skip
