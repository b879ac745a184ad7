"""Logged out in the middle of writing, or the page too old: what was typed comes back into its form."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from tests.browser import Visit

from .conftest import browser_of

WORDS = "写了半天的登记，一个字也不能丢。"


def _expired(page: Any, *names: str) -> None:
    kept = [one for one in page.context.cookies() if one["name"] not in names]
    page.context.clear_cookies()
    page.context.add_cookies(kept)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("lost", [("sessionid",), ("sessionid", "csrftoken"), ("csrftoken",)])
def test_what_was_typed_comes_back_after_logging_in(
    world: SimpleNamespace, visit: Visit, house: str, lost: tuple[str, ...]
) -> None:
    client = browser_of(world.clerk)
    session = client.cookies["sessionid"].value
    page = visit("/voices/register/", cookies={"sessionid": session})
    page.fill("[name=text]", WORDS)
    page.check("[name=channel][value=window]")
    _expired(page, *lost)
    page.locator("main form button.btn-primary").click()
    if "csrftoken" in lost:
        page.locator("main .btn").filter(has_text="回到刚才那一页").click()
    if "sessionid" in lost:
        page.wait_for_url("**/account/login/**")
        assert "next=%2Fvoices%2Fregister%2F" in page.url or "next=/voices/register/" in page.url
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": house}])
        page.goto("/voices/register/")
    assert page.input_value("[name=text]") == WORDS
    assert page.is_checked("[name=channel][value=window]")
    assert "已放回这里" in page.inner_text("main form")
    page.goto("/voices/register/")
    assert page.input_value("[name=text]") == ""


@pytest.mark.django_db
def test_logging_in_leads_back_to_the_form_and_not_to_a_step(world: SimpleNamespace) -> None:
    note = "/voices/3417/note/"
    record = "http://testserver/voices/3417/"
    said = Client().post(note, {"text": WORDS}, headers={"referer": record})
    assert said["Location"] == "/account/login/?next=%2Fvoices%2F3417%2F"
    said = Client().post(note, {"text": WORDS}, headers={"referer": "https://evil.example/"})
    assert said["Location"] == "/account/login/"
    draft = "/voices/3417/do/draft/"
    said = Client().post(draft, {"facts": WORDS}, headers={"hx-request": "true", "hx-current-url": record})
    assert (said.status_code, said["X-Unsent"]) == (200, "1")
    assert said["HX-Redirect"] == "/account/login/?next=%2Fvoices%2F3417%2Fdo%2Fdraft%2F"
    said = Client().get(draft, headers={"hx-request": "true", "hx-current-url": record})
    assert said["HX-Redirect"] == "/account/login/?next=%2Fvoices%2F3417%2F"
