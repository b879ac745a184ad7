"""The ballot of the browser and that of the server: the same text of the same draws, each accepted by the other and by the
published program, and whatever one refuses the other refuses at the same place."""

from __future__ import annotations

import json
import random
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from gmpy2 import powmod

from lianxi.engines.ballots import ballot, ceremony, chinese, credentials, hints
from lianxi.engines.ballots.chinese import Form
from lianxi.engines.ballots.election import BASE58, Election, Question
from lianxi.engines.ballots.group import BELENIOS_2048 as GROUP
from lianxi.engines.ballots.strict import Malformed, written
from tests.draws import draws

from .browser import ask, found, seeded
from .mixed import vote
from .small import changed, leaves
from .test_chinese import FORM, begun, drawn
from .tool import Tool, needs_tool

QUESTIONS = (
    Question('同意"吗"\\?\n', ("赞成", "反对"), 0, 1),
    Question("选哪几位?", ("甲", "乙", "丙"), 1, 2, True),
    Question("全部", ("A", "B"), 2, 2, False),
    Question("空白或一个", ("甲",), 0, 1, True),
)
FORMS = (FORM, Form(("甲", "乙"), 1), Form(("甲",), 2, ("乙", "丙", "丁")))


def election(lot: random.Random, questions: tuple[Question, ...] = QUESTIONS, description: str = "说明") -> Election:
    _secret, public = ceremony.alone(GROUP, lot.randrange)
    uuid = "".join(lot.choice(BASE58) for _ in range(14))
    return Election(uuid, "名称 <&>\t\u2028😀", description, GROUP, public.key, questions, "管理员", None)


def said(one: Election) -> str:
    return one.text.decode()


@pytest.fixture(scope="module")
def made() -> tuple[Election, str, list[list[list[int]]], list[dict[str, Any]]]:
    """Ballots by the browser with draws that can be repeated."""
    lot = random.Random(11)
    one = election(lot)
    card = credentials.credential(lot.randrange)
    votes = [[vote(lot, question) for question in QUESTIONS] for _ in range(6)]
    tasks = [{"do": "cast", "election": said(one), "card": card, "votes": each, "seed": str(at)} for at, each in enumerate(votes)]  # fmt: skip
    return one, card, votes, found(tasks)


def helped(one: Election, made: dict[str, Any]) -> None:
    """The hints that go with a ballot are those of the engine, and the ballot is right by them."""
    text, given = made["text"].encode(), b64decode(made["hints"])
    assert given == hints.record(one, text)[hints.COUNT :]
    assert hints.right(one, ballot.read_ballot(one, text), given)


def test_same_draws_same_text(made: Any) -> None:
    one, card, votes, texts = made
    for at, (each, text) in enumerate(zip(votes, texts, strict=True)):
        expected = ballot.cast(one, card, each, seeded(str(at))).text.decode()
        assert text["text"] == expected
        ballot.check(one, ballot.read_ballot(one, expected.encode()))
        helped(one, text)


@pytest.mark.parametrize("form", FORMS, ids=["five", "no roster", "one"])
def test_same_draws_same_text_of_the_chinese_ballot(form: Form) -> None:
    lot = random.Random(12)
    one = election(lot, form.questions, form.described("社区委员会"))
    card = credentials.credential(lot.randrange)
    marked = [drawn(lot, form) for _ in range(4)]
    tasks = [
        {"do": "cast", "election": said(one), "card": card, "marks": list(marks), "names": list(names), "seed": str(at)}
        for at, (marks, names) in enumerate(marked)
    ]
    for at, (text, (marks, names)) in enumerate(zip(found(tasks), marked, strict=True)):
        assert text["text"] == chinese.cast(one, form, card, marks, names, seeded(str(at))).text.decode()
        helped(one, text)


def test_the_draws_of_the_device_are_accepted_too() -> None:
    lot = random.Random(13)
    one = election(lot, FORM.questions, FORM.described(""))
    card = credentials.credential(lot.randrange)
    marks, names = drawn(lot, FORM)
    task = {"do": "cast", "election": said(one), "card": card, "marks": list(marks), "names": list(names)}
    first, second = found([task, task])
    assert first["text"] != second["text"]
    for made in (first, second):
        read = ballot.read_ballot(one, made["text"].encode())
        ballot.check(one, read)
        chinese.check_links(one, FORM, read)


def test_what_python_makes_the_browser_accepts() -> None:
    lot = random.Random(14)
    one = election(lot)
    card = credentials.credential(lot.randrange)
    texts = [ballot.cast(one, card, [vote(lot, q) for q in QUESTIONS], lot.randrange).text.decode() for _ in range(3)]
    codes = found([{"do": "check", "election": said(one), "text": text} for text in texts])
    assert codes == found([{"do": "code", "text": text} for text in texts])
    assert len(set(codes)) == 3


