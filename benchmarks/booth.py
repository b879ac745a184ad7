"""How long a voter waits: `python -m benchmarks.booth [--times 5] [--slower 6]`.

A ballot of 20 candidates, at most 16, in Chromium, made by the built booth as it is served; from pressing *cast* until the
browser hands in the text of the ballot. Chromium's own throttling slows the page but not its workers; here the whole process of the
page is stopped and let go again, 10 ms of 12, so that page and worker together get a sixth of the time. How much slower that made it is
measured and printed. Nothing leaves the browser: every request is answered here.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import signal
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

ROOT = Path(__file__).resolve().parents[1]
ORIGIN = "http://127.0.0.1:9"
SURNAMES, GIVEN = "林沈陆周许韩顾严方宋梁何唐冯董尹程苏乔庄", "一二三四五六七八九十"
SPIN = "() => { const begin = performance.now(); let x = 1n; for (let at = 0; at < 1500000; at++) x = (x * 6364136223846793005n + 1442695040888963407n) % (1n << 64n); return performance.now() - begin }"
WATCH = """window.long = []; new PerformanceObserver((list) => window.long.push(...list.getEntries().map((one) => [one.startTime, one.duration]))).observe({ entryTypes: ['longtask'] });
window.frames = []; let last = performance.now(); const frame = (now) => { window.frames.push([now, now - last]); last = now; requestAnimationFrame(frame) }; requestAnimationFrame(frame)"""


def election(candidates: int, most: int, roster: int) -> tuple[Any, str]:
    """An election of the Chinese form, and a card."""
    from lianxi.engines.ballots import ceremony, chinese, credentials
    from lianxi.engines.ballots.election import BASE58, Election
    from lianxi.engines.ballots.group import BELENIOS_2048 as group

    names = [SURNAMES[at % len(SURNAMES)] + GIVEN[at // len(SURNAMES) % 10] + GIVEN[at % 10] for at in range(candidates + roster)]  # fmt: skip
    form = chinese.Form(tuple(names[:candidates]), most, tuple(names[candidates:]))
    _secret, public = ceremony.alone(group, secrets.randbelow)
    uuid = "".join(secrets.choice(BASE58) for _ in range(14))
    made = Election(uuid, "选举", form.described(""), group, public.key, form.questions)
    return made, credentials.credential(secrets.randbelow)


def page_of(uuid: str, most: int) -> str:
    """The booth as the server gives it out, of a poll that is not in any database."""
    from django.contrib.auth.models import AnonymousUser
    from django.test import RequestFactory

    from lianxi.commons.ballotbox.web import booth

    request: Any = RequestFactory().get("/")
    request.user, request.actor = AnonymousUser(), None
    poll = SimpleNamespace(pk=0, uuid=uuid, title="选举", about="", unit="社区党委", kind="candidates", most=most, revote=True)  # fmt: skip
    with patch.object(booth, "has_roster", return_value=True):
        return booth.booth(request, poll).content.decode()


@contextmanager
def slowed(times: float, pids: list[int]) -> Iterator[None]:
    """The processes get one part in `times` of the time."""
    if times <= 1:
        yield
        return
    over = threading.Event()
    run, rest = 0.002, 0.002 * (times - 1)

    def tell(what: int) -> None:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, what)

    def beat() -> None:
        while not over.is_set():
            tell(signal.SIGSTOP)
            time.sleep(rest)
            tell(signal.SIGCONT)
            time.sleep(run)

    thread = threading.Thread(target=beat)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        tell(signal.SIGCONT)


def renderers() -> list[int]:
    """The processes of pages that descend from this one, and no others."""
    above, pages = {}, []
    for one in Path("/proc").iterdir():
        try:
            pid, line = int(one.name), (one / "cmdline").read_bytes()
            above[pid] = int((one / "stat").read_text().rpartition(")")[2].split()[1])
        except (ValueError, OSError):
            continue
        if b"--type=renderer" in line:
            pages.append(pid)

    def ours(pid: int) -> bool:
        while pid > 1 and pid != os.getpid():
            pid = above.get(pid, 0)
        return pid == os.getpid()

    return [pid for pid in pages if ours(pid)]


class Booth:
    """The booth in a browser that reaches nobody."""

    def __init__(self, opened: Any, made: Any, card: str, most: int) -> None:
        self.made, self.card, self.sent = made, card, threading.Event()
        self.body = self.text = self.hints = b""
        self.page = opened.new_page(base_url=ORIGIN, viewport={"width": 390, "height": 844})
        self.html = page_of(made.uuid, most)
        self.page.route("**/*", self.answer)
        self.page.add_init_script(WATCH)
        self.page.goto(f"/vote/{made.uuid}/#{card.replace('-', '')}")
        self.page.locator("[data-card-known]").wait_for()

    def answer(self, route: Any) -> None:
        from lianxi.engines.ballots.codes import check_code

        path = route.request.url.removeprefix(ORIGIN).partition("?")[0]
        if path.startswith("/static/"):
            route.fulfill(path=ROOT / "src" / "lianxi" / "portal" / "built" / path.removeprefix("/static/"))
        elif path.endswith("/election.json"):
            route.fulfill(body=self.made.text, content_type="application/json")
        elif "/cards/" in path:
            route.fulfill(status=204)
        elif path.endswith("/ballots"):
            self.body = route.request.post_data_buffer
            self.text, _break, self.hints = self.body.partition(b"\n")
            route.fulfill(status=201, json={"code": check_code(self.text)})
        else:
            route.fulfill(body=self.html, content_type="text/html; charset=utf-8")

    def mark(self, lot: random.Random, most: int) -> None:
        fields = self.page.locator("[data-item]")
        for at in range(fields.count()):
            mark = "favour" if at < most else lot.choice(["oppose", "abstain"])
            self.page.evaluate("([at, mark]) => document.querySelector(`[data-item='${at}'] [value=${mark}]`).click()", [at, mark])  # fmt: skip
        self.page.locator("[data-do=look]").click()
        self.page.locator("[data-part-review]").wait_for()

    def cast(self) -> dict[str, float]:
        """Milliseconds by the clock of the page: until the text is there, the longest task, the longest gap of frames."""
        self.page.evaluate("""() => { window.took = new Promise((done) => {
            const before = window.fetch; window.fetch = (address, options) => { if (options?.method === 'POST') done(performance.now() - window.pressed); return before(address, options) } })
            document.querySelector('[data-do=cast]').addEventListener('click', () => { window.pressed = performance.now(); window.long.length = window.frames.length = 0 }, { capture: true, once: true }) }""")  # fmt: skip
        self.page.evaluate("document.querySelector('[data-do=cast]').click()")
        took: float = self.page.evaluate("window.took")
        self.page.locator("[data-part-done]").wait_for(timeout=60_000)
        tasks = self.page.evaluate("window.long.map(([, took]) => took)")
        frames = self.page.evaluate("window.frames.map(([, took]) => took)")
        return {"took": took, "task": max(tasks, default=0), "frame": max(frames, default=0)}


def measured(playwright: Any, path: str, times: int, slower: float, roster: int) -> None:
    from lianxi.engines.ballots import ballot, chinese, hints

    most, made_of = 16, 20
    found: list[dict[str, float]] = []
    ratio: list[float] = []
    for at in range(times):
        opened = playwright.chromium.launch(executable_path=path)
        made, card = election(made_of, most, roster)
        booth = Booth(opened, made, card, most)
        booth.mark(random.Random(at), most)
        plain = min(booth.page.evaluate(SPIN) for _warm in range(2))
        with slowed(slower, renderers()):
            ratio.append(booth.page.evaluate(SPIN) / plain)
            found.append(booth.cast())
        read = ballot.read_ballot(made, booth.text)
        ballot.check(made, read)
        form = chinese.form_of(made)
        assert form is not None
        chinese.check_links(made, form, read)
        assert hints.right(made, read, booth.hints)
        opened.close()
    middle = {name: statistics.median(one[name] for one in found) for name in found[0]}
    print(json.dumps({
        "candidates": made_of, "roster": roster, "most": most, "runs": times, "slower, as measured": round(statistics.median(ratio), 1),
        "from pressing to the text, s": round(middle["took"] / 1000, 2), "slowest run, s": round(max(one["took"] for one in found) / 1000, 2),
        "longest task of the page, ms (none over 50: 0)": round(middle["task"]), "longest gap between frames, ms": round(middle["frame"]),
        "bytes": len(booth.body),
    }, ensure_ascii=False))  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--slower", type=float, default=6)
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxi.portal.settings")
    os.environ.setdefault("LIANXI_TEST_KEYS", "1")
    import django

    django.setup()
    from playwright.sync_api import sync_playwright

    from lianxi.portal.starting.browser import browser

    path = browser()
    assert path, "no browser"
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        for roster in (0, 10):
            for slower in (1, given.slower):
                measured(playwright, path, given.times, slower, roster)


if __name__ == "__main__":
    main()
