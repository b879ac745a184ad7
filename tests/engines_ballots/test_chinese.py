"""The Chinese ballot: what may be marked can be cast and counts as marked; what may not cannot, nor by a voter who cheats."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from lianxi.engines.ballots import acts, ballot, ceremony, chinese, credentials
from lianxi.engines.ballots.archive import Writer
from lianxi.engines.ballots.chinese import ABSTAIN, FAVOUR, OPPOSE, Form
from lianxi.engines.ballots.election import Election
from lianxi.engines.ballots.group import BELENIOS_2048
from lianxi.engines.ballots.strict import Malformed, parsed
from lianxi.engines.ballots.trustees import Single, Trustees, combined
from lianxi.engines.ballots.verifying import Report, verify

from .small import WHEN
from .test_voters import signed
from .tool import Tool, needs_tool

FORM = Form(("林岚", "沈既白", "陆砚秋"), 2, ("周亦远", "许知行"))
Marks = tuple[Sequence[str], Sequence[str]]


@dataclass
class Vote:
    """An election with one trustee, its cards, and its archive up to the setup."""

    path: Path
    election: Election
    form: Form
    cards: list[str]
    lot: random.Random
    secret: object

    def cast(self, voter: int, marks: Sequence[str], written_in: Sequence[str] = ()) -> bytes:
        return chinese.cast(self.election, self.form, self.cards[voter], marks, written_in, self.lot.randrange).text

    def finish(self, ballots: Sequence[bytes]) -> Report:
        writer = Writer.resume(self.path)
        for text in ballots:
            acts.cast(writer, text)
        acts.end(writer)
        acts.add_up(writer, acts.Content(self.path).total)
        acts.decrypt(writer, acts.Content(self.path), 1, self.secret, self.lot.randrange)  # type: ignore[arg-type]
        acts.publish(writer, acts.Content(self.path))
        return verify(io.BytesIO(self.path.read_bytes()))


def begun(folder: Path, form: Form, voters: int, seed: int = 3) -> Vote:
    lot = random.Random(seed)
    secret, public = ceremony.alone(BELENIOS_2048, lot.randrange)
    who = Trustees((Single(public),))
    election = Election(
        "1" * 13 + "A",
        "选举委员",
        form.described("社区委员会选举"),
        BELENIOS_2048,
        combined(BELENIOS_2048, who),
        form.questions,
    )
    cards = [credentials.credential(lot.randrange) for _ in range(voters)]
    path = folder / f"{election.uuid}.bel"
    keys = [credentials.public_of(BELENIOS_2048, election.uuid, card) for card in cards]
    acts.set_up(Writer.begin(path, timestamp=WHEN), election, who, credentials.told(keys))
    return Vote(path, election, form, cards, lot, secret)


def drawn(lot: random.Random, form: Form) -> Marks:
    """Marks that the form allows."""
    marks = [lot.choice((FAVOUR, OPPOSE, ABSTAIN)) for _ in form.candidates]
    room = form.most - marks.count(FAVOUR)
    while room < 0:
        marks[marks.index(FAVOUR)] = ABSTAIN
        room += 1
    names = lot.sample(form.roster, min(len(form.roster), room, marks.count(OPPOSE)))
    return marks, names[: lot.randint(0, len(names))]


@needs_tool
@pytest.mark.slow
@pytest.mark.parametrize(
    "form", [FORM, Form(("甲", "乙"), 1), Form(("甲",), 2, ("乙", "丙", "丁"))], ids=["five", "no roster", "one"]
)
def test_counted_as_marked_and_accepted_by_the_published_program(form: Form, tmp_path: Path) -> None:
    vote = begun(tmp_path, form, 8)
    marked = [drawn(vote.lot, form) for _card in vote.cards]
    report = vote.finish([vote.cast(at, *marks) for at, marks in enumerate(marked)])
    assert report.wrong == []
    assert Tool(tmp_path).accepts()
    assert report.result is not None
    found = {one.name: one for one in chinese.counts(form, report.result, report.counted)}
    for at, name in enumerate(form.candidates):
        given = [marks[at] for marks, _names in marked]
        assert (found[name].favour, found[name].oppose, found[name].abstain) == tuple(map(given.count, (FAVOUR, OPPOSE, ABSTAIN)))  # fmt: skip
    for name in form.roster:
        assert found[name].favour == sum(name in names for _marks, names in marked)
        assert found[name].written_in


@pytest.mark.parametrize(
    ("marks", "names", "why"),
    [
        ((FAVOUR, FAVOUR, FAVOUR), (), "3 in favour"),
        ((FAVOUR, FAVOUR, OPPOSE), ("周亦远",), "3 in favour"),
        ((FAVOUR, ABSTAIN, ABSTAIN), ("周亦远",), "1 written in for 0"),
        ((OPPOSE, ABSTAIN, ABSTAIN), ("周亦远", "许知行"), "2 written in for 1"),
        ((OPPOSE, ABSTAIN, ABSTAIN), ("某人",), "only names of the roster"),
        ((OPPOSE, OPPOSE, ABSTAIN), ("周亦远", "周亦远"), "each once"),
        ((FAVOUR, ABSTAIN), (), "to each candidate"),
        (("?", ABSTAIN, ABSTAIN), (), "to each candidate"),
    ],
)
def test_what_may_not_be_marked(marks: Sequence[str], names: Sequence[str], why: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=why):
        begun(tmp_path, FORM, 1).cast(0, marks, names)


def test_who_unlinks_the_questions_is_refused(tmp_path: Path) -> None:
    """Three in favour by the candidates' own questions, of which the sum knows two: every proof holds, and it is refused."""
    vote = begun(tmp_path, FORM, 1)
    election = vote.election
    honest = chinese.cast(election, FORM, vote.cards[0], (FAVOUR, FAVOUR, OPPOSE), (), vote.lot.randrange)
    other = chinese.cast(election, FORM, vote.cards[0], (ABSTAIN, ABSTAIN, FAVOUR), (), vote.lot.randrange)
    secret = credentials.secret_of(BELENIOS_2048, election.uuid, vote.cards[0])
    places = {"赞成 of its own": (3,), "反对 of its own": (3,), "write-ins": (4,)}
    for name, swapped in places.items():
        answers = [other.answers[at] if at in swapped else one for at, one in enumerate(honest.answers)]
        forged = ballot.finished(election, secret, answers, vote.lot.randrange)
        ballot.check(election, forged)  # what the published program checks
        with pytest.raises(Malformed) as problem:
            chinese.check_links(election, FORM, forged)
        assert problem.value.why == "is not the ciphertext that it should be", name
    report = vote.finish([ballot.finished(election, secret, [*honest.answers[:3], other.answers[3], honest.answers[4]], vote.lot.randrange).text])  # fmt: skip
    assert [one.why for one in report.wrong] == ["is not the ciphertext that it should be"]


