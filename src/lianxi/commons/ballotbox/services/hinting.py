"""Hints 提示 of a published poll: made once, part by part, so that others check its archive several times faster. Nobody trusts them."""

from collections.abc import Callable, Iterator
from hashlib import sha256

from lianxi.engines.ballots.cores import processes
from lianxi.engines.ballots.hints import beginning, kept, recorded
from lianxi.engines.ballots.strict import parsed

from ..models import Blob, Entry, HintPart, Poll
from ..terms import EntryKind
from .sharing import blob

PART = 25
"""Ballots to a part: a megabyte."""


def make_hints(poll: Poll, move: Callable[[int], None]) -> None:
    """Writes the parts that are not there yet, each in a transaction of its own, and then what all are together.

    A job that was killed goes on after its last part; two jobs at once write the same. Memory is bounded by `PART` ballots.
    """
    setup = Entry._base_manager.get(poll=poll.pk, kind=EntryKind.SETUP)
    election = blob(poll, parsed(blob(poll, setup.payload))["election"])
    cast = Entry._base_manager.filter(poll=poll.pk, kind=EntryKind.BALLOT).order_by("height")
    count = cast.count()
    with processes(count) as pool:
        for number in range(HintPart._base_manager.filter(poll=poll.pk).count(), max(1, -(-count // PART))):
            digests = list(cast.values_list("payload", flat=True)[number * PART : (number + 1) * PART])
            rows = dict(Blob._base_manager.filter(poll=poll.pk, hash__in=digests).values_list("hash", "text"))
            texts = [bytes(rows[digest]) for digest in digests]
            found = (pool.map if pool else map)(recorded, [election] * len(texts), texts)
            content = b"".join([b"" if number else beginning(kept(election)), *found])
            HintPart._base_manager.bulk_create(
                [HintPart(poll=poll, number=number, content=content)], ignore_conflicts=True
            )
            move(number * PART + len(texts))
    whole, size = sha256(), 0
    for piece in hint_chunks(poll):
        whole.update(piece)
        size += len(piece)
    Poll._base_manager.filter(pk=poll.pk).update(hints_hash=whole.hexdigest(), hints_size=size)


def hint_chunks(poll: Poll) -> Iterator[bytes]:
    """The file of hints, part by part."""
    rows = HintPart._base_manager.filter(poll=poll.pk)
    for number in range(rows.count()):
        yield bytes(rows.values_list("content", flat=True).get(number=number))
