"""Bring the database up to date: migrations, the cache table and, asked for a demo, the demo street.

Run as a child of the start (`python -m lianxi.portal.starting.prepare migrate | demo | people`), since it loads Django.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from lianxi.portal.starting.progress import tell


def migrate() -> None:
    """Apply what is pending, each migration in its own transaction, and say how far it is."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        done = 0

        def heard(action: str, migration: Any = None, fake: bool = False) -> None:
            nonlocal done
            if action == "apply_success":
                done += 1
                tell(done, len(plan), str(migration))

        _with_hook(heard, call_command)
    call_command("createcachetable", verbosity=0)


def _with_hook(heard: Any, call_command: Any) -> None:
    """Run `migrate` as Django does (with its signals), listening to its progress."""
    from django.core.management.commands.migrate import Command

    class Quiet(Command):
        def migration_progress_callback(self, action: str, migration: Any = None, fake: bool = False) -> None:
            heard(action, migration, fake)

    call_command(Quiet(), verbosity=0, interactive=False)


def empty() -> bool:
    """Whether nobody has an account yet."""
    from django.contrib.auth import get_user_model

    return not get_user_model()._base_manager.exists()


def demo(*options: str) -> None:
    """Load the demo street."""
    from django.core.management import call_command

    if _has("demo_street"):
        call_command("demo_street", *options)


def small() -> None:
    """Load a demo street with few voices: quick on a slow machine."""
    demo("--past", "24", "--open", "6")


def people() -> None:
    """Print who can log in to the demo, in Chinese, and below each line what its English says otherwise."""
    from io import StringIO
    from itertools import zip_longest

    from django.core.management import call_command
    from django.utils import translation

    if not _has("demo_street"):
        return
    spoken = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            call_command("demo_street", "--people", stdout=(out := StringIO()))
        spoken.append(out.getvalue().splitlines())
    for chinese, english in zip_longest(*spoken, fillvalue=""):
        print(chinese)
        if english != chinese:
            same = next(at for at, pair in enumerate(zip_longest(chinese, english)) if pair[0] != pair[1])
            print(" " * 15 + english[same:])
    sys.stdout.flush()


def _has(command: str) -> bool:
    from django.core.management import get_commands

    return command in get_commands()


def main() -> None:
    """Do the acts named on the command line, one after the other."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxi.portal.settings")
    import django

    django.setup()
    for act in sys.argv[1:]:
        if act == "empty":
            print("@empty" if empty() else "@filled", flush=True)
        else:
            {"migrate": migrate, "demo": demo, "small": small, "people": people}[act]()


if __name__ == "__main__":
    main()
