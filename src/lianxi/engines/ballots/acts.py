"""What is done with an archive, step by step: set up, cast, end, add up, shuffle, decrypt, result.

Each function adds what belongs together and nothing else; who may do it and when is for the caller, and `verifying` judges.
"""

from collections.abc import Iterable
from pathlib import Path

from gmpy2 import mpz

from . import ballot as ballots
from . import tally as tallies
from .archive import EventType, Reader, Writer, read_event
from .credentials import read_credentials
from .election import Election, read_election
from .proofs import Draw
from .shuffling import Shuffle, read_shuffle, shuffled
from .strict import fields, parsed, written
from .tally import Owned, PartialDecryption, SizedTally, Tally
from .trustees import Single, Trustees, read_trustees


def set_up(writer: Writer, election: Election, trustees: Trustees, credentials: bytes) -> None:
    """Begins: who may vote on what, and who opens it."""
    found = {
        "election": writer.data(election.text),
        "trustees": writer.data(trustees.text()),
        "credentials": writer.data(credentials),
    }
    writer.event(EventType.SETUP, writer.data(written(found).encode()))


def cast(writer: Writer, text: bytes) -> None:
    """Adds a ballot that was checked."""
    writer.event(EventType.BALLOT, writer.data(text))


def end(writer: Writer) -> None:
    """No more ballots."""
    writer.event(EventType.END_BALLOTS)


class Content:
    """What an archive holds, for whoever goes on with it. Nothing in it is checked beyond its form: `verifying` does that."""

    def __init__(self, path: Path) -> None:
        self.columns: tallies.Columns = []
        self.weight = 0
        self.shares: dict[int, PartialDecryption] = {}
        self._cast: list[tuple[str, mpz]] = []
        with path.open("rb") as file:
            self._reader = Reader(file)
            for entry, content in self._reader.entries():
                if entry.is_event:
                    self._take(read_event(content, f"byte {entry.at}").type, content)

    def _take(self, kind: EventType, event: bytes) -> None:
        payload = parsed(event).get("payload")
        text = self._reader.data(payload, kind.value) if payload else b""
        if kind == EventType.SETUP:
            found = fields(parsed(text), "Setup", "election", "trustees", "credentials")
            self.election = read_election(self._reader.data(found["election"], "election"))
            self.trustees = read_trustees(self.election.group, self._reader.data(found["trustees"], "trustees"))
            self.credentials = read_credentials(
                self.election.group, self._reader.data(found["credentials"], "credentials")
            )
        elif kind == EventType.BALLOT:
            self._cast.append((payload, ballots.read_ballot(self.election, text).credential))
        elif kind == EventType.END_BALLOTS:
            self.total = self._total()
        elif kind == EventType.ENCRYPTED_TALLY:
            sized = tallies.read_sized(text, "EncryptedTally")
            self.weight = sized.total_weight
            self.columns = tallies.read_columns(self._reader.data(sized.encrypted_tally, "tally"), "tally")
        elif kind == EventType.SHUFFLE:
            shuffle = read_shuffle(self._reader.data(tallies.read_owned(text, "Shuffle").payload, "Shuffle"), "Shuffle")
            for place, after in zip(self.election.shuffled, shuffle.ciphertexts, strict=True):
                self.columns[place] = after
        elif kind == EventType.PARTIAL_DECRYPTION:
            owned = tallies.read_owned(text, "PartialDecryption")
            share = self._reader.data(owned.payload, "PartialDecryption")
            self.shares[owned.owner] = tallies.read_decryption(self.election.group, share, "PartialDecryption")

    def _total(self) -> Tally:
        total, of = Tally(self.election), dict(self._cast)
        for digest in tallies.last_of_each(self._cast):
            text = self._reader.data(digest, "ballot")
            total.add(ballots.read_ballot(self.election, text), self.credentials.weights[of[digest]])
        return total


def add_up(writer: Writer, total: Tally) -> None:
    """The encrypted sum of the ballots that count."""
    digest = writer.data(tallies.tally_text(total.columns()))
    writer.event(EventType.ENCRYPTED_TALLY, writer.data(SizedTally(total.count, total.weight, digest).text()))


def shuffle(writer: Writer, content: Content, owner: int, draw: Draw) -> None:
    """A trustee's shuffle of the answers that are opened one by one."""
    done = [shuffled(content.election, content.columns[place], draw) for place in content.election.shuffled]
    whole = Shuffle([after for after, _proof in done], [proof for _after, proof in done])
    writer.event(EventType.SHUFFLE, writer.data(Owned(owner, writer.data(whole.text())).text()))


def end_shuffles(writer: Writer) -> None:
    """Enough were made."""
    writer.event(EventType.END_SHUFFLES)


def decrypt(writer: Writer, content: Content, owner: int, secret: mpz, draw: Draw) -> None:
    """A trustee's share of the decryption."""
    add_share(writer, owner, tallies.partly_decrypted(content.election, content.columns, secret, draw))


def add_share(writer: Writer, owner: int, share: PartialDecryption) -> None:
    """Adds a share that was checked."""
    writer.event(EventType.PARTIAL_DECRYPTION, writer.data(Owned(owner, writer.data(share.text())).text()))


def _parts(content: Content) -> Iterable[tuple[range, int]]:
    """Of each part of the trustees: their numbers, and how many more shares of them are wanted."""
    first = 1
    for part in content.trustees.parts:
        who = range(first, first + (1 if isinstance(part, Single) else len(part.keys)))
        needed = 1 if isinstance(part, Single) else part.threshold
        yield who, needed - sum(owner in content.shares for owner in who)
        first = who.stop


def wanted(content: Content, owner: int) -> bool:
    """Whether a share of this trustee is still wanted: a threshold takes as many as it needs, and no more."""
    return any(owner in who and more > 0 for who, more in _parts(content)) and owner not in content.shares


def missing(content: Content) -> int:
    """Shares that are still missing."""
    return sum(more for _who, more in _parts(content))


def publish(writer: Writer, content: Content) -> Iterable[object]:
    """The result from the shares. Raises Malformed where one is missing or wrong."""
    found = tallies.opened(content.election, content.trustees, content.columns, content.shares)
    result = tallies.result_of(content.election, found, content.weight)
    writer.event(EventType.RESULT, writer.data(tallies.result_text(result)))
    return result
