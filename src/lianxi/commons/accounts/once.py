"""What is shown once: after its POST the browser is sent on with it, and the page that shows it forgets it. A reload repeats nothing.

return sent_on(request, to, password=password)      # the POST
told = told_once(request)                           # the GET at `to`; None where there is nothing (left)
return forgotten(render(…), to)
"""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

COOKIE = "once"
SALT = "accounts.once"
SHOWN_WITHIN = 120
"""Seconds between the act and its page. It is kept in the browser's cookie only, for this account and this address."""


def sent_on(request: HttpRequest, to: str, **facts: str) -> HttpResponseRedirect:
    """Send the browser to `to` with the facts to show there."""
    answer = HttpResponseRedirect(to)
    answer.set_cookie(
        COOKIE, signing.dumps({"for": str(request.user.pk), **facts}, salt=SALT), max_age=SHOWN_WITHIN, path=to,
        httponly=True, samesite="Strict", secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return answer


def told_once(request: HttpRequest) -> dict[str, str] | None:
    """The facts sent on to this address, if they are for whoever asks and not too old."""
    try:
        told: dict[str, str] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=SHOWN_WITHIN)
    except signing.BadSignature:
        return None
    return told if told.pop("for", None) == str(request.user.pk) else None


def forgotten(answer: HttpResponse, to: str) -> HttpResponse:
    """The page that shows it: the cookie goes with it."""
    answer.delete_cookie(COOKIE, path=to, samesite="Strict")
    return answer
