"""Backup and restore: the database as it was at one moment, the photos, and a manifest with the hash of every file."""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets as lots
import shutil
import subprocess
import tarfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, Any

from lianxi.portal.starting import reaching, running, secrets
from lianxi.portal.starting.assets import PACKAGE
from lianxi.portal.starting.folder import Folder
from lianxi.portal.starting.progress import Steps
from lianxi.portal.starting.words import Trouble, disk_full, from_os_error, say

FORMAT = 1
_DUMP, _MANIFEST, _KEYS = "database.dump", "manifest.json", "secrets.env"


def backup(folder: Folder, file: Path | None, *, with_keys: bool = False) -> int:
    """Write one file with everything but the keys (with them if asked). The site may run meanwhile.

    The database is dumped first and photos are never changed, so every photo that the dump names is in the backup.
    """
    target = (file or Path(f"lianxi-{datetime.now():%Y-%m-%d-%H%M%S}.tar")).absolute()
    steps = Steps(2)
    with running.database(folder) as env, _working(target.parent) as scratch:
        try:
            with steps.step("备份数据库", "Dumping the database"):
                _dump(env, scratch / _DUMP)
            with steps.step("打包照片与清单", "Packing photos and manifest"):
                contents = {_DUMP: scratch / _DUMP} | dict(_media(folder))
                if with_keys and folder.secrets.exists():
                    contents[_KEYS] = folder.secrets
                manifest = _described(env, contents)
                _pack(scratch / "whole.tar", manifest, contents, steps)
                (scratch / "whole.tar").replace(target)
        except OSError as error:
            raise from_os_error(error, target.parent) from error
    say(f"备份已写入{target}", f"The backup is in {target}")
    if not with_keys:
        say(
            f"密钥不在备份里：请把{folder.secrets}另存一份，没有它，加密的内容无法读出。",
            f"The keys are not in it: keep a copy of {folder.secrets}; without it sealed fields cannot be read.",
        )
    return 0


def restore(folder: Folder, file: Path, *, replace: bool = False) -> int:
    """Put back what a backup holds. Everything is checked first; the database changes in one transaction or not at all.

    Refuses a database that has tables unless `replace`, one that is in use, and a backup sealed with keys that are not
    here.
    """
    folder.make(room=0)
    if folder.held_elsewhere():
        raise Trouble(
            "联席正在运行。请先停止它，再恢复备份。", "Lianxi is running. Stop it first, then restore the backup."
        )
    steps = Steps(3)
    with _working(folder.run) as scratch:
        with steps.step("检查备份", "Checking the backup"):
            manifest = _unpack(file, scratch, steps)
            _check_program(manifest)
            _check_keys(folder, manifest, scratch / _KEYS)
        with running.database(folder) as env:
            _check_target(env["DATABASE_URL"], replace)
            with steps.step("放回照片", "Putting back the photos"):
                kept = _photos(folder, scratch / "media")
            with steps.step("恢复数据库", "Restoring the database"):
                _load(env, scratch / _DUMP)
        (folder.run / "prepared").unlink(missing_ok=True)
        for path in [path for path in folder.media.rglob("*") if path.is_file() and path not in kept]:
            path.unlink()
    say("恢复完成。", "Restored.")
    return 0


@contextmanager
def _working(place: Path) -> Iterator[Path]:
    """A folder for work in progress, gone afterwards."""
    scratch = place / f".lianxi-{lots.token_hex(4)}"
    try:
        scratch.mkdir(parents=True, mode=0o700)
    except OSError as error:
        raise from_os_error(error, place) from error
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _dump(env: Mapping[str, str], target: Path) -> None:
    url = env["DATABASE_URL"]
    _tool(url, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def _tool(url: str, name: str, *arguments: str, feed: IO[bytes] | None = None) -> None:
    done = subprocess.run(
        [str(reaching.tools(url) / name), *arguments], env={**os.environ, **reaching.surroundings(url), "LC_ALL": "C"},
        stdin=feed or subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False,
    )  # fmt: skip
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        if "No space left" in said:
            raise disk_full(arguments[-1])
        raise Trouble(f"{name}失败。", f"{name} failed.", detail="\n".join(said.splitlines()[-6:]))


def _media(folder: Folder) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.media.rglob("*")):
        if path.is_file():
            yield f"media/{path.relative_to(folder.media)}", path


