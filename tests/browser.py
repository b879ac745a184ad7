"""A real browser for the tests of pages. `visit("/parts/", width=390, language="en", elder=True)` opens one page."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

# Playwright's synchronous face keeps a loop in this thread; Django's database is not used inside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

PHONE, DESK = 390, 1440
Visit = Callable[..., Any]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """The browser of this machine, once for a module: its loop must not run on while other tests start loops of their own."""
    from playwright.sync_api import sync_playwright

    from lianxi.portal.starting.browser import browser

    path = browser()
    assert path, "no browser: `make test` says how to get one"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path)
        yield opened
        opened.close()


@pytest.fixture
def house(live_server: Any) -> str:
    """Where the house runs. A folder whose pages need no data may give a faster one."""
    return str(live_server.url)


@pytest.fixture
def visit(chromium: Any, house: str) -> Iterator[Visit]:
    """Open a page of the running house. `page.said` collects what the browser complains of."""
    contexts = []

    def open_page(
        address: str,
        *,
        width: int = DESK,
        language: str = "zh-hans",
        elder: bool = False,
        script: bool = True,
        cookies: dict[str, str] | None = None,
        **options: Any,
    ) -> Any:
        size = {"width": width, "height": 844 if width < 700 else 900}
        context = chromium.new_context(viewport=size, java_script_enabled=script, base_url=house, **options)
        contexts.append(context)
        given = {"language": language} | ({"elder": "1"} if elder else {}) | (cookies or {})
        context.add_cookies([{"name": name, "value": value, "url": house} for name, value in given.items()])
        page = context.new_page()
        page.set_default_timeout(8000)
        page.said = []
        page.on("console", lambda line: page.said.append(line.text) if line.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("request", lambda asked: page.said.append(asked.url) if not _own(asked.url, house) else None)
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()


def _own(url: str, house: str) -> bool:
    return url.startswith((house, "data:", "blob:", "about:"))


def violations(page: Any) -> list[str]:
    """What axe finds wrong on the page as it stands: WCAG 2.2 A and AA, and best practices."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{one['id']}: {one['help']}: {node['html'][:160]} {node['target']}" for one in found for node in one["nodes"]
    ]


def too_wide(page: Any) -> list[str]:
    """Elements that stand out of the page to the right; empty if nothing must be scrolled sideways."""
    result: list[str] = page.evaluate(
        """() => { function* parents(one) { while ((one = one.parentElement) && one !== document.body) yield one }
            return document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')]
            .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && ![...parents(one)].some((above) => getComputedStyle(above).overflowX !== 'visible'))
            .map((one) => one.outerHTML.slice(0, 120)) }"""
    )
    return result


def small_targets(page: Any, least: int = 44) -> list[str]:
    """Buttons, fields and links outside sentences that are lower than `least` pixels."""
    result: list[str] = page.evaluate(
        """(least) => [...document.querySelectorAll('button, input:not([type=hidden]), select, textarea, summary, a')]
            .filter((one) => one.checkVisibility() && !one.closest('.lx-skip, p, li, .visually-hidden, dialog:not([open])'))
            .filter((one) => (one.closest('label') ?? one).getBoundingClientRect().height < least - 0.5)
            .map((one) => one.outerHTML.slice(0, 120))""",
        least,
    )
    return result