def test_a_changed_ballot_is_refused_as_python_refuses_it() -> None:
    """Each single number and word of a ballot changed, and what cannot be read."""
    lot = random.Random(15)
    form = Form(("甲", "乙"), 2, ("丙",))
    one = election(lot, form.questions, form.described(""))
    card = credentials.credential(lot.randrange)
    text = chinese.cast(one, form, card, (chinese.OPPOSE, chinese.FAVOUR), ("丙",), lot.randrange).text
    value = json.loads(text)
    every = leaves(value)
    texts = [changed(text, path).decode() for path in lot.sample(every, min(len(every), draws(40, 400)))]
    # With the hash of the new content, so that what is wrong is not only that.
    texts += [
        signed_again(one, card, changed(text, path), lot)
        for path in lot.sample(every[3:-3], min(len(every) - 6, draws(25, 400)))
    ]
    plain = text.decode()
    texts += [
        plain + " ",
        plain[:-1],
        plain.replace('"credential"', '"Credential"'),
        "{}",
        "[]",
        "",
        '{"a":1,"a":1}',
        "null",
        "1.5",
    ]
    assert [judged(one, form, each) for each in texts] == [
        (each["refused"], each["where"]) if "refused" in each else each
        for each in ask([{"do": "check", "election": said(one), "text": each} for each in texts])
    ]
    assert None not in [judged(one, form, each) for each in texts]


def signed_again(one: Election, card: str, text: bytes, lot: random.Random) -> str:
    value = json.loads(text)
    del value["signature"]
    digest = ballot.fingerprint(written(value).encode())
    secret = credentials.secret_of(GROUP, one.uuid, card)
    proof = ballot.proofs.know(GROUP, ballot.proofs.of_ballot(digest), secret, lot.randrange)
    return written(value | {"signature": {"hash": digest, "proof": proof.told()}})


def judged(one: Election, form: Form, text: str) -> tuple[str, str] | None:
    try:
        read = ballot.read_ballot(one, text.encode())
        ballot.check(one, read)
        chinese.check_links(one, form, read)
    except Malformed as problem:
        return problem.why, problem.where
    return None


def test_unlinked_questions_are_refused(tmp_path: Path) -> None:
    vote = begun(tmp_path, FORM, 1)
    honest = ballot.read_ballot(vote.election, vote.cast(0, ("赞成", "赞成", "反对"), ()))
    other = ballot.read_ballot(vote.election, vote.cast(0, ("弃权", "弃权", "赞成")))
    secret = credentials.secret_of(GROUP, vote.election.uuid, vote.cards[0])
    for place in (3, 4):
        answers = [other.answers[at] if at == place else each for at, each in enumerate(honest.answers)]
        forged = ballot.finished(vote.election, secret, answers, vote.lot.randrange)
        verdict = ask([{"do": "check", "election": said(vote.election), "text": forged.text.decode()}])[0]
        assert verdict == {"refused": "is not the ciphertext that it should be", "where": judged(vote.election, FORM, forged.text.decode())[1]}  # type: ignore[index]  # fmt: skip


def test_elections_are_read_as_strictly() -> None:
    lot = random.Random(16)
    one = election(lot)
    text = said(one)
    wrong = [
        text.replace('"version":1', '"version":2'),
        text.replace("BELENIOS-2048", "BELENIOS-2047"),
        text.replace(one.uuid, one.uuid[:13]),
        text.replace(one.uuid, "0" + one.uuid[1:]),
        text.replace(str(one.public_key), str(one.public_key + 1)),
        text.replace(str(one.public_key), "1"),
        text.replace('"min":1,"max":2', '"min":3,"max":2'),
        text.replace('"blank":true', '"blank":1'),
        text.replace('"version":1', '"version":1,"version":1'),
        text.replace('"name"', '"Name"'),
    ]
    verdicts = ask([{"do": "election", "election": each} for each in [text, *wrong]])
    assert verdicts[0] == {"found": one.fingerprint}
    for each, verdict in zip(wrong, verdicts[1:], strict=True):
        with pytest.raises(Malformed) as problem:
            ballot_election(each)
        assert verdict == {"refused": problem.value.why, "where": problem.value.where}


def ballot_election(text: str) -> Election:
    from lianxi.engines.ballots.election import read_election

    return read_election(text.encode())


def test_questions_that_are_not_those_of_the_form() -> None:
    lot = random.Random(17)
    for described in (FORM.described("").replace("most=2", "most=3"), FORM.described("").replace("candidates=3", "candidates=4")):  # fmt: skip
        one = election(lot, FORM.questions, described)
        task = {"do": "cast", "election": said(one), "card": credentials.credential(lot.randrange), "marks": [], "names": []}  # fmt: skip
        assert ask([task]) == [{"refused": "the questions are not those of the form", "where": "election.questions"}]


def test_credentials_are_the_same() -> None:
    lot = random.Random(18)
    cards = [credentials.credential(lot.randrange) for _ in range(5)]
    uuid = "1" * 14
    keys = found([{"do": "key", "card": card, "text": uuid} for card in cards])
    assert keys == [str(credentials.public_of(GROUP, uuid, card)) for card in cards]
    own = found([{"do": "card", "seed": str(at)} for at in range(20)] + [{"do": "card"}] * 5)
    assert own[:20] == [credentials.credential(seeded(str(at))) for at in range(20)]
    for card in own:
        credentials.cleaned(card)
    typed = [cards[0].replace("-", " "), cards[0].replace("-", ""), cards[0][:-1], cards[0][:-1] + ("2" if cards[0][-1] != "2" else "3"), "0" * 15]  # fmt: skip
    for each, verdict in zip(typed, ask([{"do": "cleaned", "card": each} for each in typed]), strict=True):
        assert verdict == cleaned(each)


