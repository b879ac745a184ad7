"""Keys and cards are made: files of the trustees, each checked when it comes; public keys of the cards.

What is there and what comes next is derived (`queries.ceremony`). The same file twice changes nothing; another in its place is refused.
"""

import datetime as dt
from collections.abc import Sequence
from hashlib import sha256

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from gmpy2 import mpz

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, NotOpenFromHere, NotPermitted, Refusal
from lianxi.engines.ballots import ceremony
from lianxi.engines.ballots.proofs import knows, of_key
from lianxi.engines.ballots.strict import Malformed, big
from lianxi.engines.ballots.trustees import combined, read_coefficients, value_at
from lianxi.engines.ballots.trustees import read_certificate as keys_of

from .. import policies
from ..models import Credential, Poll, RollEntry, Trustee, TrusteeFile
from ..queries.election import (
    GROUP,
    certificates_of,
    form_of_poll,
    polynomials_of,
    read_certificate,
    trustee_count,
    trustees_of,
)
from ..queries.giving import cards_print
from ..terms import KEY_STEPS, State, Step
from ..workflow import WALK
from .chain import locked, permitted
from .sharing import give_share
from .typed import need_reason

FILE_AT_MOST = 4 * 1024 * 1024
"""Bytes of a trustee's file."""


def said(problem: Malformed) -> str:
    """What is wrong, in the reader's language."""
    return problem.said("zh" if (get_language() or "").startswith("zh") else "en")


@transaction.atomic
def prepare(poll: Poll, *, actor: Actor, at: dt.datetime, seen: int | None = None) -> Poll:
    """定稿: from here on neither question nor roll changes; trustees make the key and the giver makes the cards."""
    form_of_poll(poll)
    return WALK.take("prepare", poll, actor=actor, at=at, seen=seen, leader_id=actor.person_id)


@transaction.atomic
def reopen_draft(poll: Poll, *, reason: str, actor: Actor, at: dt.datetime, seen: int | None = None) -> Poll:
    """退回筹备: keys and cards are thrown away."""
    why = need_reason(reason)
    if locked(poll.pk).state == State.PREPARING:
        TrusteeFile._base_manager.filter(trustee__poll=poll.pk, step__in=KEY_STEPS).delete()
        Credential._base_manager.filter(poll=poll.pk).delete()
    return WALK.take("reopen_draft", poll, actor=actor, at=at, seen=seen, reason=why, cards_lost=0)


@transaction.atomic
def hand_in(
    poll: Poll, trustee: Trustee, step: str, text: bytes, *, actor: Actor, at: dt.datetime, seen: int | None = None
) -> TrusteeFile:
    """A trustee hands in the file of a step, which is checked with everything that is there.

    Raises NotPermitted for another trustee's place; NotOpenFromHere where another step comes first; BadInput with what is
    wrong in the file, or where another file stands in its place.
    """
    if trustee.person_id != actor.person_id or trustee.poll_id != poll.pk:
        raise NotPermitted(open_to=[_("您是这一位监票人")])
    if step not in Step.values:
        raise BadInput({"step": _("没有这一步。")})
    if len(text) > FILE_AT_MOST:
        raise BadInput({"file": _("文件太大。")})
    locked(poll.pk)
    before = TrusteeFile._base_manager.filter(trustee=trustee.pk, step=step).first()
    if before is not None:
        if before.text.encode() == text:
            return before
        raise BadInput({"file": _("这一步已经交过另一个文件，不能更换。要重做，请组织者退回筹备。")})
    if step == Step.SHARE:
        return give_share(poll, trustee, text, actor=actor, at=at, seen=seen)
    _in_turn(poll, Step(step))
    try:
        CHECKS[Step(step)](poll, trustee, text)
    except Malformed as problem:
        raise BadInput({"file": said(problem)}) from None
    now = WALK.take(
        "trustee_file", poll, actor=actor, at=at, seen=seen, facts={"step": step, "trustee": trustee.number}
    )
    made = TrusteeFile._base_manager.create(trustee=trustee, step=step, text=text.decode())
    if step == Step.OUTPUT:
        _whole(now)
    return made


def _in_turn(poll: Poll, step: Step) -> None:
    at = KEY_STEPS.index(step)
    if not at:
        return
    have = TrusteeFile._base_manager.filter(trustee__poll=poll.pk, step=KEY_STEPS[at - 1]).count()
    if have < trustee_count(poll):
        raise NotOpenFromHere(_("还要等其他监票人交上一步的文件。"))


def _certificate(poll: Poll, trustee: Trustee, text: bytes) -> None:
    ceremony.read_certificates(GROUP, [*certificates_of(poll), read_certificate(text)])


def _polynomial(poll: Poll, trustee: Trustee, text: bytes) -> None:
    found = ceremony.read_polynomial(GROUP, text, "polynomial")
    names = certificates_of(poll)
    if len(found.secrets) != len(names):
        raise Malformed("a trustee has not given a share to each", "polynomial")
    mine = keys_of(GROUP, names[trustee.number - 1], "certificate")
    read_coefficients(GROUP, found.coefexps, mine.verification, poll.threshold, "polynomial.coefexps")


