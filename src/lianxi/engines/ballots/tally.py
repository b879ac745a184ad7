"""The sum of the ballots, its decryption and the result 计票 (specification of Belenios 2.0, sections 4.15, 4.16, 4.18, 4.19)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from gmpy2 import isqrt, mpz

from . import proofs
from .ballot import Ballot, PackedAnswer, unpacked
from .election import Election, Question, ShuffledQuestion
from .group import Group
from .proofs import Ciphertext, Draw, Proof, read_ciphertext, read_proof
from .strict import Malformed, big, exactly, fields, many, parsed, sha, small, written
from .trustees import Pedersen, Single, Trustees, lagrange

Columns = list[list[Ciphertext]]
"""To each question its ciphertexts: one an answer, or one a ballot where answers are shuffled."""


class Tally:
    """Adds ballots up, the last of each credential. `add` and `take` may come in any order; only what is asked for is kept:
    for sums one product an answer, for shuffled questions the ciphertexts."""

    def __init__(self, election: Election) -> None:
        self.election = election
        self._sums = [
            [Ciphertext(mpz(1), mpz(1))] * one.width if isinstance(one, Question) else [] for one in election.questions
        ]
        self.count = self.weight = 0

    def add(self, ballot: Ballot, weight: int = 1) -> None:
        """Counts a ballot. ValueError for a weight other than one where answers are shuffled."""
        self.take([[one.choices] if isinstance(one, PackedAnswer) else one.choices for one in ballot.answers], weight)

    def take(self, choices: Sequence[Sequence[Ciphertext]], weight: int = 1) -> None:
        """The same from the ciphertexts alone."""
        if weight != 1 and self.election.shuffled:
            raise ValueError("shuffled answers have no weight")
        self.count += 1
        self.weight += weight
        shuffled = set(self.election.shuffled)
        for at, each in enumerate(choices):
            if at in shuffled:
                self._sums[at].extend(each)
            else:
                self._multiply(at, each, weight)

    def _multiply(self, at: int, choices: Sequence[Ciphertext], weight: int) -> None:
        p = self.election.group.p
        power = self.election.group.power
        self._sums[at] = [
            Ciphertext(
                total.alpha * (one.alpha if weight == 1 else power(one.alpha, mpz(weight))) % p,
                total.beta * (one.beta if weight == 1 else power(one.beta, mpz(weight))) % p,
            )
            for total, one in zip(self._sums[at], choices, strict=True)
        ]

    def columns(self) -> Columns:
        """The encrypted tally. Ciphertexts that will be shuffled stand in the order of their numbers, which the
        specification does not say and the published program does: the order of the ballots is lost even before."""
        shuffled = set(self.election.shuffled)
        return [
            sorted(each, key=lambda one: (one.alpha, one.beta)) if at in shuffled else list(each)
            for at, each in enumerate(self._sums)
        ]


def tally_text(columns: Columns) -> bytes:
    return written([[one.told() for one in each] for each in columns]).encode()


def read_columns(text: bytes, where: str) -> Columns:
    """Ciphertexts to each question. Raises Malformed."""
    found = many(parsed(text), where, lambda v, w: many(v, w, read_ciphertext))
    exactly(text, [[one.told() for one in each] for each in found])
    return found


@dataclass(frozen=True, slots=True)
class SizedTally:
    """How many ballots were added up, their weight, and the hash of the encrypted tally."""

    num_tallied: int
    total_weight: int
    encrypted_tally: str

    def text(self) -> bytes:
        return written(
            {
                "num_tallied": self.num_tallied,
                "total_weight": self.total_weight,
                "encrypted_tally": self.encrypted_tally,
            }
        ).encode()


def read_sized(text: bytes, where: str) -> SizedTally:
    found = fields(parsed(text), where, "num_tallied", "total_weight", "encrypted_tally")
    one = SizedTally(
        small(found["num_tallied"], where), small(found["total_weight"], where), sha(found["encrypted_tally"], where)
    )
    exactly(text, found)
    return one


@dataclass(frozen=True, slots=True)
class Owned:
    """Whose shuffle or decryption it is (counted from 1), and the hash of it."""

    owner: int
    payload: str

    def text(self) -> bytes:
        return written({"owner": self.owner, "payload": self.payload}).encode()


def read_owned(text: bytes, where: str) -> Owned:
    found = fields(parsed(text), where, "owner", "payload")
    one = Owned(small(found["owner"], where), sha(found["payload"], where))
    exactly(text, found)
    return one


@dataclass(frozen=True, slots=True)
class PartialDecryption:
    """A trustee's share: to each ciphertext alpha^x, and the proof of it."""

    factors: list[list[mpz]]
    proofs: list[list[Proof]]

    def text(self) -> bytes:
        return written(
            {
                "decryption_factors": [[str(one) for one in each] for each in self.factors],
                "decryption_proofs": [[one.told() for one in each] for each in self.proofs],
            }
        ).encode()