@pytest.mark.parametrize("part", ["alpha", "beta"])
@pytest.mark.parametrize("number", [0, 1, BELENIOS_2048.p, 2 * BELENIOS_2048.p, BELENIOS_2048.p - 1])
def test_a_name_written_in_with_a_number_that_has_no_inverse(number: int, part: str, tmp_path: Path) -> None:
    """Nothing is proved when the questions are compared: any number may stand there, in either of the two places."""
    vote = begun(tmp_path, FORM, 1)
    text = vote.cast(0, (FAVOUR, OPPOSE, ABSTAIN), ["周亦远"])
    for answer in (0, 4):
        value = parsed(text)
        value["answers"][answer]["choices"][3][part] = str(number)
        read = ballot.read_ballot(vote.election, signed(vote.election, vote.cards[0], value, vote.lot.randrange))
        with pytest.raises(Malformed) as problem:
            chinese.check_links(vote.election, FORM, read)
        assert problem.value.why == "is not the ciphertext that it should be"


def test_questions_that_are_not_those_of_the_form(tmp_path: Path) -> None:
    vote = begun(tmp_path, FORM, 1)
    for described in (
        FORM.described("x").replace("most=2", "most=3"),
        FORM.described("x").replace("candidates=3", "candidates=4"),
    ):
        other = Election("1" * 14, "x", described, BELENIOS_2048, vote.election.public_key, FORM.questions)
        with pytest.raises(Malformed, match="not those of the form"):
            chinese.form_of(other)
    assert chinese.form_of(vote.election) == FORM
    assert (
        chinese.form_of(Election("1" * 14, "x", "说明", BELENIOS_2048, vote.election.public_key, FORM.questions))
        is None
    )


@pytest.mark.parametrize(("names", "most", "roster"), [((), 1, ()), (("甲", "甲"), 1, ()), (("甲",), 2, ()), (("甲",), 0, ()), (("甲",), 1, ("甲",)), (("",), 1, ())])  # fmt: skip
def test_forms_that_cannot_be(names: tuple[str, ...], most: int, roster: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="candidate"):
        Form(names, most, roster)
