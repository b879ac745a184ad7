"""The doctor names what is wrong, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from lianxi.portal.starting import assets, doctor, running, secrets
from lianxi.portal.starting.folder import Folder
from tests.portal_starting.conftest import LIANXI, environment


def examined(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*LIANXI, "doctor", *arguments],
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def findings(check: object, folder: Folder) -> dict[str, list[str]]:
    """The English findings of one check by level."""
    found: dict[str, list[str]] = {"ok": [], "note": [], "bad": []}
    for level, zh, en in check(folder):  # type: ignore[operator]
        assert zh
        found[level].append(en)
    return found


def test_nothing_started_yet_is_no_fault(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "nothing")
    assert findings(doctor._data, folder)["bad"] == []
    said = examined("--data", str(folder.path)).stdout
    assert "还不存在" in said
    assert "No database yet" in said
    assert not folder.path.exists()


@pytest.mark.slow
def test_healthy_and_then_sick(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """One installation: well; then behind, with the wrong key, and with jobs that nobody does."""
    for name in ("DATABASE_URL", "LIANXI_DATA", *secrets.NAMES):
        monkeypatch.delenv(name, raising=False)

    def django(env: dict[str, str], code: str) -> None:
        subprocess.run([sys.executable, "-c", f"import django; django.setup(); {code}"], env=env, check=True)

    def inside() -> dict[str, list[str]]:
        with running.database(folder) as env:
            found: dict[str, list[str]] = {"ok": [], "note": [], "bad": []}
            for level, _, en in doctor._inside(env):
                found[level].append(en)
            return found

    with running.database(folder) as env:
        subprocess.run([*running.PREPARE, "migrate"], env=env, check=True)
        django(
            env,
            "from lianxi.commons.accounts.models import Person; Person.objects.create(name='甲', phone='13800001234')",
        )
    well = inside()
    assert well["bad"] == []
    assert any(line.startswith("The keys open") and "(0 tried)" not in line for line in well["ok"])

    with running.database(folder) as env:
        django(
            env,
            "from django.db import connection as c; k = c.cursor();"
            "k.execute(\"DELETE FROM django_migrations WHERE app = 'voices'\");"
            "k.execute(\"INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('q', 't')\")",
        )
    kept = secrets.read(folder.secrets)
    other = secrets.make()
    secrets.write(folder.secrets, kept | {"LIANXI_FIELD_KEYS": other["LIANXI_FIELD_KEYS"]})
    sick = "\n".join(inside()["bad"])
    assert "migrations behind" in sick
    assert "do not open accounts_person.phone" in sick
    assert "No worker is alive and 1 jobs wait" in sick

    secrets.write(folder.secrets, kept | {"LIANXI_BLIND_KEY": other["LIANXI_BLIND_KEY"]})
    assert "do not open accounts_person.phone" in "\n".join(inside()["bad"])
    secrets.write(folder.secrets, kept)
    assert "accounts_person" not in "\n".join(inside()["bad"])


def test_secrets_that_others_can_read(folder: Folder) -> None:
    secrets.write(folder.secrets, secrets.make())
    assert findings(doctor._data, folder)["bad"] == []
    folder.secrets.chmod(0o644)
    (found,) = findings(doctor._data, folder)["bad"]
    assert "chmod 600" in found


def test_missing_pages_and_old_pages(folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "clone"
    built = root / "src" / "lianxi" / "portal" / "built"
    built.mkdir(parents=True)
    (root / "assets").mkdir()
    (root / "node_modules").mkdir()
    (root / "package.json").write_text("{}")
    monkeypatch.setattr(assets, "BUILT", built)
    monkeypatch.setattr(assets, "checkout", lambda: root)
    assert any("pages are missing" in line for line in findings(doctor._built, folder)["bad"])
    (built / "manifest.json").write_text("{}")
    assert any("older than their sources" in line for line in findings(doctor._built, folder)["bad"])
    assets._stamp(root).write_text(assets._digest(assets._sources(root)))
    assert not any("pages" in line for line in findings(doctor._built, folder)["bad"])
    (root / "assets" / "theme.css").write_text("body {}")
    assert any("older than their sources" in line for line in findings(doctor._built, folder)["bad"])


def test_full_disk(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "ROOM_NEEDED", 10**18)
    assert any("disk is nearly full" in line for line in findings(doctor._data, folder)["bad"])


def test_database_that_is_down(tmp_path: Path) -> None:
    done = examined("--data", str(tmp_path), DATABASE_URL="postgres://someone:hidden@127.0.0.1:1/x")
    assert done.returncode == 1
    assert "The database 127.0.0.1:1/x cannot be reached" in done.stdout
    assert "hidden" not in done.stdout + done.stderr
