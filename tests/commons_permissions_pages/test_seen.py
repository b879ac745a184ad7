"""The pages in the browser: seen at desk and phone width, and usable by whoever cannot see them."""

import os
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.browser import too_wide, violations
from tests.officers import PASSWORD, account_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shots() -> Path | None:
    """Where pictures are left, if anywhere."""
    folder = os.environ.get("LIANXI_SHOTS", "")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
    return Path(folder) if folder else None


def enter(page: Any, person: Any) -> None:
    page.fill("input[name=login]", account_of(person).username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url(re.compile("^(?!.*login).*$"))


@pytest.mark.parametrize("width", [1440, 390])
def test_appointing_from_the_list_to_the_history(
    office: SimpleNamespace, visit: Any, width: int, shots: Path | None
) -> None:
    account_of(office.outsider)
    page = visit("/account/login/?next=/people/", width=width)
    enter(page, office.organiser)
    page.get_by_text("安排职务").first.click()
    page.fill("#id_who", account_of(office.outsider).username)
    page.select_option("#id_unit", label="望槐社区党委")
    page.select_option("#id_role", "clerk")
    page.fill("#id_reason", "望街任〔2026〕9号")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/account/reauthenticate/**")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/people/appoint/")
    assert page.input_value("#id_reason") == "望街任〔2026〕9号"
    page.click("main form button[type=submit]")
    page.wait_for_url(re.compile(r".*/people/\d+/$"))
    assert "望街任〔2026〕9号" in page.inner_text("main")
    for path in (
        "/people/",
        "/account/permissions/",
        page.url,
        "/account/tokens/",
        "/account/looks/",
        "/people/export/",
    ):
        page.goto(path if path.startswith("http") else page.url.split("/people")[0].split("/account")[0] + path)
        assert too_wide(page) == [], path
        assert violations(page) == [], path
        if shots:
            page.screenshot(path=shots / f"accounts{path.replace('/', '_')[-24:]}{width}.png", full_page=True)
    assert page.said == []
