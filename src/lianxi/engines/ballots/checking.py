"""Ballots of an archive under check: one by one or, with hints, many at once; here or in other processes; in order."""

from __future__ import annotations

import collections
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass

from . import ballot as ballots
from .batch import Batch
from .chinese import check_links, form_of
from .election import Election
from .hints import Hints, follow, kept
from .strict import Malformed

TOGETHER = 128
"""Ballots that are checked at once where there are hints: 10 MB."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ballot to be checked: its place in words, its text, its hints."""

    where: str
    text: bytes
    hints: bytes | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What came of some ballots: the first problem, how many were checked with hints, and whether hints misled."""

    problem: Malformed | None = None
    hinted: int = 0
    misled: bool = False


def exactly(election: Election, one: Waiting) -> Malformed | None:
    """What is wrong with a ballot, every proof computed."""
    try:
        ballot = ballots.read_ballot(election, one.text)
        ballots.check(election, ballot)
        form = form_of(election)
        if form:
            check_links(election, form, ballot)
    except Malformed as problem:
        return Malformed(problem.why, f"{one.where}, {problem.where}", **problem.facts)
    return None


def judged(election_text: bytes, waiting: Sequence[Waiting]) -> Found:
    """What is wrong with the first ballot that is wrong; runs in another process, so it takes and gives plain things.

    A ballot whose hints do not fit is checked without; and all of them are if the equations do not hold together.
    """
    election = kept(election_text)
    batch = Batch(election.group, election.y)
    followed: list[Waiting] = []
    last: Malformed | None = None
    misled = False
    for one in waiting:
        if one.hints is not None and _follows(election, one, batch):
            followed.append(one)
            continue
        last = exactly(election, one)
        if last:
            break
        misled |= one.hints is not None
    if batch.hold():
        return Found(last, len(followed), misled)
    for one in followed:
        problem = exactly(election, one)
        if problem:
            return Found(problem)
    return Found(last, misled=True)


def _follows(election: Election, one: Waiting, batch: Batch) -> bool:
    """Whether only the batch remains to be checked; adds nothing to it otherwise."""
    before = batch.mark()
    try:
        ballot = ballots.read_ballot(election, one.text)
        if one.hints is not None and follow(election, ballot, one.hints, batch):
            form = form_of(election)
            if form:
                check_links(election, form, ballot)
            return True
    except Malformed:
        pass  # to be said by the exact check, whose order of checks is the one that counts
    batch.back_to(before)
    return False


class Checks:
    """Ballots that are being checked: a bounded number at once, in order."""

    def __init__(
        self,
        executor: Executor | None,
        at_once: int,
        hints: Hints | None,
        progress: Callable[[int], None] | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self.executor, self.at_once, self.hints = executor, at_once, hints
        self.progress, self.cancelled = progress, cancelled
        self._waiting: list[Waiting] = []
        self._text = b""
        self._running: collections.deque[tuple[Future[Found], int]] = collections.deque()
        self.done = self.hinted = 0
        self.over = False
        """Whether a ballot was wrong or the check was ended: nothing that came before remains to be told."""

    def setup(self, election: Election) -> None:
        """Says for which election ballots will come."""
        self._text = election.text
        if self.hints:
            self.hints.begin(election)

    def begin(self, text: bytes, where: str) -> None:
        """Takes a ballot. Raises Malformed for one that came before it and is wrong."""
        if self.cancelled and self.cancelled():
            self.over = True
            raise Malformed("the check was ended before it was finished", "verifier")
        given = self.hints.next() if self.hints else None
        self._waiting.append(Waiting(where, text, given))
        if len(self._waiting) >= (TOGETHER if self.hints and self.hints.any else 1):
            self._send()

    def _send(self) -> None:
        waiting, self._waiting = self._waiting, []
        if self.executor is None:
            self._take(judged(self._text, waiting), len(waiting))
            return
        most = max(2, self.at_once // 4) if len(waiting) > 1 else self.at_once
        while len(self._running) >= most:
            self._next()
        self._running.append((self.executor.submit(judged, self._text, waiting), len(waiting)))

    def _next(self) -> None:
        future, count = self._running.popleft()
        self._take(future.result(), count)

    def _take(self, found: Found, count: int) -> None:
        self.hinted += found.hinted
        if found.misled and not found.hinted and self.hints:
            self.hints.drop()
        if found.problem:
            self.over = True
            raise found.problem
        for _ in range(count):
            self.done += 1
            if self.progress:
                self.progress(self.done)

    def all_done(self) -> None:
        """Waits for all ballots that were taken. Raises Malformed for the first that is wrong."""
        if self.over:
            return
        if self._waiting:
            self._send()
        while self._running:
            self._next()

    def stop(self) -> None:
        """Lets go of what has not begun."""
        self._waiting = []
        while self._running:
            self._running.popleft()[0].cancel()
