"""Pages of the shell itself: the parts, the large type, and what is shown when something was not done."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from lianxi.commons.refusals import NotFound
from lianxi.portal import parts as shown
from lianxi.portal.context import ELDER_COOKIE
from lianxi.portal.middleware import page_before, problem

YEAR = 365 * 24 * 3600


@require_POST
def elder(request: HttpRequest) -> HttpResponse:
    """长辈版 on or off, for this browser; back to the page it was asked on."""
    to = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure()):
        to = "/"
    answer = HttpResponseRedirect(to)
    if request.POST.get("elder") == "1":
        answer.set_cookie(ELDER_COOKIE, "1", max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    else:
        answer.delete_cookie(ELDER_COOKIE, samesite="Lax")
    return answer


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Where a browser asks unasked, beside a picture or a file: the icon that pages name themselves."""
    return redirect(static("favicon.svg"))


@require_safe
def parts(request: HttpRequest) -> HttpResponse:
    """Every component once, in its states, with its properties: what a page may be made of."""
    return render(request, "parts.html", shown.everything(dt.datetime.now(dt.UTC)))


@require_safe
def parts_front(request: HttpRequest) -> HttpResponse:
    """The components of the resident's face."""
    return render(request, "parts_front.html", shown.everything(dt.datetime.now(dt.UTC)))


@require_safe
def parts_print(request: HttpRequest) -> HttpResponse:
    """The printed sheet."""
    return render(
        request, "parts_print.html", {"fingerprint": "5b2e90c41f7ad386", "verify_url": "https://example.org/v/5b2e90c4"}
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form whose token has run out: logged in again in another tab, for example. A part of a page is led to the whole form."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=403, headers={"HX-Redirect": request.get_full_path(), "X-Unsent": "1"})
    return render(request, "403_csrf.html", {"back": page_before(request)}, status=403)


def _error(status: int) -> Any:
    def view(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
        if request.path.startswith("/api/") and status == 404:
            return problem(NotFound())
        return render(request, f"{status}.html", {"exception": exception}, status=status)

    return view


bad_request = _error(400)
permission_denied = _error(403)
not_found = _error(404)
too_many = _error(429)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for our own fault; it must not need the database. A program gets it as a problem."""
    if request.path.startswith("/api/"):
        title = gettext("没有做成，是系统的问题，不是您做错了。")
        said = {"type": "/problems/our-fault", "title": title, "status": 500, "detail": title}
        return JsonResponse(said, status=500, content_type="application/problem+json")
    try:
        return render(request, "500.html", status=500)
    except Exception:  # the fault may be the database, and the shell asks it who is there
        return HttpResponse(render_to_string("500_bare.html"), status=500)
