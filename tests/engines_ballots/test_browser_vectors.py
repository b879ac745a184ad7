"""The browser finds in the shared vectors what the engine wrote there, letter by letter."""

import json
from base64 import b64decode
from hashlib import sha256
from typing import Any

import pytest

from .browser import ask, found
from .vectors import FOLDER


def vectors(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return read


ELECTIONS: dict[str, str] = {one["name"]: one["text"] for one in vectors("elections")["good"]}


def reasons(said: list[dict[str, Any]]) -> list[Any]:
    return [{"why": one["refused"], "where": one["where"]} if "refused" in one else one for one in said]


def expected(vector: dict[str, Any]) -> Any:
    return {name: vector["reason"][name] for name in ("why", "where")}


def test_group() -> None:
    group = vectors("group")
    assert found([{"do": "group"}])[0] == {name: group[name] for name in ("name", "p", "q", "g")}
    for kind, do, given, result in (
        ("powers", "power", "exponent", "power"),
        ("members", "member", "element", "member"),
        ("hashed", "hashed", "text", "number"),
        ("fingerprints", "fingerprint", "text", "fingerprint"),
        ("codes", "code", "text", "code"),
    ):
        assert found([{"do": do, "text": one[given]} for one in group[kind]]) == [one[result] for one in group[kind]]


def test_cards() -> None:
    cards = vectors("cards")
    for do, name in (("cleaned", "signs"), ("secret", "secret"), ("key", "public")):
        said = found([{"do": do, "card": one["card"], "text": one["uuid"]} for one in cards["good"]])
        assert said == [one[name] for one in cards["good"]]
    assert found([{"do": "card", "draws": one["draws"]} for one in cards["good"]]) == [one["card"] for one in cards["good"]]  # fmt: skip
    wrong = ask([{"do": "cleaned", "card": one["typed"]} for one in cards["wrong"]])
    assert reasons(wrong) == [expected(one) for one in cards["wrong"]]


def test_elections() -> None:
    good, wrong = vectors("elections")["good"], vectors("elections")["wrong"]
    assert found([{"do": "election", "election": one["text"]} for one in good]) == [one["fingerprint"] for one in good]
    assert found([{"do": "form", "election": one["text"]} for one in good]) == [one["form"] for one in good]
    assert reasons(ask([{"do": "form", "election": one["text"]} for one in wrong])) == [expected(one) for one in wrong]


def task(vector: dict[str, Any]) -> dict[str, Any]:
    choice = {"votes": vector["votes"]} if "votes" in vector else {"marks": vector["marks"], "names": vector["written_in"]}  # fmt: skip
    return {"do": "cast", "election": ELECTIONS[vector["election"]], "card": vector["card"], **choice}


def test_ballots() -> None:
    good, wrong = vectors("ballots")["good"], vectors("ballots")["wrong"]
    made = found([task(one) | {"draws": one["draws"]} for one in good])
    assert [one["text"] for one in made] == [one["text"] for one in good]
    assert [one["code"] for one in made] == [one["code"] for one in good]
    assert [sha256(b64decode(one["hints"])).hexdigest() for one in made] == [one["hints"] for one in good]
    assert [json.loads(one["test"])["opening"] for one in made] == [one["opening"] for one in good]
    checked = ask([{"do": "check", "election": ELECTIONS[one["election"]], "text": one["text"]} for one in wrong])
    assert reasons(checked) == [expected(one) for one in wrong]


@pytest.mark.parametrize("vector", vectors("ballots")["not to be cast"])
def test_what_may_not_be_cast(vector: dict[str, Any]) -> None:
    assert "broken" in ask([task(vector)])[0]


def test_test_ballots() -> None:
    good, wrong = vectors("openings")["good"], vectors("openings")["wrong"]
    said = found([{"do": "test", "election": ELECTIONS[one["election"]], "text": one["text"]} for one in good])
    assert said == [{"choices": one["choices"], "code": one["code"]} for one in good]
    refused = ask([{"do": "test", "election": ELECTIONS[one["election"]], "text": one["text"]} for one in wrong])
    assert reasons(refused) == [expected(one) for one in wrong]
