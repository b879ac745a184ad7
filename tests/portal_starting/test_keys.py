"""Without the keys of the installation nothing is sealed, and nobody is served."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from lianxi.commons import blinding, sealing
from lianxi.portal.starting import running
from lianxi.portal.starting.folder import Folder

ROOT = Path(__file__).resolve().parents[2]


def without_keys(*command: str, **more: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIANXI_")}
    env = kept | {"DJANGO_SETTINGS_MODULE": "lianxi.portal.settings", "PYTHONPATH": str(ROOT / "src")} | more
    return subprocess.run(
        [sys.executable, *command], env=env, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.parametrize(
    "command", [("-c", "import lianxi.portal.wsgi"), ("-m", "django", "procrastinate", "worker", "--one-shot")]
)
def test_nobody_is_served_without_keys(command: tuple[str, ...]) -> None:
    done = without_keys(*command)
    assert done.returncode == 1
    assert done.stderr.startswith("✗ 没有密钥")
    assert "There are no keys" in done.stderr
    assert "Traceback" not in done.stderr


def test_keys_that_are_given_serve(tmp_path: Path) -> None:
    assert without_keys("-c", "import lianxi.portal.wsgi", LIANXI_TEST_KEYS="1").returncode == 0


@pytest.mark.parametrize(
    "command",
    [
        ("-m", "django", "check"),
        ("-m", "django", "makemigrations", "--check", "--dry-run"),
        ("-m", "django", "collectstatic", "--dry-run", "--noinput", "-v", "0"),
        ("-m", "lianxi.portal.translations", "check"),
        ("-c", "import django; django.setup(); from lianxi.portal import listing"),
    ],
)
def test_what_needs_no_key_runs_without(command: tuple[str, ...]) -> None:
    done = without_keys(*command)
    assert done.returncode == 0, done.stderr


def test_nothing_is_sealed_or_blinded_with_an_empty_key(settings: Any) -> None:
    settings.BLIND_KEY, settings.FIELD_KEYS = "", []
    sealing.ring.cache_clear()
    with pytest.raises(ImproperlyConfigured, match="没有密钥"):
        blinding.blind("13900000001")
    with pytest.raises(ImproperlyConfigured, match="没有密钥"):
        sealing.ring()


def test_a_start_never_takes_the_keys_of_the_tests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANXI_TEST_KEYS", "1")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    folder = Folder(tmp_path / "data")
    folder.make()
    env = running.environment(folder)
    assert "LIANXI_TEST_KEYS" not in env
    assert len(env["LIANXI_BLIND_KEY"]) == 64
