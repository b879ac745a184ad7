"""`make real`: walk the real messages of a folder through the services, print what came of it, and keep nothing."""

import random
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from lianxi.portal.demo.messages import walk_messages


class Command(BaseCommand):
    help = "Walk the real messages of FOLDER (messages.csv, replies.csv, reply_times.csv) through the services; rolled back at the end."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        if not (folder / "reply_times.csv").exists():
            raise CommandError(f"没有找到 {folder}/reply_times.csv。There is no {folder}/reply_times.csv.")

        def told(what: str, done: int, total: int) -> None:
            if done % 100 == 0 or done == total:
                self.stdout.write(f"  {done} / {total}", ending="\r" if done < total else "\n")
                self.stdout.flush()

        with transaction.atomic():
            found = walk_messages(folder, lot=random.Random(2026), told=told)
            transaction.set_rollback(True)
        for line in found.lines():
            self.stdout.write(line)
