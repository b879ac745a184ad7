"""People with addresses, kinds to post, and a mail server that fails on demand."""

import contextlib
import datetime as dt
import email
import socketserver
import threading
from collections.abc import Callable, Collection, Iterator
from email.message import EmailMessage
from email.policy import default
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from lianxi.commons.notices.kinds import Group, NoticeKind, Subject, declare
from lianxi.commons.notices.terms import Urgency
from lianxi.commons.permissions import Actor

OPEN_TO: dict[int, set[int]] = {}
"""record → persons who may meet it, for the subject of these tests."""


def _words(actor: Actor, keys: Collection[int]) -> dict[int, dict[str, Any]]:
    return {
        key: {"what": f"题目{key}", "reference": f"〔2026〕{key}号"}
        for key in keys
        if actor.person_id in OPEN_TO.get(key, ())
    }


THINGS = Subject("tests.thing", _words, "有新消息", "凭收件码查看。", lambda: "/follow/")
CALM = Group("tests.calm", "平常的")
LOUD = Group("tests.loud", "要紧的", may_be_off=False)
PLAIN = NoticeKind("tests.plain", CALM, "办好了%(n)s件", "%(day)s前看。")
AT_ONCE = NoticeKind("tests.at_once", CALM, "马上看：%(what)s", "%(when)s到期。", Urgency.AT_ONCE, THINGS)
URGENT = NoticeKind("tests.urgent", LOUD, "催办", urgency=Urgency.AT_ONCE, breaks_quiet=True)
declare(PLAIN, AT_ONCE, URGENT)


@pytest.fixture(autouse=True)
def open_to() -> Iterator[dict[int, set[int]]]:
    OPEN_TO.clear()
    yield OPEN_TO
    OPEN_TO.clear()


@pytest.fixture
def people(db: None) -> SimpleNamespace:
    """Three persons: two with an address, one of whom reads English; one without."""
    from lianxi.commons.accounts.models import Person

    return SimpleNamespace(
        lu=Person.objects.create(name="陆砚秋", email="lu@example.org"),
        ann=Person.objects.create(name="Ann Field", email="ann@example.org", language="en"),
        shen=Person.objects.create(name="沈既白"),
    )


@pytest.fixture
def admin(db: None) -> Any:
    """Whoever looks after the system; has no address."""
    from lianxi.commons.accounts.models import Person
    from lianxi.commons.permissions.models import Posting
    from lianxi.commons.permissions.terms import Role
    from lianxi.commons.units.models import Unit
    from lianxi.commons.units.terms import UnitKind

    unit = Unit.objects.create(name="砚湖街道党工委", kind=UnitKind.STREET)
    person = Person.objects.create(name="顾长风")
    Posting.objects.create(person=person, unit=unit, role=Role.SYSTEM_ADMIN, since=dt.date(2025, 1, 1))
    return person


class Sink(socketserver.StreamRequestHandler):
    """A mail server of thirty lines. `answers`: what it says to RCPT and DATA instead of yes, one after the other."""

    got: ClassVar[list[EmailMessage]] = []
    rcpt: ClassVar[list[str]] = []
    data: ClassVar[list[str]] = []
    before_ok: ClassVar[list[Callable[[], None]]] = []

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):
            self._talk()

    def _talk(self) -> None:
        self._say("220 sink")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"RCPT" and self.rcpt:
                self._say(self.rcpt.pop(0))
            elif verb == b"DATA":
                self._say("354 go on")
                self._take()
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        if self.data:
            self._say(self.data.pop(0))
            return
        if self.before_ok:
            self.before_ok.pop(0)()
        self.got.append(email.message_from_bytes(b"".join(lines), policy=default))  # type: ignore[arg-type]
        self._say("250 taken")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@pytest.fixture
def sink(settings: Any) -> Iterator[type[Sink]]:
    """The mail server, running, and Django's settings pointing to it."""
    Sink.got, Sink.rcpt, Sink.data, Sink.before_ok = [], [], [], []
    with Server(("127.0.0.1", 0), Sink) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.server_address[1]
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield Sink
        server.shutdown()
