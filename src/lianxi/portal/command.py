"""The command `lianxi`. Another room adds a subcommand by one row in `COMMANDS`."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from lianxi.portal.starting.words import Interrupted, Trouble, complain, plain_output

COMMANDS: dict[str, tuple[str, str, str]] = {
    # name: (module:object with add_arguments(parser) and run(asked) -> int, help in Chinese, in English)
    "demo": ("lianxi.portal.starting.acts:demo", "启动示范街道", "start the demo street"),
    "serve": (
        "lianxi.portal.starting.acts:serve",
        "启动网站与后台任务（正式使用）",
        "start the site and its jobs (production)",
    ),
    "worker": ("lianxi.portal.starting.acts:worker", "只启动后台任务", "start the jobs only"),
    "doctor": (
        "lianxi.portal.starting.acts:doctor",
        "检查安装，说明问题所在",
        "say in words what is wrong with the installation",
    ),
    "backup": ("lianxi.portal.starting.acts:backup", "备份数据库和照片", "back up database and photos"),
    "restore": ("lianxi.portal.starting.acts:restore", "从备份恢复", "restore from a backup"),
    "apportion": (
        "lianxi.portal.reckoning.apportion:apportion",
        "按比例分配席位",
        "apportion seats to units and trades",
    ),
    "share": (
        "lianxi.portal.reckoning.share:share",
        "按平等份额分配项目资金",
        "spend a budget of projects by equal shares",
    ),
    "place": (
        "lianxi.portal.reckoning.place:place",
        "按志愿把成员编入小组",
        "place members into groups by their wishes",
    ),
    "verify": (
        "lianxi.portal.reckoning.verify:verify",
        "核验一份计算证书",
        "check the certificate of a computation",
    ),
    "ballots": (
        "lianxi.portal.reckoning.hints:ballots",
        "选举档案：写出使核验加快的提示",
        "archives of elections: write hints that make verification faster",
    ),
    "trustee": (
        "lianxi.portal.trustee.command:trustee",
        "监票人：生成密钥、核验后解密（不用联网）",
        "trustees: make keys, verify and decrypt (offline)",
    ),
    "manage": ("lianxi.portal.starting.acts:manage", "运行Django管理命令", "run a Django management command"),
}


def parser() -> argparse.ArgumentParser:
    """The command line, with its help in both languages."""
    root = argparse.ArgumentParser(
        prog="lianxi", description="联席：街道与社区的共同平台 · Lianxi: the platform of a street and its communities"
    )
    root.add_argument("--version", action="version", version=f"lianxi {_version()}")
    acts = root.add_subparsers(dest="act", metavar="…", required=True)
    for name, (place, zh, en) in COMMANDS.items():
        one = acts.add_parser(name, help=f"{zh} · {en}", description=f"{zh} · {en}", add_help=name != "manage")
        module, _, attribute = place.partition(":")
        act = getattr(importlib.import_module(module), attribute)
        act.add_arguments(one)
        one.set_defaults(run=act.run)
    return root


def main(arguments: list[str] | None = None) -> int:
    """Run the command; a trouble becomes one clear sentence in each language and exit status 1."""
    plain_output()
    asked = parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = asked.run
    try:
        return run(asked)
    except Trouble as trouble:
        return complain(trouble)
    except (Interrupted, KeyboardInterrupt):
        return 130
    except OSError as error:
        from lianxi.portal.starting.words import from_os_error

        return complain(from_os_error(error, error.filename or getattr(asked, "data", None) or Path.cwd()))


def _version() -> str:
    try:
        return version("lianxi")
    except PackageNotFoundError:
        return os.environ.get("LIANXI_VERSION", "0")


if __name__ == "__main__":
    sys.exit(main())
