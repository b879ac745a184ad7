"""The register in a real browser: the tree opens, a protected item shows and is recorded, axe finds nothing."""

from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.organization import grow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "language"), [(1440, "zh-hans"), (390, "zh-hans"), (1440, "en")])
def test_a_walk(chromium: Any, live_server: Any, street: SimpleNamespace, width: int, language: str) -> None:
    from lianxi.commons.accounts.models import Account
    from lianxi.commons.protection.models import Look

    town = grow(street)
    Account.objects.create_user("walker", "long-pass-2026", person=town.organiser)
    member, branch = town.members["zhou"].pk, town.first.pk
    troubles: list[str] = []
    browser = chromium
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.add_cookies([{"name": "language", "value": language, "url": live_server.url}])
    page = context.new_page()
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.goto(f"{live_server.url}/account/login/")
    page.fill("input[name=login]", "walker")
    page.fill("input[name=password]", "long-pass-2026")
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/*", wait_until="load")
    page.goto(f"{live_server.url}/units/")
    page.locator("summary", has_text="望槐社区党委").click()
    page.locator("a", has_text="望槐社区第一党支部").wait_for()
    seen = [_axe(page)]
    for path in (f"/units/{branch}/", "/units/terms/", "/members/", "/members/new/", "/members/mine/looks/"):
        page.goto(f"{live_server.url}{path}")
        seen.append(_axe(page))
    page.goto(f"{live_server.url}/members/{member}/")
    page.locator("#sealed-identity summary").click()
    page.fill("#reason-identity", "核对档案")
    page.locator("#sealed-identity form button").click()
    page.locator("#sealed-identity [data-gone-after]").wait_for()
    assert "*" not in page.locator("#sealed-identity .lx-sealed-text").inner_text()
    seen.append(_axe(page))
    context.close()
    assert [one for many in seen for one in many] == []
    assert troubles == []
    assert Look.objects.get().reason == "核对档案"


def _axe(page: Any) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{page.url} {one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]
