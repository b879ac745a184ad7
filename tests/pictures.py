"""`python -m tests.pictures http://127.0.0.1:8000/ RECEIPT-CODE`: take the pictures of docs/pictures/ from a running `make demo`.

Both languages, phone and desk. It raises two voices and uploads two rolls, which it discards: use it on a demo only.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from openpyxl import Workbook
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from lianxi.portal.starting.browser import browser as browser_path

WHERE = Path(__file__).resolve().parents[1] / "docs" / "pictures"
SIZES = {"phone": (390, 844), "desk": (1440, 900)}
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
LANGUAGES = {"zh": "zh-hans", "en": "en"}
COLOURS, MOST_BYTES, TALLEST = 96, 250_000, 2400
TEXTS = {
    "zh": (
        "望槐路12号院门口的路灯不亮了，一共3盏，老人晚上进出看不清台阶。希望这周能修。",
        "望槐路12号院门口",
    ),
    "en": (
        "Three street lamps at the gate of 12 Wanghuai Road are out. Old people cannot see the steps at night.",
        "Gate of 12 Wanghuai Road",
    ),
}
FULL_WIDTH = "".join(chr(ord(digit) + 0xFEE0) for digit in "13900000002")
ROLL = (
    ("姓名", "性别", "公民身份号码", "出生日期", "入党日期", "转正日期", "所在党支部", "联系电话"),
    (
        "周望舒",
        "男",
        "999123198005061018",
        "1980年5月6日",
        "2005.7.1",
        "2006-07-01",
        "望槐社区第一党支部",
        "139 0000 0001",
    ),
    (
        "苏 砚",
        "女",
        "999123197503121023",
        "1975-03-12",
        "1999/12/20",
        "2000-12-20",
        "望槐社区第一党支部",
        FULL_WIDTH,
    ),
    ("陆清和", "男", "999123198001011030", "1980-01-01", "2010-07-01", "2011-07-01", "望槐社区第一党支部", ""),
    (
        "何若谷",
        "女",
        "999123199001031043",
        "1990-13-01",
        "2015-07-01",
        "2016-07-01",
        "望槐社区第一党支部",
        "13900000004",
    ),
    ("乔映川", "男", "999123198808081055", "1988-08-08", "2012-07-01", "2013-07-01", "没有这个支部", "13900000005"),
)
"""A small roll as offices have it: mixed dates, full-width digits, a wrong number, a month 13, an unknown branch."""


class Camera:
    """Opens pages of one language and size, as somebody, and keeps their pictures."""

    def __init__(self, opened: Browser, base: str, language: str, size: str) -> None:
        self.opened, self.base, self.language, self.size = opened, base, language, size

    @contextmanager
    def as_(self, login: str = "", *, elder: bool = False) -> Iterator[Page]:
        width, height = SIZES[self.size]
        context = self.opened.new_context(
            viewport={"width": width, "height": height},
            base_url=self.base,
            locale=LOCALES[self.language],
            timezone_id="Asia/Shanghai",
        )
        given = {"language": LANGUAGES[self.language]} | ({"elder": "1"} if elder else {})
        context.add_cookies([{"name": name, "value": value, "url": self.base} for name, value in given.items()])
        page = context.new_page()
        page.set_default_timeout(30_000)
        if login:
            from lianxi.portal.demo import PASSWORD

            page.goto("/account/login/")
            page.fill("#id_login", login)
            page.fill("#id_password", PASSWORD)
            page.press("#id_password", "Enter")
            page.wait_for_url(lambda url: "/login/" not in url)
        yield page
        context.close()

    def keep(self, page: Page, name: str, *, whole: bool = False) -> None:
        """Keep what is seen as `name-size-language.png`, with few colours."""
        page.evaluate("document.activeElement && document.activeElement.blur()")
        width, height = SIZES[self.size]
        if whole:
            # As tall as the page, so that what sticks to the foot of a screen stands at the foot of the picture.
            tall = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": width, "height": min(tall, TALLEST)})
        page.evaluate("window.scrollTo(0, 0)")
        shot = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
        page.set_viewport_size({"width": width, "height": height})
        path = WHERE / f"{name}-{self.size}-{self.language}.png"
        shot.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
        assert path.stat().st_size < MOST_BYTES, f"{path.name} has {path.stat().st_size} bytes"


def resident(camera: Camera, code: str) -> None:
    """What a resident sees without an account."""
    text, address = TEXTS[camera.language]
    with camera.as_() as page:
        page.goto("/")
        camera.keep(page, "front-door", whole=camera.size == "phone")
        page.goto("/say/")
        page.fill("#id_text", text)
        page.fill("#id_address", address)
        page.wait_for_timeout(1500)
        camera.keep(page, "say", whole=camera.size == "phone")
        if camera.size == "phone":
            page.locator("form button[type=submit].btn-primary").last.click()
            page.wait_for_url("**/receipt/")
            camera.keep(page, "receipt", whole=True)
            page.set_viewport_size({"width": SIZES["desk"][0], "height": SIZES["desk"][1]})
            page.reload()
            Camera(camera.opened, camera.base, camera.language, "desk").keep(page, "receipt")
        page.set_viewport_size(dict(zip(("width", "height"), SIZES[camera.size], strict=True)))
        page.goto(f"/follow/{code}/")
        camera.keep(page, "follow", whole=camera.size == "phone")
    if camera.size == "phone":
        with camera.as_(elder=True) as page:
            page.goto("/")
            camera.keep(page, "front-door-elder")
            page.goto(f"/follow/{code}/")
            camera.keep(page, "follow-elder")


def projects(camera: Camera) -> None:
    """Residents' projects: a result with what an objection changed, a ballot, a result on display at the desk."""
    with camera.as_() as page:
        page.goto("/projects/")
        page.get_by_text("楼院小项目").first.click()
        camera.keep(page, "projects-result", whole=True)
        page.goto("/projects/")
        page.get_by_text("秋季小项目").first.click()
        page.locator("a[href$='/object/']").click()
        camera.keep(page, "projects-object")
    with camera.as_("luyanqiu") as page:
        page.goto("/rounds/")
        page.get_by_text("儿童和安全项目").first.click()
        page.goto(page.url + "slips/")
        page.fill("[name=number]", "1")
        page.locator("main form[method=post] button[type=submit]").first.click()
        code = page.locator(".lx-code-big").inner_text()
        page.goto(f"/projects/vote/{code}/")
        page.locator("[name=choices]").first.check()
        camera.keep(page, "projects-ballot")
    with camera.as_("luoqinghe") as page:
        page.goto("/rounds/")
        page.get_by_text("秋季小项目").first.click()
        camera.keep(page, "projects-record", whole=camera.size == "phone")


