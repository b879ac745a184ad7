"""Files that are downloaded, and headers of pages that are somebody's own."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse


def as_file(text: str, name: str) -> HttpResponse:
    """A text file to keep."""
    return _kept(text, name, "text/plain; charset=utf-8")


def as_json(text: str, name: str) -> HttpResponse:
    """A JSON file to keep."""
    return _kept(text, name, "application/json; charset=utf-8")


def _kept(text: str, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(text, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Kept by no cache, found by no search engine, and its address told to no other page."""

    @wraps(view)
    def answered(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        answer["Cache-Control"] = "private, no-store"
        answer["X-Robots-Tag"] = "noindex, nofollow"
        answer["Referrer-Policy"] = "strict-origin"
        return answer

    return answered
