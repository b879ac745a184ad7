"""People who take the wrong file, type by an input method, or were logged out meanwhile: each is told so, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lianxi.commons.accounts.models import Account
from lianxi.commons.ballotbox.models import Credential, TrusteeFile
from tests.browser import PHONE
from tests.commons_ballotbox.conftest import Vote

from .conftest import People
from .test_cards import WORDS, Giver
from .test_page import Trustee, alone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def log_out(page: Any) -> None:
    page.context.clear_cookies(name="sessionid")


def log_in(page: Any, person: Any, house: str) -> None:
    """In another tab: the session is a new one, and so is the sign against forged requests."""
    client = Client()
    client.force_login(
        Account.objects.get(person=person), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    client.get("/today/")
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": house} for name in ("sessionid", "csrftoken")]
    )


def said(page: Any) -> str:
    page.wait_for_selector(".lx-refusal:visible")
    return str(page.locator(".lx-refusal:visible").inner_text())


def test_who_was_logged_out_has_not_handed_in(
    led: Callable[..., Vote], people: People, tmp_path: Path, house: str
) -> None:
    vote = led("preparing")
    one = Trustee(people, vote, 1, tmp_path)
    one.at("certificate")
    one.page.fill("#make-pass", WORDS)
    one.page.fill("#make-again", WORDS)
    one.page.press("#make-again", "Enter")
    one.page.wait_for_selector("[data-saving]:not([hidden])")
    with one.page.expect_download() as saved:
        one.page.click("[data-save]")
    saved.value.save_as(tmp_path / "trustee.key")
    one.page.set_input_files("#make-back", tmp_path / "trustee.key")
    one.page.wait_for_selector("[data-give]:not([hidden])")
    log_out(one.page)
    one.page.click("[data-give]")
    assert "登录已经结束" in said(one.page)
    assert not TrusteeFile._base_manager.exists()
    log_in(one.page, vote.trustees[0].person, house)
    one.page.click("[data-give]")
    one.page.wait_for_selector("[data-step=certificate]", state="hidden")
    assert TrusteeFile._base_manager.count() == 1


def test_cards_are_registered_or_it_is_said(
    led: Callable[..., Vote], people: People, tmp_path: Path, house: str
) -> None:
    vote = led("preparing")
    giver = Giver(people, vote, tmp_path)
    page = giver.page
    page.fill("#make-pass", WORDS)
    page.fill("#make-again", WORDS)
    page.press("#make-again", "Enter")
    page.wait_for_selector("[data-saving]:not([hidden])")
    with page.expect_download() as saved:
        page.click("[data-save]")
    saved.value.save_as(tmp_path / "first.cards")
    page.set_input_files("#cards-back", tmp_path / "first.cards")
    page.wait_for_selector("[data-go-on]:not([hidden])")
    log_out(page)
    page.click("[data-go-on]")
    assert "登录已经结束" in said(page)
    assert not page.locator("[data-have]").is_visible()
    assert not Credential._base_manager.exists()
    log_in(page, vote.street.clerk, house)
    page.click("[data-go-on]")
    page.wait_for_selector("[data-have]:not([hidden])")
    assert Credential._base_manager.count() == 3

    page.evaluate("window.print = () => undefined")
    page.fill("#lost-number", "２")  # noqa: RUF001 - as an input method gives it
    page.fill("#lost-pass", f"{WORDS} ")
    page.locator("[data-form-lost] button").click()
    assert "口令不对" in said(page)
    page.fill("#lost-pass", WORDS)
    page.locator("[data-form-lost] button").click()
    giver.save("second.cards")
    assert vote.fresh().cards_lost == 1

    page.reload()
    page.set_input_files("#open-file", tmp_path / "first.cards")
    page.fill("#open-pass", WORDS)
    page.locator("[data-form-open] button").click()
    assert "最后一次存的文件" in said(page)
    assert not page.locator("[data-have]").is_visible()
    page.set_input_files("#open-file", tmp_path / "second.cards")
    page.fill("#open-pass", WORDS)
    page.locator("[data-form-open] button").click()
    page.wait_for_selector("[data-have]:not([hidden])")


def keyed(people: People, vote: Vote, tmp_path: Path) -> list[Trustee]:
    """The three trustees, each with a stick and a key of the own."""
    made = []
    for number in (1, 2, 3):
        stick = tmp_path / str(number)
        stick.mkdir()
        made.append(Trustee(people, vote, number, stick))
        made[-1].make()
    return made


def test_another_trustees_key_is_told_from_the_own(led: Callable[..., Vote], people: People, tmp_path: Path) -> None:
    vote = led("preparing")
    made = keyed(people, vote, tmp_path)
    first, second = made[:2]
    first.page.reload()
    first.at("polynomial")
    (first.stick / "hers.key").write_bytes((second.stick / "trustee.key").read_bytes())
    first.with_key(key="hers.key")
    assert "不是您在这次投票里的密钥文件" in first.problem()
    (first.stick / "notes.txt").write_text("口令")
    first.with_key(key="notes.txt")
    assert "不是要的文件" in first.problem()
    assert "找回" not in first.problem()  # nothing is lost by a wrong file
    for one in made:
        one.page.reload()
        one.at("polynomial")
        one.with_key()
        one.page.wait_for_selector("[data-step=polynomial]", state="hidden")
    first.page.reload()
    first.at("output")
    first.with_key()
    first.at("rest")
    title = str(first.section.locator("[data-title]").inner_text())
    assert all(vote.trustees[at].name in title for at in (1, 2)), "for whom the others wait"


def test_what_was_made_waits_for_the_network(led: Callable[..., Vote], people: People, tmp_path: Path) -> None:
    vote = led("preparing")
    first = keyed(people, vote, tmp_path)[0]
    first.page.reload()
    first.at("polynomial")
    first.page.route("**/trustee/polynomial/", lambda route: route.abort())
    first.with_key()
    assert "连不上服务器" in first.problem()
    first.page.unroute("**/trustee/polynomial/")
    first.section.locator("[data-form-go] button[type=submit]").click()  # without the passphrase
    first.page.wait_for_selector("[data-step=polynomial]", state="hidden")
    assert TrusteeFile._base_manager.filter(step="polynomial").count() == 1


@pytest.mark.parametrize(("language", "elder"), [("zh-hans", False), ("en", False), ("zh-hans", True), ("en", True)])
def test_the_four_steps_are_all_in_sight_on_a_phone(people: People, language: str, elder: bool) -> None:
    page = alone(people, width=PHONE, language=language, elder=elder)
    ends = page.locator(".lx-tab").evaluate_all("(tabs) => tabs.map((one) => one.getBoundingClientRect().right)")
    assert len(ends) == 4
    assert max(ends) <= PHONE