def read_decryption(group: Group, text: bytes, where: str) -> PartialDecryption:
    found = fields(parsed(text), where, "decryption_factors", "decryption_proofs")
    one = PartialDecryption(
        many(found["decryption_factors"], where, lambda v, w: many(v, w, big)),
        many(found["decryption_proofs"], where, lambda v, w: many(v, w, read_proof(group))),
    )
    exactly(text, found)
    return one


def partly_decrypted(election: Election, columns: Columns, secret: mpz, draw: Draw) -> PartialDecryption:
    """A trustee's share of the decryption with the private key `secret`."""
    group, key = election.group, election.group.secret_power(election.group.g, secret)
    pairs = [
        [proofs.decrypt(group, election.fingerprint, key, secret, one.alpha, draw) for one in each] for each in columns
    ]
    return PartialDecryption([[f for f, _p in each] for each in pairs], [[p for _f, p in each] for each in pairs])


def check_decryption(election: Election, columns: Columns, key: mpz, share: PartialDecryption, where: str) -> None:
    """Checks every factor of a share against the trustee's key. Raises Malformed."""
    group = election.group
    shape = [len(each) for each in columns]
    if [len(each) for each in share.factors] != shape or [len(each) for each in share.proofs] != shape:
        raise Malformed("has another shape than the tally", where)
    for at, (each, factors, checks) in enumerate(zip(columns, share.factors, share.proofs, strict=True)):
        for place, (cipher, factor, proof) in enumerate(zip(each, factors, checks, strict=True)):
            if not group.contains(factor):
                raise Malformed("a factor does not belong to the group", f"{where}[{at}][{place}]")
            if not proofs.decrypts(group, election.fingerprint, key, cipher.alpha, factor, proof):
                raise Malformed("the proof of a factor does not hold", f"{where}[{at}][{place}]")


def opened(election: Election, trustees: Trustees, columns: Columns, shares: dict[int, PartialDecryption]) -> Columns:
    """The elements that the ciphertexts hide, as pairs (factor, element); `shares` by owner, all of them checked.

    Raises Malformed where a share is missing, or where a threshold got more shares than it needs (which would be used?).
    """
    group = election.group
    factors = [[mpz(1)] * len(each) for each in columns]
    first = 1
    for part in trustees.parts:
        count = 1 if isinstance(part, Single) else len(part.keys)
        places = [place for place in range(1, count + 1) if first + place - 1 in shares]
        needed = part.threshold if isinstance(part, Pedersen) else 1
        if len(places) != needed:
            raise Malformed("{count} shares of {needed}", "PartialDecryption", count=len(places), needed=needed)
        for place in places:
            weight = lagrange(group.q, mpz(place), places) if isinstance(part, Pedersen) else mpz(1)
            _apply(group, factors, shares[first + place - 1], weight)
        first += count
    return [
        [
            Ciphertext(factor, cipher.beta * group.inverse(factor) % group.p)
            for cipher, factor in zip(each, found, strict=True)
        ]
        for each, found in zip(columns, factors, strict=True)
    ]


def _apply(group: Group, factors: list[list[mpz]], share: PartialDecryption, weight: mpz) -> None:
    for mine, each in zip(factors, share.factors, strict=True):
        for at, factor in enumerate(each):
            mine[at] = mine[at] * (factor if weight == 1 else group.power(factor, weight)) % group.p


def logarithm(group: Group, element: mpz, most: int) -> int:
    """The m ≤ most with g^m = element, by steps of a baby and of a giant. Raises ValueError where there is none."""
    side = int(isqrt(mpz(most))) + 1
    baby = mpz(1)
    steps: dict[mpz, int] = {}
    for small_step in range(side):
        steps.setdefault(baby, small_step)
        baby = baby * group.g % group.p
    giant, here = group.inverse(group.power(group.g, mpz(side))), element
    for large_step in range(side + 1):
        if here in steps and large_step * side + steps[here] <= most:
            return int(large_step * side + steps[here])
        here = here * giant % group.p
    raise ValueError("no such number")


def result_of(election: Election, found: Columns, weight: int) -> list[Any]:
    """The result: to each question the sums, or the list of answers in their shuffled order. Raises Malformed."""
    result: list[Any] = []
    for at, (question, each) in enumerate(zip(election.questions, found, strict=True)):
        try:
            if isinstance(question, ShuffledQuestion):
                result.append([unpacked(election, one.beta, len(question.answers)) for one in each])
            else:
                result.append([logarithm(election.group, one.beta, weight) for one in each])
        except ValueError:
            raise Malformed("the shares do not open it to a number of votes", f"result[{at}]") from None
    return result


def result_text(result: Sequence[Any]) -> bytes:
    return written({"result": list(result)}).encode()


def last_of_each(ballots: Iterable[tuple[str, mpz]]) -> list[str]:
    """Hashes of the ballots that count, in the order of `last` (4.15): a ballot cast again goes to the end."""
    found: dict[mpz, str] = {}
    for digest, credential in ballots:
        found.pop(credential, None)
        found[credential] = digest
    return list(found.values())
