"""Bodies that come drop by drop: pages are still answered."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterable
from typing import Any

from lianxi.portal.starting import bodies

SOON = 0.2


class Dripping:
    """A sender who goes silent after the first drop, until the test lets it go."""

    def __init__(self) -> None:
        self.gone = threading.Event()

    def read(self, size: int = -1) -> bytes:
        self.gone.wait(20)
        return b""


def site(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [environ["wsgi.input"].read()]


def asked(gate: bodies.Bodies, source: Any, **more: Any) -> tuple[str, bytes]:
    said: list[str] = []
    body = gate({"wsgi.input": source, **more}, lambda status, headers: said.append(status))
    return said[0], b"".join(body)


def test_a_body_is_handed_on_whole() -> None:
    gate = bodies.Bodies(site, slots=2, working=2)
    text = b"1234567890" * 300_000
    assert asked(gate, io.BytesIO(text), CONTENT_LENGTH=str(len(text))) == ("200 OK", text)
    assert asked(gate, io.BytesIO(b""), CONTENT_LENGTH="") == ("200 OK", b"")
    assert asked(gate, io.BytesIO(b"abc"), CONTENT_LENGTH="10") == ("200 OK", b"abc")


def test_a_body_of_unknown_length_is_refused() -> None:
    gate = bodies.Bodies(site, slots=1, working=2)
    for more in ({"HTTP_TRANSFER_ENCODING": "chunked"}, {"CONTENT_LENGTH": "٣"}, {"CONTENT_LENGTH": "-1"}):
        assert asked(gate, io.BytesIO(b"abc"), **more)[0] == "411 Length Required"


def test_slow_senders_never_take_every_thread() -> None:
    """However many there are, pages are answered and who finds no place hears so; once they are gone, ballots come in again."""
    gate = bodies.Bodies(site, slots=3, working=2)
    senders = [Dripping() for _one in range(30)]
    got: list[str] = []
    threads = [
        threading.Thread(target=lambda one=one: got.append(asked(gate, one, CONTENT_LENGTH="1000")[0]))
        for one in senders
    ]
    for one in threads:
        one.start()
    until = time.monotonic() + 5
    while len(got) < 27 and time.monotonic() < until:
        time.sleep(0.01)
    assert got == ["503 Service Unavailable"] * 27
    assert asked(gate, io.BytesIO(b"")) == ("200 OK", b"")
    assert asked(gate, io.BytesIO(b"ballot"), CONTENT_LENGTH="6")[0] == "503 Service Unavailable"
    for sender in senders:
        sender.gone.set()
    for one in threads:
        one.join(5)
    assert asked(gate, io.BytesIO(b"ballot"), CONTENT_LENGTH="6") == ("200 OK", b"ballot")


def test_what_is_too_long_to_keep_goes_through_one_at_a_time(monkeypatch: Any) -> None:
    monkeypatch.setattr(bodies, "MOST", 10)
    gate = bodies.Bodies(site, slots=4, working=2)
    sender = Dripping()
    first = threading.Thread(target=lambda: asked(gate, sender, CONTENT_LENGTH="1000"))
    first.start()
    time.sleep(SOON)
    assert asked(gate, io.BytesIO(b"x" * 1000), CONTENT_LENGTH="1000")[0] == "503 Service Unavailable"
    sender.gone.set()
    first.join(5)
    assert asked(gate, io.BytesIO(b"x" * 1000), CONTENT_LENGTH="1000")[0] == "200 OK"


def test_no_more_are_worked_on_at_once_however_many_bodies_are_there() -> None:
    now, most, lock, go = [0], [0], threading.Lock(), threading.Event()

    def slow(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        go.wait(5)
        with lock:
            now[0] -= 1
        start_response("200 OK", [])
        return [b""]

    gate, got = bodies.Bodies(slow, slots=20, working=3), [""] * 0
    threads = [
        threading.Thread(target=lambda: got.append(asked(gate, io.BytesIO(b"x"), CONTENT_LENGTH="1")[0]))
        for _ in range(20)
    ]
    for one in threads:
        one.start()
    time.sleep(SOON)
    assert most == [3]
    go.set()
    for one in threads:
        one.join(5)
    assert got == ["200 OK"] * 20
    assert most == [3]
