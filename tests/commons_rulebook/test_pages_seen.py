"""The pages as a browser shows them: no sideways scrolling, no barrier, no error on the console."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client

pytestmark = pytest.mark.browser
PAGES = (
    "/rules/?mechanism=data", "/rules/X-11/", "/rules/E-51/", "/rules/F-15/?on=2026-03-01",
    "/rules/compare/?before=2025-06-01&after=2026-06-01", "/rules/print/?mechanism=data",
)  # fmt: skip


def barriers(page: Any) -> list[str]:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found.response["violations"]]


def fits(page: Any, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert barriers(page) == []
    assert page.said == []


@pytest.mark.parametrize(
    ("width", "language", "elder"), [(390, "zh-hans", ""), (1440, "en", ""), (390, "zh-hans", "1")]
)
@pytest.mark.parametrize("path", PAGES)
def test_pages_fit_and_have_no_barrier(
    show: Callable[..., Any], path: str, width: int, language: str, elder: str
) -> None:
    client = Client()
    client.cookies["language"], client.cookies["elder"] = language, elder
    fits(show(client, path, width), width)


@pytest.mark.parametrize("width", [390, 1440])
def test_what_a_keeper_opens_has_no_barrier(
    street: SimpleNamespace, officer: Any, signed_in: Callable[[Any], Client], show: Callable[..., Any], width: int
) -> None:
    client = signed_in(officer)
    fits(show(client, "/rules/S-02/change/", width), width)
    page = show(client, "/rules/X-11/", width)
    page.get_by_role("button", name="记录核对结果").click()
    assert page.get_by_role("dialog").is_visible()
    fits(page, width)
