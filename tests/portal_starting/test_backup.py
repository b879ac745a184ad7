"""Backup and restore: every row of every table comes back, and what must not be restored changes nothing."""

from __future__ import annotations

import contextlib
import io
import json
import re
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lianxi.portal.starting import backup, reaching, running, secrets
from lianxi.portal.starting.folder import Folder
from lianxi.portal.starting.words import Trouble
from tests.portal_starting.conftest import environment

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _no_database_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", *secrets.NAMES, "LIANXI_DATA"):
        monkeypatch.delenv(name, raising=False)


@contextlib.contextmanager
def _without_database_url() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATABASE_URL", *secrets.NAMES, "LIANXI_DATA"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """An installation with a small demo street and two photos."""
    folder = Folder(tmp_path_factory.mktemp("source") / "data")
    with _without_database_url(), running.database(folder) as env:
        _django(env, "-m", "lianxi.portal.starting.prepare", "migrate")
        _django(env, "-m", "django", "demo_street", "--past", "12", "--open", "4")
    (folder.media / "voices").mkdir()
    (folder.media / "voices" / "a.jpg").write_bytes(b"\xff\xd8photo")
    (folder.media / "voices" / "路灯.jpg").write_bytes(b"\xff\xd8lamp")
    return folder


def _django(env: dict[str, str], *arguments: str) -> None:
    import sys

    subprocess.run([sys.executable, *arguments], env=environment() | env, check=True, capture_output=True)


@pytest.fixture(scope="module")
def archive(source: Folder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its backup, without keys."""
    target = tmp_path_factory.mktemp("backup") / "lianxi.tar"
    with _without_database_url():
        assert backup.backup(source, target) == 0
    return target


def contents(folder: Folder) -> dict[str, Any]:
    """Everything in the database: each table's rows, sequences, indexes, constraints, triggers and functions."""
    with running.database(folder) as env, reaching.connect(env["DATABASE_URL"]) as connection:

        def rows(sql: str) -> list[Any]:
            return sorted(connection.execute(sql).fetchall())

        tables = [row[0] for row in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        found: dict[str, Any] = {table: rows(f'SELECT t::text FROM public."{table}" t') for table in tables}
        found["indexes"] = plainly(rows("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"))
        found["constraints"] = plainly(
            rows(
                "SELECT conrelid::regclass::text || ' ' || pg_get_constraintdef(oid) FROM pg_constraint"
                " WHERE connamespace = 'public'::regnamespace"
            )
        )
        found["triggers"] = rows("SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal")
        found["functions"] = rows(
            "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'"
        )
        found["sequences"] = rows("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'")
        return found


def plainly(definitions: list[Any]) -> list[str]:
    """Definitions without casts and brackets: PostgreSQL writes `a::varchar` otherwise once it has read its own text."""
    return sorted(re.sub(r"::(?:character varying|text)(?:\[\])?|[()]", "", row[0]) for row in definitions)


def photos(folder: Folder) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder.media)): path.read_bytes() for path in folder.media.rglob("*") if path.is_file()
    }


def with_keys_of(source: Folder, place: Path) -> Folder:
    folder = Folder(place)
    folder.make()
    secrets.write(folder.secrets, secrets.read(source.secrets))
    return folder


def test_every_row_comes_back(source: Folder, archive: Path, tmp_path: Path) -> None:
    copy = with_keys_of(source, tmp_path / "copy")
    assert backup.restore(copy, archive) == 0
    before, after = contents(source), contents(copy)
    assert sum(len(rows) for rows in before.values()) > 200
    assert len(before["voices_voice"]) >= 16
    assert set(before) == set(after)
    for name in before:
        assert before[name] == after[name], name
    assert photos(copy) == photos(source)


def test_sealed_fields_open_after_a_restore(source: Folder, archive: Path, tmp_path: Path) -> None:
    import sys

    copy = with_keys_of(source, tmp_path / "copy")
    backup.restore(copy, archive)
    with running.database(copy) as env:
        done = subprocess.run(
            [sys.executable, "-m", "lianxi.portal.starting.inspect"],
            env=env,
            capture_output=True,
            text=True,
            check=True,
        )
    findings = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
    opened = next(english for _, _, english in findings if "keys open" in english)
    assert "(0 tried)" not in opened
    assert [finding for finding in findings if finding[0] == "bad" and "jobs wait" not in finding[2]] == []


