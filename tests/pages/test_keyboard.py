"""The intake and the desk by keyboard alone."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.browser import Visit

from .conftest import browser_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOW = "document.activeElement"


def _tab_to(page: Any, what: str, most: int = 60, key: str = "Tab") -> None:
    """Press Tab until the focused element matches; every stop on the way must show its focus."""
    for _step in range(most):
        page.keyboard.press(key)
        if page.evaluate(f"{NOW}.matches({what!r})"):
            return
        hidden = page.evaluate(
            f"(() => {{ const box = {NOW}.getBoundingClientRect(); return box.width === 0 && box.height === 0 && {NOW} !== document.body }})()"
        )
        assert not hidden, page.evaluate(f"{NOW}.outerHTML.slice(0, 200)")
    raise AssertionError(f"{what} was not reached; the focus is on {page.evaluate(f'{NOW}.outerHTML.slice(0, 200)')}")


def test_a_resident_says_something_and_reads_the_code(world: SimpleNamespace, visit: Visit) -> None:
    page = visit("/", width=390)
    _tab_to(page, "a[href='/say/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/say/")
    _tab_to(page, "#id_text")
    page.keyboard.type("北门口的路灯不亮，晚上看不见台阶。")
    _tab_to(page, "#id_place")
    page.keyboard.press("ArrowDown")
    _tab_to(page, "#id_address")
    page.keyboard.type("北门口")
    _tab_to(page, "input[name='kind']")
    page.keyboard.press("Space")
    assert page.evaluate(f"{NOW}.checked")
    _tab_to(page, "form[data-draft] button[type='submit'].btn-primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipt/")
    assert page.locator("h1").inner_text() == "收到了"


def test_a_handler_opens_today_finds_a_voice_and_writes_an_answer(world: SimpleNamespace, visit: Visit) -> None:
    client = browser_of(world.handler)
    page = visit("/today/", cookies={key: client.cookies[key].value for key in client.cookies})
    page.keyboard.press("Tab")
    assert page.evaluate(f"{NOW}.className") == "lx-skip"
    page.keyboard.press("Enter")
    _tab_to(page, "main a.lx-thing, main .btn-primary", most=3)
    page.keyboard.press("/")
    assert page.evaluate(f"{NOW}.type") == "search"
    page.keyboard.type("路灯")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/**")
    _tab_to(page, "main a[href^='/voices/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/voices/*/")
    _tab_to(page, "main details.lx-menu > summary")
    page.keyboard.press("Enter")
    assert page.evaluate(f"{NOW}.parentElement.open")
    page.keyboard.press("Escape")
    assert not page.evaluate(f"{NOW}.parentElement.open")
    page.goto(f"/voices/{world.records['/voices/']['pk']}/do/draft/")
    _tab_to(page, "textarea[name='facts']")
    page.keyboard.type("灯头老化4盏，已经换好。")
    _tab_to(page, "main form button.btn-primary")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/do/" not in url)
    assert "灯头老化4盏" in page.locator("#answer").inner_text()


def test_a_long_choice_is_found_by_typing(world: SimpleNamespace, visit: Visit) -> None:
    client = browser_of(world.organiser)
    page = visit("/people/", cookies={key: client.cookies[key].value for key in client.cookies})
    menu = page.locator("details.lx-filter").filter(has_text="听松社区第一党支部")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    menu.locator("input[type=search]:focus").wait_for()
    page.keyboard.type("听松 一党")
    assert menu.locator("a.lx-menu-item:visible").all_inner_texts() == ["听松社区第一党支部"]
    page.keyboard.press("Enter")
    page.wait_for_url("**unit=*")
    assert page.locator("details.lx-filter summary.lx-set").inner_text().strip() == "听松社区第一党支部"
