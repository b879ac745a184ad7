"""Whoever sends a request's body drop by drop keeps some threads of the site, never all of them.

The server hands a request to a thread once its head is there, and the thread waits for the body as long as the sender likes: as
many senders as there are threads, and nobody gets a page any more. So there are threads for bodies beside those that work: each
body is read whole before anybody else sees the request. A hall full of phones with a weak signal finds places; a sender who finds
none hears so at once, and the booth tries again by itself.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

MEGABYTE = 1024 * 1024
MOST = 24 * MEGABYTE
"""Bytes that are kept here before the site sees them. What is longer goes through as it comes, one at a time."""
IN_MEMORY = 2 * MEGABYTE
PIECE = 64 * 1024

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def sizes(env: Mapping[str, str]) -> tuple[int, int]:
    """Requests that one web process works on at once, and bodies that it reads at once."""
    return int(env.get("LIANXI_THREADS", "8")), int(env.get("LIANXI_BODIES", "24"))


class Bodies:
    """A WSGI application in front of another.

    Args:
        working: requests that the other application has at the same time.
        slots: bodies that are read at the same time. The server has threads for both together.
    """

    def __init__(self, application: Application, working: int, slots: int) -> None:
        self.application, self.working = application, threading.BoundedSemaphore(working)
        self.slots, self.long = threading.BoundedSemaphore(slots), threading.BoundedSemaphore(1)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = _length(environ)
        if length == 0:
            return self._handed_on(environ, start_response)
        if length is None:
            return _short(start_response, "411 Length Required")
        slots = self.slots if length <= MOST else self.long
        if not slots.acquire(blocking=False):
            return _short(start_response, "503 Service Unavailable", [("Retry-After", "2")])
        try:
            if length > MOST:
                return self._handed_on(environ, start_response)
            environ["wsgi.input"] = _received(environ["wsgi.input"], length)
        finally:
            slots.release()
        return self._handed_on(environ, start_response)

    def _handed_on(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        with self.working:
            return self.application(environ, start_response)


def _length(environ: dict[str, Any]) -> int | None:
    """Bytes that are announced; None where something comes of which nobody says how much."""
    said = environ.get("CONTENT_LENGTH") or ""
    if said.isascii() and said.isdigit():
        return int(said)
    return None if said or environ.get("HTTP_TRANSFER_ENCODING") else 0


def _received(source: Any, length: int) -> tempfile.SpooledTemporaryFile[bytes]:
    """The body from its beginning; shorter than announced where the sender went away."""
    out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - ends with the request
    left = length
    while left > 0 and (piece := source.read(min(PIECE, left))):
        out.write(piece)
        left -= len(piece)
    out.seek(0)
    return out


def _short(start_response: Callable[..., Any], status: str, headers: Iterable[tuple[str, str]] = ()) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "text/plain"), ("Content-Length", "0"), ("Connection", "close"), *headers])
    return [b""]
