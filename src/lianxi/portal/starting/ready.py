"""Whether a database is as this program left it, told without loading Django: what makes a second start quick."""

from __future__ import annotations

import contextlib
import hashlib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from lianxi.portal.starting.assets import PACKAGE

_WITH_TABLES = ("django", "django-allauth", "django-pghistory", "django-pgtrigger", "procrastinate")


def stamp(url: str) -> str:
    """A digest of the migrations that the program has and of those that the database says were applied to it."""
    from lianxi.portal.starting import reaching

    total = hashlib.sha256()
    for path in sorted(PACKAGE.glob("**/migrations/*.py")):
        total.update(str(path.relative_to(PACKAGE)).encode() + path.read_bytes())
    for name in _WITH_TABLES:
        with contextlib.suppress(PackageNotFoundError):
            total.update(f"{name} {version(name)}".encode())
    with reaching.connect(url) as connection:
        known = connection.execute("SELECT to_regclass('django_migrations'), to_regclass('cache')").fetchone()
        if known is None or None in known:
            return ""
        for row in connection.execute("SELECT app, name, applied FROM django_migrations ORDER BY id"):
            total.update(repr(row).encode())
    return total.hexdigest()


def unchanged(url: str, note: Path) -> bool:
    """Whether the database is as it was when `record` was last called."""
    with contextlib.suppress(OSError):
        noted = note.read_text()
        return bool(noted) and noted == stamp(url)
    return False


def record(url: str, note: Path) -> None:
    """Remember that the database is up to date."""
    note.write_text(stamp(url))
