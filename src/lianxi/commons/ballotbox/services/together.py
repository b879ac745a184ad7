"""Ballots that come at the same time are checked together 一起核验: the more there are, the less work each is, and the threads of a
process do not take the processor from each other in the middle of it."""

from collections.abc import Callable, Sequence
from threading import Event, Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class _Waiting(Generic[T]):
    def __init__(self, asked: T) -> None:
        self.asked, self.turn = asked, Event()
        self.right: bool | None = None


class Together(Generic[T]):
    """While one thread judges, others queue up; the first of them then judges for all.

    Args:
        judge: says of each of those that it is given whether it is right.
    """

    def __init__(self, judge: Callable[[Sequence[T]], Sequence[bool]]) -> None:
        self._judge, self._lock = judge, Lock()
        self._waiting, self._busy = list[_Waiting[T]](), False

    def right(self, asked: T) -> bool:
        """Whether it is right. Where judging fails, the error goes to who judged; for all others nothing is right."""
        mine = _Waiting(asked)
        with self._lock:
            self._waiting.append(mine)
            first, self._busy = not self._busy, True
        if not first:
            mine.turn.wait()
        if mine.right is None:
            self._judge_all()
        return bool(mine.right)

    def _judge_all(self) -> None:
        with self._lock:
            them, self._waiting = self._waiting, []
        try:
            for one, right in zip(them, self._judge([one.asked for one in them]), strict=True):
                one.right = right
        finally:
            with self._lock:
                following = self._waiting[0] if self._waiting else None
                self._busy = following is not None
            for one in them:
                one.right = bool(one.right)
                one.turn.set()
            if following:
                following.turn.set()
