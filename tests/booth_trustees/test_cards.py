"""The card giver's page: cards that never leave the browser but on paper and in a locked file; a lost one is replaced."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lianxi.commons.accounts.models import Account
from lianxi.commons.ballotbox import services
from lianxi.commons.ballotbox.models import Credential
from lianxi.engines.ballots import credentials
from lianxi.engines.ballots.group import BELENIOS_2048
from lianxi.portal.trustee import keeping
from tests.commons_ballotbox.conftest import Vote

from .conftest import People

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = "石桥 雨伞 早晨 白菜 河边 路灯"


def unlocked(path: Path) -> dict[str, Any]:
    """The giver's file, opened without the script."""
    outer = json.loads(path.read_text())
    key = keeping._key(WORDS, bytes.fromhex(outer["salt"]), outer["n"])
    inner = AESGCM(key).decrypt(bytes.fromhex(outer["nonce"]), bytes.fromhex(outer["sealed"]), b"lianxi-cards/1")
    found: dict[str, Any] = json.loads(inner)
    return found


def public(vote: Vote, signs: str) -> str:
    return str(credentials.public_of(BELENIOS_2048, vote.poll.uuid, signs))


class Giver:
    def __init__(self, people: People, vote: Vote, stick: Path, **options: Any) -> None:
        self.people, self.vote, self.stick = people, vote, stick
        self.page = people.page(vote.street.clerk, f"/polls/{vote.poll.pk}/cards/", **options)
        self.sent: list[str] = []
        self.page.on("request", lambda asked: self.sent.append(asked.post_data or ""))
        people.look(self.page)

    def save(self, name: str) -> Path:
        self.page.wait_for_selector("[data-saving]:not([hidden])")
        self.people.look(self.page)
        with self.page.expect_download() as saved:
            self.page.click("[data-save]")
        saved.value.save_as(self.stick / name)
        self.page.set_input_files("#cards-back", self.stick / name)
        self.page.wait_for_selector("[data-go-on]:not([hidden])")
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector("[data-saving]", state="hidden")
        return self.stick / name

    def make(self, *, sent: bool = False) -> Path:
        if sent:
            self.page.check("#make-sent")
        self.page.fill("#make-pass", WORDS)
        self.page.fill("#make-again", WORDS)
        self.page.press("#make-again", "Enter")
        path = self.save("first.cards")
        self.page.wait_for_selector("[data-have]:not([hidden])")
        self.people.look(self.page)
        return path

    def lay(self, button: str) -> None:
        """Presses, until the browser is asked to print."""
        self.page.evaluate("() => { window.asked = new Promise((go) => { window.print = go }) }")
        self.page.locator(button).first.click()
        self.page.evaluate("window.asked.then(() => true)")

    def pdf(self, button: str, name: str) -> bytes:
        """What comes out of the printer."""
        self.lay(button)
        self.page.emulate_media(media="print")
        made: bytes = self.page.pdf(prefer_css_page_size=True, print_background=False)
        if where := os.environ.get("LIANXI_SHOTS"):
            (Path(where) / name).write_bytes(made)
        self.page.emulate_media(media="screen")
        return made

    def open(self, name: str) -> None:
        """Opens the kept file again."""
        self.page.set_input_files("#open-file", self.stick / name)
        self.page.fill("#open-pass", WORDS)
        self.page.locator("[data-form-open] button").click()
        self.page.wait_for_selector("[data-have]:not([hidden])")


