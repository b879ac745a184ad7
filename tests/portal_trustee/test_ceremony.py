"""The trustees' tool from the first key to the result, by its own commands; and everything that it must refuse."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from lianxi.engines.ballots import acts, ballot, credentials, trustees
from lianxi.engines.ballots.archive import Writer
from lianxi.engines.ballots.election import BASE58, Election, Question
from lianxi.engines.ballots.group import BELENIOS_2048
from lianxi.engines.ballots.verifying import verify
from lianxi.portal import command
from lianxi.portal.trustee import keeping
from tests.engines_ballots.tool import TOOL, Tool

WORDS = "河边 路灯 早晨 白菜 石桥 雨伞"


@pytest.fixture(autouse=True)
def quick_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cost of a guess is for those who guess."""
    monkeypatch.setattr(keeping, "COST", 2**4)
    monkeypatch.setattr(keeping.seal, "__kwdefaults__", {"cost": 2**4})


@dataclass
class Table:
    """Three trustees together (two needed), one alone, and an election of five voters of whom three vote."""

    root: Path
    archive: Path

    def run(self, *words: object) -> int:
        return command.main(["trustee", *map(str, words)])

    def own(self, step: str, who: str, *words: object) -> int:
        return self.run(step, self.root / who, *words, "--passphrase-file", self.root / "words")


@pytest.fixture
def table(tmp_path: Path) -> Table:
    (tmp_path / "words").write_text(WORDS)
    table = Table(tmp_path, tmp_path / f"{'1' * 13}A.bel")
    for who in "abc":
        assert table.own("new", who, "--name", who) == 0
    assert table.own("new", "d", "--alone") == 0
    listing = tmp_path / "list.json"
    assert table.run("certificates", *(tmp_path / who / "certificate.json" for who in "abc"), "--to", listing) == 0
    for who in "abc":
        assert table.own("share", who, listing, "--threshold", 2) == 0
    made = [tmp_path / who / "polynomial.json" for who in "abc"]
    assert table.run("route", *made, "--list", listing, "--to", tmp_path) == 0
    for number, who in enumerate("abc", 1):
        assert table.own("key", who, tmp_path / f"for-trustee-{number}.json") == 0
    outputs = [tmp_path / who / "output.json" for who in "abc"]
    gathered = tmp_path / "trustees.json"
    assert table.run("gather", "--alone", tmp_path / "d" / "public-key.json", "--list", listing, "--polynomials", *made, "--outputs", *outputs, "--to", gathered) == 0  # fmt: skip
    who_opens = trustees.read_trustees(BELENIOS_2048, gathered.read_bytes())
    election = Election(
        table.archive.stem,
        "表决",
        "",
        BELENIOS_2048,
        trustees.combined(BELENIOS_2048, who_opens),
        (Question("同意吗?", ("赞成", "反对"), 0, 1),),
    )
    cards = [credentials.credential(secrets.randbelow) for _ in range(5)]
    keys = [credentials.public_of(BELENIOS_2048, election.uuid, card) for card in cards]
    writer = Writer.begin(table.archive, timestamp=1)
    acts.set_up(writer, election, who_opens, credentials.told(keys))
    for card, vote in zip(cards, ([1, 0], [1, 0], [0, 1]), strict=False):
        acts.cast(writer, ballot.cast(election, card, [vote], secrets.randbelow).text)
    acts.end(writer)
    acts.add_up(writer, acts.Content(table.archive).total)
    return table


def decrypt(table: Table, who: str, attended: int = 3, *more: object) -> int:
    return table.own("decrypt", who, table.archive, "--attended", attended, *more)


