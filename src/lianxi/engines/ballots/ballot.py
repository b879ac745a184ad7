"""One ballot 选票: encrypted answers with their proofs, signed with a credential (specification of Belenios 2.0, 4.11–4.15)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from gmpy2 import mpz

from . import proofs
from .claims import branches, claims
from .credentials import secret_of
from .election import Election, Question, ShuffledQuestion, fingerprint
from .proofs import Branch, Ciphertext, Draw, Opening, Proof, read_ciphertext, read_proof
from .strict import Malformed, big, fields, many, parsed, same_text, string, written


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question that is opened as a sum."""

    choices: tuple[Ciphertext, ...]
    individual_proofs: tuple[tuple[Proof, ...], ...]
    overall_proof: tuple[Proof, ...]
    blank_proof: tuple[Proof, ...] | None = None

    def told(self) -> dict[str, Any]:
        said: dict[str, Any] = {
            "choices": [one.told() for one in self.choices],
            "individual_proofs": [[one.told() for one in each] for each in self.individual_proofs],
            "overall_proof": [one.told() for one in self.overall_proof],
        }
        return said if self.blank_proof is None else said | {"blank_proof": [one.told() for one in self.blank_proof]}


@dataclass(frozen=True, slots=True)
class PackedAnswer:
    """The answer to a question that is shuffled: all numbers in one ciphertext."""

    choices: Ciphertext
    proof: Proof

    def told(self) -> dict[str, Any]:
        return {"choices": self.choices.told(), "proof": self.proof.told()}


@dataclass(frozen=True, slots=True)
class Ballot:
    """What stands in the archive. `tracker` is what a voter compares; the short check code is its beginning."""

    credential: mpz
    answers: tuple[Answer | PackedAnswer, ...]
    digest: str
    """Of the ballot without its signature: what is signed."""
    signature: Proof
    text: bytes

    @property
    def tracker(self) -> str:
        return fingerprint(self.text)


@dataclass(frozen=True, slots=True)
class Known:
    """What the maker of a ballot knows of it: for a test ballot, whose maker tells it. Of a ballot that is cast, nobody."""

    choices: tuple[tuple[int, ...], ...]
    """To each question the numbers that were chosen."""
    randomness: tuple[tuple[mpz, ...], ...]
    """To each ciphertext the exponent that hides it."""

    def told(self) -> dict[str, Any]:
        return {
            "choices": [list(each) for each in self.choices],
            "randomness": [[str(one) for one in each] for each in self.randomness],
        }


def unsigned(election: Election, credential: mpz, answers: Sequence[Answer | PackedAnswer]) -> dict[str, Any]:
    """A ballot without its signature, as it is written."""
    return {
        "election_uuid": election.uuid,
        "election_hash": election.fingerprint,
        "credential": str(credential),
        "answers": [one.told() for one in answers],
    }


def read_ballot(election: Election, text: bytes) -> Ballot:
    """The ballot of a text; its proofs are not yet checked. Raises Malformed, also for a ballot of another election."""
    found = fields(parsed(text), "ballot", "election_uuid", "election_hash", "credential", "answers", "signature")
    signed = found.pop("signature")
    credential, answers = read_unsigned(election, found)
    signature = fields(signed, "ballot.signature", "hash", "proof")
    proof = read_proof(election.group)(signature["proof"], "ballot.signature.proof")
    plain = written(unsigned(election, credential, answers)).encode()
    digest = fingerprint(plain)
    if string(signature["hash"], "ballot.signature.hash") != digest:
        raise Malformed("is not what was signed", "ballot.signature.hash")
    same_text(text, _with_signature(plain, digest, proof))
    return Ballot(credential, answers, digest, proof, text)


def read_unsigned(election: Election, value: Any) -> tuple[mpz, tuple[Answer | PackedAnswer, ...]]:
    """Credential and answers of a ballot without its signature. Raises Malformed, also for a ballot of another election."""
    found = fields(value, "ballot", "election_uuid", "election_hash", "credential", "answers")
    if found["election_uuid"] != election.uuid or found["election_hash"] != election.fingerprint:
        raise Malformed("belongs to another election", "ballot")
    raw = found["answers"]
    if not isinstance(raw, list) or len(raw) != len(election.questions):
        raise Malformed("has another number of answers than there are questions", "ballot.answers")
    answers = tuple(
        _read_answer(election, question, one, f"ballot.answers[{at}]")
        for at, (question, one) in enumerate(zip(election.questions, raw, strict=True))
    )
    return big(found["credential"], "ballot.credential"), answers


