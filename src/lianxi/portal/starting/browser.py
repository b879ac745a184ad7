"""A browser and a Chinese font for the tests: Debian's own, installed when we may, named when we may not.

So is `belenios-tool`, a second opinion on elections; where no package of it is to be had, its tests skip and say so."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from lianxi.portal.starting.progress import Steps
from lianxi.portal.starting.words import Trouble

BROWSERS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
_FONT_NAMES = ("wqy", "noto*cjk", "notosans*sc", "notoserif*sc", "sourcehan*", "pingfang", "droidsansfallback")


def browser() -> str | None:
    """The path of the browser that the tests drive (`LIANXI_BROWSER` names another); None if there is none."""
    if named := os.environ.get("LIANXI_BROWSER"):
        return named
    return next((path for path in BROWSERS if Path(path).exists()), None) or shutil.which("chromium")


def has_chinese_font() -> bool:
    """Whether some font here can show Chinese."""
    if shutil.which("fc-list"):
        done = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return bool(done.stdout.strip())
    places = [
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        Path.home() / ".fonts",
        Path("/System/Library/Fonts"),
    ]
    names = [path.name.lower() for place in places if place.exists() for path in place.rglob("*")]
    return any(Path(name).match(f"{pattern}*") for name in names for pattern in _FONT_NAMES)


def ensure() -> None:
    """Install what is missing, as root on Debian; otherwise raise Trouble with the command to run."""
    missing = [] if browser() else ["chromium"]
    if not has_chinese_font():
        missing.append("fonts-wqy-microhei")
    may = os.geteuid() == 0 and shutil.which("apt-get") is not None
    if missing and not may:
        command = " ".join(_INSTALL + missing)
        raise Trouble(
            f"页面测试需要浏览器和中文字体。请运行：sudo {command}",
            f"The page tests need a browser and a Chinese font. Run: sudo {command}",
        )
    if missing:
        with Steps(1).step("安装浏览器与中文字体", "Installing a browser and a Chinese font"):
            done = _installed(*missing)
        if done.returncode:
            command = " ".join(_INSTALL + missing)
            raise Trouble(
                f"浏览器或字体安装失败。请手动运行：{command}",
                f"Installing the browser or the font failed. Run it yourself: {command}",
                detail="\n".join(done.stderr.strip().splitlines()[-4:]),
            )
    if may and not shutil.which("belenios-tool"):
        _installed("belenios-tool")


_INSTALL = ["apt-get", "install", "-y", "--no-install-recommends"]


def _installed(*packages: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-q"], env=env, capture_output=True, check=False)
    return subprocess.run([*_INSTALL, *packages], env=env, capture_output=True, text=True, check=False)
