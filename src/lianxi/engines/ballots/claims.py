"""What a ballot shows, claim by claim, in the order in which they are checked: once for whoever computes every proof anew
(`holds`), for whoever publishes hints (`roots`) and for whoever checks many ballots at once with them (`follows`).

A claim is about commitments: numbers that its proof does not contain, that the exact check computes, and that are hashed to the
challenge. A hint says what they are; `batch` finds out whether it is right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gmpy2 import mpz

from . import proofs
from .batch import Batch
from .election import Election, Question
from .group import FixedBase, Group
from .proofs import Branch, Ciphertext, Proof
from .strict import Malformed

if TYPE_CHECKING:
    from .ballot import Answer, Ballot, PackedAnswer


@dataclass(frozen=True, slots=True)
class Belongs:
    """A ciphertext consists of elements of the group."""

    cipher: Ciphertext
    problem: Malformed
    count: int = 2

    def holds(self, group: Group, _y: FixedBase) -> bool:
        return group.contains(self.cipher.alpha) and group.contains(self.cipher.beta)

    def roots(self, group: Group, _y: FixedBase, inverse: mpz) -> list[mpz]:
        return [group.power(self.cipher.alpha, inverse), group.power(self.cipher.beta, inverse)]

    def follows(self, _group: Group, found: Sequence[mpz], batch: Batch) -> bool:
        for element, said in zip(found, (self.cipher.alpha, self.cipher.beta), strict=True):
            if element != said:
                return False
            batch.add(element, said, 1, 0, 0)
        return True


@dataclass(frozen=True, slots=True)
class Knows:
    """Somebody knows the logarithm of `key` (Schnorr)."""

    key: mpz
    prefix: Callable[[mpz], str]
    proof: Proof
    problem: Malformed
    count: int = 1

    def holds(self, group: Group, _y: FixedBase) -> bool:
        return proofs.knows(group, self.prefix, self.key, self.proof)

    def roots(self, group: Group, _y: FixedBase, inverse: mpz) -> list[mpz]:
        scaled = self.proof.times(inverse, group.q)
        return [group.of_g.power(scaled.response) * group.power(self.key, scaled.challenge) % group.p]

    def follows(self, group: Group, found: Sequence[mpz], batch: Batch) -> bool:
        batch.add(found[0], self.key, self.proof.challenge, self.proof.response, 0)
        return bool(group.hashed(self.prefix(found[0])) == self.proof.challenge)


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of several branches is true."""

    prefix: str
    branches: Sequence[Branch]
    proofs: Sequence[Proof]
    problem: Malformed
    total: Ciphertext | None = None
    """The product of `parts`, where branches are about one."""
    parts: Sequence[Ciphertext] = ()

    @property
    def count(self) -> int:
        return 2 * len(self.branches)

    def holds(self, group: Group, y: FixedBase) -> bool:
        return proofs.one_of_holds(group, y, self.prefix, self.branches, self.proofs)

    def roots(self, group: Group, y: FixedBase, inverse: mpz) -> list[mpz]:
        return [
            element
            for branch, proof in zip(self.branches, self.proofs, strict=True)
            for element in proofs.commitments(group, y, branch, proof.times(inverse, group.q))
        ]

    def follows(self, group: Group, found: Sequence[mpz], batch: Batch) -> bool:
        told, whole = iter(found), 0
        if self.total is not None:
            batch.product(self.total.alpha, [one.alpha for one in self.parts])
            batch.product(self.total.beta, [one.beta for one in self.parts])
        for branch, proof in zip(self.branches, self.proofs, strict=True):
            cipher, challenge, response = branch.cipher, proof.challenge, proof.response
            batch.add(next(told), cipher.alpha, challenge, response, 0)
            batch.add(next(told), cipher.beta, challenge, -branch.value * challenge, response)
            whole += challenge
        said = ",".join(map(str, found))  # a,b of each branch, one after the other
        return bool(group.hashed(self.prefix + said) == whole % group.q)


Claim = Belongs | Knows | OneOf


def claims(election: Election, ballot: Ballot) -> Iterator[Claim]:
    """All that a ballot has to show, in the order in which it is checked. Nothing is computed before it is asked for."""
    yield Knows(
        ballot.credential,
        proofs.of_ballot(ballot.digest),
        ballot.signature,
        Malformed("the signature does not hold", "ballot.signature"),
    )
    begin = f"{election.fingerprint}|{ballot.credential}"
    seen: set[tuple[Ciphertext, tuple[Proof, ...]]] = set()
    for at, (question, answer) in enumerate(zip(election.questions, ballot.answers, strict=True)):
        where = f"ballot.answers[{at}]"
        if isinstance(question, Question):
            yield from _of_answer(election, question, answer, begin, where, seen)  # type: ignore[arg-type]
        else:
            yield from _of_packed(election, answer, begin, where)  # type: ignore[arg-type]


def _belongs(cipher: Ciphertext, where: str, at: int) -> Belongs:
    return Belongs(cipher, Malformed("does not belong to the group", f"{where}.choices[{at}]"))


def _of_packed(election: Election, answer: PackedAnswer, begin: str, where: str) -> Iterator[Claim]:
    yield _belongs(answer.choices, where, 0)
    said = proofs.of_packed(begin, election.public_key, answer.choices)
    yield Knows(answer.choices.alpha, said, answer.proof, Malformed("the proof does not hold", where))


def _of_answer(
    election: Election,
    question: Question,
    answer: Answer,
    begin: str,
    where: str,
    seen: set[tuple[Ciphertext, tuple[Proof, ...]]],
) -> Iterator[Claim]:
    """`seen`: choices of this ballot whose proofs were asked for; the same one may stand in several questions."""
    for at, (cipher, pair) in enumerate(zip(answer.choices, answer.individual_proofs, strict=True)):
        if (cipher, pair) in seen:
            continue
        seen.add((cipher, pair))
        yield _belongs(cipher, where, at)
        yield OneOf(
            proofs.in_interval(begin, cipher),
            [Branch(cipher, 0), Branch(cipher, 1)],
            pair,
            Malformed("is not shown to be 0 or 1", f"{where}.choices[{at}]"),
        )
    blank, total, within = branches(election.group, question, answer.choices)
    parts = answer.choices[1:] if question.blank else answer.choices
    said = f"{begin}|{','.join(map(str, answer.choices))}"
    prefix = proofs.in_interval(said, total.cipher)
    if blank is not None and answer.blank_proof is not None:
        nothing = [Branch(blank.cipher, 0), Branch(total.cipher, 0)]
        problem = Malformed("a blank vote is not shown to choose nothing", where)
        yield OneOf(proofs.blank_or_empty(said), nothing, answer.blank_proof, problem, total.cipher, parts)
        prefix, within = proofs.blank_or_within(said), [blank, *within]
    yield OneOf(
        prefix,
        within,
        answer.overall_proof,
        Malformed(
            "the number chosen is not shown to be within {least} to {most}",
            where,
            least=question.min,
            most=question.max,
        ),
        total.cipher,
        parts,
    )


def branches(
    group: Group, question: Question, choices: Sequence[Ciphertext]
) -> tuple[Branch | None, Branch, list[Branch]]:
    """The claim *blank*, the sum of all that can be chosen, and the claims *sum = min* to *sum = max*."""
    chosen = choices[1:] if question.blank else choices
    total = Ciphertext(group.times(*(one.alpha for one in chosen)), group.times(*(one.beta for one in chosen)))
    within = [Branch(total, number) for number in range(question.min, question.max + 1)]
    return (Branch(choices[0], 1) if question.blank else None), Branch(total, 0), within
