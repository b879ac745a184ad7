"""`lianxi manage demo_street`: load the invented street, or print who can log in."""

import random
import shutil
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation
from django.utils.translation import gettext

from lianxi.commons.accounts.models import Account
from lianxi.engines.ballots.group import BELENIOS_2048
from lianxi.portal.demo import PASSWORD, PEOPLE, load
from lianxi.portal.demo.polls import Kept
from lianxi.portal.trustee.keeping import Secret, seal

KEYS = "demo-trustees"
QUICK = 2**12
"""Cost of a guess at the passphrase of a demo key, which everybody knows."""
NAMES = {
    "units": "单位",
    "people": "人员",
    "past": "一年来的民情",
    "open": "在办的民情",
    "members": "党员",
    "plans": "名额方案",
    "rounds": "党小组编组",
    "polls": "无记名投票",
}


class Command(BaseCommand):
    help = "Load the demo street 砚湖街道 (invented), or print its people with --people."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", action="store_true", help="print who can log in, and with which password")
        parser.add_argument("--past", type=int, default=2400, help="closed voices of the past year")
        parser.add_argument("--members", type=int, default=3000, help="members of the register")
        parser.add_argument("--open", type=int, default=115, help="voices of these weeks, most of them open")
        parser.add_argument("--seed", type=int, default=2026)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["people"]:
            self._people()
            return
        if Account.objects.exists():
            raise CommandError(
                "The database is not empty: the demo street goes into an empty one only. 库里已有数据，示例街道只能装进空库。"
            )

        def told(what: str, done: int, total: int) -> None:
            self.stdout.write(
                f"  {NAMES[what]} {done:,} / {total:,}".replace(",", " "), ending="\n" if done == total else "\r"
            )
            self.stdout.flush()

        with translation.override("zh-hans"):
            loaded = load(
                at=timezone.now(),
                lot=random.Random(options["seed"]),
                told=told,
                past=options["past"],
                members=options["members"],
                present=options["open"],
            )
        settings.DATA.mkdir(parents=True, exist_ok=True)
        (settings.DATA / "demo-receipt.txt").write_text(loaded.code + "\n", encoding="utf-8")
        cards = [f"/vote/{loaded.vote.uuid}/#{card.replace('-', '')}" for card in loaded.vote.cards]
        (settings.DATA / "demo-cards.txt").write_text("\n".join(cards) + "\n", encoding="utf-8")
        self._keys(loaded.keys)

    def _keys(self, kept: list[Kept]) -> None:
        """The key files of the demo's trustees, so that a visitor can lead its votes on. Real ones never come near a server."""
        folder = settings.DATA / KEYS
        shutil.rmtree(folder, ignore_errors=True)
        for one in kept:
            secret = Secret(BELENIOS_2048, one.name, False, one.seed)
            seal(folder / one.vote / one.login, secret, PASSWORD, cost=QUICK)

    def _people(self) -> None:
        for username, name, what in PEOPLE:
            self.stdout.write(f"  {username:<12} {name}  {gettext(what)}")
        self.stdout.write(f"  密码 password: {PASSWORD}")
        receipt = settings.DATA / "demo-receipt.txt"
        if receipt.exists():
            self.stdout.write(f"  收件码 receipt code: {receipt.read_text(encoding='utf-8').strip()}")
        cards = settings.DATA / "demo-cards.txt"
        if cards.exists():
            for card in cards.read_text(encoding="utf-8").split():
                self.stdout.write(f"  选票卡 ballot card: {card}")
        if (settings.DATA / KEYS).exists():
            self.stdout.write(f"  监票人密钥 trustees' keys: {settings.DATA / KEYS}  口令 passphrase: {PASSWORD}")
