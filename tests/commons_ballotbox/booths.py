"""A voter in a real browser, before the real box."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lianxi.commons.ballotbox.models import Entry, Poll
from tests.browser import PHONE, Visit

from .conftest import Vote

SHOTS = os.environ.get("LIANXI_SHOTS", "")
WORDS = {
    "zh-hans": {"look": "看一遍，再投", "cast": "投出这张票", "in": "您的票已投出", "again": "再交一次", "open": "打开看看"},
    "en": {"look": "Look it over, then vote", "cast": "Cast this ballot", "in": "Your ballot is in", "again": "Send it again", "open": "Open it"},
}  # fmt: skip


class Voter:
    """Somebody with a card and a device."""

    def __init__(self, visit: Visit, vote: Vote, *, card: int | None = 0, language: str = "zh-hans", width: int = PHONE, **more: Any) -> None:  # fmt: skip
        self.vote, self.words = vote, WORDS[language]
        code = f"#{vote.cards[card].replace('-', '')}" if card is not None else ""
        self.name = f"{vote.poll.kind}-{width}-{language[:2]}{'-elder' if more.get('elder') else ''}"
        self.page = visit(f"/vote/{vote.poll.uuid}/{code}", width=width, language=language, **more)
        if more.get("script", True):
            self.page.locator("[data-sheet] fieldset").first.wait_for()
            if card is not None:
                self.page.locator("[data-card-known]").wait_for()

    def mark(self, *marks: str) -> None:
        """favour, oppose, abstain or '' for each item in turn."""
        for at, mark in enumerate(marks):
            if mark:
                self.page.locator(f"[data-item='{at}'] label:has([value={mark}])").click()

    def choose(self, *places: int) -> None:
        for place in places:
            self.page.locator(f"[data-item='0'] label:has([value='{place}'])").click()

    def press(self, word: str) -> None:
        self.page.get_by_role("button", name=self.words[word]).click()

    def look(self) -> list[str]:
        """Goes to the review; its lines."""
        self.press("look")
        self.page.locator("[data-part-review]").wait_for()
        return self.lines("[data-review]")

    def lines(self, where: str) -> list[str]:
        rows = self.page.locator(f"{where} dl > div").all_inner_texts()
        return [" ".join(row.split()) for row in rows]

    def cast(self) -> str:
        """Casts; the check code that is shown."""
        self.press("cast")
        return self.is_in()

    def is_in(self) -> str:
        self.page.locator("[data-part-done]").wait_for(timeout=20_000)
        code: str = self.page.locator("[data-done-code]").inner_text()
        return code

    def small_type(self) -> list[str]:
        """Texts that are smaller than large type may be."""
        found: list[str] = self.page.evaluate(
            """() => [...document.querySelectorAll('main *')].filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) || one.matches('input[type=text], select'))
                .filter((one) => one.checkVisibility() && !one.matches('script') && parseFloat(getComputedStyle(one).fontSize) < 20).map((one) => one.outerHTML.slice(0, 100))"""
        )
        return found

    def shoot(self, name: str, *, whole: bool = True) -> None:
        """A picture for somebody who looks, where LIANXI_SHOTS names a folder."""
        if SHOTS:
            self.page.screenshot(path=Path(SHOTS) / f"{name}-{self.name}.png", full_page=whole, animations="disabled")


def texts(poll: Poll) -> list[bytes]:
    """The ballots in the box, in their order."""
    from lianxi.commons.ballotbox.models import Blob

    found = Entry._base_manager.filter(poll=poll.pk, kind="Ballot").order_by("height").values_list("payload", flat=True)
    return [bytes(Blob._base_manager.get(poll=poll.pk, hash=one).text) for one in found]


def codes(poll: Poll) -> list[str]:
    """Their check codes."""
    from lianxi.engines.ballots.codes import check_code

    return [check_code(text) for text in texts(poll)]


def stored(page: Any) -> Sequence[str]:
    """What the browser still keeps for this site."""
    found: list[str] = page.evaluate("[...Object.values(sessionStorage), ...Object.values(localStorage)]")
    return found
