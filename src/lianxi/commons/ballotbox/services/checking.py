"""Strict checking of ballots. What is known of an election is read once a process."""

import logging
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import partial
from threading import Lock

from lianxi.engines.ballots import ballot as ballots
from lianxi.engines.ballots import hints
from lianxi.engines.ballots.ballot import Ballot
from lianxi.engines.ballots.chinese import Form, check_links, form_of
from lianxi.engines.ballots.election import Election, Question, read_election
from lianxi.engines.ballots.strict import MOST_DIGITS, parsed

from ..models import Blob, Entry, Poll
from ..terms import EntryKind
from .together import Together

log = logging.getLogger(__name__)

MOST_KNOWN = 8
"""Elections that a process keeps in mind; each has a table of powers of some megabytes."""


@dataclass(frozen=True)
class Known:
    """An election with its form, and the most bytes that a ballot in it may have."""

    election: Election
    form: Form | None
    most: int
    together: Together[tuple[Ballot, bytes]] = field(compare=False)


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
    made = Known(election, form_of(election), most_bytes(election), Together(partial(hints.each_right, election)))
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


def read(facts: Known, text: bytes) -> Ballot:
    """The ballot of the text, before anything is proved. Raises Malformed."""
    ballot = ballots.read_ballot(facts.election, text)
    if facts.form is not None:
        check_links(facts.election, facts.form, ballot)
    return ballot


def checked(facts: Known, ballot: Ballot, given: bytes = b"") -> None:
    """Every proof of the ballot and its signature. With hints of the booth three times as fast; they are never trusted: where they
    are not right, every proof is computed anew. The signature comes first: who has no card does not make others wait.
    Raises Malformed."""
    ballots.check_signature(facts.election, ballot)
    if not (given and _right(facts, ballot, given)):
        ballots.check(facts.election, ballot)


def _right(facts: Known, ballot: Ballot, given: bytes) -> bool:
    try:
        return facts.together.right((ballot, given))
    except Exception:
        # A fault of the fast way, perhaps on the ballot of somebody else: the exact one remains.
        log.exception("ballots could not be checked together")
        return False