def test_from_keys_to_the_result_with_one_trustee_lost(table: Table, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(table.root / "b")  # n - t keys may be lost
    assert [decrypt(table, who) for who in "acd"] == [0, 0, 0]
    assert table.run("add", table.archive, table.root / "a" / "decryption-2.json") == 0
    assert "还差2份" in capsys.readouterr().out
    assert (
        table.run("add", table.archive, table.root / "d" / "decryption-1.json", table.root / "c" / "decryption-4.json")
        == 0
    )
    with table.archive.open("rb") as file:
        report = verify(file)
    assert (report.wrong, report.result) == ([], [[2, 1]])
    if TOOL:
        shutil.rmtree(table.root / "a")
        for left in table.root.glob("*.json"):
            left.unlink()
        assert Tool(table.root).accepts()


def test_more_lost_than_may_be_is_said_plainly(table: Table, capsys: pytest.CaptureFixture[str]) -> None:
    assert [decrypt(table, who) for who in "ad"] == [0, 0]
    assert (
        table.run("add", table.archive, table.root / "a" / "decryption-2.json", table.root / "d" / "decryption-1.json")
        == 0
    )
    assert "还差1份" in capsys.readouterr().out
    with table.archive.open("rb") as file:
        assert verify(file).result is None


def test_nothing_is_decrypted_before_all_is_checked(table: Table, capsys: pytest.CaptureFixture[str]) -> None:
    assert decrypt(table, "a", 4) == 1
    assert "签到名单上是4人" in capsys.readouterr().err
    assert decrypt(table, "a", 3, "--credentials-fingerprint", "x") == 1
    whole = table.archive.read_bytes()
    table.archive.write_bytes(whole[:-512])
    assert decrypt(table, "a") == 1
    assert "核验不通过" in capsys.readouterr().err
    table.archive.write_bytes(whole)
    (table.root / "words").write_text("something else entirely")
    assert decrypt(table, "a") == 1
    assert "口令不对" in capsys.readouterr().err
    assert not list(table.root.glob("*/decryption-*.json"))


def test_an_archive_that_still_takes_ballots_is_not_opened(
    table: Table, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = acts.Content(table.archive)
    early = Table(table.root, tmp_path / "early" / table.archive.name)
    early.archive.parent.mkdir()
    acts.set_up(
        Writer.begin(early.archive, timestamp=1),
        content.election,
        content.trustees,
        credentials.told(list(content.credentials.weights)),
    )
    assert decrypt(early, "a", 0) == 1
    assert "还没有到解密的时候" in capsys.readouterr().err


def test_a_stranger_cannot_decrypt_and_nobody_twice(table: Table, capsys: pytest.CaptureFixture[str]) -> None:
    assert table.own("new", "stranger", "--alone") == 0
    assert decrypt(table, "stranger") == 1
    assert "没有这把密钥" in capsys.readouterr().err
    assert decrypt(table, "d") == 0
    assert table.run("add", table.archive, table.root / "d" / "decryption-1.json") == 0
    assert decrypt(table, "d") == 1
    assert "已经解密过" in capsys.readouterr().err


def test_a_share_under_another_number_is_not_added(table: Table) -> None:
    assert decrypt(table, "a") == 0
    path, before = table.root / "a" / "decryption-2.json", table.archive.read_bytes()
    for number in ("3", "9"):
        path.write_text(path.read_text().replace('"owner":2', f'"owner":{number}'))
        assert table.run("add", table.archive, path) == 1
        path.write_text(path.read_text().replace(f'"owner":{number}', '"owner":2'))
    path.write_text("{")
    assert table.run("add", table.archive, path) == 1
    assert table.archive.read_bytes() == before


def test_a_share_that_was_changed_on_the_way_is_named(table: Table, capsys: pytest.CaptureFixture[str]) -> None:
    given = table.root / "for-trustee-1.json"
    given.write_text(given.read_text().replace('"data\\":\\"', '"data\\":\\"00', 1))
    assert table.own("key", "a", given) == 1
    assert "for-trustee-1.json" in capsys.readouterr().err
    assert table.own("key", "a", table.root / "for-trustee-2.json") == 1


def test_steps_may_be_repeated_and_say_where_one_stands(table: Table, capsys: pytest.CaptureFixture[str]) -> None:
    polynomial = table.root / "a" / "polynomial.json"
    before = polynomial.read_bytes()
    assert table.own("share", "a", table.root / "list.json", "--threshold", 2) == 0
    assert polynomial.read_bytes() == before, "others may have used it"
    assert (
        table.run(
            "certificates", *(table.root / who / "certificate.json" for who in "ba"), "--to", table.root / "other.json"
        )
        == 0
    )
    assert table.own("share", "a", table.root / "other.json", "--threshold", 2) == 1
    assert table.own("new", "a") == 1
    capsys.readouterr()
    for who, said in (("a", "密钥已生成"), ("d", "密钥已生成"), ("nobody", "还没有密钥")):
        assert table.run("status", table.root / who) == 0
        assert said in capsys.readouterr().out


def test_what_is_kept_is_locked(table: Table) -> None:
    path = table.root / "a" / "trustee.key"
    assert path.stat().st_mode & 0o777 == 0o600
    secret = keeping.unseal(table.root / "a", WORDS)
    assert secret.secret not in path.read_text()
    assert secret.secret not in repr(secret)
    assert set(secret.secret) <= set(BASE58)
    assert table.own("new", "short", "--name", "x") == 0
    (table.root / "words").write_text("short")
    assert table.own("new", "shorter") == 1
