"""Hints 提示: what the proofs of an archive's ballots commit to, written beside the archive so that others verify it faster.

Nobody trusts them. With hints that are right the verifier checks many ballots at once (`batch`); with hints that are wrong,
missing or for something else it computes what they should have said, as it does without. So the verdict never depends on them.

    lianxi-hints/1 FINGERPRINT-OF-THE-ELECTION\\n
    then for each ballot event, in order: a count (4 bytes), and as many numbers of the size of p, first byte first

A number is the root, of order `group.small`, of an element: of what one claim after the other (`claims`) commits to or says to belong to
the group. A ballot that cannot be read has the count 0. A file may end early: the ballots after it have no hints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from typing import BinaryIO

from gmpy2 import invert, mpz

from . import ballot as ballots
from .archive import EventType, Reader, read_event
from .batch import ON_ARRIVAL, Batch, power_of_root
from .claims import claims
from .cores import IN_FLIGHT
from .election import Election, read_election
from .strict import MOST_BYTES, Malformed, fields, parsed

MAGIC = b"lianxi-hints/1 "
COUNT = 4


def beginning(election: Election) -> bytes:
    """The first line of a file of hints."""
    return MAGIC + election.fingerprint.encode() + b"\n"


def record(election: Election, text: bytes) -> bytes:
    """The hints for one ballot, to be appended when it was accepted. Takes as long as checking it."""
    group = election.group
    inverse, size = invert(mpz(group.small), group.q), _size(election)
    try:
        ballot = ballots.read_ballot(election, text)
        roots = [one for claim in claims(election, ballot) for one in claim.roots(group, election.y, inverse)]
    except Malformed:
        roots = []
    return len(roots).to_bytes(COUNT, "big") + b"".join(int(one).to_bytes(size, "big") for one in roots)


def _size(election: Election) -> int:
    return int(election.group.p.bit_length() + 7) // 8


_kept: dict[bytes, Election] = {}


def kept(election_text: bytes) -> Election:
    """The election whose ballots a process is working on, with its tables of powers."""
    election = _kept.get(election_text)
    if election is None:
        _kept.clear()
        election = _kept[election_text] = read_election(election_text)
    return election


def recorded(election_text: bytes, text: bytes) -> bytes:
    """The hints for one ballot, in a process of its own."""
    return record(kept(election_text), text)


def made(
    archive: BinaryIO,
    *,
    executor: Executor | None = None,
    at_once: int = IN_FLIGHT,
    progress: Callable[[int], None] | None = None,
) -> Iterator[bytes]:
    """The file of hints of an archive, piece by piece. Raises Malformed where the archive cannot be read; whether it holds is
    for the verifier."""
    reader, election, waiting = Reader(archive), None, list[Future[bytes] | bytes]()
    done = 0
    for entry, content in reader.entries():
        if not entry.is_event:
            continue
        event = read_event(content, f"byte {entry.at}")
        if event.type == EventType.SETUP and election is None:
            found = fields(parsed(reader.data(event.payload, "Setup")), "Setup", "election", "trustees", "credentials")
            election = kept(reader.data(found["election"], "Setup.election"))
            yield beginning(election)
        elif event.type == EventType.BALLOT and election is not None:
            text = reader.data(event.payload, "ballot")
            waiting.append(
                executor.submit(recorded, election.text, text) if executor else recorded(election.text, text)
            )
        while len(waiting) > at_once or (waiting and executor is None):
            yield _result(waiting.pop(0))
            done += 1
            if progress:
                progress(done)
    yield from map(_result, waiting)


def _result(one: Future[bytes] | bytes) -> bytes:
    return one if isinstance(one, bytes) else one.result()


class Hints:
    """Reads a file of hints, ballot by ballot. Whatever is wrong with it, it only has fewer hints."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._size = file, 0

    def begin(self, election: Election) -> None:
        """Reads the first line: hints for another election are none."""
        wanted = beginning(election)
        if self._file.read(len(wanted)) == wanted:
            self._size = _size(election)

    @property
    def any(self) -> bool:
        """Whether hints for the next ballot may follow."""
        return self._size > 0

    def drop(self) -> None:
        """Asks for no more of them."""
        self._size = 0

    def next(self) -> bytes | None:
        """The numbers for the next ballot; None where there are none."""
        if not self._size:
            return None
        said = self._file.read(COUNT)
        length = int.from_bytes(said, "big") * self._size
        if len(said) == COUNT and length <= MOST_BYTES:
            found = self._file.read(length)
            if len(found) == length:
                return found or None
        self.drop()
        return None


def right(election: Election, ballot: ballots.Ballot, given: bytes) -> bool:
    """Whether one ballot is right by the hints that came with it, as by `ballot.check` but for a probability of at most 2^-64. False
    says nothing of the ballot: it has to be checked without hints."""
    return each_right(election, [(ballot, given)])[0]


def each_right(election: Election, asked: Sequence[tuple[ballots.Ballot, bytes]]) -> list[bool]:
    """The same of several ballots, each with its hints, for less work than one by one. One that is wrong is tried twice, so that
    the probability is at most 2^-63."""
    batch, followed = Batch(election.group, election.y, bits=ON_ARRIVAL), []
    for ballot, given in asked:
        before = batch.mark()
        followed.append(follow(election, ballot, given, batch))
        if not followed[-1]:
            batch.back_to(before)
    if batch.hold():
        return followed
    if len(asked) == 1:
        return [False]
    return [one and right(election, *pair) for one, pair in zip(followed, asked, strict=True)]


def follow(election: Election, ballot: ballots.Ballot, given: bytes, batch: Batch) -> bool:
    """Whether the ballot is right if the batch holds, to which what remains to be checked is added. False says nothing of the
    ballot: it has to be checked without hints, and what was added is to be taken back."""
    group, size = election.group, _size(election)
    at = 0
    for claim in claims(election, ballot):
        roots = [
            mpz(int.from_bytes(given[begin : begin + size], "big"))
            for begin in range(at, at + claim.count * size, size)
        ]
        at += claim.count * size
        if at > len(given) or not all(0 < root < group.p for root in roots):
            return False
        found = [power_of_root(root, group.small, group.p) for root in roots]
        if not claim.follows(group, found, batch):
            return False
    return at == len(given)
