"""Proofs that an encrypted thing is as it should be, without saying what it is 零知识证明.

Specification of Belenios 2.0, sections 4.5 (knowledge of a key), 4.11.2, 4.12 (interval), 4.13 (blank), 4.14 (signature)
and 4.18 (decryption). Every challenge is a hash of all that was committed to (Fiat–Shamir, strong form).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from gmpy2 import mpz

from .group import FixedBase, Group
from .strict import Malformed, big, fields

Draw = Callable[[int], int]
"""Draws a whole number below the given one: `secrets.randbelow` in earnest."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Challenge and response of one branch, both modulo q."""

    challenge: mpz
    response: mpz

    def times(self, factor: mpz, q: mpz) -> "Proof":
        """Both numbers multiplied: of the same commitments, raised to the factor."""
        return Proof(self.challenge * factor % q, self.response * factor % q)

    def told(self) -> dict[str, str]:
        return {"challenge": str(self.challenge), "response": str(self.response)}


@dataclass(frozen=True, slots=True)
class Ciphertext:
    """(g^r, y^r·g^m): an ElGamal encryption of m under the key y."""

    alpha: mpz
    beta: mpz

    def told(self) -> dict[str, str]:
        return {"alpha": str(self.alpha), "beta": str(self.beta)}

    def __str__(self) -> str:
        return f"{self.alpha},{self.beta}"


def read_proof(group: Group) -> Callable[[Any, str], Proof]:
    """Reads a proof; Malformed where a number is not below q."""

    def read(value: Any, where: str) -> Proof:
        found = fields(value, where, "challenge", "response")
        proof = Proof(big(found["challenge"], where), big(found["response"], where))
        if proof.challenge >= group.q or proof.response >= group.q:
            raise Malformed("a number of a proof is not below q", where)
        return proof

    return read


def read_ciphertext(value: Any, where: str) -> Ciphertext:
    """Reads a ciphertext; whether its parts belong to the group is checked where it is used."""
    found = fields(value, where, "alpha", "beta")
    return Ciphertext(big(found["alpha"], where), big(found["beta"], where))


def encrypted(group: Group, y: FixedBase, message: mpz, secret: mpz) -> Ciphertext:
    """The element `message` under the key y, hidden by the exponent `secret`."""
    return Ciphertext(group.of_g.secret_power(secret), y.secret_power(secret) * message % group.p)


# Schnorr: knowledge of x with g^x = key.


def know(group: Group, prefix: Callable[[mpz], str], secret: mpz, draw: Draw) -> Proof:
    """Proves knowledge of the exponent; `prefix` gives the text to be hashed from the commitment A."""
    nonce = mpz(draw(int(group.q)))
    challenge = group.hashed(prefix(group.of_g.secret_power(nonce)))
    return Proof(challenge, (nonce - secret * challenge) % group.q)


def knows(group: Group, prefix: Callable[[mpz], str], key: mpz, proof: Proof) -> bool:
    """Checks such a proof for the public key."""
    commitment = group.of_g.power(proof.response) * group.power(key, proof.challenge) % group.p
    return bool(group.hashed(prefix(commitment)) == proof.challenge)


def of_key(group: Group, key: mpz) -> Callable[[mpz], str]:
    """What is hashed when a trustee shows that he or she knows the private key (4.5)."""
    return lambda commitment: f"pok|{group.name}|{key}|{commitment}"


def of_ballot(digest: str) -> Callable[[mpz], str]:
    """What is hashed when a voter signs a ballot (4.14)."""
    return lambda commitment: f"sig|{digest}|{commitment}"


def of_message(message: str) -> Callable[[mpz], str]:
    """What is hashed when a trustee signs a message to another (4.6.1)."""
    return lambda commitment: f"sigmsg|{message}|{commitment}"


def of_packed(said: str, y: mpz, cipher: Ciphertext) -> Callable[[mpz], str]:
    """What is hashed when a voter shows that he or she made the ciphertext of a packed answer (4.11.2)."""
    return lambda commitment: f"raweg|{said}|{y},{cipher}|{commitment}"


# One of several: (alpha, beta) hides g^m for one m of the list; and the two forms for a blank vote.


@dataclass(frozen=True, slots=True)
class Branch:
    """The claim that `cipher` hides g^value."""

    cipher: Ciphertext
    value: int


