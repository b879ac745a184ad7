"""The subcommands of `lianxi` that start, look after and keep an installation: their arguments, and what they call."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lianxi.portal.starting import running
from lianxi.portal.starting.folder import Folder
from lianxi.portal.starting.supervise import Tree
from lianxi.portal.starting.words import say


@dataclass(frozen=True)
class Act:
    """A subcommand: how its arguments are declared, and the function that does it and returns the exit status."""

    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def _data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", type=Path, default=Path(os.environ.get("LIANXI_DATA", "data")), metavar="DIR",
        help="数据文件夹，默认data · data folder, default: data",
    )  # fmt: skip


def _address(parser: argparse.ArgumentParser) -> None:
    _data(parser)
    parser.add_argument("--port", type=int, default=8000, help="端口，默认8000 · port, default: 8000")
    parser.add_argument(
        "--host", default="127.0.0.1", help="监听地址，默认只限本机 · address to listen on, default: this machine only"
    )
    parser.add_argument("--processes", type=int, default=0, help="网站进程数 · web processes")


def _demo_arguments(parser: argparse.ArgumentParser) -> None:
    _address(parser)
    parser.add_argument(
        "--small", action="store_true", help="事情较少的示范街道，装入更快 · a street with few voices, loaded quickly"
    )
    parser.add_argument("--fresh", action="store_true", help="清空数据，重新开始 · begin again with empty data")


def _serve_arguments(parser: argparse.ArgumentParser) -> None:
    _address(parser)
    parser.add_argument("--no-worker", dest="worker", action="store_false", help="不启动后台任务 · without the jobs")
    parser.add_argument(
        "--no-migrate", dest="migrate", action="store_false", help="不更新数据库结构 · leave the database as it is"
    )


def _demo(asked: argparse.Namespace) -> int:
    return running.run(
        running.Wanted(
            _place(asked),
            host=asked.host,
            port=asked.port,
            fresh=asked.fresh,
            demo=True,
            small=asked.small,
            processes=asked.processes,
        )
    )


def _serve(asked: argparse.Namespace) -> int:
    return running.run(
        running.Wanted(
            _place(asked),
            host=asked.host,
            port=asked.port,
            worker=asked.worker,
            migrate=asked.migrate,
            processes=asked.processes,
        )
    )


def _worker(asked: argparse.Namespace) -> int:
    folder = Folder(_place(asked))
    with running.database(folder) as env, Tree() as tree:
        tree.start(running.worker(folder, env, logged=False))
        say("后台任务已启动。按Ctrl-C停止。", "The worker is running. Press Ctrl-C to stop.")
        tree.wait()
    return 0


def _manage_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="Django")


def _manage(asked: argparse.Namespace) -> int:
    folder = Folder(Path(os.environ.get("LIANXI_DATA", "data")).resolve())
    with running.database(folder) as env:
        env.pop("LIANXI_PROGRESS", None)
        return subprocess.run([sys.executable, "-m", "django", *asked.rest], env=env, check=False).returncode


def _doctor(asked: argparse.Namespace) -> int:
    from lianxi.portal.starting.doctor import examine

    return examine(Folder(_place(asked)))


def _backup_arguments(parser: argparse.ArgumentParser) -> None:
    _data(parser)
    parser.add_argument(
        "file", nargs="?", type=Path, help="备份文件，默认按时间命名 · backup file, named by the time if left out"
    )
    parser.add_argument(
        "--with-keys", action="store_true", help="连同密钥一起备份（请妥善保管） · include the keys (keep it safe)"
    )


def _backup(asked: argparse.Namespace) -> int:
    from lianxi.portal.starting.backup import backup as do

    return do(Folder(_place(asked)), asked.file, with_keys=asked.with_keys)


def _restore_arguments(parser: argparse.ArgumentParser) -> None:
    _data(parser)
    parser.add_argument("file", type=Path, help="备份文件 · backup file")
    parser.add_argument("--replace", action="store_true", help="替换现有数据 · replace what is there")


def _restore(asked: argparse.Namespace) -> int:
    from lianxi.portal.starting.backup import restore as do

    return do(Folder(_place(asked)), asked.file, replace=asked.replace)


def _place(asked: argparse.Namespace) -> Path:
    return Path(asked.data).expanduser().resolve()


demo = Act(_demo_arguments, _demo)
serve = Act(_serve_arguments, _serve)
worker = Act(_data, _worker)
doctor = Act(_data, _doctor)
backup = Act(_backup_arguments, _backup)
restore = Act(_restore_arguments, _restore)
manage = Act(_manage_arguments, _manage)
