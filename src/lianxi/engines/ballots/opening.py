"""Test ballot 试投: a ballot whose maker says with which numbers it was made, so that another device can see that it hides
what was chosen.

    {"ballot": {"election_uuid", "election_hash", "credential", "answers"}, "opening": {"choices": [[0, 1, …], …],
    "randomness": [["…", …], …]}}

It carries no signature: who gets hold of it cannot cast it. A device shows the check code of its unsigned text before the voter
decides whether to cast or to test; a device that cheats does not know which.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gmpy2 import mpz

from . import proofs
from .ballot import Answer, Known, PackedAnswer, Unsigned, packed, read_unsigned, unsigned
from .chinese import WRITTEN_IN, Form, form_of, links, marks_of
from .codes import check_code
from .election import Election, Question, ShuffledQuestion
from .strict import Malformed, big, exactly, fields, many, parsed, small, written


@dataclass(frozen=True, slots=True)
class Tested:
    """A test ballot that hides what it says."""

    choices: tuple[tuple[int, ...], ...]
    """To each question the numbers, as they are given to `ballot.cast`."""
    code: str
    """Check code of the ballot without its signature: what the device showed before."""
    said: tuple[tuple[str, tuple[str, ...]], ...]
    """The choices in words. Of a plain question its words and the answers chosen, "" for a blank vote; of a Chinese ballot
    each candidate with 赞成, 反对 or 弃权, then those written in with 另选."""


def told(election: Election, made: Unsigned) -> bytes:
    """The text of a test ballot. What was told must not be cast any more: make another one."""
    plain = unsigned(election, made.credential, made.answers)
    return written({"ballot": plain, "opening": made.known.told()}).encode()


def read_test(election: Election, text: bytes) -> Tested:
    """Makes every ciphertext anew from what the opening says and compares.

    Its proofs are not checked here: a ballot with a proof that does not hold is refused where it is cast.

    Raises:
        Malformed: not the text of a test ballot of this election; a ciphertext that hides something else; in a Chinese ballot
            one that should be shared and is not.
    """
    found = fields(parsed(text), "test", "ballot", "opening")
    credential, answers = read_unsigned(election, found["ballot"])
    known = _read_known(election, found["opening"])
    plain = unsigned(election, credential, answers)
    exactly(text, {"ballot": plain, "opening": known.told()})
    for at, answer in enumerate(answers):
        _compare(election, answer, known.choices[at], known.randomness[at], f"ballot.answers[{at}].choices")
    form = form_of(election)
    if form:
        links(election, form, answers)
    return Tested(
        known.choices,
        check_code(written(plain).encode()),
        _marks(form, known.choices) if form else _words(election, known.choices),
    )


def _read_known(election: Election, value: Any) -> Known:
    found = fields(value, "opening", "choices", "randomness")
    count, q = len(election.questions), election.group.q

    def random(value: Any, where: str) -> mpz:
        number = big(value, where)
        if number >= q:
            raise Malformed("a number of an opening is not below q", where)
        return number

    def chosen(value: Any, where: str) -> int:
        number = small(value, where)
        if number > 1:
            raise Malformed("should be 0 or 1", where)
        return number

    choices = many(found["choices"], "opening.choices", lambda v, _w: v, count)
    randomness = many(found["randomness"], "opening.randomness", lambda v, _w: v, count)
    read: list[tuple[tuple[int, ...], tuple[mpz, ...]]] = []
    for at, question in enumerate(election.questions):
        packs = isinstance(question, ShuffledQuestion)
        read.append(
            (
                tuple(
                    many(
                        choices[at],
                        f"opening.choices[{at}]",
                        small if packs else chosen,
                        len(question.answers) if packs else question.width,
                    )
                ),
                tuple(many(randomness[at], f"opening.randomness[{at}]", random, question.width)),
            )
        )
    return Known(tuple(numbers for numbers, _r in read), tuple(secrets for _n, secrets in read))


def _compare(
    election: Election, answer: Answer | PackedAnswer, numbers: Sequence[int], secrets: Sequence[mpz], where: str
) -> None:
    group = election.group
    if isinstance(answer, PackedAnswer):
        try:
            messages = [packed(election, numbers)]
        except ValueError:
            raise Malformed("does not hide what the opening says", where) from None
        pairs = [(where, answer.choices)]
    else:
        messages = [group.g if one else mpz(1) for one in numbers]
        pairs = [(f"{where}[{at}]", one) for at, one in enumerate(answer.choices)]
    for (place, cipher), message, secret in zip(pairs, messages, secrets, strict=True):
        if proofs.encrypted(group, election.y, message, secret) != cipher:
            raise Malformed("does not hide what the opening says", place)


def _words(election: Election, choices: Sequence[Sequence[int]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    said = []
    for question, numbers in zip(election.questions, choices, strict=True):
        if isinstance(question, Question):
            names = ([""] if question.blank else []) + list(question.answers)
            told = tuple(name for name, number in zip(names, numbers, strict=True) if number)
        else:
            told = tuple(f"{name} {number}" for name, number in zip(question.answers, numbers, strict=True))
        said.append((question.question, told))
    return tuple(said)


def _marks(form: Form, choices: Sequence[Sequence[int]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    marks, names = marks_of(form, choices)
    return tuple((name, (mark,)) for name, mark in zip(form.candidates, marks, strict=True)) + tuple(
        (name, (WRITTEN_IN,)) for name in names
    )
