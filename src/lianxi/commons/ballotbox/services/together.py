"""Ballots that come at the same time are checked together 一起核验: the more there are, the less work each is."""

from threading import Event, Lock

from lianxi.engines.ballots.batch import Batch


class _Waiting:
    def __init__(self, batch: Batch) -> None:
        self.batch, self.turn = batch, Event()
        self.right: bool | None = None


class Together:
    """Batches of one election. While one thread checks, others queue up; the first of them then checks for all."""

    def __init__(self) -> None:
        self._lock, self._waiting, self._busy = Lock(), list[_Waiting](), False

    def hold(self, batch: Batch) -> bool:
        """Whether the equations of the batch hold, as `batch.hold()`."""
        mine = _Waiting(batch)
        with self._lock:
            self._waiting.append(mine)
            first, self._busy = not self._busy, True
        if not first:
            mine.turn.wait()
        if mine.right is None:
            self._check_for_all()
        return bool(mine.right)

    def _check_for_all(self) -> None:
        with self._lock:
            them, self._waiting = self._waiting, []
        try:
            _judge(them)
        finally:
            with self._lock:
                following = self._waiting[0] if self._waiting else None
                self._busy = following is not None
            for one in them:
                one.right = bool(one.right)  # not judged, where something failed: so it is checked exactly
                one.turn.set()
            if following:
                following.turn.set()


def _judge(them: list[_Waiting]) -> None:
    whole = them[0].batch.joined([one.batch for one in them[1:]])
    if whole.hold():
        for one in them:
            one.right = True
    elif len(them) > 1:
        for one in them:
            one.right = one.batch.hold()
