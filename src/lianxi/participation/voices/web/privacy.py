"""Headers of pages that are somebody's own."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpResponseBase

Answer = TypeVar("Answer", bound=HttpResponseBase)


def private(view: Callable[..., Answer]) -> Callable[..., Answer]:
    """Kept by no cache, found by no search engine, and its address (it may hold a code) told to no other page.

    `strict-origin` and not `no-referrer`: with the latter browsers send `Origin: null`, and no form could be posted.
    """

    @wraps(view)
    def answered(request: Any, *args: Any, **kwargs: Any) -> Answer:
        answer = view(request, *args, **kwargs)
        answer["Cache-Control"] = "private, no-store"
        answer["X-Robots-Tag"] = "noindex, nofollow"
        answer["Referrer-Policy"] = "strict-origin"
        return answer

    # The mark of csrf_exempt must be seen through the wrapper.
    answered.csrf_exempt = getattr(view, "csrf_exempt", False)  # type: ignore[attr-defined]
    return answered
