"""A trustee opens the own share of the sum, after the numbers were compared."""

import datetime as dt

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lianxi.commons.jobs import enqueue
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput
from lianxi.engines.ballots.strict import Malformed, fields, parsed, small, written
from lianxi.engines.ballots.tally import (
    Columns,
    PartialDecryption,
    check_decryption,
    read_columns,
    read_decryption,
    read_sized,
)

from ..models import Blob, Entry, Poll, Trustee, TrusteeFile
from ..queries.election import election_of, trustees_of
from ..terms import EntryKind, Step
from ..workflow import WALK


def blob(poll: Poll, digest: str) -> bytes:
    """What an entry refers to."""
    return bytes(Blob._base_manager.values_list("text", flat=True).get(poll=poll.pk, hash=digest))


def sum_of(poll: Poll) -> Columns:
    """The encrypted sum of the ballots that count, of which trustees open their shares."""
    entry = Entry._base_manager.get(poll=poll.pk, kind=EntryKind.TALLY)
    sized = read_sized(blob(poll, entry.payload), "EncryptedTally")
    return read_columns(blob(poll, sized.encrypted_tally), "tally")


def read_share(poll: Poll, number: int, text: bytes) -> PartialDecryption:
    """The share in a trustee's file (`{"owner": …, "decryption": …}`), checked against the trustee's key and the sum.

    Raises Malformed.
    """
    found = fields(parsed(text), "", "owner", "decryption")
    if small(found["owner"], "owner") != number:
        raise Malformed("its owner is no trustee, or has decrypted before", "owner")
    election, trustees = election_of(poll), trustees_of(poll)
    assert election is not None
    assert trustees is not None
    columns = sum_of(poll)
    share = read_decryption(election.group, written(found["decryption"]).encode(), "decryption")
    check_decryption(election, columns, trustees.keys[number - 1], share, "decryption")
    return share


def give_share(
    poll: Poll, trustee: Trustee, text: bytes, *, actor: Actor, at: dt.datetime, seen: int | None = None
) -> TrusteeFile:
    """交解密份额. With enough of them the count begins by itself. Called by `hand_in`, which holds the lock.

    Raises Blocked while the sum or the attendance is missing, or more ballots came than people; BadInput for a share that
    does not hold, or one more than is needed.
    """
    given = TrusteeFile._base_manager.filter(trustee__poll=poll.pk, step=Step.SHARE).count()
    now = WALK.take("share", poll, actor=actor, at=at, seen=seen, facts={"trustee": trustee.number, "step": "share"})
    if given >= now.threshold:
        raise BadInput({"file": _("解密份额已经够了，不用再交。")})
    try:
        read_share(now, trustee.number, text)
    except Malformed as problem:
        language = "zh" if (get_language() or "").startswith("zh") else "en"
        raise BadInput({"file": problem.said(language)}) from None
    made: TrusteeFile = TrusteeFile._base_manager.create(trustee=trustee, step=Step.SHARE, text=text.decode())
    if given + 1 == now.threshold:
        enqueue("ballotbox.count", poll_id=now.pk)
    return made
