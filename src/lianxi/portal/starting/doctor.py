"""`lianxi doctor`: says in words what is wrong with an installation."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from lianxi.portal import translations
from lianxi.portal.starting import assets, reaching, running, secrets
from lianxi.portal.starting.folder import ROOM_NEEDED, Folder
from lianxi.portal.starting.inspect import Finding
from lianxi.portal.starting.words import Trouble

_MARKS = {"ok": "✓", "note": "·", "bad": "✗"}


def examine(folder: Folder) -> int:
    """Print every finding in both languages; returns 1 if something is wrong."""
    bad = 0
    checks: tuple[Callable[[Folder], Iterator[Finding]], ...] = (_python, _packages, _built, _data, _database)
    for check in checks:
        try:
            for level, zh, en in check(folder):
                bad += level == "bad"
                print(f"{_MARKS[level]} {zh}\n  {en}", flush=True)
        except Trouble as trouble:
            bad += 1
            print(f"✗ {trouble.zh}\n  {trouble.en}", flush=True)
            if trouble.detail:
                print("\n".join(f"  │ {line}" for line in trouble.detail.splitlines()), flush=True)
    if bad:
        print(f"\n发现{bad}个问题。\n{bad} {'problem was' if bad == 1 else 'problems were'} found.")
    else:
        print("\n一切正常。\nAll is well.")
    return int(bool(bad))


def _python(folder: Folder) -> Iterator[Finding]:
    now = ".".join(map(str, sys.version_info[:3]))
    yield "ok", f"Python {now}，在{sys.prefix}", f"Python {now} in {sys.prefix}"


def _packages(folder: Folder) -> Iterator[Finding]:
    try:
        wanted = [line for line in requires("lianxi") or [] if "extra ==" not in line]
    except PackageNotFoundError:
        yield (
            "note",
            "lianxi没有作为软件包安装，直接从文件夹运行",
            "lianxi is not installed as a package; it runs from its folder",
        )
        return
    missing = []
    for line in wanted:
        found = re.match(r"[\w.-]+", line)
        try:
            version(found[0] if found else line)
        except PackageNotFoundError:
            missing.append(found[0] if found else line)
    if missing:
        yield "bad", f"缺少软件包：{'、'.join(missing)}", f"Missing packages: {', '.join(missing)}"
    else:
        yield "ok", f"{len(wanted)}个软件包齐全", f"All {len(wanted)} packages are there"


def _built(folder: Folder) -> Iterator[Finding]:
    root = assets.checkout()
    fix_zh, fix_en = ("请运行make install。", "Run make install.") if root else ("请重新安装。", "Install again.")
    if not assets.built():
        yield "bad", f"缺少页面资源。{fix_zh}", f"The built pages are missing. {fix_en}"
    elif root and assets.stale(root):
        yield "bad", f"页面资源比源代码旧。{fix_zh}", f"The built pages are older than their sources. {fix_en}"
    else:
        yield "ok", "页面资源齐全", "The pages are built"
    if late := translations.stale(by_time=root is not None):
        yield "bad", f"{len(late)}份译文没有编译。{fix_zh}", f"{len(late)} translations are not compiled. {fix_en}"
    elif not translations.catalogs():
        yield "bad", f"缺少译文。{fix_zh}", f"The translations are missing. {fix_en}"
    else:
        yield "ok", "译文齐全", "The translations are compiled"
    rules = [place for place in (assets.PACKAGE / "rules", *([root / "rules"] if root else [])) if place.exists()]
    if rules:
        yield "ok", "规则库齐全", "The rulebook is there"
    else:
        yield "bad", f"缺少规则库。{fix_zh}", f"The rulebook is missing. {fix_en}"


def _data(folder: Folder) -> Iterator[Finding]:
    if not folder.path.exists():
        yield "note", f"数据文件夹{folder.path}还不存在", f"The data folder {folder.path} does not exist yet"
        return
    free = shutil.disk_usage(folder.path).free
    if free < ROOM_NEEDED:
        yield "bad", f"磁盘快满了：只剩{free // 1_000_000} MB", f"The disk is nearly full: {free // 1_000_000} MB left"
    else:
        yield "ok", f"磁盘还有{free / 1e9:.0f} GB", f"{free / 1e9:.0f} GB of disk are free"
    if not os.access(folder.path, os.W_OK):
        yield "bad", f"不能写入数据文件夹{folder.path}", f"The data folder {folder.path} cannot be written"
    if folder.secrets.exists():
        secrets.read(folder.secrets)
        if stat.S_IMODE(folder.secrets.stat().st_mode) & 0o077:
            yield (
                "bad",
                f"别的用户也能读取{folder.secrets}。请运行chmod 600 {folder.secrets}。",
                f"Other users can read {folder.secrets}. Run chmod 600 {folder.secrets}.",
            )
        else:
            yield "ok", "密钥文件完好，只有主人能读", "The secrets are whole and readable by their owner only"


def _database(folder: Folder) -> Iterator[Finding]:
    outside = bool(os.environ.get("DATABASE_URL"))
    if not outside and not (folder.postgres / "PG_VERSION").exists():
        yield (
            "note",
            "还没有数据库：lianxi serve或lianxi demo会建立它",
            "No database yet: lianxi serve or lianxi demo makes it",
        )
        return
    with running.database(folder) as env:
        with reaching.connect(env["DATABASE_URL"]) as connection:
            major = connection.info.server_version // 10000
            encoding = connection.execute("SHOW server_encoding").fetchone()[0]
        kind_zh, kind_en = ("外部", "outside") if outside else ("自带", "embedded")
        yield "ok", f"{kind_zh}的PostgreSQL {major}能连上", f"The {kind_en} PostgreSQL {major} answers"
        if encoding != "UTF8":
            yield (
                "bad",
                f"数据库的编码是{encoding}，必须是UTF8。请另建一个UTF8的数据库。",
                f"The database's encoding is {encoding}; it must be UTF8. Create one with UTF8.",
            )
        yield from _inside(env)


def _inside(env: dict[str, str]) -> Iterator[Finding]:
    """What Django finds, in a process of its own."""
    command = [sys.executable, "-m", "lianxi.portal.starting.inspect"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, errors="replace", check=False)
    for line in done.stdout.splitlines():
        if line.startswith("["):
            level, zh, en = json.loads(line)
            yield level, zh, en
    if done.returncode:
        raise Trouble(
            "程序不能启动。", "The program does not start.", detail="\n".join(done.stderr.strip().splitlines()[-6:])
        )
