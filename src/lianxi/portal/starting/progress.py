"""Progress of a start: numbered steps, how far the running one is, and how long each took."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_NUMBER = r"(\d+(?:[\s,\u2009\u202f]\d{3})*)"
_COUNT = re.compile(rf"(?:^|\s){_NUMBER}\s*/\s*{_NUMBER}$")
_MARK = "@progress "


def tell(done: int, of: int, zh: str = "", en: str = "") -> None:
    """Say from a child process (a management command, say) how far it is: `done` of `of`, with an optional remark.

    Under `lianxi demo` the line becomes a bar; run by hand it is printed as it stands.
    """
    if os.environ.get("LIANXI_PROGRESS"):
        print(_MARK + json.dumps([done, of, zh, en]), flush=True)
    else:
        print(f"{done}/{of} {zh} {en}".rstrip(), flush=True)


class Steps:
    """The steps of one start. On a terminal the running step is a line that fills; elsewhere it has plain lines."""

    def __init__(self, of: int) -> None:
        self.of = of
        self.number = 0
        self.title = ""
        self._tty = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        self._shown = 0.0

    @contextmanager
    def step(self, zh: str, en: str) -> Iterator[Steps]:
        """Do one step: show its title, then, when the block ends, its time."""
        self.number += 1
        self.title = f"[{self.number}/{self.of}] {zh} · {en}"
        began = self._shown = time.monotonic()
        print(self.title + " …", end="" if self._tty else "\n", flush=True)
        try:
            yield self
        except BaseException:
            self._line(f"{self.title} ✗", end="\n")
            raise
        self._line(f"{self.title} ✓ {time.monotonic() - began:.1f} s", end="\n")

    def at(self, done: int, of: int, remark: str = "") -> None:
        """Show how far the running step is."""
        if not of:
            return
        share = min(1.0, done / of)
        now = time.monotonic()
        if self._tty:
            filled = round(share * 20)
            self._line(f"{self.title} {'█' * filled}{'░' * (20 - filled)} {share:4.0%} {remark}"[:150])
        elif now - self._shown >= 2:
            print(f"      {share:4.0%} {remark}".rstrip(), flush=True)
            self._shown = now

    def note(self, line: str) -> bool:
        """Take a line that a child process printed; true if it told how far the child is."""
        if line.startswith(_MARK):
            done, of, zh, en = json.loads(line.removeprefix(_MARK))
            self.at(done, of, " ".join(part for part in (zh, en) if part))
            return True
        if found := _COUNT.search(line.strip()):
            done, of = (int(re.sub(r"\D", "", number)) for number in found.groups())
            self.at(done, of, line.strip())
            return True
        return False

    def _line(self, text: str, end: str = "") -> None:
        print(f"\r\x1b[2K{text}" if self._tty else text, end=end, flush=True)