def test_restore_over_data_needs_to_be_asked_for(source: Folder, archive: Path, tmp_path: Path) -> None:
    other = with_keys_of(source, tmp_path / "other")
    with running.database(other) as env, reaching.connect(env["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("CREATE TABLE mine AS SELECT 1 AS n")
    (other.media / "old.jpg").write_bytes(b"old")
    before = contents(other)
    with pytest.raises(Trouble, match="--replace"):
        backup.restore(other, archive)
    assert contents(other) == before
    assert photos(other) == {"old.jpg": b"old"}
    backup.restore(other, archive, replace=True)
    after = contents(other)
    assert "mine" not in after
    assert after == contents(source)
    assert photos(other) == photos(source)


def test_restore_that_fails_changes_nothing(
    source: Folder, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = with_keys_of(source, tmp_path / "other")
    with running.database(other) as env, reaching.connect(env["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("CREATE TABLE mine AS SELECT 1 AS n")
    before = contents(other)
    tool = backup._tool

    def failing(url: str, name: str, *arguments: str, **more: Any) -> None:
        if name == "psql":
            with Path(arguments[-1]).open("a") as script:
                script.write("\nSELECT 1 / 0;\n")
        tool(url, name, *arguments, **more)

    monkeypatch.setattr(backup, "_tool", failing)
    with pytest.raises(Trouble, match="psql failed"):
        backup.restore(other, archive, replace=True)
    assert contents(other) == before


def damaged(archive: Path, target: Path, change: str) -> Path:
    """A copy of the archive with one thing wrong."""
    with tarfile.open(archive) as old, tarfile.open(target, "w") as new:
        for member in old:
            stream = old.extractfile(member)
            assert stream is not None
            data = stream.read()
            if change == "a flipped bit" and member.name == "database.dump":
                data = data[:5000] + bytes([data[5000] ^ 1]) + data[5001:]
            elif change == "no database" and member.name == "database.dump":
                continue
            elif member.name == "manifest.json":
                told = json.loads(data)
                if change == "a way out":
                    told["files"]["../../escaped"] = told["files"].pop("media/voices/a.jpg")
                elif change == "another format":
                    told["format"] = 99
                elif change == "a newer program":
                    told["migrations"].append("voices.9999_future")
                elif change == "other keys":
                    told["keys"]["1"] = "0" * 16
                data = json.dumps(told).encode()
            member.size = len(data)
            if change == "a way out" and member.name == "media/voices/a.jpg":
                member.name = "../../escaped"
            new.addfile(member, io.BytesIO(data))
    return target


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("a flipped bit", "no complete backup"),
        ("no database", "no complete backup"),
        ("a way out", "no complete backup"),
        ("another format", "no complete backup"),
        ("a newer program", "newer Lianxi"),
        ("other keys", "sealed with other keys"),
    ],
)
def test_bad_backup_is_refused_before_anything_changes(
    source: Folder, archive: Path, tmp_path: Path, change: str, said: str
) -> None:
    bad = damaged(archive, tmp_path / "bad.tar", change)
    other = with_keys_of(source, tmp_path / "other")
    (other.media / "old.jpg").write_bytes(b"old")
    with pytest.raises(Trouble, match=said):
        backup.restore(other, bad, replace=True)
    assert not other.postgres.exists()
    assert photos(other) == {"old.jpg": b"old"}
    assert list(tmp_path.rglob("escaped")) == []
    assert list(other.path.rglob(".lianxi-*")) == []


@pytest.mark.parametrize("text", [b"", b"no archive at all", b"PK\x03\x04 a zip perhaps"])
def test_file_that_is_no_backup(tmp_path: Path, text: bytes) -> None:
    file = tmp_path / "letter.tar"
    file.write_bytes(text)
    with pytest.raises(Trouble, match="no complete backup"):
        backup.restore(Folder(tmp_path / "data"), file)
    with pytest.raises(Trouble, match="There is no backup file"):
        backup.restore(Folder(tmp_path / "data"), tmp_path / "nothing.tar")


def test_cut_archive_is_refused(source: Folder, archive: Path, tmp_path: Path) -> None:
    short = tmp_path / "short.tar"
    short.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    with pytest.raises(Trouble, match="no complete backup"):
        backup.restore(with_keys_of(source, tmp_path / "other"), short)


def test_without_its_keys_a_backup_is_refused_and_with_them_it_moves(
    source: Folder, archive: Path, tmp_path: Path
) -> None:
    bare = Folder(tmp_path / "bare")
    with pytest.raises(Trouble, match="sealed with other keys"):
        backup.restore(bare, archive)
    assert not bare.secrets.exists()
    whole = tmp_path / "whole.tar"
    backup.backup(source, whole, with_keys=True)
    assert whole.stat().st_mode & 0o077 == 0
    backup.restore(bare, whole)
    assert secrets.read(bare.secrets) == secrets.read(source.secrets)
    assert contents(bare) == contents(source)


def test_backup_without_keys_has_none(archive: Path, source: Folder) -> None:
    data = archive.read_bytes()
    for value in secrets.read(source.secrets).values():
        assert value.encode() not in data
    with tarfile.open(archive) as tar:
        assert tar.getnames() == ["manifest.json", "database.dump", "media/voices/a.jpg", "media/voices/路灯.jpg"]


def test_restore_waits_for_nobody_while_the_site_runs(source: Folder, archive: Path, tmp_path: Path) -> None:
    import sys

    other = with_keys_of(source, tmp_path / "other")
    script = (
        "import sys, time; from pathlib import Path; from lianxi.portal.starting.folder import Folder\n"
        "f = Folder(Path(sys.argv[1])); f.hold(); print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(other.path)], env=environment(), stdout=subprocess.PIPE, text=True
    ) as site:
        assert site.stdout is not None
        site.stdout.readline()
        with pytest.raises(Trouble, match="Lianxi is running"):
            backup.restore(other, archive, replace=True)
        site.kill()
    assert not other.postgres.exists()


def test_backup_of_a_running_site(source: Folder, archive: Path, tmp_path: Path) -> None:
    """While another process holds the folder and runs the database, a backup is taken from it."""
    target = tmp_path / "live.tar"
    import sys

    with running.database(source):
        done = subprocess.run(
            [sys.executable, "-m", "lianxi.portal.command", "backup", "--data", str(source.path), str(target)],
            env=environment(), capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr

    def dumped(file: Path) -> dict[str, Any]:
        with tarfile.open(file) as tar:
            manifest = tar.extractfile("manifest.json")
            assert manifest is not None
            return dict(json.loads(manifest.read()))

    assert set(dumped(target)["files"]) == set(dumped(archive)["files"])
    assert dumped(target)["migrations"] == dumped(archive)["migrations"]
