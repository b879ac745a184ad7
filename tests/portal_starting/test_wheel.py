"""The wheel carries everything: installed elsewhere, without Node, it has pages, translations, rulebook and commands."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from lianxi.portal.starting import assets
from tests.portal_starting.conftest import ROOT, environment

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the clone."""
    place = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(place), str(ROOT)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(place.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel, without the clone and without Node; its packages are those of the tests."""
    place = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    python = place / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps", str(wheel)]
    subprocess.run(install, env=environment(PYTHONPATH=""), check=True)
    packages = next((place / "lib").glob("python3*/site-packages"))
    (packages / "packages_of_the_tests.pth").write_text(os.path.dirname(os.path.dirname(__import__("django").__file__)))
    return place


def lianxi(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = environment(PYTHONPATH="", PATH=f"{installed}/bin:/bin")
    return subprocess.run(
        [str(installed / "bin" / "lianxi"), *arguments],
        cwd=installed,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def test_wheel_contains_what_is_built(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    catalogs = [path.relative_to(ROOT / "src").with_suffix(".mo") for path in (ROOT / "src").rglob("*.po")]
    assert catalogs
    assert {str(path) for path in catalogs} <= names
    rules = [path for path in (ROOT / "rules").rglob("*") if path.is_file()]
    assert {f"lianxi/rules/{path.relative_to(ROOT / 'rules')}" for path in rules} <= names
    templates = [str(path.relative_to(ROOT / "src")) for path in (ROOT / "src").rglob("templates/**/*.html")]
    assert set(templates) <= names
    if (ROOT / "package.json").exists():
        assert "lianxi/portal/built/manifest.json" in names
        assert any(name.endswith(".css") for name in names if "/built/" in name)
    assert not any(name.startswith("tests") or "/data/" in name or name.endswith(".env") for name in names)


def test_installed_command_speaks_both_languages(installed: Path) -> None:
    said = lianxi(installed, "--help")
    assert said.returncode == 0, said.stderr
    for name in ("demo", "serve", "worker", "doctor", "backup", "restore", "manage"):
        assert f"\n    {name} " in said.stdout
    assert "启动示范街道 · start the demo street" in said.stdout
    assert lianxi(installed, "--version").stdout.startswith("lianxi ")


def test_doctor_finds_an_installed_wheel_well(installed: Path) -> None:
    said = lianxi(installed, "doctor", "--data", str(installed / "data"))
    assert said.returncode == 0, said.stdout + said.stderr
    for line in ("The pages are built", "The translations are compiled", "The rulebook is there", "All is well"):
        assert line in said.stdout
    assert "packages are there" in said.stdout


def test_installed_program_takes_nothing_from_the_clone(installed: Path) -> None:
    code = (
        "import lianxi, sys; from lianxi.portal.starting import assets;"
        "print(lianxi.__file__, assets.checkout(), assets.built())"
    )
    env = environment(PYTHONPATH="")
    said = subprocess.run(
        [str(installed / "bin" / "python"), "-c", code],
        cwd=installed,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split() == [
        str(next((installed / "lib").glob("python3*/site-packages")) / "lianxi" / "__init__.py"),
        "None",
        "True",
    ]
    assert str(ROOT) not in said.stdout
    assert assets.checkout() == ROOT


def test_installed_wheel_makes_a_database(installed: Path) -> None:
    said = lianxi(installed, "manage", "migrate", "--verbosity", "0")
    assert said.returncode == 0, said.stdout + said.stderr
    said = lianxi(installed, "doctor", "--data", str(installed / "data"))
    assert said.returncode == 0, said.stdout
    assert "The database is up to date" in said.stdout
