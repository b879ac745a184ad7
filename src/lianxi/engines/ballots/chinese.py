"""The Chinese ballot 中国式选票: to each candidate 赞成, 反对 or 弃权; at most k in favour; somebody else 另选他人 only in place of a
candidate who is opposed. As questions of a Belenios election, so that the published program checks it too.

First question: all candidates and the roster of those who may be written in; 0 to k: too many in favour cannot be cast.
Then to each candidate [赞成, 反对], at most one, where 赞成 is *the same ciphertext with the same proof* as in the first
question; neither is 弃权. Last question: all 反对 and, of each name of the roster, the complement (1/alpha, g/beta) of its
ciphertext; at least as many as the roster has names. Since the complements sum to R minus those written in, this says: no more
written in than opposed.

The published program checks every proof and sum; that the shared ciphertexts are the same only we check, on arrival and in
the verifier. No cryptographer has reviewed this construction yet.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gmpy2 import mpz

from . import proofs
from .ballot import Answer, Ballot, Known, PackedAnswer, Unsigned, signed
from .credentials import secret_of
from .election import Election, Question
from .group import Group
from .proofs import Branch, Ciphertext, Draw, Opening, Proof
from .strict import Malformed

FAVOUR, OPPOSE, ABSTAIN = "赞成", "反对", "弃权"
WRITTEN_IN = "另选"
_MARK = re.compile(r"\n?lianxi-ballot/1 candidates=([1-9][0-9]{0,2}) roster=([0-9]{1,3}) most=([1-9][0-9]{0,2})\Z")


@dataclass(frozen=True, slots=True)
class Form:
    """What is printed on the ballot: candidates in their order, names that may be written in, how many may be favoured."""

    candidates: tuple[str, ...]
    most: int
    roster: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.most <= len(self.candidates) + len(self.roster):
            raise ValueError(f"{self.most} of {len(self.candidates)} candidates")
        names = self.candidates + self.roster
        if not self.candidates or len(set(names)) != len(names) or not all(names):
            raise ValueError("each name once, and at least one candidate")

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions of the election."""
        first = Question("赞成的人 · In favour", self.candidates + self.roster, 0, self.most)
        each = tuple(Question(name, (FAVOUR, OPPOSE), 0, 1) for name in self.candidates)
        if not self.roster:
            return (first, *each)
        last = tuple(f"{OPPOSE}：{name}" for name in self.candidates) + tuple(
            f"没有另选：{name}" for name in self.roster
        )
        return (first, *each, Question("另选不多于反对 · Written in for opposed", last, len(self.roster), len(last)))

    def described(self, text: str) -> str:
        """The description of the election: the words for people, and the line by which verifiers know the form."""
        line = f"lianxi-ballot/1 candidates={len(self.candidates)} roster={len(self.roster)} most={self.most}"
        return f"{text}\n{line}" if text else line


def form_of(election: Election) -> Form | None:
    """The form of an election, None where it is another kind. Raises Malformed where the questions are not those of the
    form that its description names."""
    found = _MARK.search(election.description)
    if found is None:
        return None
    count, others, most = map(int, found.groups())
    first = election.questions[0]
    if not isinstance(first, Question) or len(first.answers) != count + others or most > count + others:
        raise Malformed("the questions are not those of the form", "election.questions")
    try:
        form = Form(first.answers[:count], most, first.answers[count:])
    except ValueError:
        raise Malformed("the questions are not those of the form", "election.questions") from None
    if form.questions != election.questions:
        raise Malformed("the questions are not those of the form", "election.questions")
    return form


def check_links(election: Election, form: Form, ballot: Ballot) -> None:
    """Checks that what should be one ciphertext is one. Raises Malformed with its place."""
    links(election, form, ballot.answers)


def links(election: Election, form: Form, found: Sequence[Answer | PackedAnswer]) -> None:
    """The same for answers that are not signed yet."""
    answers = [one for one in found if isinstance(one, Answer)]
    first, each, count = answers[0], answers[1 : len(form.candidates) + 1], len(form.candidates)
    for at, answer in enumerate(each):
        same = answer.choices[0] == first.choices[at] and answer.individual_proofs[0] == first.individual_proofs[at]
        if not same:
            raise Malformed("is not the ciphertext that it should be", f"ballot.answers[{at + 1}].choices[0]")
    if not form.roster:
        return
    last = answers[-1]
    for at, answer in enumerate(each):
        if answer.choices[1] != last.choices[at] or answer.individual_proofs[1] != last.individual_proofs[at]:
            raise Malformed(
                "is not the ciphertext that it should be", f"ballot.answers[{len(answers) - 1}].choices[{at}]"
            )
    for at in range(count, count + len(form.roster)):
        if not _complements(election.group, first.choices[at], last.choices[at]):
            raise Malformed(
                "is not the ciphertext that it should be", f"ballot.answers[{len(answers) - 1}].choices[{at}]"
            )


def complement(group: Group, cipher: Ciphertext) -> Ciphertext:
    """Of an encrypted 0 an encrypted 1, and the other way: (1/alpha, g/beta)."""
    return Ciphertext(group.inverse(cipher.alpha), group.g * group.inverse(cipher.beta) % group.p)


def _complements(group: Group, one: Ciphertext, other: Ciphertext) -> bool:
    """Whether `other` is the complement of `one`, of numbers of which nothing is known yet: 0 has no inverse."""
    p = group.p
    return bool(
        0 < other.alpha < p
        and 0 < other.beta < p
        and one.alpha * other.alpha % p == 1
        and one.beta * other.beta % p == group.g
    )


