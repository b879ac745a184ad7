"""Whoever votes is nobody: on the addresses of a vote, and of the buttons on its pages, no session is read, made or kept."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

VOTES = "/vote/"
NOBODYS = (VOTES, "/language/", "/elder/")
"""The last two are the buttons of the booth for language and large type: they keep a cookie and need no session."""


class NobodyMiddleware:
    """Takes the session away from every request for a vote, before anybody looks at it. A page that a logged-in person
    opens notes the time in the session; beside the order of ballots that would lead from a person to a ballot.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(NOBODYS):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        return self.get_response(request)
