"""A ballot comes in 收票: checked exactly, then added to the chain under the lock of its poll. Nobody is asked who it is.

The proof is checked before the lock is taken, so that voters do not wait for each other's proofs. Whoever gets a receipt has
the ballot in the database: the answer leaves after the transaction.
"""

from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lianxi.commons.refusals import NotFound, NotOpenFromHere, Refusal, Text
from lianxi.engines.ballots.codes import code_of
from lianxi.engines.ballots.strict import Malformed

from ..models import Credential, Entry, Poll
from ..terms import ENDED, EntryKind, State
from .chain import append, put
from .checking import checked, known, read


class BadBallot(Refusal):
    """The ballot is not as it should be: its words, its proofs, its card."""

    code, status = "bad-ballot", 422
    sentence: Text = _("这张票没有收下。")


class NotOnList(Refusal):
    code, status = "not-on-list", 403
    sentence = _("这张选票卡不在这次投票的名单里，或者已经挂失。请找发卡人。")


class VotedAlready(Refusal):
    code, status = "voted-already", 409
    sentence = _("这张选票卡已经投过票，这次投票不能重投。")


class TooOften(Refusal):
    """One card would fill the archive that everybody has to check."""

    code, status = "voted-too-often", 409
    sentence = _("这张选票卡投的次数太多了，以最后收下的一张为准。")


class Replayed(Refusal):
    code, status = "replayed", 409
    sentence = _("这是以前的一张票，后来又投过新的，以新的为准。")


class TooLarge(Refusal):
    code, status = "too-large", 413
    sentence = _("这张票太大，没有收下。")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the voter compares: `code`, eight signs; `hash` of the ballot's text; `repeated`: it was there already."""

    code: str
    hash: str
    repeated: bool


def cast(uuid: str, text: bytes, hints: bytes = b"") -> Receipt:
    """投票. The same text again, as the last ballot of its card, gets the same receipt and counts once; also after the end, for
    a voter whose answer was lost. `hints` may come with it and are not kept (`checked`).

    Raises NotFound; NotOpenFromHere before the beginning and after the end; TooLarge, BadBallot with what is wrong in it;
    NotOnList; TooOften; VotedAlready where a second ballot is not allowed; Replayed for one that was replaced.
    """
    poll = _polls().filter(uuid=uuid).first()
    if poll is None or poll.state == State.DRAFT:
        raise NotFound
    digest = sha256(text).hexdigest()
    if poll.state in ENDED and (late := _was_in(poll, digest)):
        return late
    _open(poll)
    facts = known(poll)
    if len(text) > facts.most:
        raise TooLarge
    try:
        ballot = read(facts, text)
        credential = sha256(str(ballot.credential).encode()).hexdigest()
        listed = Credential._base_manager.filter(poll=poll.pk, key_hash=credential, revoked=False)
        if not listed.exists():
            raise NotOnList
        if again := _before(poll, credential, digest):
            return again
        checked(facts, ballot, hints)
    except Malformed as problem:
        language = "zh" if (get_language() or "").startswith("zh") else "en"
        raise BadBallot(_("这张票没有收下：%(why)s。") % {"why": problem.said(language)}) from None
    return _put_in(poll.pk, text, digest, credential)


def _polls() -> QuerySet[Poll]:
    """Polls with no more than a ballot asks for: reading all of one would be a tenth of the work."""
    return Poll._base_manager.only("uuid", "state", "revote", "head", "height")


def _open(poll: Poll) -> None:
    if poll.state == State.PREPARING:
        raise NotOpenFromHere(_("投票还没有开始。"), state=poll.state)
    if poll.state != State.OPEN:
        raise NotOpenFromHere(_("投票已经截止。"), state=poll.state)


def _before(poll: Poll, credential: str, digest: str) -> Receipt | None:
    """The receipt of this very ballot, if it is the last one of its card. Raises VotedAlready, Replayed."""
    mine = list(
        Entry._base_manager.filter(poll=poll.pk, credential=credential)
        .order_by("-height")
        .values_list("payload", flat=True)
    )
    if mine and mine[0] == digest:
        return Receipt(code_of(digest), digest, True)
    if digest in mine:
        raise Replayed
    if mine and not poll.revote:
        raise VotedAlready
    if len(mine) >= settings.BALLOTS_A_CARD:
        raise TooOften
    return None


def _was_in(poll: Poll, digest: str) -> Receipt | None:
    """The receipt of a ballot that is in the box already, if it is the last one of its card. Raises Replayed."""
    entry = Entry._base_manager.filter(poll=poll.pk, kind=EntryKind.BALLOT, payload=digest).first()
    return _before(poll, entry.credential, digest) if entry else None


def _put_in(pk: int, text: bytes, digest: str, credential: str) -> Receipt:
    with transaction.atomic(durable=True):
        return put_in(pk, text, digest, credential)


def put_in(pk: int, text: bytes, digest: str, credential: str) -> Receipt:
    """A ballot that was checked goes into the box, in the transaction of the caller: for `cast`, and for polls that are
    made whole, as in the demo. Raises as `cast`."""
    now = _polls().select_for_update().get(pk=pk)
    _open(now)
    if again := _before(now, credential, digest):
        return again
    append(now, EntryKind.BALLOT, put(now, text), credential)
    return Receipt(code_of(digest), digest, False)
