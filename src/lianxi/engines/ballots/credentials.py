"""Credentials of voters 投票凭证: fifteen signs on a card, and the public key that belongs to them.

Specification of Belenios 2.0, section 4.8.
"""

import hashlib
from dataclasses import dataclass

from gmpy2 import mpz

from .election import BASE58, fingerprint
from .group import Group
from .proofs import Draw
from .strict import Malformed, big, exactly, many, parsed, small, string, written

SIGNS = 14
ROUNDS = 1000
"""Of PBKDF2, as the specification fixes it."""


def credential(draw: Draw) -> str:
    """A new secret credential, typed as ABC-DEF-GHJ-KLM-NPQ."""
    signs = [draw(58) for _ in range(SIGNS)]
    whole = "".join(BASE58[sign] for sign in signs) + _check(signs)
    return "-".join(whole[at : at + 3] for at in range(0, 15, 3))


def _value(signs: list[int]) -> int:
    value = 0
    for sign in signs:
        value = value * 58 + sign
    return value


def _check(signs: list[int]) -> str:
    """The last sign: from 1 to 53, never 0, as the published program writes it. It takes every one that makes the sum a
    multiple of 53, and so do we."""
    return BASE58[53 - _value(signs) % 53]


def cleaned(typed: str) -> str:
    """The fifteen signs of what somebody typed. Raises Malformed where the signs do not agree: of ten thousand slips of
    one sign about ten pass, those that lie 53 apart in the alphabet."""
    signs = "".join(typed.split()).replace("-", "")
    if len(signs) != SIGNS + 1 or any(sign not in BASE58 for sign in signs):
        raise Malformed("a credential has fifteen signs", "credential")
    numbers = [BASE58.index(sign) for sign in signs]
    if (_value(numbers[:SIGNS]) + numbers[SIGNS]) % 53:
        raise Malformed("the last sign does not agree with the others", "credential")
    return signs


def secret_of(group: Group, uuid: str, typed: str) -> mpz:
    """The secret exponent of a credential in the election `uuid`. Raises Malformed for one that was mistyped."""
    signs = cleaned(typed)
    dashed = "-".join(signs[at : at + 3] for at in range(0, 15, 3))
    key = hashlib.pbkdf2_hmac("sha256", dashed.encode(), uuid.encode(), ROUNDS, 32)
    return mpz(int.from_bytes(key, "big")) % group.q


def public_of(group: Group, uuid: str, typed: str) -> mpz:
    """The public key of a credential: what stands in the archive."""
    return group.secret_power(group.g, secret_of(group, uuid, typed))


@dataclass(frozen=True, slots=True)
class PublicCredentials:
    """Who may vote: public keys with their weights, as published."""

    weights: dict[mpz, int]
    fingerprint: str
    """To be compared with the signed attendance: no program sees a key that was added."""


def read_credentials(group: Group, text: bytes) -> PublicCredentials:
    """The published list. Raises Malformed: a key outside the group, twice, or a weight of nothing."""
    weights: dict[mpz, int] = {}
    lines = many(parsed(text), "credentials", string)
    for at, line in enumerate(lines):
        where = f"credentials[{at}]"
        key_said, comma, weight_said = line.partition(",")
        key = big(key_said, where)
        if comma and not (
            weight_said.isascii() and weight_said.isdigit() and weight_said[0] != "0" and len(weight_said) < 10
        ):
            raise Malformed("a weight should be a whole number from 1", where)
        if key in weights:
            raise Malformed("a credential stands twice", where)
        if not group.contains(key) or key == 1:
            raise Malformed("does not belong to the group", where)
        weights[key] = small(int(weight_said), where) if comma else 1
    exactly(text, lines)
    return PublicCredentials(weights, fingerprint(text))


def told(keys: list[mpz]) -> bytes:
    """The text of a list of public keys, all of weight one, in the order of their numbers: that of the roll is lost."""
    return written([str(key) for key in sorted(keys)]).encode()
