"""What is written beside the code keeps to it: lock files without hosts, every setting described, the two READMEs alike."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.portal_starting.conftest import ROOT

HOST = re.compile(r"https?:|--(?:extra-)?index-url|--find-links|--trusted-host|file:")


def pinned(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text().splitlines()
    return {found[1]: found[2] for line in lines if (found := re.match(r"([\w.-]+)==([\w.]+)", line))}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-build.txt", "requirements-dev.txt"])
def test_lock_file_has_hashes_and_no_host(name: str) -> None:
    text = (ROOT / name).read_text()
    assert not HOST.search(text)
    entries = re.split(r"\n(?=\S)", text.strip())
    assert len(entries) > 40
    assert [entry for entry in entries if not entry.startswith("#") and "--hash=sha256:" not in entry] == []


def test_lock_files_agree() -> None:
    small, middle, large = (pinned(f"requirements{kind}.txt") for kind in ("", "-build", "-dev"))
    assert small.items() <= middle.items() <= large.items()


def test_lock_files_hold_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    def names(lines: list[str]) -> set[str]:
        return {re.match(r"[\w.-]+", line)[0].lower() for line in lines}  # type: ignore[index]

    assert names(project["dependencies"]) <= set(pinned("requirements.txt"))
    extras = project["optional-dependencies"]
    assert names(extras["build"]) <= set(pinned("requirements-build.txt"))
    assert names(extras["dev"]) <= set(pinned("requirements-dev.txt"))


def test_npm_lock_file_names_no_host() -> None:
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text()
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: facts for name, facts in lock["packages"].items() if name}
    assert packages
    assert [name for name, facts in packages.items() if "resolved" in facts] == []
    assert [name for name, facts in packages.items() if "integrity" not in facts and not facts.get("link")] == []


def settings_used() -> set[str]:
    used = set()
    for path in [*(ROOT / "src").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]:
        used |= set(
            re.findall(r"""["'](LIANXI_[A-Z_]+|DATABASE_URL|EMAIL_URL)["']""", path.read_text(encoding="utf-8"))
        )
    return used - {"LIANXI_VERSION", "LIANXI_"}


def test_every_setting_has_its_line() -> None:
    described = set(
        re.findall(r"`(LIANXI_[A-Z_]+|DATABASE_URL|EMAIL_URL)`", (ROOT / "docs" / "settings.md").read_text())
    )
    assert settings_used() - described == set()
    assert described - settings_used() == set()


def test_both_readmes_say_the_same_commands() -> None:
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-Hans.md"))

    def commands(text: str) -> list[str]:
        return re.findall(r"make \w+(?: [A-Z]+=\w+)?", text)

    def links(text: str) -> list[str]:
        """Each README shows the pictures of its language."""
        found = re.findall(r"\]\(([^)]+\.md|docs/[^)]*)\)", text)[1:]
        return [re.sub(r"-(zh|en)\.png$", ".png", link) for link in found]

    assert commands(english) == commands(chinese)
    assert links(english) == links(chinese)


def test_links_of_the_papers_lead_somewhere() -> None:
    papers = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        (paper.name, link)
        for paper in papers
        for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", paper.read_text(encoding="utf-8"))
        if "://" not in link and not (paper.parent / link).exists()
    ]
    assert broken == []


def test_make_help_lists_every_target_of_the_papers() -> None:
    helped = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    named = set()
    for paper in [*ROOT.glob("*.md"), ROOT / "docs" / "running.md"]:
        named |= set(re.findall(r"(?:^|`)make (\w+)", paper.read_text(encoding="utf-8"), re.MULTILINE))
    assert {name for name in named if f"make {name}\t" not in helped} == set()


def test_ci_runs_the_tests() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert "make test" in script.read_text()


def test_files_of_this_room_stay_short() -> None:
    package = Path(ROOT / "src" / "lianxi" / "portal" / "starting")
    assert [path.name for path in package.glob("*.py") if len(path.read_text().splitlines()) > 400] == []
