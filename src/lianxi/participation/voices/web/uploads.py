"""What comes up from a phone: photos that are too large are passed over and named, so that the words beside them arrive."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from ..services import PHOTO_BYTES, PHOTOS_AT_MOST

WHOLE_AT_MOST = PHOTO_BYTES * PHOTOS_AT_MOST + 4 * 1024 * 1024


class SkipTooLarge(FileUploadHandler):
    """Stands before the handlers that keep a file. `request.too_large` lists the names of what was passed over."""

    def new_file(self, *args: Any, **more: Any) -> None:
        super().new_file(*args, **more)
        self.seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.seen += len(raw_data)
        if self.seen > PHOTO_BYTES:
            self.request.too_large.append(self.file_name or "")  # type: ignore[union-attr]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


class _Check(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


def _read(request: Any) -> None:
    """Read the body. What is no UTF-8 is marked where it is broken; Django would take it for Latin letters."""
    if request.content_type == "application/x-www-form-urlencoded":
        try:
            request.body.decode()
        except UnicodeDecodeError:
            request.POST = QueryDict(request.body.decode(errors="replace"))
    request.POST  # noqa: B018


def keeps_what_was_typed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a form with photos. The view finds `request.stale` set where the page was too old to be trusted (CSRF): it
    shows the form again with what was typed, writes nothing, and asks to send it once more.
    """

    @csrf_exempt
    @wraps(view)
    def received(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        request.stale, request.too_large = False, []
        if request.method == "POST":
            length = request.META.get("CONTENT_LENGTH") or "0"
            if length.isdecimal() and int(length) > WHOLE_AT_MOST:
                return render(request, "voices/front/too_large.html", status=413)
            request.upload_handlers.insert(0, SkipTooLarge(request))
            try:
                _read(request)
            except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent, MultiPartParserError):
                return render(request, "voices/front/too_large.html", status=413)
            request.stale = _Check(lambda _request: HttpResponse()).process_view(request, None, (), {}) is not None  # type: ignore[arg-type]
        return view(request, *args, **kwargs)

    return received
