"""Making the key together 密钥生成: t of n trustees (Pedersen), or one alone (specification of Belenios 2.0, 4.5 and 4.6).

Each step takes what the others published and gives what is to be published; what is secret stays with its trustee. Every
input is checked before it is used.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from gmpy2 import mpz

from . import channels
from .channels import Keys
from .group import Group
from .proofs import Draw, know, of_key, read_proof
from .strict import Malformed, big, fields, many, parsed, string, written
from .trustees import Certificate, Pedersen, PublicKey, Signed, read_certificate, read_coefficients, value_at


def shown(group: Group, secret: mpz, draw: Draw) -> PublicKey:
    """The public key of a private key, with the proof that it is known."""
    key = group.secret_power(group.g, secret)
    return PublicKey(know(group, of_key(group, key), secret, draw), key)


def alone(group: Group, draw: Draw) -> tuple[mpz, PublicKey]:
    """A private key and its public key, for a trustee without whom nothing is opened."""
    secret = mpz(draw(int(group.q) - 1) + 1)
    return secret, shown(group, secret, draw)


def certificate(keys: Keys, draw: Draw) -> Signed:
    """Step 1: the trustee's two public keys, signed."""
    mine = keys.certificate
    said = written({"verification": str(mine.verification), "encryption": str(mine.encryption)})
    return channels.sign(keys, said, draw)


def read_certificates(group: Group, certificates: Sequence[Signed]) -> list[Certificate]:
    """Step 2: all certificates, checked. Raises Malformed; also where two trustees have the same keys."""
    found = [read_certificate(group, one, f"certificate {at}") for at, one in enumerate(certificates, 1)]
    if len({one.verification for one in found}) != len(found) or len({one.encryption for one in found}) != len(found):
        raise Malformed("two trustees have the same key", "certificates")
    return found


def _place(keys: Keys, certificates: Sequence[Certificate]) -> int:
    mine = keys.certificate
    if mine not in certificates:
        raise Malformed("this trustee is not among them", "certificates")
    return list(certificates).index(mine)


@dataclass(frozen=True, slots=True)
class Polynomial:
    """Step 3: what a trustee gives: the own polynomial for himself or herself, a share for each, and the public coefficients."""

    polynomial: str = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    coefexps: Signed

    def told(self) -> dict[str, Any]:
        return {"polynomial": self.polynomial, "secrets": list(self.secrets), "coefexps": self.coefexps.told()}


def read_polynomial(group: Group, text: bytes, where: str) -> Polynomial:
    found = fields(parsed(text), where, "polynomial", "secrets", "coefexps")
    return Polynomial(
        string(found["polynomial"], where),
        tuple(many(found["secrets"], where, string)),
        signed(group, found["coefexps"], where),
    )


def signed(group: Group, value: Any, where: str) -> Signed:
    """A signed message of a file. Raises Malformed."""
    found = fields(value, where, "message", "signature")
    return Signed(string(found["message"], where), read_proof(group)(found["signature"], where))


def polynomial(keys: Keys, certificates: Sequence[Signed], threshold: int, draw: Draw) -> Polynomial:
    """Step 3. Raises Malformed for bad certificates, ValueError for a threshold that cannot be."""
    group = keys.group
    others = read_certificates(group, certificates)
    mine = others[_place(keys, others)]
    if not 1 <= threshold <= len(others):
        raise ValueError(f"{threshold} of {len(others)}")
    secret = [mpz(draw(int(group.q))) for _ in range(threshold)]
    shares = [
        sum((one * mpz(place) ** power for power, one in enumerate(secret)), mpz(0)) % group.q
        for place in range(1, len(others) + 1)
    ]
    public = [str(group.secret_power(group.g, one)) for one in secret]
    return Polynomial(
        channels.send(keys, mine.encryption, written({"polynomial": [str(one) for one in secret]}), draw),
        tuple(
            channels.send(keys, other.encryption, written({"secret": str(share)}), draw)
            for other, share in zip(others, shares, strict=True)
        ),
        channels.sign(keys, written({"coefexps": public}), draw),
    )


@dataclass(frozen=True, slots=True)
class Input:
    """Step 4: what a trustee gets: the own polynomial, a share from each, and all public coefficients."""

    polynomial: str = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    coefexps: tuple[Signed, ...]

    def told(self) -> dict[str, Any]:
        return {
            "polynomial": self.polynomial,
            "secrets": list(self.secrets),
            "coefexps": [one.told() for one in self.coefexps],
        }


def read_input(group: Group, text: bytes, where: str) -> Input:
    found = fields(parsed(text), where, "polynomial", "secrets", "coefexps")
    return Input(
        string(found["polynomial"], where),
        tuple(many(found["secrets"], where, string)),
        tuple(many(found["coefexps"], where, lambda v, w: signed(group, v, w))),
    )


