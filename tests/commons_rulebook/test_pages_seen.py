"""The pages as a browser shows them: no sideways scrolling, no barrier, no word of the console."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone

from lianxi.commons.rulebook.models import LocalRule, RefusedChange

from .conftest import HOST

pytestmark = pytest.mark.browser
PAGES = [
    "/rules/?mechanism=participation",
    "/rules/X-11/",
    "/rules/E-51/",
    "/rules/F-15/?on=2026-03-01",
    "/rules/compare/?before=2022-01-01",
    "/rules/print/?mechanism=data",
]


def barriers(page: Any) -> list[str]:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found.response["violations"]]


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_fit_and_have_no_barrier(
    street: SimpleNamespace, browse: Callable[..., Any], width: int, language: str
) -> None:
    page = browse(Client(), width, language)
    for path in PAGES:
        page.goto(HOST + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert barriers(page) == [], path
    assert page.said == []


def test_the_large_type_fits_too(street: SimpleNamespace, browse: Callable[..., Any]) -> None:
    client = Client()
    client.cookies["elder"] = "1"
    page = browse(client, 390)
    for path in PAGES[:3]:
        page.goto(HOST + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        assert barriers(page) == [], path


def test_a_keeper_is_refused_then_succeeds_by_keyboard_and_click(
    street: SimpleNamespace, officer: Any, signed_in: Callable[[Any], Client], browse: Callable[..., Any]
) -> None:
    page = browse(signed_in(officer))
    page.goto(f"{HOST}/rules/X-11/")
    page.get_by_role("link", name="改本地数值").click()
    page.get_by_label("改为").fill("90")
    page.get_by_label("依据什么文件").fill("本街道2026年第5次主任办公会")
    page.get_by_label("为什么改").fill("维修队增加一组人")
    page.get_by_role("button", name="记下新数值").click()
    assert page.get_by_role("alert").first.inner_text().startswith("没有改成")
    assert page.get_by_label("改为").input_value() == "90"
    assert barriers(page) == []
    page.get_by_label("改为").fill("45")
    page.get_by_label("改为").press("Enter")
    page.wait_for_url(f"{HOST}/rules/X-11/")
    assert "45日" in page.get_by_role("article").inner_text()
    page.get_by_role("button", name="撤回").click()
    assert page.get_by_role("dialog").is_visible()
    assert barriers(page) == []
    page.get_by_label("为什么撤回").fill("改回")
    page.get_by_role("dialog").get_by_role("button", name="撤回").click()
    page.wait_for_load_state()
    made = LocalRule.objects.get()
    assert made.until is not None
    assert made.until < made.since
    assert made.until == timezone.localdate()
    assert RefusedChange.objects.count() == 1
