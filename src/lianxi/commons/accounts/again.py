"""Dangerous acts ask again for proof of identity; what was typed is kept meanwhile.

    @asks_again
    def reset(request, pk): ...     # GET shows the form, filled from `typed_before(request)`; POST does it

A POST without a fresh proof (`ACCOUNT_REAUTHENTICATION_TIMEOUT`) is not done: its fields are kept in the session, the
person proves who he or she is, and comes back to the same page with everything in its place, to confirm.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

KEPT = "asked_again"
NEVER_KEPT = ("csrfmiddlewaretoken", "password")
MOST = 20_000


@reauthentication_required
def _prove(request: HttpRequest) -> None:
    """Raises ReauthenticationRequired without a fresh proof."""


def asks_again(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let a POST through only with a fresh proof of identity. The page must answer GET at the same address."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST":
            try:
                _prove(request)
            except ReauthenticationRequired:
                return _ask(request)
        return view(request, *args, **kwargs)

    return asked


def proves_first(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For a file that is taken out by its address: whoever lacks a fresh proof gives it first, and then gets the file."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            _prove(request)
        except ReauthenticationRequired:
            return _ask(request)
        return view(request, *args, **kwargs)

    return asked


def typed_before(request: HttpRequest) -> QueryDict | None:
    """What was typed on this page before proof was asked for; once."""
    kept = request.session.get(KEPT)
    if request.method != "GET" or not kept or kept["path"] != request.get_full_path():
        return None
    del request.session[KEPT]
    messages.info(request, _("身份验过了。您写的都在，请看一遍再办。"))
    return QueryDict(kept["typed"])


def _ask(request: HttpRequest) -> HttpResponseBase:
    typed = request.POST.copy()
    for name in list(typed):
        if any(word in name for word in NEVER_KEPT):
            del typed[name]
    here = request.get_full_path()
    if request.method == "POST" and len(text := typed.urlencode()) <= MOST:
        request.session[KEPT] = {"path": here, "typed": text}
    return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': here})}")
