"""Cards of a large roll: `python -m benchmarks.cards [--rolls 300,3000] [--keep FOLDER] [--letters]`.

A database and the web server of their own; the card giver is logged in at the real page in Chromium, makes the cards, saves the file,
reads it back, registers, and prints every part to PDF. Measures, for each roll: seconds to make and to register; for each part that is printed, seconds until the sheets
are on the page and until the PDF is there, and its size; the longest time for which the page answered nobody; the memory of the page's process.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from .booth import renderers
from .house import house, served

WORDS = "a passphrase of the benchmark"
WATCH = """window.long = []; new PerformanceObserver((list) => window.long.push(...list.getEntries().map((one) => Math.round(one.duration)))).observe({ entryTypes: ['longtask'] });
window.gap = 0; let last = performance.now(); setInterval(() => { const now = performance.now(); window.gap = Math.max(window.gap, now - last - 20); last = now }, 20); window.print = () => { window.printed = performance.now() }"""


def prepared(file: str, rolls: list[int]) -> None:
    """For each roll a vote that is being prepared, and the session of its card giver."""
    import django

    django.setup()
    from django.test import Client
    from tests.commons_ballotbox.conftest import vote
    from tests.street import build_street

    from lianxi.commons.accounts.models import Account
    from lianxi.commons.permissions import asking, system

    with asking(system("voices.clock")):
        street = build_street()
        polls = [vote(street, random.Random(secrets.randbits(64)), "preparing", voters=roll).poll.pk for roll in rolls]
        account = Account.objects.create_user("giver", person=street.clerk)
        client = Client()
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    Path(file).write_text(json.dumps({"polls": polls, "session": client.cookies["sessionid"].value}))


def memory() -> dict[str, float]:
    """MB of the largest process of a page: now, and at most so far."""
    found = []
    for pid in renderers():
        lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
        found.append([int(lines[name].split()[0]) // 1024 for name in ("VmRSS", "VmHWM")])
    now, most = max(found)
    return {"now": now, "most": most}


def freeze(page: Any) -> dict[str, float]:
    found = page.evaluate("() => { const said = { gap: Math.round(window.gap), task: Math.max(0, ...window.long) }; window.gap = 0; window.long.length = 0; return said }")  # fmt: skip
    return {"longest gap, ms": found["gap"], "longest task, ms": found["task"]}


def told(**facts: Any) -> None:
    print(json.dumps({name.replace("_", " "): round(said, 2) if isinstance(said, float) else said for name, said in facts.items()}, ensure_ascii=False), flush=True)  # fmt: skip


def measured(page: Any, poll: int, roll: int, keep: Path, sent: bool) -> None:
    page.goto(f"/polls/{poll}/cards/")
    told(roll=roll, page=memory())
    if sent:
        page.check("#make-sent")
    page.fill("#make-pass", WORDS)
    page.fill("#make-again", WORDS)
    page.evaluate("window.gap = 0")
    began = time.perf_counter()
    page.locator("[data-form-make] button").click()
    page.wait_for_selector("[data-saving]:not([hidden])", timeout=300_000)
    told(step="make", s=time.perf_counter() - began, MB=memory(), **freeze(page))
    with page.expect_download() as saved:
        page.click("[data-save]")
    saved.value.save_as(keep / f"{roll}.cards")
    page.set_input_files("#cards-back", keep / f"{roll}.cards")
    began = time.perf_counter()
    page.locator("[data-go-on]").click()
    page.wait_for_selector("[data-have]:not([hidden])", timeout=120_000)
    told(step="register", s=time.perf_counter() - began, MB=memory(), **freeze(page))
    prints = "[data-letter-prints]" if sent else "[data-prints]"
    buttons = page.locator(f"{prints} button")
    for at in range(buttons.count()):
        page.evaluate("window.gap = 0; window.long.length = 0; window.printed = 0")
        page.evaluate("([prints, at]) => document.querySelectorAll(`${prints} button`)[at].addEventListener('click', () => { window.pressed = performance.now() }, { capture: true, once: true })", [prints, at])  # fmt: skip
        buttons.nth(at).click()
        page.evaluate(
            "() => new Promise((go) => { const look = () => (window.printed ? go(true) : setTimeout(look, 5)); look() })"
        )
        sheets, gaps = page.evaluate("window.printed - window.pressed") / 1000, freeze(page)
        page.emulate_media(media="print")
        began = time.perf_counter()
        made = page.pdf(prefer_css_page_size=True, print_background=False)
        took = time.perf_counter() - began
        page.emulate_media(media="screen")
        (keep / f"{roll}-{at + 1}.pdf").write_bytes(made)
        pages = made.count(b"/Type /Page\n") + made.count(b"/Type /Page ")
        told(step=buttons.nth(at).inner_text(), sheets=sheets, PDF=took, pages=pages, KB=len(made) // 1000, MB=memory(), **gaps)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rolls", default="300,3000")
    parser.add_argument("--keep", default="")
    parser.add_argument("--letters", action="store_true", help="cards that are sent")
    parser.add_argument("--prepare", default="", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    rolls = [int(one) for one in asked.rolls.split(",")]
    if asked.prepare:
        prepared(asked.prepare, rolls)
        return
    from playwright.sync_api import sync_playwright

    from lianxi.portal.starting.browser import browser

    path = browser()
    assert path, "no browser"
    with house() as (env, where):
        file = where / "prepared.json"
        run = [sys.executable, "-m", "benchmarks.cards", "--rolls", asked.rolls, "--prepare", str(file)]
        subprocess.run(run, env=env, check=True)
        given = json.loads(file.read_text())
        keep = Path(asked.keep or where)
        keep.mkdir(parents=True, exist_ok=True)
        with served(env, 1) as (port, _pids), sync_playwright() as playwright:
            for poll, roll in zip(given["polls"], rolls, strict=True):
                opened = playwright.chromium.launch(executable_path=path)
                base = f"http://127.0.0.1:{port}"
                context = opened.new_context(base_url=base, viewport={"width": 1440, "height": 900})
                context.add_cookies([{"name": "sessionid", "value": given["session"], "url": base}, {"name": "language", "value": "zh-hans", "url": base}])  # fmt: skip
                context.add_init_script(WATCH)
                measured(context.new_page(), poll, roll, keep, asked.letters)
                opened.close()


if __name__ == "__main__":
    os.environ.setdefault("LIANXI_TEST_KEYS", "1")
    main()