@pytest.mark.parametrize(("width", "language"), [(1440, "zh-hans"), (390, "en")])
def test_cards_are_made_printed_and_replaced(
    width: int, language: str, led: Callable[..., Vote], people: People, tmp_path: Path
) -> None:
    vote = led("preparing", voters=5)
    giver = Giver(people, vote, tmp_path, width=width, language=language)
    box = unlocked(giver.make(sent=width < 700))
    signs = [one["signs"] for one in box["cards"]]
    assert {public(vote, one) for one in signs} == set(Credential._base_manager.values_list("key", flat=True))
    assert not any(one in said or one.replace("-", "") in said for one in signs for said in giver.sent)
    assert WORDS not in "".join(giver.sent)
    assert {one.get("name", "") for one in box["cards"]} == ({f"居民{n}" for n in range(5)} if width < 700 else {""})
    strips = giver.page.locator(".ck-card")
    pdf = giver.pdf("[data-prints] button", f"cards-{width}.pdf")
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") == 2
    assert strips.count() == 0
    giver.lay("[data-prints] button")
    assert strips.count() == 5
    for at, one in enumerate(signs):
        assert one in strips.nth(at).locator(".ck-half").first.text_content()
        halves = "".join(strips.nth(at).locator(".ck-half").all_text_contents())
        assert "居民" not in halves
        assert f"{at + 1}号" not in halves
        assert f"No. {at + 1}" not in halves
    giver.pdf("[data-sheet-of-cards]", f"sheet-{width}.pdf")
    giver.lay("[data-sheet-of-cards]")
    assert (
        giver.page.locator(".ck-paper .lx-code").text_content()
        == credentials.read_credentials(
            BELENIOS_2048,
            credentials.told([credentials.public_of(BELENIOS_2048, vote.poll.uuid, one) for one in signs]),
        ).fingerprint
    )

    giver.page.reload()
    giver.page.set_input_files("#open-file", tmp_path / "first.cards")
    giver.page.fill("#open-pass", "another passphrase")
    giver.page.locator("[data-form-open] button").click()
    giver.page.wait_for_selector("[data-form-open] .lx-refusal")
    giver.open("first.cards")
    giver.page.evaluate("window.print = () => undefined")
    giver.page.fill("#lost-number", "9")
    giver.page.fill("#lost-pass", WORDS)
    giver.page.locator("[data-form-lost] button").click()
    giver.page.wait_for_selector("[data-form-lost] .lx-refusal")
    people.look(giver.page)
    giver.page.fill("#lost-number", "2")
    giver.page.fill("#lost-pass", WORDS)
    giver.page.locator("[data-form-lost] button").click()
    after = unlocked(giver.save("second.cards"))
    giver.page.wait_for_selector(".ck-card", state="attached")
    assert giver.page.locator(".ck-card").count() == 1
    lost, new = after["cards"][1], after["cards"][-1]
    assert (lost["lost"], new["number"], new.get("name")) == (True, 6, lost.get("name"))
    good = set(Credential._base_manager.filter(revoked=False).values_list("key", flat=True))
    assert good == {public(vote, one["signs"]) for one in after["cards"] if "lost" not in one}
    assert vote.fresh().cards_lost == 1
    assert people.wrong == []


def test_no_signs_stay_on_the_page_and_the_kept_file_brings_them_back(
    led: Callable[..., Vote], people: People, tmp_path: Path
) -> None:
    vote = led("preparing", voters=5)
    giver = Giver(people, vote, tmp_path)
    signs = [one["signs"] for one in unlocked(giver.make())["cards"]]

    def seen() -> int:
        content = giver.page.content()
        return sum(one in content for one in signs)

    assert seen() == 0
    giver.lay("[data-prints] button")
    assert seen() == 5
    giver.page.evaluate("dispatchEvent(new Event('afterprint'))")  # printed, or the dialog was closed
    assert seen() == 0
    assert "打印过" in giver.page.locator("[data-prints] button").inner_text()
    giver.lay("[data-prints] button")  # the paper was crooked: again, from what the page remembers
    assert seen() == 5
    giver.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    assert seen() == 0
    assert giver.page.locator("[data-have]").is_hidden()
    with giver.page.expect_navigation():  # kept by the browser and come back to: nothing is remembered
        giver.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    giver.open("first.cards")
    giver.lay("[data-prints] button")
    with giver.page.expect_navigation():
        giver.page.click("[data-done]")
    assert seen() == 0
    assert giver.page.locator("[data-have]").is_hidden()
    giver.open("first.cards")
    giver.lay("[data-prints] button")
    assert seen() == 5
    assert people.wrong == []


def test_nobody_leaves_with_cards_that_are_not_saved(led: Callable[..., Vote], people: People, tmp_path: Path) -> None:
    vote = led("preparing")
    giver = Giver(people, vote, tmp_path)
    giver.page.fill("#make-pass", WORDS)
    giver.page.fill("#make-again", WORDS)
    giver.page.locator("[data-form-make] button").click()
    giver.page.wait_for_selector("[data-saving]:not([hidden])")
    asked: list[str] = []
    giver.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    giver.page.close(run_before_unload=True)
    giver.page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    assert not Credential._base_manager.exists()


def test_only_the_giver_and_only_while_cards_are_made(led: Callable[..., Vote], client: Any) -> None:
    vote = led("preparing")
    account = Account.objects.create_user("secretary", person=vote.street.secretary)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    at = f"/polls/{vote.poll.pk}/cards/"
    assert client.get(at).status_code == 404
    for rest in ("", "names/", "reissue/"):
        assert client.post(at + rest, b"{}", content_type="application/json").status_code == 404
    giver = Account.objects.create_user("giver", person=vote.street.clerk)
    client.force_login(giver, backend="allauth.account.auth_backends.AuthenticationBackend")
    for body in (b"", b"[]", b'{"keys": 7}', b'{"keys": ["1"]}', b'{"keys": ["2", "3", "4"]}'):
        assert client.post(at, body, content_type="application/json").status_code == 422
    assert client.post(f"{at}reissue/", b'{"old": "2"}', content_type="application/json").status_code == 422
    assert not Credential._base_manager.exists()
    vote.make_key()
    vote.make_cards(3)
    services.open_poll(vote.poll, **vote.organiser)
    answer = client.post(
        at, json.dumps({"keys": [vote.key(one) for one in vote.cards]}), content_type="application/json"
    )
    assert answer.status_code == 409
