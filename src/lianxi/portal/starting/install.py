"""`make install`: the environment from the lock file, the command, the pages, the translations.

Runs with the machine's own Python and nothing but the standard library: `python -m lianxi.portal.starting.install`.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from lianxi.portal.starting.progress import Steps
from lianxi.portal.starting.words import Trouble, complain, disk_full, from_os_error, plain_output

ROOT = Path(__file__).resolve().parents[4]


def install(venv: Path, *, dev: bool = False) -> None:
    """Bring the environment at `venv` up to date; nothing is done if its stamps say that nothing changed.

    A link is an environment that somebody else looks after: it is used as it is.
    """
    python = venv / "bin" / "python"
    lock = ROOT / ("requirements-dev.txt" if dev else "requirements-build.txt")
    if not venv.is_symlink():
        due = _stamp(venv, lock) != _wanted(lock)
        with_command = _stamp(venv, ROOT / "pyproject.toml") != _wanted(ROOT / "pyproject.toml")
        steps = Steps(2 * due + (due or with_command))
        if due:
            _environment(venv, python, steps)
            _packages(python, lock, steps)
            _write(venv, lock)
        if due or with_command:
            with steps.step("安装lianxi命令", "Installing the command lianxi"):
                _pip(python, None, "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
            _write(venv, ROOT / "pyproject.toml")
    for module in ("lianxi.portal.starting.assets", "lianxi.portal.translations"):
        arguments = ["compile", "--quiet"] if module.endswith("translations") else []
        env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        if code := subprocess.run([str(python), "-m", module, *arguments], cwd=ROOT, env=env, check=False).returncode:
            raise SystemExit(code)


def _environment(venv: Path, python: Path, steps: Steps) -> None:
    with steps.step("建立Python环境", "Making the Python environment"):
        begun = venv / ".lianxi-begun"
        if begun.exists():
            shutil.rmtree(venv, ignore_errors=True)
        if not _works(python):
            _make(venv)
        begun.write_text("")
        for stamp in venv.glob(".lianxi-stamp-*"):
            stamp.unlink()


def _make(venv: Path) -> None:
    if importlib.util.find_spec("ensurepip") and _try(sys.executable, "-m", "venv", "--clear", str(venv)):
        return
    if shutil.which("uv") and _try("uv", "venv", "--seed", "--clear", "--python", sys.executable, str(venv)):
        return
    if importlib.util.find_spec("virtualenv") and _try(sys.executable, "-m", "virtualenv", str(venv)):
        return
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if shutil.which("apt-get") and os.geteuid() == 0:
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for name in (package, "python3-venv"):
            for command in (
                ["apt-get", "update", "-q"],
                ["apt-get", "install", "-y", "-q", "--no-install-recommends", name],
            ):
                subprocess.run(command, env=quiet, check=False, capture_output=True)
            if _try(sys.executable, "-m", "venv", "--clear", str(venv)):
                return
    raise Trouble(
        f"这个Python不能建立虚拟环境。请先安装它的venv模块，例如：apt-get install {package}",
        "This Python cannot make virtual environments. "
        f"Install its venv module first, for example: apt-get install {package}",
    )


def _packages(python: Path, lock: Path, steps: Steps) -> None:
    total = sum("==" in line for line in lock.read_text().splitlines())
    with steps.step("安装软件包", "Installing packages"):
        _pip(python, (steps, total), "--require-hashes", "--no-deps", "--requirement", str(lock))


def _pip(python: Path, count: tuple[Steps, int] | None, *arguments: str) -> None:
    command = [
        str(python),
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--progress-bar",
        "off",
        *arguments,
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", cwd=ROOT
    )
    lines: list[str] = []
    seen = 0
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line.rstrip())
        if count and (found := re.match(r"(?:Collecting|Requirement already satisfied:|Ignoring) ([\w.-]+)", line)):
            seen += 1
            count[0].at(seen, count[1], found[1])
    if process.wait():
        raise _explained("\n".join(lines))


def _explained(said: str) -> Trouble:
    """What pip's output means."""
    tail = "\n".join(line for line in said.splitlines()[-12:] if "://" not in line)
    if "No space left" in said:
        return disk_full(ROOT)
    if "THESE PACKAGES DO NOT MATCH THE HASHES" in said:
        return Trouble(
            "下载的软件包与锁定文件中的校验值不符，已停止安装。",
            "A downloaded package does not match its hash in the lock file; nothing of it was installed.",
            detail=tail,
        )
    network = (
        "NewConnectionError",
        "ConnectTimeoutError",
        "Failed to establish",
        "Name or service not known",
        "Temporary failure in name",
        "ProxyError",
        "Max retries exceeded",
        "Connection refused",
        "timed out",
    )
    if any(word in said for word in network):
        return Trouble(
            "连不上Python软件包仓库。请检查网络或pip的设置后再试。",
            "The Python package registry cannot be reached. Check the network or pip's settings, then try again.",
        )
    if found := re.search(r"No matching distribution found for ([^\s(]+)", said):
        return Trouble(
            f"软件包仓库没有{found[1]}，或没有适合Python {sys.version.split()[0]}的版本。",
            f"The package registry has no {found[1]}, or none for Python {sys.version.split()[0]}.",
        )
    return Trouble("软件包安装失败。", "Installing the packages failed.", detail=tail)


def _works(python: Path) -> bool:
    return python.exists() and _try(str(python), "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))")


def _try(*command: str) -> bool:
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if "No space left" in done.stdout + done.stderr:
        raise disk_full(ROOT)
    return done.returncode == 0


def _wanted(path: Path) -> str:
    return hashlib.sha256(path.read_bytes() + sys.version.encode()).hexdigest()


def _stamp(venv: Path, path: Path) -> str:
    """What the environment was last made from. The larger lock file holds the smaller one."""
    names = [path.name] + (["requirements-dev.txt"] if path.name == "requirements-build.txt" else [])
    for name in names:
        with contextlib.suppress(OSError):
            if (found := (venv / f".lianxi-stamp-{name}").read_text()) == _wanted(ROOT / name):
                return _wanted(path) if _works(venv / "bin" / "python") else found + "?"
    return ""


def _write(venv: Path, path: Path) -> None:
    (venv / f".lianxi-stamp-{path.name}").write_text(_wanted(path))
    (venv / ".lianxi-begun").unlink(missing_ok=True)


def main() -> int:
    """The command behind `make install`."""
    plain_output()
    parser = argparse.ArgumentParser()
    parser.add_argument("--venv", type=Path, default=ROOT / ".venv")
    parser.add_argument("--dev", action="store_true", help="with what the tests need")
    parser.add_argument("--browser", action="store_true", help="with a browser and Chinese fonts for the tests")
    asked = parser.parse_args()
    try:
        install(asked.venv.absolute(), dev=asked.dev)
        if asked.browser:
            from lianxi.portal.starting.browser import ensure

            ensure()
    except Trouble as trouble:
        return complain(trouble)
    except OSError as error:
        return complain(from_os_error(error, error.filename or ROOT))
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
