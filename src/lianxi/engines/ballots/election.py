"""An election as its voters get it: group, key, questions (specification of Belenios 2.0, sections 4.9 and 4.10)."""

from base64 import b64encode
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any

from gmpy2 import mpz

from .group import GROUPS, FixedBase, Group
from .strict import Malformed, big, fields, many, parsed, small, string, written

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
MOST_QUESTIONS, MOST_ANSWERS = 500, 2_000


def fingerprint(text: bytes) -> str:
    """SHA-256 in Base64 without padding, as Belenios prints it everywhere."""
    return b64encode(sha256(text).digest()).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Question:
    """A question whose answers are only ever opened as sums."""

    question: str
    answers: tuple[str, ...]
    min: int
    max: int
    blank: bool | None = None
    """Whether a blank vote is possible; None where the text does not say (no)."""

    @property
    def width(self) -> int:
        """Ciphertexts of one answer."""
        return len(self.answers) + bool(self.blank)

    def told(self) -> dict[str, Any]:
        said: dict[str, Any] = {"answers": list(self.answers)}
        if self.blank is not None:
            said["blank"] = self.blank
        return said | {"min": self.min, "max": self.max, "question": self.question}


@dataclass(frozen=True, slots=True)
class ShuffledQuestion:
    """A question whose answers are opened one by one after they were shuffled: a small number to each answer."""

    question: str
    answers: tuple[str, ...]
    width: int = 1

    def told(self) -> dict[str, Any]:
        return {"type": "NonHomomorphic", "value": {"answers": list(self.answers), "question": self.question}}


def _question(value: Any, where: str) -> Question | ShuffledQuestion:
    if isinstance(value, dict) and "type" in value:
        found = fields(value, where, "type", "value")
        if found["type"] != "NonHomomorphic":
            raise Malformed("is of an unknown type", where)
        inner = fields(found["value"], where, "answers", "question")
        return ShuffledQuestion(string(inner["question"], where), tuple(_answers(inner["answers"], where)))
    found = fields(value, where, "answers", "?blank", "min", "max", "question")
    blank = found.get("blank")
    if blank is not None and not isinstance(blank, bool):
        raise Malformed("blank should be true or false", where)
    answers = tuple(_answers(found["answers"], where))
    one = Question(
        string(found["question"], where), answers, small(found["min"], where), small(found["max"], where), blank
    )
    if not one.min <= one.max <= len(answers):
        raise Malformed(
            "min {least}, max {most} do not fit {count} answers", where, least=one.min, most=one.max, count=len(answers)
        )
    return one


def _answers(value: Any, where: str) -> list[str]:
    found = many(value, f"{where}.answers", string)
    if not 1 <= len(found) <= MOST_ANSWERS:
        raise Malformed("has {count} answers", where, count=len(found))
    return found


@dataclass(frozen=True)
class Election:
    """What every ballot refers to. `text` is the one text of it, whose fingerprint stands in each ballot."""

    uuid: str
    name: str
    description: str
    group: Group
    public_key: mpz
    questions: tuple[Question | ShuffledQuestion, ...]
    administrator: str | None = None
    credential_authority: str | None = None
    given: bytes | None = field(default=None, repr=False)
    """The text as it was read; None for an election that is being written."""

    @cached_property
    def text(self) -> bytes:
        if self.given is not None:
            return self.given
        said: dict[str, Any] = {
            "version": 1, "description": self.description, "name": self.name, "group": self.group.name,
            "public_key": str(self.public_key), "questions": [one.told() for one in self.questions], "uuid": self.uuid,
        }  # fmt: skip
        said |= {"administrator": self.administrator} if self.administrator is not None else {}
        said |= {"credential_authority": self.credential_authority} if self.credential_authority is not None else {}
        return written(said).encode()

    @cached_property
    def fingerprint(self) -> str:
        return fingerprint(self.text)

    @cached_property
    def y(self) -> FixedBase:
        """Powers of the public key, by a table."""
        return FixedBase(self.group, self.public_key)

    @property
    def shuffled(self) -> list[int]:
        """Places of the questions that are shuffled."""
        return [at for at, one in enumerate(self.questions) if isinstance(one, ShuffledQuestion)]


def read_election(text: bytes) -> Election:
    """The election of a text. Raises Malformed: unknown group, key outside the group, limits that cannot be."""
    found = fields(
        parsed(text), "election", "version", "description", "name", "group", "public_key", "questions", "uuid",
        "?administrator", "?credential_authority",
    )  # fmt: skip
    if found["version"] != 1:
        raise Malformed("only version 1 is read", "election.version")
    group = GROUPS.get(string(found["group"], "election.group"))
    if group is None:
        raise Malformed("unknown group", "election.group")
    questions = many(found["questions"], "election.questions", _question)
    if not 1 <= len(questions) <= MOST_QUESTIONS:
        raise Malformed("{count} questions", "election.questions", count=len(questions))
    uuid = string(found["uuid"], "election.uuid")
    if not 14 <= len(uuid) <= 64 or set(uuid) - set(BASE58):
        raise Malformed("should be at least 14 signs of Base58", "election.uuid")
    key = big(found["public_key"], "election.public_key")
    if not group.contains(key) or key == 1:
        raise Malformed("the public key does not belong to the group", "election.public_key")
    one = Election(
        uuid, string(found["name"], "election.name"), string(found["description"], "election.description"), group, key,
        tuple(questions), found.get("administrator"), found.get("credential_authority"), text,
    )  # fmt: skip
    if one.shuffled and group.padding is None:
        raise Malformed("a question is to be shuffled, which this group does not allow", "election.group")
    return one
