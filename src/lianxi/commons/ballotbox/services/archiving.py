"""The archive of a poll, written as it stands in the box: the same bytes each time, whoever asks."""

from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from lianxi.commons.refusals import NotOpenFromHere
from lianxi.engines.ballots.archive import BLOCK, head
from lianxi.engines.ballots.strict import parsed, written

from ..models import Blob, Entry, Poll
from ..terms import EntryKind

BATCH = 50
"""Entries that are read at once; a ballot of twenty candidates has about 60 kB."""


def chunks(poll: Poll) -> Iterator[bytes]:
    """The archive, file by file, each piece of data before the event that refers to it. Memory is bounded by `BATCH` ballots.

    Raises NotOpenFromHere before the vote was opened.
    """
    if not poll.stamp:
        raise NotOpenFromHere(_("投票开始以后才有档案。"), state=poll.state)
    begin = written({"version": 1, "timestamp": str(poll.stamp)}).encode()
    yield _file("BELENIOS", begin, poll.stamp)
    known: set[str] = set()
    height, last = 0, poll.height
    while height <= last:
        rows = list(Entry._base_manager.filter(poll=poll.pk, height__gte=height, height__lte=last)[:BATCH])
        wanted = [row.payload for row in rows if row.payload]
        texts = _texts(poll, wanted)
        for row in rows:
            for digest, text in _data(poll, row, texts):
                if digest not in known:
                    known.add(digest)
                    yield _file(f"{digest}.data.json", text, poll.stamp)
            yield _file(f"{row.hash}.event.json", row.text.encode(), poll.stamp)
        height += len(rows)


def write(poll: Poll, file: BinaryIO) -> int:
    """Write the archive into a file; gives its size in bytes."""
    return sum(file.write(chunk) for chunk in chunks(poll))


def _texts(poll: Poll, digests: list[str]) -> dict[str, bytes]:
    rows = Blob._base_manager.filter(poll=poll.pk, hash__in=digests).values_list("hash", "text")
    return {digest: bytes(text) for digest, text in rows}


def _data(poll: Poll, row: Entry, texts: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """What an entry refers to: first what its payload refers to, then the payload."""
    if not row.payload:
        return
    text = texts[row.payload]
    if row.kind in REFERS:
        said = parsed(text)
        inner = [said[name] for name in REFERS[EntryKind(row.kind)]]
        found = _texts(poll, inner)
        yield from ((digest, found[digest]) for digest in inner)
    yield row.payload, text


REFERS = {
    EntryKind.SETUP: ("election", "trustees", "credentials"),
    EntryKind.TALLY: ("encrypted_tally",),
    EntryKind.SHARE: ("payload",),
}
"""Fields of a payload that name further data."""


def _file(name: str, content: bytes, stamp: int) -> bytes:
    return head(name, len(content), stamp) + content + bytes(-len(content) % BLOCK)
