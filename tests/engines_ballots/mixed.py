"""Elections in which some trustees and some voters use the published tool, some ours, and some the booth of the browser."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gmpy2 import mpz

from lianxi.engines.ballots import acts, ballot, ceremony, channels, credentials, trustees
from lianxi.engines.ballots.archive import Writer
from lianxi.engines.ballots.election import BASE58, Election, Question, ShuffledQuestion
from lianxi.engines.ballots.group import BELENIOS_2048, RFC_3526_2048, Group
from lianxi.engines.ballots.strict import written
from lianxi.engines.ballots.trustees import Pedersen, PublicKey, Signed, Single, Trustees

from .browser import found
from .tool import Tool

WHEN = 1_795_999_652


@dataclass
class Shape:
    """What kind of election: drawn by lot, from a seed."""

    group: Group
    questions: list[Question | ShuffledQuestion]
    singles: list[bool]
    """To each trustee who stands alone: whether he or she uses the tool."""
    together: list[bool]
    threshold: int
    voters: list[bool]
    revotes: list[int]


def drawn(lot: random.Random) -> Shape:
    shuffles = lot.random() < 0.25
    questions: list[Question | ShuffledQuestion] = []
    for number in range(lot.randint(1, 3)):
        width = lot.randint(1, 4)
        answers = tuple(f"候选人{at}" for at in range(width))
        least = lot.randint(0, width)
        blank = lot.choice([None, False, True])
        questions.append(Question(f"问题{number}?", answers, least, lot.randint(max(least, 1), width), blank))
    if shuffles:
        questions.insert(lot.randint(0, len(questions)), ShuffledQuestion("名次", ("甲", "乙", "丙")))
    together = [lot.random() < 0.5 for _ in range(lot.choice([0, 2, 3, 4]))]
    singles = [lot.random() < 0.5 for _ in range(lot.randint(0 if together else 1, 2))]
    if shuffles and len(singles) + len(together) < 2:
        singles.append(True)
    voters = [lot.random() < 0.5 for _ in range(lot.randint(1, 5))]
    return Shape(
        RFC_3526_2048 if shuffles else BELENIOS_2048, questions, singles, together,
        lot.randint(1, len(together)) if together else 0, voters,
        [lot.randrange(len(voters)) for _ in range(lot.randint(0, 2))],
    )  # fmt: skip


def vote(lot: random.Random, question: Question | ShuffledQuestion) -> list[int]:
    if isinstance(question, ShuffledQuestion):
        return [lot.randint(0, 255) for _ in question.answers]
    if question.blank and lot.random() < 0.3:
        return [1] + [0] * len(question.answers)
    chosen = set(lot.sample(range(len(question.answers)), lot.randint(question.min, question.max)))
    return [0] * bool(question.blank) + [int(at in chosen) for at in range(len(question.answers))]


def signed(value: Any) -> Signed:
    from lianxi.engines.ballots.proofs import Proof

    proof = value["signature"]
    return Signed(value["message"], Proof(mpz(proof["challenge"]), mpz(proof["response"])))


def public_key(value: Any) -> PublicKey:
    from lianxi.engines.ballots.proofs import Proof

    return PublicKey(Proof(mpz(value["pok"]["challenge"]), mpz(value["pok"]["response"])), mpz(value["public_key"]))


@dataclass
class Mixed:
    """One election in a folder; `lot` decides who does what with which program."""

    folder: Path
    lot: random.Random
    shape: Shape
    secrets: dict[int, mpz] = field(default_factory=dict)
    """Owner → private key, of those who use ours."""
    files: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """Owner → words for the tool, of those who use it."""
    counted: dict[int, list[list[int]]] = field(default_factory=dict)
    """Voter → the last vote."""

    def __post_init__(self) -> None:
        self.tool = Tool(self.folder)
        self.draw = self.lot.randrange

    def run(self) -> Path:
        self.uuid = "".join(self.lot.choice(BASE58) for _ in range(14))
        self.path = self.folder / f"{self.uuid}.bel"
        self.trustees = Trustees(tuple(self._trustees()))
        key = trustees.combined(self.shape.group, self.trustees)
        self.election = Election(
            self.uuid, "选举 \"名称\"\\", "说明\n第二行", self.shape.group, key, tuple(self.shape.questions),
            self.lot.choice([None, "管理员"]), self.lot.choice([None, "凭证员"]),
        )  # fmt: skip
        self.cards = self._cards()
        self._set_up()
        order = list(range(len(self.cards))) + self.shape.revotes
        for voter in order:
            self._cast(voter)
        self._event(acts.end, "EndBallots")
        self._add_up()
        self._shuffles()
        for owner in self._openers():
            self._decrypt(owner)
        self._publish()
        return self.path

    # Trustees

    def _trustees(self) -> list[Single | Pedersen]:
        parts: list[Single | Pedersen] = []
        for at, uses_tool in enumerate(self.shape.singles, 1):
            if not uses_tool:
                self.secrets[at], key = ceremony.alone(self.shape.group, self.draw)
            else:
                before = set(self.folder.glob("*.privkey"))
                self.tool.run("setup", "generate-trustee-key", "--group", self.shape.group.name)
                made = next(iter(set(self.folder.glob("*.privkey")) - before))
                self.files[at] = ("decrypt", "--privkey", made.name)
                key = public_key(json.loads(made.with_suffix(".pubkey").read_text()))
            parts.append(Single(key))
        return [*parts, self._together()] if self.shape.together else parts

    def _together(self) -> Pedersen:
        step = ("setup", "generate-trustee-key-threshold", "--group", self.shape.group.name)
        keys: list[channels.Keys | str] = []
        certificates: list[Signed] = []
        for uses_tool in self.shape.together:
            if uses_tool:
                before = set(self.folder.glob("*.cert"))
                self.tool.run(*step, "--step", "1")
                made = next(iter(set(self.folder.glob("*.cert")) - before))
                keys.append(made.stem)
                certificates.append(signed(json.loads(made.read_text())))
            else:
                mine = channels.Keys(self.shape.group, channels.seed(self.draw))
                keys.append(mine)
                certificates.append(ceremony.certificate(mine, self.draw))
        certs = self.tool.file("certs.jsons", "".join(written(one.told()) + "\n" for one in certificates))
        polynomials = []
        for key in keys:
            if isinstance(key, str):
                said = self.tool.run(
                    *step,
                    "--certs",
                    certs,
                    "--key",
                    f"{key}.key",
                    "--step",
                    "3",
                    "--threshold",
                    str(self.shape.threshold),
                )
                polynomials.append(ceremony.read_polynomial(self.shape.group, said.strip().encode(), "polynomial"))
            else:
                polynomials.append(ceremony.polynomial(key, certificates, self.shape.threshold, self.draw))
        outputs = []
        for at, (key, given) in enumerate(
            zip(keys, ceremony.routed(polynomials), strict=True), len(self.shape.singles) + 1
        ):
            if isinstance(key, str):
                said = self.tool.run(
                    *step, "--certs", certs, "--key", f"{key}.key", "--step", "5", given=written(given.told()) + "\n"
                )
                one = ceremony.read_output(self.shape.group, said.strip().encode(), "output")
                letter = self.tool.file(f"{key}.mydkey", one.private_key)
                self.files[at] = ("decrypt-threshold", "--key", f"{key}.key", "--decryption-key", letter)
            else:
                one = ceremony.output(key, certificates, given, self.draw)
                self.secrets[at] = ceremony.private_key(key, one.private_key)
            outputs.append(one)
        return ceremony.together(self.shape.group, self.shape.threshold, certificates, polynomials, outputs)

    # Voters

    def _cards(self) -> list[str]:
        made: list[str] = []
        for uses_tool in self.shape.voters:
            if not uses_tool:
                made.append(credentials.credential(self.draw))
                continue
            self.tool.run(
                "setup", "generate-credentials", "--uuid", self.uuid, "--group", self.shape.group.name, "--count", "1"
            )
            private = next(self.folder.glob("*.privcreds"))
            made.append(private.read_text().split()[1])
            for left in (*self.folder.glob("*.privcreds"), *self.folder.glob("*.pubcreds")):
                left.unlink()
        return made

    def _set_up(self) -> None:
        keys = [credentials.public_of(self.shape.group, self.uuid, card) for card in self.cards]
        writer = Writer.begin(self.path, timestamp=WHEN)
        acts.set_up(writer, self.election, self.trustees, credentials.told(keys))

    def _cast(self, voter: int) -> None:
        votes = [vote(self.lot, question) for question in self.shape.questions]
        self.counted.pop(voter, None)
        self.counted[voter] = votes
        if self.shape.voters[voter]:
            card = self.tool.file("card", self.cards[voter])
            choices = self.tool.file("choices", json.dumps(votes))
            said = self.tool.run("election", "generate-ballot", "--privcred", card, "--ballot", choices)
            text = said.strip().encode()
            ballot.check(self.election, ballot.read_ballot(self.election, text))
            self._by_the_booth("check", text=text.decode())
        elif self.lot.random() < 0.5 and not self.election.shuffled:
            text = self._by_the_booth("cast", card=self.cards[voter], votes=votes)["text"].encode()
        else:
            text = ballot.cast(self.election, self.cards[voter], votes, self.draw).text
        if self.lot.random() < 0.5:
            acts.cast(Writer.resume(self.path), text)
        else:
            self._tool_event("Ballot", text.decode())

    def _by_the_booth(self, do: str, **more: Any) -> Any:
        """What the booth's script makes or says of a ballot; it knows the group without shuffles only."""
        if self.election.shuffled:
            return None
        return found([{"do": do, "election": self.election.text.decode(), **more}])[0]

    # After the end

    def _event(self, ours: Any, kind: str) -> None:
        if self.lot.random() < 0.5:
            ours(Writer.resume(self.path))
        else:
            self._tool_event(kind, "")

    def _tool_event(self, kind: str, payload: str) -> None:
        self.tool.run("archive", "add-event", f"--type={kind}", given=payload)

    def _add_up(self) -> None:
        if self.lot.random() < 0.5:
            acts.add_up(Writer.resume(self.path), acts.Content(self.path).total)
        else:
            self._tool_event("EncryptedTally", self.tool.run("election", "compute-encrypted-tally"))

    def _shuffles(self) -> None:
        if not self.election.shuffled:
            return
        for owner in self.lot.sample(range(1, len(self.trustees.keys) + 1), 2):
            if self.lot.random() < 0.5:
                acts.shuffle(Writer.resume(self.path), acts.Content(self.path), owner, self.draw)
            else:
                self._tool_event("Shuffle", self.tool.run("election", "shuffle", f"--trustee-id={owner}"))
        self._event(acts.end_shuffles, "EndShuffles")

    def _openers(self) -> list[int]:
        alone = list(range(1, len(self.shape.singles) + 1))
        first = len(alone) + 1
        among = self.lot.sample(range(first, first + len(self.shape.together)), self.shape.threshold)
        return self.lot.sample(alone + among, len(alone) + len(among))

    def _decrypt(self, owner: int) -> None:
        if owner in self.secrets:
            acts.decrypt(Writer.resume(self.path), acts.Content(self.path), owner, self.secrets[owner], self.draw)
        else:
            said = self.tool.run("election", *self.files[owner], "--trustee-id", str(owner))
            self._tool_event("PartialDecryption", said)

    def _publish(self) -> None:
        if self.lot.random() < 0.5:
            acts.publish(Writer.resume(self.path), acts.Content(self.path))
        else:
            self._tool_event("Result", self.tool.run("election", "compute-result"))

    def expected(self) -> list[Any]:
        """The result by counting the votes in plain text; lists of shuffled answers sorted."""
        found: list[Any] = []
        for at, question in enumerate(self.shape.questions):
            votes = [votes[at] for votes in self.counted.values()]
            if isinstance(question, ShuffledQuestion):
                found.append(sorted(votes))
            else:
                found.append([sum(column) for column in zip(*votes, strict=True)])
        return found


def plain(result: list[Any], questions: list[Question | ShuffledQuestion]) -> list[Any]:
    """A result with the lists of shuffled answers sorted."""
    return [
        sorted(each) if isinstance(question, ShuffledQuestion) else each
        for each, question in zip(result, questions, strict=True)
    ]
