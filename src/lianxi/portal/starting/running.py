"""`lianxi demo` and `lianxi serve`: from a data folder to a site that answers."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from lianxi.portal import translations
from lianxi.portal.starting import assets, bodies, reaching, ready, secrets
from lianxi.portal.starting.folder import Folder, in_use
from lianxi.portal.starting.postgres import Address, Server, is_free
from lianxi.portal.starting.processes import end_with_parent
from lianxi.portal.starting.progress import Steps
from lianxi.portal.starting.supervise import Child, Tree
from lianxi.portal.starting.words import Interrupted, Trouble, say

PREPARE = [sys.executable, "-m", "lianxi.portal.starting.prepare"]


@dataclass
class Wanted:
    """What was asked for on the command line."""

    data: Path
    host: str = "127.0.0.1"
    port: int = 8000
    fresh: bool = False
    demo: bool = False
    small: bool = False
    worker: bool = True
    migrate: bool = True
    processes: int = 0


def run(wanted: Wanted) -> int:
    """Start everything and stay until asked to stop. Raises Trouble; returns the exit status."""
    if os.environ.get("LIANXI_WITH_PARENT"):
        end_with_parent(signal.SIGTERM)
    outside = os.environ.get("DATABASE_URL", "")
    if wanted.fresh and outside:
        raise Trouble(
            "FRESH=1只用于自带的数据库；DATABASE_URL指向的数据库不会被清空。",
            "FRESH=1 is for the embedded database only; the one that DATABASE_URL names is never emptied.",
        )
    folder = Folder(wanted.data)
    folder.make()
    folder.hold()
    try:
        with Tree() as tree:
            with contextlib.suppress(Interrupted):
                _start(tree, folder, wanted, outside)
            say("正在停止……", "Stopping …")
            folder.announce(stopping=True)
        say("已停止，没有留下进程。数据仍在。", "Stopped; no process is left. The data stay.")
    finally:
        folder.release()
    return 0


def _start(tree: Tree, folder: Folder, wanted: Wanted, outside: str) -> None:
    tree.on_stop = lambda: folder.announce(stopping=True)
    root = assets.checkout()
    steps = Steps(2 + bool(root) + wanted.migrate + wanted.demo)
    if wanted.fresh:
        folder.clear()
    _check_port(wanted)
    if root:
        with steps.step("构建页面与译文", "Building pages and translations"):
            assets.build(root, steps)
            translations.compile_all()
    if not assets.built() and not root:
        raise Trouble(
            "缺少页面资源：请重新安装，或在源代码文件夹里运行make install。",
            "The built pages are missing: install again, or run make install in the clone.",
        )
    env = environment(folder, outside)
    with steps.step("启动数据库", "Starting the database"):
        if not outside:
            env["DATABASE_URL"] = _database(tree, folder, env).url
            folder.announce(database=env["DATABASE_URL"])
        else:
            reaching.connect(outside).close()
    if wanted.migrate:
        _prepare(tree, folder, wanted, env, steps)
    with steps.step("启动网站与后台任务", "Starting the site and its jobs"):
        address = _site(tree, folder, wanted, env)
    folder.announce(address=address, database=env["DATABASE_URL"], children=_pids(tree))
    _welcome(folder, wanted, address)
    tree.wait()


def environment(folder: Folder, outside: str = "") -> dict[str, str]:
    """The environment of every child. Secrets set outside win over the file, which is made if it is missing."""
    env = dict(os.environ)
    env.pop("LIANXI_TEST_KEYS", None)
    given = [name for name in secrets.NAMES[:3] if env.get(name)]
    if len(given) < 3 or not outside:
        kept = secrets.read(folder.secrets) or secrets.ensure(folder.secrets, data_exists=_has_data(folder, outside))
        env = kept | env
    source = str(assets.PACKAGE.parent)
    env |= {
        "LIANXI_DATA": str(folder.path), "DJANGO_SETTINGS_MODULE": "lianxi.portal.settings", "LIANXI_PROGRESS": "1",
        "LIANXI_BOUND": "1", "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1",
        "PYTHONPATH": os.pathsep.join(part for part in (source, os.environ.get("PYTHONPATH", "")) if part),
    }  # fmt: skip
    return env


def _has_data(folder: Folder, outside: str) -> bool:
    """Whether there is a database already, so that new keys would not open what it holds."""
    if not outside:
        return (folder.postgres / "PG_VERSION").exists()
    with reaching.connect(outside) as connection:
        return connection.execute("SELECT to_regclass('django_migrations')").fetchone()[0] is not None


def server(folder: Folder, env: dict[str, str]) -> Server:
    """The embedded server of this data folder, not started."""
    port = folder.run / "postgres.port"
    with contextlib.suppress(OSError, ValueError):
        return Server(
            folder.postgres, folder.run / "postgres.log", env["LIANXI_POSTGRES_PASSWORD"], port=int(port.read_text())
        )
    return Server(folder.postgres, folder.run / "postgres.log", env["LIANXI_POSTGRES_PASSWORD"])


def _database(tree: Tree, folder: Folder, env: dict[str, str]) -> Address:
    embedded = server(folder, env)

    def dead() -> bool:
        return embedded.process is None or embedded.process.poll() is not None

    def revive() -> None:
        say("! 数据库意外结束，正在恢复", "  The database ended unexpectedly and is being recovered")
        before = embedded.port
        embedded.process = None
        embedded.start()
        if embedded.port != before:
            raise Trouble(
                f"数据库的端口{before}被占用，请重新启动。",
                f"The database's port {before} was taken; please start again.",
            )

    tree.watch(dead, revive, embedded.stop)
    address = embedded.start()
    (folder.run / "postgres.port").write_text(str(address.port))
    return address


def _prepare(tree: Tree, folder: Folder, wanted: Wanted, env: dict[str, str], steps: Steps) -> None:
    """Bring tables and demo up to date. A database that is as we left it is not looked at again."""
    url, note = env["DATABASE_URL"], folder.run / "prepared"
    loaded = not wanted.demo or (folder.people.exists() and not folder.loading.exists())
    filled = True
    with steps.step("更新数据库结构", "Bringing the database up to date"):
        if not (ready.unchanged(url, note) and loaded):
            filled = _migrated(tree, env, steps)
            ready.record(url, note)
    if wanted.demo:
        with steps.step("装入示范街道", "Loading the demo street"):
            if not loaded:
                _load_demo(tree, folder, env, steps, filled, "small" if wanted.small else "demo")


def _migrated(tree: Tree, env: dict[str, str], steps: Steps) -> bool:
    """Migrate; returns whether people have accounts already."""
    zh, en = "数据库结构更新失败。", "Bringing the database up to date failed."
    return "@filled" in _child(tree, [*PREPARE, "migrate", "empty"], env, steps, zh, en)


def _load_demo(tree: Tree, folder: Folder, env: dict[str, str], steps: Steps, filled: bool, size: str) -> None:
    """Load the demo street once. A load that was cut short begins again on an empty database."""
    if folder.loading.exists() and filled and not os.environ.get("DATABASE_URL"):
        _empty_database(env["DATABASE_URL"])
        filled = _migrated(tree, env, steps)
        ready.record(env["DATABASE_URL"], folder.run / "prepared")
    if not filled:
        folder.loading.write_text("")
        _child(tree, [*PREPARE, size], env, steps, "示范街道装入失败。", "Loading the demo street failed.")
    people = _child(tree, [*PREPARE, "people"], env, steps, "示范街道装入失败。", "Loading the demo street failed.")
    if people:
        folder.people.write_text("\n".join(people) + "\n", encoding="utf-8")
    folder.loading.unlink(missing_ok=True)


def _empty_database(url: str) -> None:
    with reaching.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


def _child(tree: Tree, argv: list[str], env: dict[str, str], steps: Steps, zh: str, en: str) -> list[str]:
    """Run a preparing child under the running step; its last lines explain a failure."""
    lines: list[str] = []
    try:
        for line in tree.run(argv, env):
            if not steps.note(line):
                lines.append(line)
    except subprocess.CalledProcessError as error:
        said = "\n".join(lines[-12:])
        if "No space left" in said:
            from lianxi.portal.starting.words import disk_full

            raise disk_full(env["LIANXI_DATA"]) from error
        raise Trouble(zh, en, detail=said) from error
    return lines


def _check_port(wanted: Wanted) -> None:
    until = time.monotonic() + 2
    while not is_free(wanted.port, wanted.host):
        if time.monotonic() > until:
            raise Trouble(
                f"端口{wanted.port}已被别的程序占用。请换一个，例如PORT={wanted.port + 1}。",
                f"Port {wanted.port} is taken by another program. Choose another, for example PORT={wanted.port + 1}.",
            )
        time.sleep(0.1)


def _site(tree: Tree, folder: Folder, wanted: Wanted, env: dict[str, str]) -> str:
    count = wanted.processes or max(1, min(2 if wanted.demo else 4, os.cpu_count() or 1))
    web_env = dict(env)
    if wanted.host not in ("127.0.0.1", "localhost", "::1") and "LIANXI_HOSTS" not in env:
        web_env["LIANXI_HOSTS"] = "*"
    log = folder.run / "web.log" if wanted.demo else None
    web = Child(
        ("网站", "site"),
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", wanted.host, "--port", str(wanted.port),
         "--workers", str(count), "--blocking-threads", str(sum(bodies.sizes(env))), "--respawn-failed-workers",
         "--workers-kill-timeout", "10", "--no-ws", "lianxi.portal.starting.web:application"],
        web_env, log, grace=5 if wanted.demo else 20, answered=False,
    )  # fmt: skip
    tree.start(web)
    address = f"http://{'127.0.0.1' if wanted.host in ('0.0.0.0', '::') else wanted.host}:{wanted.port}/"  # noqa: S104
    _answers(web, wanted, address)
    if wanted.worker:
        tree.start(worker(folder, {"LIANXI_URL": address} | env, log is not None))
    return address


def worker(folder: Folder, env: dict[str, str], logged: bool) -> Child:
    """The process that does the jobs."""
    return Child(
        ("后台任务", "worker"),
        [sys.executable, "-m", "django", "procrastinate", "worker", "--concurrency", env.get("LIANXI_JOBS", "2")],
        env, folder.run / "worker.log" if logged else None,
    )  # fmt: skip


def _answers(web: Child, wanted: Wanted, address: str) -> None:
    until = time.monotonic() + 300
    host = urlsplit(address).hostname or "127.0.0.1"
    while time.monotonic() < until and not web.ended():
        connection = http.client.HTTPConnection(host, wanted.port, timeout=30)
        try:
            connection.request("GET", "/", headers={"Host": f"127.0.0.1:{wanted.port}"})
            if connection.getresponse().status < 500:
                web.answered = True
                return
            break
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise Trouble(
        f"网站没有启动成功。{f'记录在{web.log}。' if web.log else ''}",
        f"The site did not start.{f' Its log: {web.log}.' if web.log else ''}",
        detail=web.last_words(),
    )


def _pids(tree: Tree) -> dict[str, int]:
    return {child.names[1]: child.process.pid for child in tree.children if child.process}


def _welcome(folder: Folder, wanted: Wanted, address: str) -> None:
    print()
    say(f"联席已启动：{address}", f"Lianxi is running: {address}")
    if wanted.demo and folder.people.exists():
        print(folder.people.read_text(encoding="utf-8"), flush=True)
    say("按Ctrl-C停止。", "Press Ctrl-C to stop.")


@contextmanager
def database(folder: Folder) -> Iterator[dict[str, str]]:
    """The environment of a single command with a database that answers: the outside one, the one that already runs in
    this data folder, or the embedded server started for the time of the command."""
    folder.make(room=0)
    if outside := os.environ.get("DATABASE_URL", ""):
        yield environment(folder, outside)
        return
    if folder.held_elsewhere():
        until = time.monotonic() + 60
        while not (url := folder.holder().get("database")) and time.monotonic() < until:
            time.sleep(0.1)
        if not url:
            raise in_use(folder.path, folder.holder())
        yield environment(folder) | {"DATABASE_URL": str(url)}
        return
    folder.hold()
    env = environment(folder)
    embedded = server(folder, env)
    try:
        url = embedded.start().url
        folder.announce(database=url)
        yield env | {"DATABASE_URL": url}
    finally:
        embedded.stop()
        folder.release()
