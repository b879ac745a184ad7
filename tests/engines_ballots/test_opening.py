"""Test ballots and check codes, and the numbers that the booth in TypeScript must find too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from gmpy2 import mpz

from lianxi.engines.ballots import ballot, credentials, opening
from lianxi.engines.ballots.codes import CROCKFORD, check_code
from lianxi.engines.ballots.election import Question, read_election
from lianxi.engines.ballots.strict import Malformed, parsed, written
from lianxi.portal import command

from . import vectors
from .small import Small, small


def held(name: str) -> Any:
    return json.loads((vectors.FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", vectors.FILES)
def test_the_files_hold_what_the_engine_makes(name: str) -> None:
    """If this fails after a change that was meant: `python -m tests.engines_ballots.vectors`, and the booth changes too."""
    assert json.loads(json.dumps(vectors.FILES[name]())) == held(name)


def test_every_good_ballot_is_accepted_and_every_wrong_thing_refused() -> None:
    for one in held("ballots")["good"]:
        vectors.judge(read_election(vectors.ELECTIONS[one["election"]].text), one["text"].encode())
    for name in ("cards", "elections", "ballots", "openings"):
        assert all(one["reason"] for one in held(name)["wrong"]), name


@pytest.mark.parametrize("votes", held("ballots")["not to be cast"])
def test_no_ballot_is_made_of_what_may_not_be_chosen(votes: dict[str, Any]) -> None:
    given = {name: votes[name] for name in ("votes", "marks", "written_in") if name in votes}
    with pytest.raises(ValueError, match=r"chosen|one 0 or 1|favour|written in|roster"):
        vectors.made(votes["election"], votes["card"], given, vectors.Draws("x"))


def test_check_codes() -> None:
    assert check_code(b"abc") == "Q9W1-DFWF"  # ba7816bf8f: 23 9 28 1, 13 15 28 15
    assert len(CROCKFORD) == 32
    assert not set("ILOU") & set(CROCKFORD)


def test_the_code_of_a_test_ballot_is_that_of_what_would_have_been_signed() -> None:
    for one in held("openings")["good"]:
        value = parsed(one["text"].encode())
        assert one["code"] == check_code(written(value["ballot"]).encode())
        election = vectors.ELECTIONS[one["election"]]
        with pytest.raises(Malformed, match="lacks signature"):
            ballot.read_ballot(election, written(value["ballot"]).encode())  # nobody can cast it


def test_shuffled_answers_can_be_tested(tmp_path: Path) -> None:
    one: Small = small(tmp_path, shuffled=True)
    draft = ballot.answered(one.election, one.cards[0], [[3, 200]], one.draw)
    text = opening.told(one.election, draft)
    assert opening.read_test(one.election, text).said == (("名次", ("甲 3", "乙 200")),)
    for other in ("201", "256", "99999"):
        with pytest.raises(Malformed, match="does not hide"):
            opening.read_test(one.election, text.replace(b"[3,200]", f"[3,{other}]".encode()))


def test_secrets_do_not_show() -> None:
    draft = vectors.made("plain", held("cards")["good"][0]["card"], {"votes": [[1, 0], [0, 1, 1]]}, vectors.Draws("x"))
    assert str(draft.known.randomness[0][0]) not in repr(draft)
    assert str(draft.secret) not in repr(draft)
    assert draft.credential == credentials.public_of(vectors.GROUP, vectors.UUID, held("cards")["good"][0]["card"])


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    election, good, bad = (tmp_path / name for name in ("election.json", "good.json", "bad.json"))
    files = held("openings")
    one = next(one for one in files["good"] if one["name"] == "chinese")
    election.write_bytes(vectors.ELECTIONS["chinese"].text + b"\n")
    good.write_text(one["text"], encoding="utf-8")
    bad.write_text(next(one["text"] for one in files["wrong"] if one["election"] == "chinese"), encoding="utf-8")
    words = ["verify", "test-ballot", str(good), "--election", str(election)]
    assert command.main(words) == 0
    said = capsys.readouterr().out
    assert "沈既白: 反对" in said
    assert "许知行: 另选" in said
    assert one["code"] in said
    assert command.main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["code"] == one["code"]
    assert command.main(["verify", "test-ballot", str(bad), "--election", str(election)]) == 1
    assert "试投不符" in capsys.readouterr().out
    assert command.main(["verify", "test-ballot", str(bad), "--election", str(election), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["passed"] is False
    for wrong in (words[:3], [*words[:4], str(good)], [*words[:4], str(tmp_path / "none")], [*words[:2], str(tmp_path), *words[3:]]):  # fmt: skip
        assert command.main(wrong) == 1
        assert capsys.readouterr().err


def test_a_blank_vote_has_no_name(tmp_path: Path) -> None:
    one = next(one for one in held("openings")["good"] if one["name"] == "blank")
    assert one["said"] == [[vectors.BLANK[0].question, [""]]]
    assert isinstance(vectors.ELECTIONS["blank"].questions[0], Question)
    assert mpz(1) in {mpz(n) for n in one["choices"][0]}