def _read_answer(
    election: Election, question: Question | ShuffledQuestion, value: Any, where: str
) -> Answer | PackedAnswer:
    proof = read_proof(election.group)
    if isinstance(question, ShuffledQuestion):
        found = fields(value, where, "choices", "proof")
        return PackedAnswer(read_ciphertext(found["choices"], where), proof(found["proof"], where))
    blank = ("blank_proof",) if question.blank else ()
    found = fields(value, where, "choices", "individual_proofs", "overall_proof", *blank)
    width, span = question.width, question.max - question.min + 1
    return Answer(
        tuple(many(found["choices"], f"{where}.choices", read_ciphertext, width)),
        tuple(
            tuple(each)
            for each in many(
                found["individual_proofs"], f"{where}.individual_proofs", lambda v, w: many(v, w, proof, 2), width
            )
        ),
        tuple(many(found["overall_proof"], f"{where}.overall_proof", proof, span + bool(question.blank))),
        tuple(many(found["blank_proof"], f"{where}.blank_proof", proof, 2)) if question.blank else None,
    )


def credential_of(text: bytes) -> mpz | None:
    """The credential of a ballot that is not yet read, None where there is none."""
    try:
        return big(parsed(text)["credential"], "ballot.credential")
    except (Malformed, LookupError, TypeError):
        return None


def choices_of(election: Election, text: bytes) -> list[list[Ciphertext]]:
    """The ciphertexts of a ballot that was read before: to each question those of its answer, and nothing else of it."""
    found = []
    for question, answer in zip(election.questions, parsed(text)["answers"], strict=True):
        choices = answer["choices"]
        each = [choices] if isinstance(question, ShuffledQuestion) else choices
        found.append([Ciphertext(mpz(one["alpha"]), mpz(one["beta"])) for one in each])
    return found


def check(election: Election, ballot: Ballot) -> None:
    """Checks every proof of a ballot and its signature. Raises Malformed with the place of the first that does not hold.

    That the credential may vote is for the caller, who has the list.
    """
    for claim in claims(election, ballot):
        if not claim.holds(election.group, election.y):
            raise claim.problem


