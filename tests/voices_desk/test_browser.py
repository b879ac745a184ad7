"""The walk in a real browser, by keyboard, at desk and phone; axe after each thing that was done."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from lianxi.participation.voices.models import Voice
from tests.browser import DESK, PHONE, too_wide, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Walked = Callable[..., Voice]


@pytest.fixture
def desk(street: SimpleNamespace, as_: Callable[..., Client], visit: Any) -> Callable[..., Any]:
    """Open a page of the desk as a person."""

    def open_(who: Any, path: str, **options: Any) -> Any:
        return visit(path, cookies={"sessionid": as_(who).cookies["sessionid"].value}, **options)

    return open_


def _whole(page: Any) -> None:
    """Nothing stands out to the right, the browser complains of nothing, axe finds nothing."""
    assert not too_wide(page)
    assert not page.said
    assert not violations(page)


def _press(page: Any, selector: str) -> None:
    """Reach something by its focus and press Enter on it, as somebody without a mouse."""
    page.locator(selector).first.focus()
    page.keyboard.press("Enter")


def _write(page: Any, name: str, text: str) -> None:
    page.locator(f"dialog [name={name}]").first.focus()
    page.keyboard.insert_text(text)


def _choose(page: Any, name: str, value: Any) -> None:
    page.locator(f'dialog [name={name}][value="{value}"]').first.focus()
    page.keyboard.press("Space")


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_from_accepting_to_the_answer_by_keyboard(
    street: SimpleNamespace, walked: Walked, desk: Callable[..., Any], width: int
) -> None:
    s, voice = street, walked("received")
    there = f"/voices/{voice.pk}/"

    def step(who: Any, fill: Callable[[Any], None], state: str) -> None:
        page = desk(who, there, width=width)
        _whole(page)
        _press(page, ".lx-owner .btn-primary")
        page.locator("dialog[open]").wait_for()
        fill(page)
        _whole(page)
        with page.expect_navigation():
            _press(page, "dialog .btn-primary")
        page.locator(".lx-record").wait_for()
        voice.refresh_from_db()
        assert voice.state == state
        _whole(page)
        page.context.close()

    def draft(page: Any) -> None:
        _write(page, "facts", "断线一处，灯头老化4盏，已换好。")
        _choose(page, "result", "support")
        _write(page, "opinion", "当晚试亮正常。")
        _press(page, "dialog .lx-basis summary")
        _press(page, "dialog .lx-basis [data-put]")
        assert page.locator("dialog [name=basis]").input_value()
        _choose(page, "solved", "yes")

    def contact(page: Any) -> None:
        _choose(page, "how", "call")
        _write(page, "words", "约好夜里来查")

    step(s.dispatcher, lambda page: None, "accepted")
    step(s.dispatcher, lambda page: _choose(page, "to", s.wanghuai_committee.pk), "dispatched")
    step(s.handler, lambda page: _choose(page, "handler", s.handler.pk), "in_hand")
    step(s.handler, contact, "in_hand")
    step(s.handler, draft, "in_hand")
    step(s.handler, lambda page: None, "in_review")
    step(s.director, lambda page: None, "answered")


def test_what_was_refused_stays_in_the_dialog(
    street: SimpleNamespace, walked: Walked, desk: Callable[..., Any]
) -> None:
    voice = walked("in_hand")
    page = desk(street.handler, f"/voices/{voice.pk}/")
    _press(page, ".lx-owner .btn-primary")
    page.locator("dialog[open]").wait_for()
    _write(page, "words", "这一段要留着")
    _press(page, "dialog .btn-primary")
    page.locator("dialog .lx-errors").wait_for()
    assert page.locator("dialog [name=words]").input_value() == "这一段要留着"
    assert not violations(page)
    page.keyboard.press("Escape")
    page.locator("dialog[open]").wait_for(state="detached")


@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_lists_and_start_are_whole(
    street: SimpleNamespace, walked: Walked, desk: Callable[..., Any], width: int, language: str
) -> None:
    for state in ("received", "dispatched", "in_hand", "in_review", "answered"):
        voice = walked(state)
    page = desk(street.supervisor, "/today/", width=width, language=language)
    for path in (
        "/today/",
        "/voices/",
        "/search/?q=路灯",
        "/voices/figures/",
        "/voices/register/",
        f"/voices/{voice.pk}/versions/",
        f"/voices/{voice.pk}/copy/",
        "/public/figures/",
    ):
        page.goto(path)
        _whole(page)
    page.goto("/voices/")
    _press(page, ".lx-filter:nth-of-type(4) > summary")
    _whole(page)
    _press(page, ".lx-filter:nth-of-type(4) a[href*=in_hand]")
    page.wait_for_url("**state=in_hand**")
    assert page.locator("#list tbody tr").count() == 1
    _whole(page)
    if width == DESK:
        page.locator("#list tbody input").first.focus()
        page.keyboard.press("Space")
        assert page.locator("[data-selected]").is_visible()
        _whole(page)


def test_without_a_script_the_same_by_plain_pages(
    street: SimpleNamespace, walked: Walked, desk: Callable[..., Any]
) -> None:
    voice = walked("received")
    page = desk(street.dispatcher, f"/voices/{voice.pk}/", script=False)
    page.click(".lx-owner .btn-primary")
    page.wait_for_url("**/do/accept/")
    page.click("main form .btn-primary")
    page.wait_for_url(f"**/voices/{voice.pk}/")
    voice.refresh_from_db()
    assert voice.state == "accepted"
