"""Cards as they come out of the printer: read by a program that reads codes, flat and as a photograph, and voted with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from scipy import ndimage

from lianxi.commons.ballotbox import services
from lianxi.commons.ballotbox.models import Poll
from tests.commons_ballotbox.booths import Voter
from tests.commons_ballotbox.conftest import Vote

from .conftest import People
from .test_cards import Giver, unlocked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DPI = 150
LONG = "关于把小区北门外的空地改成自行车棚和充电桩以及今后由谁管理、费用怎样分摊、几时动工的议题表决（第二次征求全体居民意见以后的修改稿）请大家认真看过说明再投"


def mm(length: float) -> float:
    """In pixels of a page that was drawn."""
    return length / 25.4 * DPI


def drawn(pdf: bytes) -> Iterator[Any]:
    """Each page in shades of grey."""
    for page in pypdfium2.PdfDocument(pdf):
        yield page.render(scale=DPI / 72, grayscale=True).to_numpy().squeeze()


def photographed(page: Any, angle: float, seed: int = 1) -> Any:
    """The page as a phone sees it: smaller, crooked, not sharp, in uneven light."""
    shot = ndimage.zoom(page.astype(np.float32), 0.75, order=1)
    shot = ndimage.gaussian_filter(ndimage.rotate(shot, angle, order=1, cval=255), 0.9)
    light = np.linspace(0.65, 0.95, shot.shape[0])[:, None] * np.linspace(1, 0.8, shot.shape[1])[None]
    noise = np.random.default_rng(seed).normal(0, 8, shot.shape)
    return np.clip(shot * light + 20 + noise, 0, 255).astype(np.uint8)


def read(page: Any) -> list[tuple[float, float, str]]:
    """The codes of a page: where the middle of each is, in pixels, and what it says."""
    found = zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormat.QRCode)
    middle = [((one.position.top_left.x + one.position.bottom_right.x) / 2, (one.position.top_left.y + one.position.bottom_right.y) / 2, one.text) for one in found]  # fmt: skip
    return sorted(middle, key=lambda one: one[1])


def words(page: Any, left: float, top: float, right: float, bottom: float) -> str:
    """What is written on a part of a page; millimetres from its corner above on the left."""
    scale, height = 72 / 25.4, page.get_height()
    return str(page.get_textpage().get_text_bounded(left * scale, height - bottom * scale, right * scale, height - top * scale))  # fmt: skip


def cut(page: Any) -> list[str]:
    """Words that do not fit into their part of the paper; those whose end may be left out are not asked."""
    page.emulate_media(media="print")
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('.ck-foil, .ck-half, .ck-to')].flatMap((box) => { const { bottom, right } = box.getBoundingClientRect()
            return [...box.querySelectorAll('*')].filter((one) => { const at = one.getBoundingClientRect(); return at.bottom > bottom - 8 || at.right > right - 8 }).map((one) => one.outerHTML.slice(0, 80)) })"""
    )
    page.emulate_media(media="screen")
    return found


def test_every_printed_code_is_the_card_and_votes(
    led: Callable[..., Vote], people: People, visit: Any, house: str, tmp_path: Path
) -> None:
    vote = led("preparing", voters=9)
    giver = Giver(people, vote, tmp_path)
    signs = [one["signs"] for one in unlocked(giver.make())["cards"]]
    address = f"{house}/vote/{vote.poll.uuid}/"
    wanted = [f"{address}#{one.replace('-', '')}" for one in signs]
    pdf = giver.pdf("[data-prints] button", "printed.pdf")
    pages = list(drawn(pdf))
    assert len(pages) == 3
    found = [[text for _x, _y, text in read(page)] for page in pages]
    assert found == [wanted[:4], wanted[4:8], wanted[8:]]
    for angle in (4.0, -9.0):
        shots = [text for page in pages for _x, _y, text in read(photographed(page, angle))]
        assert set(shots) == set(wanted)
    for number, one in enumerate(signs, 1):
        page, top = pypdfium2.PdfDocument(pdf)[(number - 1) // 4], 73 * ((number - 1) % 4)
        assert f"{number}号" in words(page, 0, top, 46, top + 73)
        assert one in "".join(words(page, 46, top, 128, top + 73).split()).replace("\x02", "-")

    vote.make_key()
    services.open_poll(vote.fresh(), **vote.organiser)
    vote.cards = [text.partition("#")[2] for text in found[2]]
    booth = Voter(visit, vote, card=0)
    assert booth.page.url == address
    booth.mark("favour", "oppose")
    booth.look()
    booth.cast()
    assert vote.fresh().ballots == 1
    assert people.wrong == []


def test_a_letter_to_each_says_the_name_outside_and_the_code_inside(
    led: Callable[..., Vote], people: People, tmp_path: Path
) -> None:
    vote = led("draft")
    roll = [("张伟", "一支部"), ("张伟", "二支部"), ("李芳", "")]
    services.set_roll(vote.poll, roll, **vote.organiser)
    services.prepare(vote.fresh(), **vote.organiser)
    giver = Giver(people, vote, tmp_path)
    cards = unlocked(giver.make(sent=True))["cards"]
    assert sorted((one["name"], one.get("note", "")) for one in cards) == sorted(roll)
    pdf = giver.pdf("[data-letter-prints] button", "letters.pdf")
    assert giver.page.locator(".ck-letter").count() == 0
    pages = list(drawn(pdf))
    assert len(pages) == 3
    for at, (card, page) in enumerate(zip(cards, pages, strict=True)):
        ((_x, y, text),) = read(page)
        assert text.endswith("#" + card["signs"].replace("-", ""))
        assert mm(99) < y < mm(197)
        paper = pypdfium2.PdfDocument(pdf)[at]
        outside, inside = words(paper, 0, 0, 210, 99), words(paper, 0, 99, 210, 297)
        assert card["name"] in outside
        assert card.get("note", "") in outside
        assert card["signs"] not in outside
        assert not any(one in inside for one in ("张伟", "李芳", "支部", f"{at + 1}号"))
    with giver.page.expect_download() as saved:
        giver.page.click("[data-csv]")
    lines = Path(saved.value.path()).read_text(encoding="utf-8-sig").split()
    assert lines[1:] == [f'"{one["number"]}","{one["name"]}","{one.get("note", "")}"' for one in cards]
    assert people.wrong == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_long_words_are_not_cut(led: Callable[..., Vote], people: People, tmp_path: Path, language: str) -> None:
    vote = led("draft")
    title = (
        LONG
        if language == "zh-hans"
        else "A very long question about the bicycle shed at the north gate, again, and more."
    )
    Poll._base_manager.filter(pk=vote.poll.pk).update(title=title[:80])
    name, place = "阿布都热依木·买买提明·吐尔逊江", "北门大街社区第十二网格第三支部五号楼"
    services.set_roll(vote.fresh(), [(name, f"{place}{n}单元") for n in "一二三"], **vote.organiser)
    services.prepare(vote.fresh(), **vote.organiser)
    giver = Giver(people, vote, tmp_path, language=language)
    giver.make(sent=True)
    for button in ("[data-prints] button", "[data-letter-prints] button"):
        giver.lay(button)
        assert cut(giver.page) == []
        giver.pdf(button, f"long-{language}.pdf")
    assert people.wrong == []
