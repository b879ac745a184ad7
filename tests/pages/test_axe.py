"""Every page of the table in a real browser, unfolded and ticked: axe finds nothing, nothing stands out, nothing goes out."""

from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Error

from lianxi.portal import urls
from tests.browser import DESK, PHONE, Visit, too_wide, violations

from . import addresses
from .conftest import browser_of

pytestmark = pytest.mark.browser

WHO = ("anybody", "handler", "secretary", "dispatcher", "supervisor", "publisher", "organiser", "clerk", "admin")
"""As whom a page is opened: the first of these who is let in."""
HURRY = ("/account/email/", "/account/signup/", "/account/confirm-email/", "/account/inactive/")
"""Pages of the account package that no page of the house leads to."""
PLAY = """() => {
    for (const one of document.querySelectorAll('details')) one.open = true
    for (const one of document.querySelectorAll('main input[type=checkbox]:not(:checked):not([data-select-all])')) {
        if (one.checkVisibility()) { one.click(); break }
    }
    const field = [...document.querySelectorAll('main input[type=text], main textarea')].find((one) => one.checkVisibility())
    if (field) { field.focus(); field.value = '路灯'; field.dispatchEvent(new Event('input', { bubbles: true })) }
}"""


def _pages(world: SimpleNamespace) -> dict[str, list[str]]:
    """Person → addresses of whole pages that are shown to him or her."""
    assert urls.urlpatterns
    found: dict[str, list[str]] = {}
    for route, row in addresses.read(world.people).items():
        who = next((name for name in WHO if row[name] == 200), None)
        if who and not route.startswith(HURRY) and not route.endswith((".xlsx", ".csv", ".json")):
            found.setdefault(who, []).append(addresses.filled(route, world))
    for who, address in world.walked:
        found.setdefault(who, []).append(address)
    return found


@pytest.mark.django_db(transaction=True)
def test_axe_finds_nothing_on_any_page_after_interaction(world: SimpleNamespace, visit: Visit) -> None:
    problems: list[str] = []
    for name, pages in _pages(world).items():
        client = browser_of(world.visitors[name])
        cookies = {key: client.cookies[key].value for key in client.cookies}
        width = PHONE if name in ("anybody", "clerk") else DESK
        page = visit("/accessibility/", width=width, cookies=cookies)
        for address in pages:
            page.set_viewport_size({"width": width, "height": 900})
            problems += [f"{name} {address}: {one}" for one in _looked(page, address)]
    assert problems == []


def _looked(page: Any, address: str) -> list[str]:
    page.said.clear()
    try:
        answer = page.goto(address)
    except Error as error:
        if "Download is starting" in str(error):
            return []  # a file
        raise
    if "<html" not in answer.text():
        return []  # a fragment, which stands in the page that fetches it
    page.evaluate(PLAY)
    page.wait_for_timeout(50)
    said: list[str] = page.said
    return violations(page) + _too_wide(page) + said


def _too_wide(page: Any) -> list[str]:
    """At a desk and on a phone; a sheet of paper is as wide as paper."""
    found: list[str] = []
    for width in () if page.locator("main.sheet").count() else (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{width}px: {one}" for one in too_wide(page)]
    return found
