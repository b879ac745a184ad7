"""The verifier of the trustees' page: what the engine's accepts it accepts, every forgery is refused for the same reason."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lianxi.engines.ballots.archive import Event
from lianxi.engines.ballots.archive import EventType as T
from tests.draws import draws
from tests.engines_ballots.small import Small, changed, judged, rebuilt, small, taken_apart
from tests.engines_ballots.test_mutations import PLAIN, Change, every, step, swapped

from .node import Node

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Small:
    return small(tmp_path_factory.mktemp("plain"))


def asked(node: Node, archive: bytes, folder: Path) -> dict[str, Any]:
    path = folder / "x.bel"
    path.write_bytes(archive)
    report: dict[str, Any] = node.ask("verify", str(path))
    return report


def test_a_whole_archive_is_green_and_says_the_same(made: Small, node: Node, tmp_path: Path) -> None:
    whole = made.path.read_bytes()
    ours, theirs = judged(whole), asked(node, whole, tmp_path)
    assert theirs["wrong"] is None
    assert theirs["result"] == ours.result
    assert [(one["question"], one["answers"]) for one in theirs["questions"]] == ours.questions
    for mine, name in (
        ("uuid", "uuid"),
        ("name", "name"),
        ("trustees", "trustees"),
        ("events", "events"),
        ("credentials", "credentials"),
        ("credentials_fingerprint", "credentialsFingerprint"),
        ("ballots", "ballots"),
        ("counted", "counted"),
        ("phase", "phase"),
    ):
        assert theirs[name] == getattr(ours, mine)
    assert theirs["missing"] == 0


@pytest.mark.parametrize(("change", "why"), [pytest.param(c, w, id=n) for n, c, w in PLAIN])
def test_each_forgery_is_refused_for_its_reason(
    change: Change, why: str, made: Small, node: Node, tmp_path: Path
) -> None:
    forged = rebuilt(change(taken_apart(made.path), made))
    assert asked(node, forged, tmp_path)["wrong"][0] == why


def test_heights_that_do_not_follow(made: Small, node: Node, tmp_path: Path) -> None:
    items = taken_apart(made.path)
    at = next(at for at, item in enumerate(items) if item.event and item.event.type == T.END_BALLOTS)
    event = items[at].event
    assert isinstance(event, Event)
    items[at] = replace(items[at], event=replace(event, height=event.height + 1))
    assert asked(node, rebuilt(items, heights=False), tmp_path)["wrong"][0] == "its height does not follow"


def test_ballots_of_two_voters_exchanged_are_another_archive_of_the_same_election(
    made: Small, node: Node, tmp_path: Path
) -> None:
    assert asked(node, rebuilt(swapped(taken_apart(made.path), made)), tmp_path)["wrong"] is None


def test_no_leaf_can_be_changed_and_the_engine_agrees_why(made: Small, node: Node, tmp_path: Path) -> None:
    items, places = taken_apart(made.path), every(made)
    for at, path in random.Random(0).sample(places, min(len(places), draws(40, 400))):
        forged = rebuilt([*items[:at], replace(items[at], text=changed(items[at].text, path)), *items[at + 1 :]])
        problem = asked(node, forged, tmp_path)["wrong"]
        assert problem is not None, (at, path)
        assert problem[0] == judged(forged).wrong[0].why, (at, path)


def test_cut_lengthened_and_spoiled_files(made: Small, node: Node, tmp_path: Path) -> None:
    whole = made.path.read_bytes()
    lot = random.Random(7)
    forged = [whole[:-1], whole[:-512], whole + b"\0", whole + bytes(1024), whole[:511], b"", whole[512:]]
    for _ in range(draws(60, 1000)):
        at = lot.randrange(len(whole))
        forged.append(whole[:at] + bytes([whole[at] ^ (1 << lot.randrange(8))]) + whole[at + 1 :])
    for one in forged:
        problem = asked(node, one, tmp_path)["wrong"]
        assert problem is not None
        assert problem[0] == judged(one).wrong[0].why


def test_an_archive_that_goes_on_says_how_far_it_is(made: Small, node: Node, tmp_path: Path) -> None:
    items = taken_apart(made.path)
    _begin, end = step(items, T.BALLOT, 1)
    report = asked(node, rebuilt(items[:end]), tmp_path)
    assert (report["wrong"], report["phase"], report["ballots"]) == (None, "Ballot", 2)
    begin, _end = step(items, T.PARTIAL_DECRYPTION, 0)
    report = asked(node, rebuilt(items[:begin]), tmp_path)
    assert (report["phase"], report["counted"], report["missing"]) == ("EncryptedTally", 3, 3)


def test_another_election_than_one_of_sums_is_said(node: Node, tmp_path: Path) -> None:
    shuffled = small(tmp_path, shuffled=True)
    assert asked(node, shuffled.path.read_bytes(), tmp_path)["wrong"][0] == "unknown group"
