"""A request as our views see it."""

import datetime as dt

from django.http import HttpRequest

from .actor import Actor


class Request(HttpRequest):
    """Carries who asks, and when; the middleware sets both."""

    actor: Actor
    at: dt.datetime
