"""Strict checking of ballots. What is known of an election is read once a process."""

from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock

from lianxi.engines.ballots import ballot as ballots
from lianxi.engines.ballots import hints
from lianxi.engines.ballots.chinese import Form, check_links, form_of
from lianxi.engines.ballots.election import Election, Question, read_election
from lianxi.engines.ballots.strict import MOST_DIGITS, fields, parsed, string

from ..models import Blob, Entry, Poll
from ..terms import EntryKind
from .together import Together

MOST_KNOWN = 8
"""Elections that a process keeps in mind; each has a table of powers of some megabytes."""


@dataclass(frozen=True)
class Known:
    """An election with its form, and the most bytes that a ballot in it may have."""

    election: Election
    form: Form | None
    most: int
    together: Together = field(default_factory=Together, compare=False)


_KNOWN: OrderedDict[str, Known] = OrderedDict()
_LOCK = Lock()


def known(poll: Poll) -> Known:
    """What is known of the election of an opened poll."""
    setup = Entry._base_manager.values_list("payload", flat=True).get(poll=poll.pk, kind=EntryKind.SETUP)
    with _LOCK:
        if setup in _KNOWN:
            _KNOWN.move_to_end(setup)
            return _KNOWN[setup]
    election = read_election(_blob(poll, parsed(_blob(poll, setup))["election"]))
    made = Known(election, form_of(election), most_bytes(election))
    with _LOCK:
        _KNOWN[setup] = made
        while len(_KNOWN) > MOST_KNOWN:
            _KNOWN.popitem(last=False)
    return made


def _blob(poll: Poll, digest: str) -> bytes:
    return bytes(Blob._base_manager.values_list("text", flat=True).get(poll=poll.pk, hash=digest))


def most_bytes(election: Election) -> int:
    """No ballot of the election is longer: its numbers at their longest, and the words around them."""
    ciphertext, proof = 2 * MOST_DIGITS + 40, 2 * 80 + 40
    size = 4_000
    for question in election.questions:
        if isinstance(question, Question):
            size += question.width * (ciphertext + 2 * proof + 10) + (question.max - question.min + 4) * proof + 200
        else:
            size += ciphertext + proof + 200
    return size


def read(facts: Known, text: bytes) -> str:
    """The hash of the credential that a ballot names, before anything is proved. Raises Malformed."""
    found = fields(parsed(text), "ballot", "election_uuid", "election_hash", "credential", "answers", "signature")
    return sha256(string(found["credential"], "ballot.credential").encode()).hexdigest()


def checked(facts: Known, text: bytes, given: bytes = b"") -> None:
    """Every proof of the ballot, its signature, and what should be one ciphertext. With hints of the booth three times as fast;
    they are never trusted: where they are not right, every proof is computed anew. Raises Malformed."""
    ballot = ballots.read_ballot(facts.election, text)
    if facts.form is not None:
        check_links(facts.election, facts.form, ballot)
    if not (given and hints.right(facts.election, ballot, given, facts.together.hold)):
        ballots.check(facts.election, ballot)