def cleaned(typed: str) -> dict[str, str]:
    try:
        return {"found": credentials.cleaned(typed)}
    except Malformed as problem:
        return {"refused": problem.why, "where": problem.where}


def test_the_system_draws_evenly() -> None:
    """Each of 58 signs about as often as the others: rejection, not remainder."""
    drawn = [int(one) for one in found([{"do": "draws", "count": 29_000}])[0]]
    counts = [drawn.count(sign) for sign in range(58)]
    assert sum((count - 500) ** 2 / 500 for count in counts) < 57 + 5 * (2 * 57) ** 0.5


def test_powers() -> None:
    """The tables, the powers of public data and those of secrets agree with GMP, at the edges too."""
    for exponent, *powers in found([{"do": "powers"}])[0]:
        assert set(map(int, powers)) == {int(powmod(GROUP.g, int(exponent) % GROUP.q, GROUP.p))}


def test_votes_that_are_not_allowed(made: Any) -> None:
    one, card, votes, _texts = made
    wrong = [[[1, 1], *votes[0][1:]], [votes[0][0], [1, 1, 0, 0], *votes[0][2:]], [*votes[0][:2], [1, 0], votes[0][3]], votes[0][:3], [[1, 2], *votes[0][1:]]]  # fmt: skip
    verdicts = ask([{"do": "cast", "election": said(one), "card": card, "votes": each} for each in wrong])
    assert ["broken" in verdict for verdict in verdicts] == [True] * 5


def test_a_test_ballot_says_what_was_chosen(made: Any) -> None:
    one, _card, votes, texts = made
    verdicts = found([{"do": "test", "election": said(one), "text": text["test"]} for text in texts])
    assert [verdict["choices"] for verdict in verdicts] == votes
    assert [verdict["code"] for verdict in verdicts] == [text["testCode"] for text in texts]
    for text in texts:
        assert "signature" not in text["test"]  # who gets the file cannot cast it
        assert text["testCode"] != text["code"]


def test_a_test_ballot_that_says_something_else_is_refused(made: Any) -> None:
    one, _card, _votes, texts = made
    whole = json.loads(texts[0]["test"])
    lied = json.loads(texts[0]["test"])
    lied["opening"]["choices"][0] = [1 - bit for bit in lied["opening"]["choices"][0]]
    wrong = [written(lied)]
    lot = random.Random(19)
    wrong += [changed(texts[0]["test"].encode(), path).decode() for path in lot.sample(leaves(whole), 30)]
    other = written({"ballot": whole["ballot"], "opening": json.loads(texts[1]["test"])["opening"]})
    verdicts = ask([{"do": "test", "election": said(one), "text": each} for each in [*wrong, other]])
    assert [verdict for verdict in verdicts if "refused" not in verdict] == []
    assert verdicts[0]["refused"] == "does not hide what the opening says"


@needs_tool
@pytest.mark.slow
def test_the_published_program_accepts_an_archive_of_the_browsers_ballots(tmp_path: Path) -> None:
    vote = begun(tmp_path, FORM, 5)
    marked = [drawn(vote.lot, FORM) for _card in vote.cards]
    tasks = [
        {"do": "cast", "election": said(vote.election), "card": card, "marks": list(marks), "names": list(names)}
        for card, (marks, names) in zip(vote.cards, marked, strict=True)
    ]
    report = vote.finish([made["text"].encode() for made in found(tasks)])
    assert report.wrong == []
    assert Tool(tmp_path).accepts()
    counted = {one.name: one for one in chinese.counts(FORM, report.result or [], report.counted)}
    for at, name in enumerate(FORM.candidates):
        given = [marks[at] for marks, _names in marked]
        assert (counted[name].favour, counted[name].oppose) == (given.count("赞成"), given.count("反对"))


@needs_tool
@pytest.mark.slow
def test_the_browser_accepts_a_ballot_of_the_published_program(tmp_path: Path) -> None:
    vote = begun(tmp_path, FORM, 1)
    tool = Tool(tmp_path)
    choices = [[1, 0, 0, 0, 0], [1, 0], [0, 1], [0, 0], [0, 1, 0, 1, 1]]
    text = tool.run("election", "generate-ballot", "--privcred", tool.file("card", vote.cards[0]), "--ballot", tool.file("choices", json.dumps(choices))).strip()  # fmt: skip
    # Every proof holds; only the links of the form are missing, which the program knows nothing of.
    verdict = ask([{"do": "check", "election": said(vote.election), "text": text}])[0]
    assert verdict["refused"] == "is not the ciphertext that it should be"
    assert judged(vote.election, FORM, text) == (verdict["refused"], verdict["where"])