def _described(env: Mapping[str, str], contents: Mapping[str, Path]) -> dict[str, Any]:
    with reaching.connect(env["DATABASE_URL"]) as connection:
        known = connection.execute("SELECT to_regclass('django_migrations')").fetchone()[0]
        applied = connection.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall() if known else []
        server = connection.info.server_version
    try:
        program = version("lianxi")
    except PackageNotFoundError:
        program = ""
    return {
        "format": FORMAT, "made": datetime.now(UTC).isoformat(timespec="seconds"), "lianxi": program, "postgres": server,
        "keys": secrets.fingerprints(env), "migrations": [f"{app}.{name}" for app, name in applied],
        "files": {name: {"sha256": _hash(path), "bytes": path.stat().st_size} for name, path in contents.items()},
    }  # fmt: skip


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pack(target: Path, manifest: dict[str, Any], contents: Mapping[str, Path], steps: Steps) -> None:
    text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    with target.open("wb") as raw:
        os.fchmod(raw.fileno(), 0o600)
        with tarfile.open(fileobj=raw, mode="w") as tar:
            head = tarfile.TarInfo(_MANIFEST)
            head.size, head.mtime, head.mode = len(text), int(time.time()), 0o600
            tar.addfile(head, io.BytesIO(text))
            for done, (name, path) in enumerate(contents.items(), 1):
                tar.add(path, name, recursive=False)
                steps.at(done, len(contents))
        raw.flush()
        os.fsync(raw.fileno())


def _unpack(file: Path, scratch: Path, steps: Steps) -> dict[str, Any]:
    """Take out what the manifest names, checking every hash; nothing else in the archive is touched."""
    broken = Trouble(f"{file}不是完整的联席备份。", f"{file} is no complete backup of Lianxi.")
    try:
        with tarfile.open(file) as tar:
            head = tar.next()
            if head is None or head.name != _MANIFEST or (stream := tar.extractfile(head)) is None:
                raise broken
            manifest = json.loads(stream.read())
            if manifest["format"] != FORMAT or _DUMP not in manifest["files"]:
                raise broken
            for done, (name, facts) in enumerate(manifest["files"].items(), 1):
                member = tar.next()
                path = (scratch / name).resolve()
                if (
                    member is None
                    or member.name != name
                    or not member.isfile()
                    or scratch.resolve() not in path.parents
                ):
                    raise broken
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("wb") as target:
                    shutil.copyfileobj(tar.extractfile(member), target)  # type: ignore[arg-type]
                if _hash(path) != facts["sha256"]:
                    raise broken
                steps.at(done, len(manifest["files"]))
    except FileNotFoundError as error:
        raise Trouble(f"找不到备份文件{file}。", f"There is no backup file {file}.") from error
    except (tarfile.TarError, ValueError, KeyError, TypeError, EOFError) as error:
        raise broken from error
    return dict(manifest)


def _check_program(manifest: Mapping[str, Any]) -> None:
    ours = {f"{path.parents[1].name}.{path.stem}" for path in PACKAGE.glob("**/migrations/0*.py")}
    rooms = {name.partition(".")[0] for name in ours}
    if newer := [name for name in manifest["migrations"] if name.partition(".")[0] in rooms and name not in ours]:
        raise Trouble(
            f"这个备份来自更新版本的联席（{newer[-1]}）。请先更新程序，再恢复。",
            f"This backup comes from a newer Lianxi ({newer[-1]}). Update the program first, then restore.",
        )


def _check_keys(folder: Folder, manifest: Mapping[str, Any], with_it: Path) -> None:
    """The keys that open the backup must be here, or in the backup when this installation is new."""
    new = not (folder.postgres / "PG_VERSION").exists() and not folder.secrets.exists()
    if new and with_it.exists():
        secrets.write(folder.secrets, secrets.read(with_it))
    ours = secrets.fingerprints(secrets.read(folder.secrets) | os.environ)
    if lost := [name for name, mark in manifest["keys"].items() if ours.get(name) != mark]:
        raise Trouble(
            f"备份里的内容是用别的密钥加密的（{'、'.join(lost)}），这里没有这些密钥。请先把原来的secrets.env放到{folder.path}。",
            f"The backup was sealed with other keys ({', '.join(lost)}) that are not here. "
            f"Put the original secrets.env into {folder.path} first.",
        )


def _check_target(url: str, replace: bool) -> None:
    with reaching.connect(url) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()[0]
        others = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        ).fetchone()[0]
    if tables and not replace:
        raise Trouble(
            "数据库里已有数据。确实要替换它们，请加上--replace。",
            "The database holds data. To replace them, add --replace.",
        )
    if others:
        raise Trouble(
            f"还有{others}个程序连着数据库。请先停止网站和后台任务。",
            f"{others} programs are still connected to the database. Stop the site and the workers first.",
        )


def _photos(folder: Folder, source: Path) -> set[Path]:
    """Put the backup's photos in place; what was there stays until the database has changed."""
    kept = set()
    for path in source.rglob("*"):
        if path.is_file():
            target = folder.media / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
            kept.add(target)
    return kept


def _load(env: Mapping[str, str], dump: Path) -> None:
    """Replace the whole schema by the dump's, in one transaction."""
    url = env["DATABASE_URL"]
    script = dump.with_suffix(".sql")
    _tool(url, "pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(dump))
    ready = dump.with_suffix(".ready.sql")
    with reaching.connect(url) as connection, script.open("rb") as source, ready.open("wb") as target:
        before = b"DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public;\n"
        target.write(before)
        old = connection.info.server_version < 170000
        for line in source:
            if not (old and line.startswith(b"SET transaction_timeout")):
                target.write(line)
    _tool(url, "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "--single-transaction", "-f", str(ready))
    with reaching.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE")
