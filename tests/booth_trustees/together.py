"""A key ceremony in which each trustee uses the browser's script, the command line's engine or the published tool."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from pathlib import Path

from gmpy2 import mpz

from lianxi.engines.ballots import acts, ballot, ceremony, channels, credentials, trustees
from lianxi.engines.ballots.archive import Writer
from lianxi.engines.ballots.election import BASE58, Election, Question
from lianxi.engines.ballots.group import BELENIOS_2048 as GROUP
from lianxi.engines.ballots.strict import parsed, written
from lianxi.engines.ballots.tally import read_decryption
from lianxi.engines.ballots.trustees import Trustees
from tests.engines_ballots.small import WHEN
from tests.engines_ballots.tool import Tool

from .node import Node

STEP = ("setup", "generate-trustee-key-threshold", "--group", GROUP.name)


@dataclass
class Together:
    """`who` says for each trustee what he or she uses: "browser", "ours" or "tool"."""

    folder: Path
    node: Node
    who: list[str]
    threshold: int
    lot: random.Random
    seeds: list[str] = field(default_factory=list)
    """The trustees' seeds; of those with the tool, the stem of their files."""
    certificates: list[str] = field(default_factory=list)
    polynomials: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tool = Tool(self.folder)
        for uses in self.who:
            self._first(uses)
        listing = self.tool.file("certs", "".join(one + "\n" for one in self.certificates))
        for uses, seed in zip(self.who, self.seeds, strict=True):
            self.polynomials.append(self._second(uses, seed, listing))
        for uses, seed, given in zip(self.who, self.seeds, self.routed(), strict=True):
            self.outputs.append(self._third(uses, seed, listing, given))

    def routed(self) -> list[str]:
        """What is for each, sorted by the browser or by us."""
        if self.lot.random() < 0.5:
            found: list[str] = self.node.ask("routed", self.polynomials)
            return found
        read = [ceremony.read_polynomial(GROUP, one.encode(), "") for one in self.polynomials]
        return [written(one.told()) for one in ceremony.routed(read)]

    def _signed(self) -> list[trustees.Signed]:
        return [ceremony.signed(GROUP, parsed(one.encode()), "") for one in self.certificates]

    def _first(self, uses: str) -> None:
        if uses == "tool":
            before = set(self.folder.glob("*.cert"))
            self.tool.run(*STEP, "--step", "1")
            made = next(iter(set(self.folder.glob("*.cert")) - before))
            self.seeds.append(made.stem)
            self.certificates.append(made.read_text().strip())
        elif uses == "ours":
            self.seeds.append(channels.seed(self.lot.randrange))
            keys = channels.Keys(GROUP, self.seeds[-1])
            self.certificates.append(written(ceremony.certificate(keys, self.lot.randrange).told()))
        else:
            self.seeds.append(self.node.ask("seed"))
            self.certificates.append(self.node.ask("certificate", self.seeds[-1]))

    def _second(self, uses: str, seed: str, listing: str) -> str:
        if uses == "tool":
            return self.tool.run(
                *STEP, "--certs", listing, "--key", f"{seed}.key", "--step", "3", "--threshold", str(self.threshold)
            ).strip()
        if uses == "ours":
            keys = channels.Keys(GROUP, seed)
            return written(ceremony.polynomial(keys, self._signed(), self.threshold, self.lot.randrange).told())
        return str(self.node.ask("polynomial", seed, self.certificates, self.threshold))

    def _third(self, uses: str, seed: str, listing: str, given: str) -> str:
        if uses == "tool":
            return self.tool.run(
                *STEP, "--certs", listing, "--key", f"{seed}.key", "--step", "5", given=given + "\n"
            ).strip()
        if uses == "ours":
            keys = channels.Keys(GROUP, seed)
            read = ceremony.read_input(GROUP, given.encode(), "")
            return written(ceremony.output(keys, self._signed(), read, self.lot.randrange).told())
        return str(self.node.ask("output", seed, self.certificates, given))

    def trustees(self) -> Trustees:
        read = [ceremony.read_polynomial(GROUP, one.encode(), "") for one in self.polynomials]
        outputs = [ceremony.read_output(GROUP, one.encode(), "") for one in self.outputs]
        threshold = ceremony.threshold_of(read)
        return Trustees((ceremony.together(GROUP, threshold, self._signed(), read, outputs),))

    def voted(self, votes: list[list[int]]) -> Path:
        """The archive of a vote with their key, added up."""
        who = self.trustees()
        uuid = "".join(self.lot.choice(BASE58) for _ in range(14))
        questions = (Question("同意吗?", ("赞成", "反对"), 0, 1),)
        election = Election(uuid, "表决", "", GROUP, trustees.combined(GROUP, who), questions)
        cards = [credentials.credential(self.lot.randrange) for _ in votes]
        path = self.folder / f"{uuid}.bel"
        writer = Writer.begin(path, timestamp=WHEN)
        keys = [credentials.public_of(GROUP, uuid, card) for card in cards]
        acts.set_up(writer, election, who, credentials.told(keys))
        for card, vote in zip(cards, votes, strict=True):
            acts.cast(writer, ballot.cast(election, card, [vote], self.lot.randrange).text)
        acts.end(writer)
        acts.add_up(writer, acts.Content(path).total)
        return path

    def open(self, path: Path, owner: int) -> None:
        """The trustee's share, each with the own program, into the archive."""
        uses, seed, output = self.who[owner - 1], self.seeds[owner - 1], self.outputs[owner - 1]
        content = acts.Content(path)
        if uses == "tool":
            letter = self.tool.file(f"{seed}.mydkey", json.loads(output)["private_key"])
            words = ("decrypt-threshold", "--key", f"{seed}.key", "--decryption-key", letter)
            share = self.tool.run("election", *words, "--trustee-id", str(owner)).split("\n")[0]
        elif uses == "ours":
            read = ceremony.read_output(GROUP, output.encode(), "")
            secret = ceremony.private_key(channels.Keys(GROUP, seed), read.private_key)
            return acts.decrypt(Writer.resume(path), content, owner, mpz(secret), self.lot.randrange)
        else:
            share = self.node.ask("share", str(path), self.node.ask("private", seed, output))
        acts.add_share(Writer.resume(path), owner, read_decryption(GROUP, share.encode(), "share"))
        return None