def check_signature(election: Election, ballot: Ballot) -> None:
    """Checks that who made it has the secret of its credential: one proof, before what is dearer. Raises Malformed."""
    signature = next(claims(election, ballot))
    if not signature.holds(election.group, election.y):
        raise signature.problem


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A ballot that is made and not yet signed: it can be cast by `finished`, or opened as a test ballot; never both."""

    secret: mpz = field(repr=False)
    credential: mpz
    answers: tuple[Answer | PackedAnswer, ...]
    known: Known = field(repr=False)


def cast(election: Election, typed: str, votes: Sequence[Sequence[int]], draw: Draw) -> Ballot:
    """Makes a ballot: for each question a number to each answer (0 or 1; with a blank vote in front where one is possible).

    Raises Malformed for a mistyped credential, ValueError for votes that the question does not allow.
    """
    made = answered(election, typed, votes, draw)
    return signed(election, made, draw)


def answered(election: Election, typed: str, votes: Sequence[Sequence[int]], draw: Draw) -> Unsigned:
    """The first part of `cast`: the answers with their proofs, and what their maker knows of them. Raises as `cast`."""
    group = election.group
    secret = secret_of(group, election.uuid, typed)
    credential = group.secret_power(group.g, secret)
    begin = f"{election.fingerprint}|{credential}"
    made = [
        _packed(election, question, vote, begin, draw)
        if isinstance(question, ShuffledQuestion)
        else _answered(election, question, vote, begin, draw)
        for question, vote in zip(election.questions, votes, strict=True)
    ]
    known = Known(tuple(tuple(vote) for vote in votes), tuple(tuple(secrets) for _answer, secrets in made))
    return Unsigned(secret, credential, tuple(answer for answer, _secrets in made), known)


def finished(election: Election, secret: mpz, answers: Sequence[Answer | PackedAnswer], draw: Draw) -> Ballot:
    """The answers signed with the secret exponent of a credential."""
    group = election.group
    return _signed(election, secret, group.secret_power(group.g, secret), answers, draw)


def signed(election: Election, made: Unsigned, draw: Draw) -> Ballot:
    """The second part of `cast`."""
    return _signed(election, made.secret, made.credential, made.answers, draw)


def _signed(
    election: Election, secret: mpz, credential: mpz, answers: Sequence[Answer | PackedAnswer], draw: Draw
) -> Ballot:
    group = election.group
    plain = written(unsigned(election, credential, answers)).encode()
    digest = fingerprint(plain)
    proof = proofs.know(group, proofs.of_ballot(digest), secret, draw)
    return Ballot(credential, tuple(answers), digest, proof, _with_signature(plain, digest, proof))


def _with_signature(plain: bytes, digest: str, proof: Proof) -> bytes:
    """The whole text of a ballot: its signature is the last field."""
    return plain[:-1] + b',"signature":' + written({"hash": digest, "proof": proof.told()}).encode() + b"}"


def _answered(
    election: Election, question: Question, vote: Sequence[int], begin: str, draw: Draw
) -> tuple[Answer, list[mpz]]:
    group, y = election.group, election.y
    chosen = list(vote[1:] if question.blank else vote)
    blank = bool(question.blank and vote[0])
    if len(vote) != question.width or set(vote) - {0, 1} or (blank and any(chosen)):
        raise ValueError("one 0 or 1 to each answer")
    if not blank and not question.min <= sum(chosen) <= question.max:
        raise ValueError(f"{sum(chosen)} chosen; {question.min} to {question.max} are allowed")
    secrets = [mpz(draw(int(group.q))) for _ in vote]
    ciphers = [
        proofs.encrypted(group, y, group.g if one else mpz(1), secret)
        for one, secret in zip(vote, secrets, strict=True)
    ]
    known = [Opening(secret, one) for secret, one in zip(secrets, vote, strict=True)]
    individual = [
        proofs.one_of(
            group, y, proofs.in_interval(begin, cipher), [Branch(cipher, 0), Branch(cipher, 1)], [one] * 2, draw
        )
        for cipher, one in zip(ciphers, known, strict=True)
    ]
    claim, total, within = branches(group, question, ciphers)
    said = f"{begin}|{','.join(map(str, ciphers))}"
    summed = Opening(sum(secrets[1:] if question.blank else secrets) % group.q, sum(chosen))
    blank_proof = None
    if claim is None:
        prefix = proofs.in_interval(said, total.cipher)
        overall = proofs.one_of(group, y, prefix, within, [summed] * len(within), draw)
    else:
        nothing = [Branch(claim.cipher, 0), total]
        blank_proof = proofs.one_of(group, y, proofs.blank_or_empty(said), nothing, [known[0], summed], draw)
        overall = proofs.one_of(
            group, y, proofs.blank_or_within(said), [claim, *within], [known[0]] + [summed] * len(within), draw
        )
    answer = Answer(
        tuple(ciphers),
        tuple(tuple(pair) for pair in individual),
        tuple(overall),
        tuple(blank_proof) if blank_proof else None,
    )
    return answer, secrets


def _packed(
    election: Election, question: ShuffledQuestion, vote: Sequence[int], begin: str, draw: Draw
) -> tuple[PackedAnswer, list[mpz]]:
    group = election.group
    if len(vote) != len(question.answers):
        raise ValueError("one number to each answer")
    secret = mpz(draw(int(group.q)))
    cipher = proofs.encrypted(group, election.y, packed(election, vote), secret)
    proof = proofs.know(group, proofs.of_packed(begin, election.public_key, cipher), secret, draw)
    return PackedAnswer(cipher, proof), [secret]


def packed(election: Election, numbers: Sequence[int]) -> mpz:
    """Small numbers in one element of the group (4.11.2). Raises ValueError for a number that is too large."""
    group = election.group
    bits, padding = group.bits_per_int, group.padding
    if bits is None or padding is None or any(not 0 <= one < 1 << bits for one in numbers):
        raise ValueError("such numbers cannot be packed in this group")
    whole = mpz(0)
    for one in numbers:
        whole = (whole << bits) | one
    whole <<= padding
    for filling in range(1 << padding):
        if group.contains(whole + filling):
            return whole + filling
    raise ValueError("no element was found")


def unpacked(election: Election, element: mpz, count: int) -> list[int]:
    """The numbers in an element. Raises ValueError where it holds more than `count` of them."""
    group = election.group
    if group.bits_per_int is None or group.padding is None:
        raise ValueError("such numbers cannot be packed in this group")
    rest, found = element >> group.padding, []
    for _ in range(count):
        found.append(int(rest & ((1 << group.bits_per_int) - 1)))
        rest >>= group.bits_per_int
    if rest:
        raise ValueError("more numbers than answers")
    return found[::-1]
