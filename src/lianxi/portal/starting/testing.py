"""For pytest (`-p lianxi.portal.starting.testing`): a database for the tests before Django reads its settings.

With `DATABASE_URL` set the tests use that server; otherwise the embedded one is started over a folder of its own,
without the care for power loss that makes it slow, and goes away with the run. Several testers at once (`-n`) share the
server, where each has a database of its own; each has its own folder of data.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from pathlib import Path
from typing import Any

from lianxi.portal.starting.folder import Folder
from lianxi.portal.starting.postgres import Server
from lianxi.portal.starting.words import Trouble

_PREFIX = "lianxi-tests-"
_TESTER = "PYTEST_XDIST_WORKER" in os.environ
_running: list[tuple[Server | None, Folder]] = []


def _begin() -> None:
    folder = Folder(Path(tempfile.mkdtemp(prefix=_PREFIX)))
    folder.make()
    folder.hold()
    os.environ.setdefault("LIANXI_TEST_KEYS", "1")
    if _TESTER or "LIANXI_DATA" not in os.environ:
        os.environ["LIANXI_DATA"] = str(folder.path)
    embedded = None
    if not os.environ.get("DATABASE_URL"):
        embedded = Server(folder.postgres, folder.run / "postgres.log", secrets.token_urlsafe(12), durable=False)
        os.environ["DATABASE_URL"] = embedded.start().url
    _running.append((embedded, folder))


def _sweep() -> None:
    """Remove what killed runs left."""
    for left in Path(tempfile.gettempdir()).glob(_PREFIX + "*"):
        if left.is_dir() and left.stat().st_uid == os.geteuid() and (left / "run" / "lock").exists():
            folder = Folder(left)
            try:
                folder.hold(patience=0)
            except Trouble:
                continue
            shutil.rmtree(left, ignore_errors=True)
            folder.release()


def pytest_unconfigure(config: Any) -> None:
    """Stop the server and remove its folder."""
    while _running:
        embedded, folder = _running.pop()
        if embedded:
            embedded.stop()
        folder.release()
        shutil.rmtree(folder.path, ignore_errors=True)


if not _TESTER:
    _sweep()
_begin()