def commitments(group: Group, y: FixedBase, branch: Branch, proof: Proof) -> tuple[mpz, mpz]:
    """g^response·alpha^challenge and y^response·(beta/g^value)^challenge."""
    p, beta = group.p, branch.cipher.beta
    if branch.value:
        beta = beta * group.inverse(group.of_g.power(mpz(branch.value))) % p
    a = group.of_g.power(proof.response) * group.power(branch.cipher.alpha, proof.challenge) % p
    b = y.power(proof.response) * group.power(beta, proof.challenge) % p
    return a, b


def one_of_holds(group: Group, y: FixedBase, prefix: str, branches: Sequence[Branch], proofs: Sequence[Proof]) -> bool:
    """Checks that one of the branches is true; `prefix` is the text before the commitments."""
    if len(branches) != len(proofs):
        return False
    pairs = [commitments(group, y, branch, proof) for branch, proof in zip(branches, proofs, strict=True)]
    said = prefix + ",".join(f"{a},{b}" for a, b in pairs)
    return bool(group.hashed(said) == sum(proof.challenge for proof in proofs) % group.q)


@dataclass(frozen=True, slots=True)
class Opening:
    """What the maker of a ciphertext knows of it: it is (g^secret, y^secret·g^message)."""

    secret: mpz
    message: int


def one_of(
    group: Group, y: FixedBase, prefix: str, branches: Sequence[Branch], openings: Sequence[Opening], draw: Draw
) -> list[Proof]:
    """Proves that one of the branches is true, and hides which.

    `openings` are those of the branches' ciphertexts; the first branch whose value is the message is the true one. The
    others are simulated with powers of g and y alone. First the true one, then the others: the same operations in the same
    order whichever it is. Raises ValueError where no branch is true.
    """
    q, p = int(group.q), group.p
    true = [branch.value == opening.message for branch, opening in zip(branches, openings, strict=True)].index(True)
    proofs = [Proof(mpz(draw(q)), mpz(draw(q))) for _branch in branches]
    nonce, said = mpz(draw(q)), [""] * len(branches)
    said[true] = f"{group.of_g.secret_power(nonce)},{y.secret_power(nonce)}"
    for at in [at for at in range(len(branches)) if at != true]:
        branch, opening, proof = branches[at], openings[at], proofs[at]
        exponent = proof.response + opening.secret * proof.challenge
        away = group.of_g.secret_power((opening.message - branch.value) * proof.challenge)
        said[at] = f"{group.of_g.secret_power(exponent)},{y.secret_power(exponent) * away % p}"
    others = sum(proof.challenge for at, proof in enumerate(proofs) if at != true)
    challenge = (group.hashed(prefix + ",".join(said)) - others) % group.q
    proofs[true] = Proof(challenge, (nonce - openings[true].secret * challenge) % group.q)
    return proofs


def in_interval(said: str, cipher: Ciphertext) -> str:
    """The text before the commitments of a proof of an interval (4.12)."""
    return f"prove|{said}|{cipher}|"


def blank_or_empty(said: str) -> str:
    """The text before the commitments of `blank_proof`: not blank, or nothing chosen (4.13)."""
    return f"bproof0|{said}|"


def blank_or_within(said: str) -> str:
    """The text before the commitments of `overall_proof` where a vote may be blank (4.13)."""
    return f"bproof1|{said}|"


# Equality of two logarithms: a factor is alpha^x for the x of the key.


def decrypts(group: Group, fingerprint: str, key: mpz, alpha: mpz, factor: mpz, proof: Proof) -> bool:
    """Checks that factor = alpha^x where key = g^x (4.18)."""
    a = group.of_g.power(proof.response) * group.power(key, proof.challenge) % group.p
    b = group.power(alpha, proof.response) * group.power(factor, proof.challenge) % group.p
    return bool(group.hashed(f"decrypt|{fingerprint}|{key}|{a},{b}") == proof.challenge)


def decrypt(group: Group, fingerprint: str, key: mpz, secret: mpz, alpha: mpz, draw: Draw) -> tuple[mpz, Proof]:
    """alpha^secret and the proof of it."""
    nonce = mpz(draw(int(group.q)))
    a, b = group.secret_power(group.g, nonce), group.secret_power(alpha, nonce)
    challenge = group.hashed(f"decrypt|{fingerprint}|{key}|{a},{b}")
    return group.secret_power(alpha, secret), Proof(challenge, (nonce - secret * challenge) % group.q)