@dataclass(frozen=True, slots=True)
class _Made:
    """A ciphertext with what its maker knows, and the proof that it is 0 or 1."""

    cipher: Ciphertext
    opening: Opening
    proof: tuple[Proof, ...]


def cast(
    election: Election, form: Form, typed: str, marks: Sequence[str], written_in: Sequence[str], draw: Draw
) -> Ballot:
    """Makes a ballot.

    Args:
        marks: to each candidate 赞成, 反对 or 弃权.
        written_in: names of the roster.

    Raises:
        Malformed: a mistyped credential. ValueError: marks that the form does not allow.
    """
    made = answered(election, form, typed, marks, written_in, draw)
    return signed(election, made, draw)


def answered(
    election: Election, form: Form, typed: str, marks: Sequence[str], written_in: Sequence[str], draw: Draw
) -> Unsigned:
    """The first part of `cast`: the answers with their proofs, and what their maker knows of them. Raises as `cast`."""
    favoured = [int(mark == FAVOUR) for mark in marks] + [int(name in written_in) for name in form.roster]
    opposed = [int(mark == OPPOSE) for mark in marks]
    if len(marks) != len(form.candidates) or set(marks) - {FAVOUR, OPPOSE, ABSTAIN}:
        raise ValueError("to each candidate in favour, opposed or abstaining")
    if set(written_in) - set(form.roster) or len(set(written_in)) != len(written_in):
        raise ValueError("only names of the roster, each once")
    if sum(favoured) > form.most:
        raise ValueError(f"{sum(favoured)} in favour; at most {form.most}")
    if len(written_in) > sum(opposed):
        raise ValueError(f"{len(written_in)} written in for {sum(opposed)} opposed")
    group, secret = election.group, secret_of(election.group, election.uuid, typed)
    credential = group.secret_power(group.g, secret)
    begin = f"{election.fingerprint}|{credential}"
    yes = [_made(election, begin, one, draw) for one in favoured]
    no = [_made(election, begin, one, draw) for one in opposed]
    rows = [yes, *([yes[at], no[at]] for at in range(len(form.candidates)))]
    if form.roster:
        rows.append([*no, *(_turned(election, begin, one, draw) for one in yes[len(form.candidates) :])])
    answers = tuple(
        _answer(election, question, row, begin, draw) for question, row in zip(form.questions, rows, strict=True)
    )
    known = Known(
        tuple(tuple(one.opening.message for one in row) for row in rows),
        tuple(tuple(one.opening.secret for one in row) for row in rows),
    )
    return Unsigned(secret, credential, answers, known)


def marks_of(form: Form, choices: Sequence[Sequence[int]]) -> tuple[list[str], list[str]]:
    """The marks to the candidates and the names written in, from the numbers to each question."""
    marks = [FAVOUR if yes else OPPOSE if no else ABSTAIN for yes, no in choices[1 : len(form.candidates) + 1]]
    others = choices[0][len(form.candidates) :]
    return marks, [name for name, chosen in zip(form.roster, others, strict=True) if chosen]


def _proved(election: Election, begin: str, cipher: Ciphertext, opening: Opening, draw: Draw) -> _Made:
    branches = [Branch(cipher, 0), Branch(cipher, 1)]
    prefix = proofs.in_interval(begin, cipher)
    return _Made(
        cipher, opening, tuple(proofs.one_of(election.group, election.y, prefix, branches, [opening] * 2, draw))
    )


def _made(election: Election, begin: str, vote: int, draw: Draw) -> _Made:
    group, secret = election.group, mpz(draw(int(election.group.q)))
    cipher = proofs.encrypted(group, election.y, group.g if vote else mpz(1), secret)
    return _proved(election, begin, cipher, Opening(secret, vote), draw)


def _turned(election: Election, begin: str, made: _Made, draw: Draw) -> _Made:
    opening = Opening(-made.opening.secret % election.group.q, 1 - made.opening.message)
    return _proved(election, begin, complement(election.group, made.cipher), opening, draw)


def _answer(election: Election, question: Question, row: Sequence[_Made], begin: str, draw: Draw) -> Answer:
    group = election.group
    total = Ciphertext(group.times(*(one.cipher.alpha for one in row)), group.times(*(one.cipher.beta for one in row)))
    opening = Opening(sum(one.opening.secret for one in row) % group.q, sum(one.opening.message for one in row))
    within = [Branch(total, number) for number in range(question.min, question.max + 1)]
    said = f"{begin}|{','.join(str(one.cipher) for one in row)}"
    overall = proofs.one_of(group, election.y, proofs.in_interval(said, total), within, [opening] * len(within), draw)
    return Answer(tuple(one.cipher for one in row), tuple(one.proof for one in row), tuple(overall))


@dataclass(frozen=True, slots=True)
class Count:
    """Votes of one name."""

    name: str
    favour: int
    oppose: int
    abstain: int
    written_in: bool


def counts(form: Form, result: Sequence[Sequence[int]], ballots: int) -> list[Count]:
    """The result by names: of candidates all three numbers, of those written in only votes in favour."""
    found = [
        Count(name, yes, no, ballots - yes - no, False)
        for name, (yes, no) in zip(form.candidates, result[1 : len(form.candidates) + 1], strict=True)
    ]
    others = result[0][len(form.candidates) :]
    return found + [Count(name, yes, 0, 0, True) for name, yes in zip(form.roster, others, strict=True)]