def _output(poll: Poll, trustee: Trustee, text: bytes) -> None:
    found = ceremony.read_output(GROUP, text, "output").public_key
    expected = mpz(1)
    for at, (name, one) in enumerate(zip(certificates_of(poll), polynomials_of(poll), strict=True), 1):
        by = keys_of(GROUP, name, f"certificate {at}").verification
        public = read_coefficients(GROUP, one.coefexps, by, poll.threshold, f"coefficients of trustee {at}")
        expected = expected * value_at(GROUP, public, trustee.number) % GROUP.p
    if found.key != expected:
        raise Malformed("a key is not what the polynomials make it", "output")
    if not knows(GROUP, of_key(GROUP, found.key), found.key, found.proof):
        raise Malformed("nobody has shown to know the private key", "output")


def _whole(poll: Poll) -> None:
    """The key of all of them, once it is whole, is looked at as every verifier will."""
    if trustees := trustees_of(poll):
        try:
            combined(GROUP, trustees)
        except Malformed as problem:
            raise BadInput({"file": said(problem)}) from None


CHECKS = {Step.CERTIFICATE: _certificate, Step.POLYNOMIAL: _polynomial, Step.OUTPUT: _output}


def _keys(typed: Sequence[str], field: str = "keys") -> list[mpz]:
    try:
        keys = [big(one, field) for one in typed]
    except Malformed as problem:
        raise BadInput({field: said(problem)}) from None
    if any(not GROUP.contains(key) or key == 1 for key in keys):
        raise BadInput({field: _("有的公钥不对。请重新制卡。")})
    if len(set(keys)) != len(keys):
        raise BadInput({field: _("有两张卡的公钥相同。请重新制卡。")})
    return keys


def _write(poll: Poll, keys: dict[mpz, bool]) -> None:
    """All rows anew, in the order of the keys: neither place nor age of a row tells which card was made when."""
    Credential._base_manager.filter(poll=poll.pk).delete()
    Credential._base_manager.bulk_create(
        [
            Credential(poll=poll, key=str(key), key_hash=sha256(str(key).encode()).hexdigest(), revoked=revoked)
            for key, revoked in sorted(keys.items())
        ],
        batch_size=1000,
    )


class OtherCards(Refusal):
    """Cards were registered that the giver's page did not know of: perhaps they are printed already."""

    code, status = "other-cards", 409
    sentence = _("另一个窗口已经登记过选票卡，这一批没有登记。刷新页面再看；真要换掉那一批，用“全部重做”。")


@transaction.atomic
def make_cards(
    poll: Poll,
    keys: Sequence[str],
    *,
    actor: Actor,
    at: dt.datetime,
    seen: int | None = None,
    instead_of: str | None = None,
) -> int:
    """制卡: the public keys (decimal) of the cards that the giver made, one for each on the roll. Made again, all cards made
    before are worth nothing. Gives how many.

    `instead_of`: fingerprint of the list that the giver knows of, empty for none. Raises BadInput, OtherCards.
    """
    permitted(policies.GIVE, poll, actor)
    if instead_of is not None and cards_print(locked(poll.pk)) != instead_of:
        raise OtherCards
    wanted = RollEntry._base_manager.filter(poll=poll.pk).count()
    if len(keys) != wanted:
        raise BadInput({"keys": _("名册%(n)d人，要%(n)d张卡，收到%(got)d张。") % {"n": wanted, "got": len(keys)}})
    found = _keys(keys)
    now = WALK.take("make_cards", poll, actor=actor, at=at, seen=seen, facts={"cards": len(keys)}, cards_lost=0)
    _write(now, dict.fromkeys(found, False))
    return len(found)


@transaction.atomic
def reissue(poll: Poll, old_key: str, new_key: str, *, actor: Actor, at: dt.datetime, seen: int | None = None) -> Poll:
    """挂失补发: a lost card is worth nothing any more, a new one takes its place. No event says which. Raises BadInput."""
    permitted(policies.GIVE, poll, actor)
    (old,), (new,) = _keys([old_key], "old_key"), _keys([new_key], "new_key")
    fresh = locked(poll.pk)
    have = {
        mpz(key): revoked
        for key, revoked in Credential._base_manager.filter(poll=poll.pk).values_list("key", "revoked")
    }
    if have.get(old) is not False:
        raise BadInput({"old_key": _("没有这张卡，或者已经挂失。")})
    if new in have:
        raise BadInput({"new_key": _("新卡的公钥已经用过。请重新制作。")})
    now = WALK.take("reissue", poll, actor=actor, at=at, seen=seen, cards_lost=fresh.cards_lost + 1)
    _write(now, have | {old: True, new: False})
    return now
