"""What is no archive and no ballot: a reason in both languages, never a traceback, never green, in little time."""

from __future__ import annotations

import ast
import io
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lianxi.engines import ballots
from lianxi.engines.ballots import ballot, strict, words
from lianxi.engines.ballots.archive import BLOCK, head
from lianxi.engines.ballots.strict import Malformed, parsed
from lianxi.engines.ballots.verifying import verify
from lianxi.portal import command
from tests.draws import draws

from .small import VOTES, WHEN, Small, judged, small

FOLDER = Path(ballots.__path__[0])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Small:
    return small(tmp_path_factory.mktemp("bad"), revote=False)


def spoiled(whole: bytes, lot: random.Random) -> bytes:
    """The bytes with one thing done to them that happens to files, or that somebody does on purpose."""
    at, to = sorted((lot.randrange(len(whole)), lot.randrange(len(whole))))
    to = min(to, at + lot.choice([1, 8, 512, 4096]))
    return lot.choice(
        (
            lambda: whole[:at] + bytes([whole[at] ^ (1 << lot.randrange(8))]) + whole[at + 1 :],
            lambda: whole[:at] + whole[to:],
            lambda: whole[:to] + whole[at:to] + whole[to:],
            lambda: whole[:at] + lot.randbytes(to - at) + whole[to:],
            lambda: (
                whole[:at]
                + lot.choice((b"9" * 400, b"[" * 5000, b"1e999", b"NaN", b"\xff\xfe", b"\\u0000"))
                + whole[at:]
            ),
            lambda: whole[:at],
        )
    )()


def test_spoiled_archives(made: Small) -> None:
    whole, lot = made.path.read_bytes(), random.Random(7)
    for _ in range(draws(150, 5_000)):
        forged = spoiled(whole, lot)
        began = time.process_time()
        report = judged(forged)
        assert not report.green or forged == whole
        assert all(one.said("zh") and one.said("en") for one in report.wrong)
        assert time.process_time() - began < 5


def test_spoiled_ballots(made: Small) -> None:
    whole, lot = ballot.cast(made.election, made.cards[0], VOTES[0], made.draw).text, random.Random(8)
    for _ in range(draws(500, 5_000)):
        forged = spoiled(whole, lot)
        if forged == whole:
            continue
        with pytest.raises(Malformed):
            ballot.check(made.election, ballot.read_ballot(made.election, forged))


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"[" * 100_000, b'{"a":1,"a":1}', b"1.5", b"[1e5]", b"NaN", b"[Infinity]", b"\xff", b"9" * 5_000, b'"\\ud800"', b"01", b"{} {}"],
)  # fmt: skip
def test_what_is_no_json(text: bytes) -> None:
    with pytest.raises(Malformed) as problem:
        strict.exactly(text, parsed(text))
    assert problem.value.said("zh")


def test_a_file_that_says_it_is_huge_is_not_read() -> None:
    block = head("BELENIOS", 8 * 1024**3 - 1, WHEN)
    report = judged(block + bytes(BLOCK))
    assert [one.why for one in report.wrong] == ["{what} has {size} bytes; at most {most}"]


def test_a_file_too_large_for_memory_is_refused_at_its_first_block(tmp_path: Path) -> None:
    path = tmp_path / "zeros.bel"
    with path.open("wb") as file:
        file.truncate(50 * 1024**3)  # sparse
    with path.open("rb") as file:
        assert not verify(file).green


def test_the_check_can_be_ended(made: Small) -> None:
    told: list[int] = []
    with made.path.open("rb") as file:
        report = verify(file, progress=told.append, cancelled=lambda: len(told) == 2)
    assert [one.why for one in report.wrong] == ["the check was ended before it was finished"]
    assert told == [1, 2]


def test_every_reason_has_its_chinese() -> None:
    said = set()
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") == "Malformed"
                and isinstance(node.args[0], ast.Constant)
            ):
                said.add(node.args[0].value)
    assert said == set(words.CHINESE)
    for english, chinese in words.CHINESE.items():
        gaps = {part.split("}")[0] for part in english.split("{")[1:]}
        assert gaps == {part.split("}")[0] for part in chinese.split("{")[1:]}


def test_importing_the_verifier_brings_neither_django_nor_a_database() -> None:
    code = "import sys, lianxi.engines.ballots.verifying as v; print([m for m in sys.modules if m.split('.')[0] in ('django', 'psycopg', 'lianxi')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    found = ast.literal_eval(done.stdout)
    assert all(name.startswith(("lianxi.engines.ballots", "lianxi.engines")) or name == "lianxi" for name in found)


def test_the_command(made: Small, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["verify", "election", str(made.path), "--credentials-count", "3"]) == 0
    assert "全部核验通过" in capsys.readouterr().out
    assert command.main(["verify", "election", str(made.path), "--credentials-count", "4"]) == 1
    assert command.main(["verify", "election", str(made.path), "--credentials-fingerprint", "x"]) == 1
    assert command.main(["verify", str(made.path), "--json"]) == 0
    capsys.readouterr()
    forged = tmp_path / "forged.bel"
    forged.write_bytes(made.path.read_bytes()[:-512])
    assert command.main(["verify", "election", str(forged)]) == 1
    assert "核验不通过" in capsys.readouterr().out
    assert command.main(["verify", "election", str(tmp_path / "none.bel")]) == 1
    assert "没有这个文件" in capsys.readouterr().err


def test_two_processes_find_the_same(made: Small) -> None:
    from concurrent.futures import ProcessPoolExecutor

    whole = made.path.read_bytes()
    with ProcessPoolExecutor(2) as pool:
        report = verify(io.BytesIO(whole), executor=pool, at_once=2)
    assert report == judged(whole)
