"""Voters in a hurry: a page loaded again, the link of a card in a page that is open, the way back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Error

from tests.browser import Visit

from .booths import Voter
from .conftest import Vote

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def leaving(page: Any) -> list[str]:
    """What the browser asks when somebody closes the page; the answer is to stay."""
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    with suppress(Error):  # nothing was asked, and the page is gone
        page.wait_for_timeout(500)
    return asked


def test_marks_are_not_lost_without_a_question(led: Callable[..., Vote], visit: Visit) -> None:
    vote = led("poll_open", kind="candidates")
    looked = Voter(visit, vote, card=None)
    assert leaving(looked.page) == []  # nothing is filled in yet
    marked = Voter(visit, vote, card=None)
    marked.mark("favour")
    assert leaving(marked.page) == ["beforeunload"]


def test_large_type_asks_nothing_and_keeps_the_marks(led: Callable[..., Vote], visit: Visit) -> None:
    voter = Voter(visit, led("poll_open", kind="candidates"))
    voter.mark("favour")
    asked: list[str] = []
    voter.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    voter.page.locator("header form button").first.click()
    voter.page.locator("html.elder, .elder").first.wait_for()
    voter.page.locator("[data-item='0'] input:checked").wait_for(state="attached")
    assert asked == []


def test_the_link_of_a_card_in_a_page_that_is_open(led: Callable[..., Vote], visit: Visit) -> None:
    vote = led("poll_open", kind="candidates")
    voter = Voter(visit, vote, card=None)
    voter.page.evaluate("(code) => { location.hash = code }", vote.cards[0].replace("-", ""))
    voter.page.locator("[data-card-known]").wait_for()
    assert "#" not in voter.page.url


def test_the_focus_stays_where_the_voter_is(led: Callable[..., Vote], visit: Visit) -> None:
    vote = led("poll_open", kind="candidates")
    voter = Voter(visit, vote, card=None)
    voter.page.focus("#code")
    voter.page.keyboard.insert_text(vote.cards[0])
    voter.page.locator("[data-card-known]").wait_for()
    known = "document.activeElement.hasAttribute('data-card-known')"
    voter.page.wait_for_function(known)
    voter.mark("favour")
    voter.look()
    voter.page.go_back()
    voter.page.locator("[data-part-voting]").wait_for()
    voter.page.wait_for_function(known)
