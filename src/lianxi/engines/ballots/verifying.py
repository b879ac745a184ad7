"""The strict verifier 核验: reads an archive from its first byte to its last and believes nothing.

It refuses what `belenios-tool` refuses, and also: ballots or ends out of order; more than one end, tally or result; ballots
that do not stand between Setup and the one end; the same ballot twice; a published sum, count or result that is not what
the ballots make; elements outside the subgroup; data to which nothing refers; fewer than two shuffles. Memory is bounded by
the number of credentials, not by the ballots.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from gmpy2 import mpz

from . import ballot as ballots
from . import tally as tallies
from .archive import Event, EventType, Reader, read_event
from .checking import Checks
from .chinese import Form, form_of
from .cores import IN_FLIGHT
from .credentials import PublicCredentials, read_credentials
from .election import Election, Question, read_election
from .hints import Hints
from .shuffling import check_shuffle, read_shuffle
from .strict import Malformed, exactly, fields, parsed, sha
from .trustees import Trustees, combined, read_trustees

T = EventType
AFTER: dict[EventType | None, frozenset[EventType]] = {
    None: frozenset({T.SETUP}),
    T.SETUP: frozenset({T.BALLOT, T.END_BALLOTS}),
    T.BALLOT: frozenset({T.BALLOT, T.END_BALLOTS}),
    T.END_BALLOTS: frozenset({T.ENCRYPTED_TALLY}),
    T.ENCRYPTED_TALLY: frozenset({T.SHUFFLE, T.PARTIAL_DECRYPTION}),
    T.SHUFFLE: frozenset({T.SHUFFLE, T.END_SHUFFLES}),
    T.END_SHUFFLES: frozenset({T.PARTIAL_DECRYPTION}),
    T.PARTIAL_DECRYPTION: frozenset({T.PARTIAL_DECRYPTION, T.RESULT}),
    T.RESULT: frozenset(),
}
"""Which event may follow which: the whole order of an election."""
WITHOUT_DATA = {T.END_BALLOTS, T.END_SHUFFLES}
LEAST_SHUFFLES = 2


@dataclass
class Report:
    """What was found. `wrong` is empty if and only if everything holds."""

    wrong: list[Malformed] = field(default_factory=list)
    uuid: str = ""
    name: str = ""
    questions: list[tuple[str, list[str]]] = field(default_factory=list)
    """To each question its words and its answers; a blank vote, where one is possible, is the first."""
    form: Form | None = None
    """Of a Chinese ballot."""
    trustees: int = 0
    events: int = 0
    credentials: int = 0
    credentials_fingerprint: str = ""
    ballots: int = 0
    """All that were cast, those replaced by a later one included."""
    counted: int = 0
    phase: str = ""
    """The last event."""
    result: list[Any] | None = None
    hinted: int = field(default=0, compare=False)
    """Ballots that were checked with the help of hints. Says nothing of the verdict."""

    @property
    def green(self) -> bool:
        return not self.wrong


@dataclass
class _Walk:
    """Where the verifier stands in the archive."""

    reader: Reader
    report: Report
    last: Event | None = None
    last_digest: str | None = None
    pending: set[str] = field(default_factory=set)
    """Data to which no event has referred yet."""
    election: Election | None = None
    trustees: Trustees | None = None
    credentials: PublicCredentials | None = None
    cast: list[tuple[str, mpz]] = field(default_factory=list)
    columns: tallies.Columns = field(default_factory=list)
    shufflers: list[int] = field(default_factory=list)
    shares: dict[int, tallies.PartialDecryption] = field(default_factory=dict)
    weight: int = 0

    def use(self, digest: str | None, where: str) -> bytes:
        """Data that an event refers to, which must not have been referred to before."""
        content = self.reader.data(digest, where)
        if digest not in self.pending:
            raise Malformed("refers to something to which an earlier event refers already", where)
        self.pending.discard(digest)
        return content


def verify(
    file: BinaryIO,
    *,
    executor: Executor | None = None,
    at_once: int = IN_FLIGHT,
    hints: BinaryIO | None = None,
    progress: Callable[[int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Report:
    """Checks an archive, whole or still growing. Never raises for what it contains: what is wrong stands in the report.

    `hints` (module `hints`) make it faster and never change what is found; `executor` checks ballots beside each other;
    `at_once` of them wait in memory at most; `progress` is told how many were checked; `cancelled` is asked between ballots and ends the check (the report then says so
    and is not green).
    """
    walk = _Walk(Reader(file), Report())
    checks = Checks(executor, at_once, Hints(hints) if hints else None, progress, cancelled)
    try:
        for entry, content in walk.reader.entries():
            if not entry.at:
                continue
            if not entry.is_event:
                walk.pending.add(entry.digest)
                continue
            event = read_event(content, f"event at byte {entry.at}")
            _in_order(walk, event)
            _STEPS[event.type](walk, event, checks)
            if walk.pending:
                raise Malformed("data stand before it to which nothing refers", f"event {event.height}")
            walk.last, walk.last_digest = event, entry.digest
            walk.report.events += 1
        checks.all_done()
        if walk.pending or walk.last is None:
            raise Malformed("ends with data to which nothing refers", "archive")
        walk.report.phase = walk.last.type.value
    except Malformed as problem:
        walk.report.wrong.append(_earlier(checks) or problem)
    finally:
        checks.stop()
        walk.report.hinted = checks.hinted
    return walk.report


def _earlier(checks: Checks) -> Malformed | None:
    """What is wrong with a ballot that came before the problem: the first problem of the archive is told, however many ballots
    were being checked."""
    try:
        checks.all_done()
    except Malformed as problem:
        return problem
    return None


def _in_order(walk: _Walk, event: Event) -> None:
    where = f"event {event.height}"
    if event.height != (0 if walk.last is None else walk.last.height + 1):
        raise Malformed("its height does not follow", where)
    if event.parent != walk.last_digest:
        raise Malformed("does not refer to the event before it", where)
    if event.type not in AFTER[walk.last.type if walk.last else None]:
        raise Malformed("{what} may not stand here", where, what=event.type)
    if (event.payload is None) != (event.type in WITHOUT_DATA):
        raise Malformed("has or lacks data against the rule", where)


def _setup(walk: _Walk, event: Event, checks: Checks) -> None:
    text = walk.use(event.payload, "Setup")
    found = fields(parsed(text), "Setup", "election", "trustees", "credentials")
    exactly(text, found)
    election = read_election(walk.use(sha(found["election"], "Setup"), "Setup.election"))
    trustees = read_trustees(election.group, walk.use(sha(found["trustees"], "Setup"), "Setup.trustees"))
    credentials = read_credentials(election.group, walk.use(sha(found["credentials"], "Setup"), "Setup.credentials"))
    if combined(election.group, trustees) != election.public_key:
        raise Malformed("the key of the election is not that of its trustees", "Setup")
    walk.report.form = form_of(election)
    checks.setup(election)
    walk.election, walk.trustees, walk.credentials = election, trustees, credentials
    report = walk.report
    report.uuid, report.name, report.trustees = election.uuid, election.name, len(trustees.keys)
    report.questions = [
        (one.question, ([""] if isinstance(one, Question) and one.blank else []) + list(one.answers))
        for one in election.questions
    ]
    report.credentials, report.credentials_fingerprint = len(credentials.weights), credentials.fingerprint


def _ready(walk: _Walk) -> tuple[Election, Trustees, PublicCredentials]:
    if walk.election is None or walk.trustees is None or walk.credentials is None:
        raise Malformed("there was no Setup", "archive")
    return walk.election, walk.trustees, walk.credentials


def _ballot(walk: _Walk, event: Event, checks: Checks) -> None:
    election, _trustees, credentials = _ready(walk)
    where = f"ballot of event {event.height}"
    text = walk.use(event.payload, where)
    credential = ballots.credential_of(text)
    if credential not in credentials.weights:
        ballots.read_ballot(election, text)  # says what else is wrong with it
        raise Malformed("its credential is not in the list", where)
    checks.begin(text, where)
    assert credential is not None
    walk.cast.append((str(event.payload), credential))
    walk.report.ballots += 1


def _end_ballots(_walk: _Walk, _event: Event, checks: Checks) -> None:
    checks.all_done()


def _counting(walk: _Walk) -> Iterator[tuple[bytes, int]]:
    _election, _trustees, credentials = _ready(walk)
    of = dict(walk.cast)
    for digest in tallies.last_of_each(walk.cast):
        yield walk.reader.data(digest, "ballot"), credentials.weights[of[digest]]


def _encrypted_tally(walk: _Walk, event: Event, _checks: Checks) -> None:
    election, _trustees, _credentials = _ready(walk)
    total = tallies.Tally(election)
    for text, weight in _counting(walk):
        if weight != 1 and election.shuffled:
            raise Malformed("shuffled answers have no weight", "EncryptedTally")
        total.take(ballots.choices_of(election, text), weight)
    sized = tallies.read_sized(walk.use(event.payload, "EncryptedTally"), "EncryptedTally")
    if (sized.num_tallied, sized.total_weight) != (total.count, total.weight):
        raise Malformed(
            "says {said} ballots of weight {said_weight}; there are {count} of {weight}",
            "EncryptedTally",
            said=sized.num_tallied,
            said_weight=sized.total_weight,
            count=total.count,
            weight=total.weight,
        )
    walk.columns, walk.weight = total.columns(), total.weight
    if walk.use(sized.encrypted_tally, "encrypted_tally") != tallies.tally_text(walk.columns):
        raise Malformed("is not the sum of the ballots", "encrypted_tally")
    walk.report.counted = total.count


def _shuffle(walk: _Walk, event: Event, _checks: Checks) -> None:
    election, trustees, _credentials = _ready(walk)
    where = f"shuffle of event {event.height}"
    if not election.shuffled:
        raise Malformed("nothing is to be shuffled", where)
    owned = tallies.read_owned(walk.use(event.payload, where), where)
    if not 1 <= owned.owner <= len(trustees.keys) or owned.owner in walk.shufflers:
        raise Malformed("its owner is no trustee, or has shuffled before", where)
    shuffle = read_shuffle(walk.use(owned.payload, where), where)
    places = election.shuffled
    if len(shuffle.ciphertexts) != len(places) or len(shuffle.proofs) != len(places):
        raise Malformed("has another number of questions", where)
    for place, after, proof in zip(places, shuffle.ciphertexts, shuffle.proofs, strict=True):
        check_shuffle(election, walk.columns[place], after, proof, f"{where}, question {place}")
        walk.columns[place] = after
    walk.shufflers.append(owned.owner)


def _end_shuffles(walk: _Walk, _event: Event, _checks: Checks) -> None:
    if len(walk.shufflers) < LEAST_SHUFFLES:
        raise Malformed(
            "{count} shuffles; at least {least}", "EndShuffles", count=len(walk.shufflers), least=LEAST_SHUFFLES
        )


def _partial_decryption(walk: _Walk, event: Event, _checks: Checks) -> None:
    election, trustees, _credentials = _ready(walk)
    where = f"decryption of event {event.height}"
    if election.shuffled and not walk.shufflers:
        raise Malformed("the answers were not shuffled", where)
    owned = tallies.read_owned(walk.use(event.payload, where), where)
    if not 1 <= owned.owner <= len(trustees.keys) or owned.owner in walk.shares:
        raise Malformed("its owner is no trustee, or has decrypted before", where)
    share = tallies.read_decryption(election.group, walk.use(owned.payload, where), where)
    tallies.check_decryption(election, walk.columns, trustees.keys[owned.owner - 1], share, where)
    walk.shares[owned.owner] = share


def _result(walk: _Walk, event: Event, _checks: Checks) -> None:
    election, trustees, _credentials = _ready(walk)
    found = tallies.opened(election, trustees, walk.columns, walk.shares)
    result = tallies.result_of(election, found, walk.weight)
    if walk.use(event.payload, "Result") != tallies.result_text(result):
        raise Malformed("is not what the shares open", "Result")
    walk.report.result = result


_STEPS: dict[EventType, Callable[[_Walk, Event, Checks], None]] = {
    T.SETUP: _setup,
    T.BALLOT: _ballot,
    T.END_BALLOTS: _end_ballots,
    T.ENCRYPTED_TALLY: _encrypted_tally,
    T.SHUFFLE: _shuffle,
    T.END_SHUFFLES: _end_shuffles,
    T.PARTIAL_DECRYPTION: _partial_decryption,
    T.RESULT: _result,
}
