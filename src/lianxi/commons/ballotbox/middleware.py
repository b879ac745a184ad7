"""Whoever votes is nobody: on the addresses of a vote no session is read, made or kept."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

VOTES = "/vote/"


class NobodyMiddleware:
    """Takes the session away from every request under `/vote/`, before anybody looks at it. A page that a logged-in person
    opens notes the time in the session; beside the order of ballots that would lead from a person to a ballot.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(VOTES):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        return self.get_response(request)
