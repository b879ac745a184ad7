"""Archives of an election 档案 (`.bel`): a chain of events in an old tar file that only grows.

Specification of Belenios 2.0, section 4.4. Entries are read one after the other and never kept whole; what lies where is
held by hash, so that memory does not grow with the ballots' proofs.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from .strict import MOST_BYTES, Malformed, exactly, fields, parsed, sha, small, string, written

BLOCK = 512
MOST_ENTRIES = 4_000_000


class EventType(StrEnum):
    SETUP = "Setup"
    BALLOT = "Ballot"
    END_BALLOTS = "EndBallots"
    ENCRYPTED_TALLY = "EncryptedTally"
    SHUFFLE = "Shuffle"
    END_SHUFFLES = "EndShuffles"
    PARTIAL_DECRYPTION = "PartialDecryption"
    RESULT = "Result"


@dataclass(frozen=True, slots=True)
class Event:
    """A step of the election. `payload` is the hash of the data that it is about."""

    parent: str | None
    height: int
    type: EventType
    payload: str | None

    def text(self) -> bytes:
        said: dict[str, Any] = {} if self.parent is None else {"parent": self.parent}
        said |= {"height": self.height, "type": self.type.value}
        return written(said if self.payload is None else said | {"payload": self.payload}).encode()


def read_event(text: bytes, where: str) -> Event:
    """The event of a text. Raises Malformed."""
    found = fields(parsed(text), where, "?parent", "height", "type", "?payload")
    kind = string(found["type"], where)
    if kind not in set(EventType):
        raise Malformed("unknown event {what}", where, what=kind[:40])
    event = Event(
        sha(found["parent"], where) if "parent" in found else None,
        small(found["height"], where),
        EventType(kind),
        sha(found["payload"], where) if "payload" in found else None,
    )
    exactly(text, found)
    return event


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the archive: where it begins, how long it is, and what kind it is."""

    name: str
    digest: str
    is_event: bool
    at: int
    size: int
    timestamp: int


