"""The keys of the trustees 监票人: each alone, or t of n together (specification of Belenios 2.0, sections 4.5–4.7)."""

from dataclasses import dataclass
from typing import Any

from gmpy2 import invert, mpz

from .group import Group
from .proofs import Proof, knows, of_key, of_message, read_proof
from .strict import Malformed, big, exactly, fields, many, parsed, small, string, written

MOST_TRUSTEES = 100


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A verification key with the proof that somebody knows its private key."""

    proof: Proof
    key: mpz

    def told(self) -> dict[str, Any]:
        return {"pok": self.proof.told(), "public_key": str(self.key)}


@dataclass(frozen=True, slots=True)
class Signed:
    """A message and the signature of the trustee who sent it."""

    message: str
    signature: Proof

    def told(self) -> dict[str, Any]:
        return {"message": self.message, "signature": self.signature.told()}


@dataclass(frozen=True, slots=True)
class Certificate:
    """The two keys that a trustee uses while the key is made: for signatures and for secret messages."""

    verification: mpz
    encryption: mpz


@dataclass(frozen=True, slots=True)
class Single:
    """A trustee without whom nothing is opened."""

    key: PublicKey

    def told(self) -> list[Any]:
        return ["Single", self.key.told()]


@dataclass(frozen=True, slots=True)
class Pedersen:
    """Trustees of whom any `threshold` open together, and fewer learn nothing."""

    threshold: int
    certificates: tuple[Signed, ...]
    coefficients: tuple[Signed, ...]
    keys: tuple[PublicKey, ...]

    def told(self) -> list[Any]:
        return [
            "Pedersen",
            {
                "threshold": self.threshold,
                "certs": [one.told() for one in self.certificates],
                "coefexps": [one.told() for one in self.coefficients],
                "verification_keys": [one.told() for one in self.keys],
            },
        ]


@dataclass(frozen=True, slots=True)
class Trustees:
    """All of them, in the order in which the owner of a decryption is counted: from 1, through all parts."""

    parts: tuple[Single | Pedersen, ...]

    @property
    def keys(self) -> list[mpz]:
        found = []
        for part in self.parts:
            found += [part.key.key] if isinstance(part, Single) else [one.key for one in part.keys]
        return found

    def told(self) -> list[Any]:
        return [part.told() for part in self.parts]

    def text(self) -> bytes:
        return written(self.told()).encode()


def read_trustees(group: Group, text: bytes) -> Trustees:
    """The trustees of a text. Raises Malformed."""

    def public_key(value: Any, where: str) -> PublicKey:
        found = fields(value, where, "pok", "public_key")
        return PublicKey(read_proof(group)(found["pok"], where), big(found["public_key"], where))

    def signed(value: Any, where: str) -> Signed:
        found = fields(value, where, "message", "signature")
        return Signed(string(found["message"], where), read_proof(group)(found["signature"], where))

    def part(value: Any, where: str) -> Single | Pedersen:
        if not isinstance(value, list) or len(value) != 2 or value[0] not in ("Single", "Pedersen"):
            raise Malformed("should be Single or Pedersen", where)
        if value[0] == "Single":
            return Single(public_key(value[1], where))
        found = fields(value[1], where, "threshold", "certs", "coefexps", "verification_keys")
        keys = many(found["verification_keys"], f"{where}.verification_keys", public_key)
        one = Pedersen(
            small(found["threshold"], where),
            tuple(many(found["certs"], f"{where}.certs", signed, len(keys))),
            tuple(many(found["coefexps"], f"{where}.coefexps", signed, len(keys))),
            tuple(keys),
        )
        if not 1 <= one.threshold <= len(keys):
            raise Malformed("threshold {least} of {count}", where, least=one.threshold, count=len(keys))
        return one

    trustees = Trustees(tuple(many(parsed(text), "trustees", part)))
    if not 1 <= len(trustees.keys) <= MOST_TRUSTEES:
        raise Malformed("{count} trustees", "trustees", count=len(trustees.keys))
    exactly(text, trustees.told())
    return trustees


def read_certificate(group: Group, signed: Signed, where: str) -> Certificate:
    """The keys in a certificate that is signed with its own key. Raises Malformed where it is not."""
    text = signed.message.encode()
    found = fields(parsed(text), where, "verification", "encryption")
    one = Certificate(big(found["verification"], where), big(found["encryption"], where))
    exactly(text, {"verification": str(one.verification), "encryption": str(one.encryption)})
    if not (group.contains(one.verification) and group.contains(one.encryption)):
        raise Malformed("a key does not belong to the group", where)
    if not knows(group, of_message(signed.message), one.verification, signed.signature):
        raise Malformed("is not signed with its own key", where)
    return one


def read_coefficients(group: Group, signed: Signed, by: mpz, count: int, where: str) -> list[mpz]:
    """The public coefficients of a trustee's polynomial, signed by the key `by`. Raises Malformed."""
    text = signed.message.encode()
    found = many(fields(parsed(text), where, "coefexps")["coefexps"], where, big, count)
    exactly(text, {"coefexps": [str(one) for one in found]})
    if not all(group.contains(one) for one in found):
        raise Malformed("a coefficient does not belong to the group", where)
    if not knows(group, of_message(signed.message), by, signed.signature):
        raise Malformed("is not signed by its trustee", where)
    return found


def value_at(group: Group, coefficients: list[mpz], place: int) -> mpz:
    """g^f(place) from the public coefficients of f."""
    found = mpz(1)
    for one in reversed(coefficients):
        found = group.power(found, mpz(place)) * one % group.p
    return found


def subkey(group: Group, part: Single | Pedersen, where: str) -> mpz:
    """What a part contributes to the key of the election, after everything in it was checked. Raises Malformed."""
    keys = (part.key,) if isinstance(part, Single) else part.keys
    for at, one in enumerate(keys):
        if not group.contains(one.key) or one.key == 1:
            raise Malformed("a key does not belong to the group", f"{where}[{at}]")
        if not knows(group, of_key(group, one.key), one.key, one.proof):
            raise Malformed("nobody has shown to know the private key", f"{where}[{at}]")
    if isinstance(part, Single):
        return part.key.key
    polynomials = []
    for at, (signed, spread) in enumerate(zip(part.certificates, part.coefficients, strict=True)):
        certificate = read_certificate(group, signed, f"{where}.certs[{at}]")
        polynomials.append(
            read_coefficients(group, spread, certificate.verification, part.threshold, f"{where}.coefexps[{at}]")
        )
    for place, one in enumerate(part.keys, 1):
        if group.times(*(value_at(group, polynomial, place) for polynomial in polynomials)) != one.key:
            raise Malformed("a key is not what the polynomials make it", f"{where}.verification_keys[{place - 1}]")
    return group.times(*(polynomial[0] for polynomial in polynomials))


def combined(group: Group, trustees: Trustees) -> mpz:
    """The key of the election. Raises Malformed where a part does not hold."""
    return group.times(*(subkey(group, part, f"trustees[{at}]") for at, part in enumerate(trustees.parts)))


def lagrange(q: mpz, place: int, places: list[int]) -> mpz:
    """The weight of the share at `place` when those at `places` open together."""
    found = mpz(1)
    for other in places:
        if other != place:
            found = found * other * invert(mpz(other - place), q) % q
    return found
