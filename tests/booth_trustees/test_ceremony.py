"""Keys made together in the browser, by the command line and by the published tool; what is lost, and what is forged on the way."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from lianxi.engines.ballots import acts, ceremony, channels
from lianxi.engines.ballots.archive import Writer
from lianxi.engines.ballots.group import BELENIOS_2048 as GROUP
from lianxi.engines.ballots.strict import Malformed, parsed, written
from lianxi.engines.ballots.trustees import combined
from lianxi.engines.ballots.verifying import verify
from lianxi.portal.trustee import keeping
from tests.draws import draws
from tests.engines_ballots.tool import TOOL, Tool

from .node import Node, Refused
from .together import Together

VOTES = [[1, 0], [1, 0], [0, 1], [0, 0]]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(draws(4, 24)))
def test_each_with_a_program_of_the_own(seed: int, node: Node, tmp_path: Path) -> None:
    lot = random.Random(seed)
    count = lot.randint(2, 5)
    programs = ["browser", "ours"] + (["tool"] if TOOL else [])
    who = ["browser", *(lot.choice(programs) for _ in range(count - 2)), programs[seed % len(programs)]]
    made = Together(tmp_path, node, who, lot.randint(1, count), lot)
    assert node.ask("combined", made.trustees().text().decode()) == str(combined(GROUP, made.trustees()))
    path = made.voted(VOTES)
    openers = lot.sample(range(1, count + 1), made.threshold)  # the other n - t have lost theirs
    for owner in openers:
        report = node.ask("verify", str(path))
        assert (report["wrong"], report["missing"]) == (None, made.threshold - len(report["shares"]))
        made.open(path, owner)
    acts.publish(Writer.resume(path), acts.Content(path))
    with path.open("rb") as file:
        ours = verify(file)
    theirs = node.ask("verify", str(path))
    assert (ours.wrong, theirs["wrong"]) == ([], None)
    assert ours.result == theirs["result"] == [[2, 1]]
    if TOOL:
        (tmp_path / "alone").mkdir()
        path.rename(tmp_path / "alone" / path.name)
        assert Tool(tmp_path / "alone").accepts()


@pytest.fixture(scope="module")
def three(node: Node, tmp_path_factory: pytest.TempPathFactory) -> Together:
    """Two of three: one in the browser, two of ours."""
    return Together(tmp_path_factory.mktemp("three"), node, ["browser", "ours", "ours"], 2, random.Random(5))


def test_with_fewer_than_needed_nothing_opens(three: Together, node: Node) -> None:
    path = three.voted(VOTES)
    three.open(path, 1)
    report = node.ask("verify", str(path))
    assert (report["missing"], report["result"], report["shares"]) == (1, None, [1])
    with pytest.raises(Malformed, match="1 shares of 2"):
        list(acts.publish(Writer.resume(path), acts.Content(path)))


def edit(text: str, change: Any) -> str:
    value = json.loads(text)
    change(value)
    return written(value)


FORGED = [
    ("letters of two givers exchanged", lambda v: v["secrets"].reverse(), "a letter is not signed by the trustee it is said to come from"),
    ("a share left out", lambda v: v["secrets"].pop(), "lacks something of a trustee"),
    ("coefficients exchanged", lambda v: v["coefexps"].reverse(), "is not signed by its trustee"),
    ("a changed letter", lambda v: v["secrets"].__setitem__(1, v["secrets"][1].replace('"data":"', '"data":"00')), "a letter is not for this trustee, or was changed"),
    ("a letter that is no letter", lambda v: v["secrets"].__setitem__(1, "{}"), "lacks {name}"),
    ("the polynomial of another", lambda v: v.update(polynomial=v["secrets"][1]), "a letter is not signed by the trustee it is said to come from"),
    ("a share as the polynomial", lambda v: v.update(polynomial=v["secrets"][0]), "lacks {name}"),
    ("something more", lambda v: v.update(note=1), "has a field {what} that does not belong"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "why"), [pytest.param(c, w, id=n) for n, c, w in FORGED])
def test_what_was_forged_on_the_way_is_refused_in_both(change: Any, why: str, three: Together, node: Node) -> None:
    given = edit(three.routed()[0], change)
    with pytest.raises(Refused) as refused:
        node.ask("output", three.seeds[0], three.certificates, given)
    assert refused.value.why == why
    keys = channels.Keys(GROUP, three.seeds[0])
    names = [ceremony.signed(GROUP, parsed(one.encode()), "") for one in three.certificates]
    with pytest.raises(Malformed) as problem:
        ceremony.output(keys, names, ceremony.read_input(GROUP, given.encode(), ""), random.Random(1).randrange)
    assert (problem.value.why, problem.value.where) == (refused.value.why, refused.value.where)


def test_a_share_that_is_signed_and_wrong_names_its_giver(three: Together, node: Node) -> None:
    """Trustee 2 signs and encrypts a number that does not lie on the polynomial that was shown to all."""
    keys = channels.Keys(GROUP, three.seeds[1])
    mine = channels.Keys(GROUP, three.seeds[0]) if three.who[0] == "ours" else None
    assert mine is None
    first = ceremony.read_certificates(GROUP, [ceremony.signed(GROUP, parsed(three.certificates[0].encode()), "")])[0]
    letter = channels.send(keys, first.encryption, written({"secret": "12345"}), random.Random(2).randrange)
    given = edit(three.routed()[0], lambda v: v["secrets"].__setitem__(1, letter))
    with pytest.raises(Refused) as refused:
        node.ask("output", three.seeds[0], three.certificates, given)
    assert (refused.value.why, refused.value.where) == ("does not lie on that trustee's polynomial", "share from trustee 2")  # fmt: skip


def test_a_stranger_a_doubled_name_and_a_threshold_that_cannot_be(three: Together, node: Node) -> None:
    with pytest.raises(Refused, match="this trustee is not among them"):
        node.ask("polynomial", node.ask("seed"), three.certificates, 2)
    with pytest.raises(Refused, match="two trustees have the same key"):
        node.ask("polynomial", three.seeds[0], [*three.certificates, three.certificates[1]], 2)
    changed = edit(three.certificates[1], lambda v: v["signature"].update(response="1"))
    with pytest.raises(Refused, match="is not signed with its own key"):
        node.ask("polynomial", three.seeds[0], [three.certificates[0], changed], 2)
    for threshold in (0, 4, 1.5):
        with pytest.raises(AssertionError, match="RangeError"):
            node.ask("polynomial", three.seeds[0], three.certificates, threshold)


@pytest.mark.parametrize("length", [1, 100, 65_535, 65_536, 70_000])
def test_letters_of_every_length_are_read_by_the_other(length: int, node: Node) -> None:
    """Above 65,535 bytes the published program takes one byte less of the nonce."""
    lot = random.Random(length)
    seeds = [channels.seed(lot.randrange), str(node.ask("seed"))]
    ours, theirs = (channels.Keys(GROUP, one) for one in seeds)
    message = "票" * (length // 3) + "x" * (length % 3)
    letter = channels.send(ours, theirs.certificate.encryption, message, lot.randrange)
    assert node.ask("receive", seeds[1], str(ours.certificate.verification), letter) == message
    back = node.ask("send", seeds[1], str(ours.certificate.encryption), message)
    assert channels.receive(ours, theirs.certificate.verification, back, "") == message
    with pytest.raises(Refused, match="is not signed by"):
        node.ask("receive", seeds[1], str(theirs.certificate.verification), letter)


def test_a_key_file_opens_in_both_programs_and_only_with_its_passphrase(node: Node, tmp_path: Path) -> None:
    words = "河边 路灯 早晨 白菜 石桥 雨伞"
    secret = keeping.Secret(GROUP, "甲", False, str(node.ask("seed")))
    keeping.seal(tmp_path / "ours", secret, words, cost=2**4)
    text = (tmp_path / "ours" / keeping.KEY).read_text()
    inner = {"group": GROUP.name, "name": "甲", "alone": False, "secret": secret.secret}
    assert node.ask("unlocked", text, words) == inner
    (tmp_path / "browser").mkdir()
    locked = node.ask("locked", inner, words, 2**4)
    (tmp_path / "browser" / keeping.KEY).write_text(locked)
    assert keeping.unseal(tmp_path / "browser", words) == secret
    assert secret.secret not in locked
    for text, word, why in (
        (locked, words + "x", "passphrase"),
        (locked.replace('"sealed":"', '"sealed":"00'), words, "passphrase"),
        (locked[:-1], words, "file"),
        (locked.replace('"n":16', '"n":1e9'), words, "file"),
        (locked.replace("scrypt", "md5"), words, "file"),
    ):
        with pytest.raises(AssertionError, match=f"Error: {why}"):
            node.ask("unlocked", text, word)
    with pytest.raises(AssertionError, match="Error: short"):
        node.ask("locked", inner, "short", 2**4)