class Reader:
    """Reads an archive from a file that can be searched. Raises Malformed at the first thing that is not as it should be:
    a header, a size, a name that is not the hash of what it names, an entry that stands twice."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.size = file.seek(0, os.SEEK_END)
        self._data: dict[str, tuple[int, int]] = {}
        self.header: dict[str, Any] = {}

    def _entry(self, at: int) -> Entry:
        self.file.seek(at)
        block = self.file.read(BLOCK)
        where = f"byte {at}"
        if len(block) < BLOCK:
            raise Malformed("the archive is cut off", where)
        name_said, size_said, time_said = (
            block[a:b].split(b"\0", 1)[0].strip() for a, b in ((0, 100), (124, 136), (136, 148))
        )
        name = name_said.decode("ascii", "replace")
        if any(not said or said.strip(b"01234567") for said in (size_said, time_said)):
            raise Malformed("a size or time is no octal number", where)
        size, timestamp = int(size_said, 8), int(time_said, 8)
        if size > MOST_BYTES:
            raise Malformed(
                "{what} has {size} bytes; at most {most}", where, what=name[:70], size=size, most=MOST_BYTES
            )
        if block != head(name, size, timestamp):
            raise Malformed("the head of {what} is not that of a plain old tar entry", where, what=name[:70])
        if at + BLOCK + size > self.size:
            raise Malformed("the archive is cut off", where)
        digest, _dot, kind = name.partition(".")
        if at and kind not in ("data.json", "event.json"):
            raise Malformed("unknown kind of file {what}", where, what=name[:70])
        return Entry(name, digest, kind == "event.json", at, size, timestamp)

    def entries(self) -> Iterator[tuple[Entry, bytes]]:
        """Every entry with its content, in order; the head of the archive comes first."""
        at, timestamp = 0, None
        for number in range(MOST_ENTRIES):
            if at == self.size and number:
                return
            entry = self._entry(at)
            content = self.file.read(entry.size)
            padding = self.file.read(-entry.size % BLOCK)
            if len(padding) != -entry.size % BLOCK or padding.strip(b"\0"):
                raise Malformed("something stands in the padding", f"byte {at}")
            if timestamp is not None and entry.timestamp != timestamp:
                raise Malformed("another time than that of the archive", f"byte {at}")
            timestamp = entry.timestamp
            if number == 0:
                self._begin(entry, content)
            elif sha256(content).hexdigest() != entry.digest:
                raise Malformed("{what} is not the hash of its content", f"byte {at}", what=entry.name)
            elif not entry.is_event:
                if entry.digest in self._data:
                    raise Malformed("{what} stands twice", f"byte {at}", what=entry.name)
                self._data[entry.digest] = (entry.at + BLOCK, entry.size)
            yield entry, content
            at += BLOCK + entry.size + (-entry.size % BLOCK)
        raise Malformed("more than {most} files", most=MOST_ENTRIES)

    def _begin(self, entry: Entry, content: bytes) -> None:
        if entry.name != "BELENIOS":
            raise Malformed("does not begin with BELENIOS", "byte 0")
        found = fields(parsed(content), "BELENIOS", "version", "timestamp")
        if small(found["version"], "BELENIOS") != 1:
            raise Malformed("only version 1 is read", "BELENIOS")
        if string(found["timestamp"], "BELENIOS") != str(entry.timestamp):
            raise Malformed("another time than that of its files", "BELENIOS")
        exactly(content, found)
        self.header = found

    def data(self, digest: str | None, where: str) -> bytes:
        """Data that stood before the event that refers to it. Raises Malformed where there is none."""
        if digest is None or digest not in self._data:
            raise Malformed("refers to something that does not stand before it", where)
        at, size = self._data[digest]
        back = self.file.tell()
        self.file.seek(at)
        content = self.file.read(size)
        self.file.seek(back)
        if sha256(content).hexdigest() != digest:  # somebody writes to the file while it is read
            raise Malformed("{what} is not the hash of its content", where, what=digest)
        return content


def head(name: str, size: int, timestamp: int) -> bytes:
    """The 512 bytes before a file in an old tar: mode 0644, no owner."""
    block = bytearray(BLOCK)
    block[0 : len(name)] = name.encode("ascii", "replace")[:100]
    block[100:108] = b"0000644\0"
    block[108:116] = block[116:124] = b"0000000\0"
    block[124:136] = b"%011o\0" % size
    block[136:148] = b"%011o\0" % timestamp
    block[156] = ord("0")
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


class Writer:
    """Adds to an archive in a file; each event refers to the one before it. Begun by `begin` or `resume`."""

    def __init__(self, path: Path, timestamp: int, have: set[str], parent: str | None, height: int) -> None:
        self.path, self.timestamp, self._have = path, timestamp, have
        self.parent, self.height = parent, height

    @classmethod
    def begin(cls, path: Path, *, timestamp: int) -> "Writer":
        """A new archive. Raises FileExistsError where there is a file already."""
        one = cls(path, timestamp, set(), None, 0)
        with path.open("xb") as file:
            file.write(one._file("BELENIOS", written({"version": 1, "timestamp": str(timestamp)}).encode()))
        return one

    @classmethod
    def resume(cls, path: Path) -> "Writer":
        """An archive that others have written to. Raises Malformed where it is not whole."""
        have: set[str] = set()
        parent, height, timestamp = None, 0, 0
        with path.open("rb") as file:
            for entry, content in Reader(file).entries():
                timestamp = entry.timestamp
                if entry.is_event:
                    parent, height = entry.digest, read_event(content, f"byte {entry.at}").height + 1
                else:
                    have.add(entry.digest)
        return cls(path, timestamp, have, parent, height)

    def _file(self, name: str, content: bytes) -> bytes:
        return head(name, len(content), self.timestamp) + content + bytes(-len(content) % BLOCK)

    def _add(self, content: bytes, kind: str) -> str:
        digest = sha256(content).hexdigest()
        with self.path.open("ab") as file:
            file.write(self._file(f"{digest}.{kind}.json", content))
        return digest

    def data(self, content: bytes) -> str:
        """Adds data, once; returns its hash."""
        digest = sha256(content).hexdigest()
        if digest not in self._have:
            self._add(content, "data")
            self._have.add(digest)
        return digest

    def event(self, kind: EventType, payload: str | None = None) -> str:
        """Adds an event after the last one; returns its hash."""
        event = Event(self.parent, self.height, kind, payload)
        self.parent = self._add(event.text(), "event")
        self.height += 1
        return self.parent
