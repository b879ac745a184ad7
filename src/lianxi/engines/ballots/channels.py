"""Letters between trustees while the key is made: signed, and readable only by the one they are for.

Specification of Belenios 2.0, sections 4.6.1–4.6.3; AES in CCM mode with the lengths that its programs use.
"""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESCCM
from gmpy2 import mpz

from .election import BASE58
from .group import Group
from .proofs import Draw, know, knows, of_message, read_proof
from .strict import Malformed, big, fields, parsed, string, written
from .trustees import Certificate, Signed

SEED_SIGNS = 22
TAG = 8
"""Bytes of the tag of AES-CCM."""


@dataclass(frozen=True)
class Keys:
    """A trustee's two private keys, both made from one seed of 22 signs."""

    group: Group
    seed: str = field(repr=False)

    @property
    def signing(self) -> mpz:
        return mpz(sha256(f"sk|{self.seed}".encode()).hexdigest(), 16) % self.group.q

    @property
    def decryption(self) -> mpz:
        return mpz(sha256(f"dk|{self.seed}".encode()).hexdigest(), 16) % self.group.q

    @property
    def certificate(self) -> Certificate:
        power, g = self.group.secret_power, self.group.g
        return Certificate(power(g, self.signing), power(g, self.decryption))


def seed(draw: Draw) -> str:
    """A new seed."""
    return "".join(BASE58[draw(58)] for _ in range(SEED_SIGNS))


def sign(keys: Keys, message: str, draw: Draw) -> Signed:
    """The message with a signature."""
    return Signed(message, know(keys.group, of_message(message), keys.signing, draw))


def _cipher(group: Group, shared: mpz, alpha: mpz, length: int) -> tuple[AESCCM, bytes]:
    size = 2 if length < 1 << 16 else 3
    nonce = sha256(f"iv|{alpha}".encode()).digest()[: 15 - size]
    return AESCCM(sha256(f"key|{shared}".encode()).digest(), tag_length=TAG), nonce


def _encrypt(group: Group, key: mpz, message: str, draw: Draw) -> str:
    r, s = mpz(draw(int(group.q))), mpz(draw(int(group.q)))
    alpha, shared = group.secret_power(group.g, r), group.secret_power(group.g, s)
    cipher, nonce = _cipher(group, shared, alpha, len(message.encode()))
    data = cipher.encrypt(nonce, message.encode(), None).hex()
    beta = group.secret_power(key, r) * shared % group.p
    return written({"alpha": str(alpha), "beta": str(beta), "data": data})


def _decrypt(keys: Keys, text: str, where: str) -> str:
    group = keys.group
    found = fields(parsed(text.encode()), where, "alpha", "beta", "data")
    alpha, beta = big(found["alpha"], where), big(found["beta"], where)
    if not (group.contains(alpha) and group.contains(beta)):
        raise Malformed("a letter holds something that does not belong to the group", where)
    shared = beta * group.inverse(group.secret_power(alpha, keys.decryption)) % group.p
    try:
        data = bytes.fromhex(string(found["data"], where))
        cipher, nonce = _cipher(group, shared, alpha, len(data) - TAG)
        return cipher.decrypt(nonce, data, None).decode()
    except (ValueError, InvalidTag):
        raise Malformed("a letter is not for this trustee, or was changed", where) from None


def send(keys: Keys, to: mpz, message: str, draw: Draw) -> str:
    """The message, signed and encrypted for the owner of the key `to`."""
    inner = written({"recipient": str(to), "message": message})
    return _encrypt(keys.group, to, written(sign(keys, inner, draw).told()), draw)


def receive(keys: Keys, sender: mpz, text: str, where: str) -> str:
    """The message of a letter from the owner of the key `sender`. Raises Malformed where it is not from there, or not
    for this trustee, or was changed."""
    signed = fields(parsed(_decrypt(keys, text, where).encode()), where, "message", "signature")
    message = string(signed["message"], where)
    proof = read_proof(keys.group)(signed["signature"], where)
    if not knows(keys.group, of_message(message), sender, proof):
        raise Malformed("a letter is not signed by the trustee it is said to come from", where)
    inner: dict[str, Any] = fields(json.loads(message), where, "recipient", "message")
    if big(inner["recipient"], where) != keys.certificate.encryption:
        raise Malformed("a letter was meant for somebody else", where)
    return string(inner["message"], where)