def routed(polynomials: Sequence[Polynomial]) -> list[Input]:
    """Step 4: to each trustee what is for him or her. Raises Malformed where a share is missing."""
    if any(len(one.secrets) != len(polynomials) for one in polynomials):
        raise Malformed("a trustee has not given a share to each", "polynomials")
    return [
        Input(
            mine.polynomial, tuple(one.secrets[at] for one in polynomials), tuple(one.coefexps for one in polynomials)
        )
        for at, mine in enumerate(polynomials)
    ]


@dataclass(frozen=True, slots=True)
class Output:
    """Step 5: the trustee's share of the key, encrypted for himself or herself, and its public key."""

    private_key: str = field(repr=False)
    public_key: PublicKey

    def told(self) -> dict[str, Any]:
        return {"private_key": self.private_key, "public_key": self.public_key.told()}


def read_output(group: Group, text: bytes, where: str) -> Output:
    found = fields(parsed(text), where, "private_key", "public_key")
    return Output(string(found["private_key"], where), read_public(group, found["public_key"], where))


def output(keys: Keys, certificates: Sequence[Signed], given: Input, draw: Draw) -> Output:
    """Step 5: checks every share against the public coefficients of its giver and adds them up. Raises Malformed, naming
    the trustee whose share is wrong."""
    group, others = keys.group, read_certificates(keys.group, certificates)
    place = _place(keys, others)
    mine = others[place]
    if len(given.secrets) != len(others) or len(given.coefexps) != len(others):
        raise Malformed("lacks something of a trustee", "input")
    coefficients = _all_coefficients(group, others, given.coefexps)
    _own_polynomial(keys, mine, given.polynomial, coefficients[place])
    total = mpz(0)
    for at, (other, letter, public) in enumerate(zip(others, given.secrets, coefficients, strict=True), 1):
        where = f"share from trustee {at}"
        said = fields(parsed(channels.receive(keys, other.verification, letter, where).encode()), where, "secret")
        # The published program does not reduce what it sends.
        share = big(said["secret"], where) % group.q
        if group.secret_power(group.g, share) != value_at(group, public, place + 1):
            raise Malformed("does not lie on that trustee's polynomial", where)
        total += share
    secret = total % group.q
    private = channels.send(keys, mine.encryption, written({"decryption_key": str(secret)}), draw)
    return Output(private, shown(group, secret, draw))


def _all_coefficients(group: Group, others: Sequence[Certificate], signed: Sequence[Signed]) -> list[list[mpz]]:
    first = fields(parsed(signed[0].message.encode()), "coefficients", "coefexps")["coefexps"]
    if not isinstance(first, list):
        raise Malformed("should be a list", "coefficients")
    return [
        read_coefficients(group, one, other.verification, len(first), f"coefficients of trustee {at}")
        for at, (one, other) in enumerate(zip(signed, others, strict=True), 1)
    ]


def _own_polynomial(keys: Keys, mine: Certificate, letter: str, public: Sequence[mpz]) -> None:
    where = "own polynomial"
    text = channels.receive(keys, mine.verification, letter, where)
    secret = many(fields(parsed(text.encode()), where, "polynomial")["polynomial"], where, big, len(public))
    if [keys.group.secret_power(keys.group.g, one) for one in secret] != list(public):
        raise Malformed("is not the one whose coefficients were published", where)


def private_key(keys: Keys, letter: str) -> mpz:
    """A trustee's share of the key, from the letter to himself or herself (`Output.private_key`). Raises Malformed."""
    where = "private key"
    text = channels.receive(keys, keys.certificate.verification, letter, where)
    found = fields(parsed(text.encode()), where, "decryption_key")
    return big(found["decryption_key"], where) % keys.group.q


def read_public(group: Group, value: Any, where: str) -> PublicKey:
    """The public key of a trustee from a file; `trustees.subkey` checks its proof. Raises Malformed."""
    found = fields(value, where, "pok", "public_key")
    return PublicKey(read_proof(group)(found["pok"], where), big(found["public_key"], where))


def threshold_of(polynomials: Sequence[Polynomial]) -> int:
    """How many of them open together: what the first one's coefficients say. Raises Malformed."""
    if not polynomials:
        raise Malformed("lacks something of a trustee", "polynomials")
    said = fields(parsed(polynomials[0].coefexps.message.encode()), "coefficients", "coefexps")["coefexps"]
    return len(many(said, "coefficients", big))


def together(
    group: Group,
    threshold: int,
    certificates: Sequence[Signed],
    polynomials: Sequence[Polynomial],
    outputs: Sequence[Output],
) -> Pedersen:
    """Step 6: what is published of them all; `trustees.subkey` checks it."""
    return Pedersen(
        threshold,
        tuple(certificates),
        tuple(one.coefexps for one in polynomials),
        tuple(one.public_key for one in outputs),
    )