def polls(camera: Camera) -> None:
    """Secret votes: an open one, the roll drawn from the register, trustees, a result, and what everybody can check."""
    tall = camera.size == "phone"
    with camera.as_("linlan") as page:
        for words, name, part in (
            ("联席会议议题表决", "polls-record", ""),
            ("设立楼门党小组表决", "polls-result", ""),
            ("明年党建服务项目", "polls-people", "trustees/"),
            ("明年党建服务项目", "polls-roll", "roll/?draw=members"),
        ):
            page.goto("/polls/")
            page.get_by_text(words).first.click()
            page.wait_for_url("**/polls/*/")
            if part:
                page.goto(page.url + part)
            camera.keep(page, name, whole=tall and name != "polls-roll")
        page.goto("/polls/?view=published")
        page.get_by_text("优秀党务工作者推荐").first.click()
        page.wait_for_url("**/polls/*/")
        page.goto(page.locator("a[href^='/vote/']").first.get_attribute("href") or "")
        camera.keep(page, "polls-public", whole=True)


def staff(camera: Camera) -> None:
    """What staff see at the desk."""
    shots: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
        ("luyanqiu", (("today", "/today/"), ("voices", "/voices/"))),
        ("xuzhixing", (("figures", "/voices/figures/"), ("rule", "/rules/X-11/"))),
        ("zhuangwenxi", (("units", "/units/"), ("members", "/members/"))),
    )
    for login, pages in shots:
        with camera.as_(login) as page:
            for name, address in pages:
                page.goto(address)
                camera.keep(page, name)
            if login == "luyanqiu":
                _open_one_with_checks(page)
                camera.keep(page, "record", whole=camera.size == "phone")
            if login == "zhuangwenxi":
                _import(camera, page)


def _open_one_with_checks(page: Page) -> None:
    """A voice whose next step waits for something: the check says what is required, found, and by which article."""
    page.goto("/voices/?state=in_hand&order=received")
    links = "[...new Set([...document.querySelectorAll('main a')].map(a => a.getAttribute('href')))]"
    found = page.evaluate(links + r".filter(link => /^\/voices\/\d+\/$/.test(link))")
    for link in found[:8]:
        page.goto(link)
        if page.locator(".lx-checks").count() and page.locator("blockquote, .lx-timeline li").count() > 5:
            return


def _import(camera: Camera, page: Page) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "党员名册"
    for row in ROLL:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    page.goto("/papers/import/members/")
    page.set_input_files("#id_file", {"name": "党员名册.xlsx", "mimeType": "application/octet-stream", "buffer": out.getvalue()})  # fmt: skip
    page.locator("main form button[type=submit].btn-primary").click()
    page.wait_for_url("**/papers/*/")
    for _try in range(40):
        if page.locator("form[action$='/discard/']").count() and not page.locator("progress").count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    camera.keep(page, "import")


def main(base: str, code: str, only: str = "") -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxi.portal.settings")
    django.setup()
    WHERE.mkdir(parents=True, exist_ok=True)
    parts: tuple[Callable[[Camera], None], ...] = (lambda camera: resident(camera, code), projects, polls, staff)
    with sync_playwright() as playwright:
        for language in LANGUAGES:
            opened = playwright.chromium.launch(
                executable_path=browser_path(),
                args=[f"--lang={LOCALES[language]}"],
                env={**os.environ, "LANGUAGE": LOCALES[language].replace("-", "_")},
            )
            for size in SIZES:
                for part in parts:
                    if not only or only in (language, size):
                        part(Camera(opened, base.rstrip("/"), language, size))
            opened.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
