"""The trustee's page in a real browser: the key made by two browsers and the command line's engine together, and opened again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lianxi.commons.ballotbox import services
from lianxi.commons.ballotbox.models import TrusteeFile
from lianxi.commons.ballotbox.queries import keeping
from lianxi.engines.ballots import ceremony, channels
from lianxi.engines.ballots.archive import Writer
from lianxi.engines.ballots.strict import written
from lianxi.portal.trustee import keeping as folder_of
from lianxi.portal.trustee import steps
from tests.browser import small_targets
from tests.commons_ballotbox.conftest import Vote

from .conftest import People

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = "河边 路灯 早晨 白菜 石桥 雨伞"


class Trustee:
    """Somebody with a browser and a stick."""

    def __init__(self, people: People, vote: Vote, number: int, stick: Path, **options: Any) -> None:
        self.people, self.stick = people, stick
        one = vote.trustees[number - 1]
        self.page = people.page(one.person, f"/polls/{vote.poll.pk}/trustee/", **options)

    @property
    def section(self) -> Any:
        return self.page.locator("[data-step]:not([hidden])")

    def at(self, step: str) -> None:
        self.page.wait_for_selector(f"[data-step={step}]:not([hidden])")
        self.people.look(self.page)

    def make(self) -> None:
        self.at("certificate")
        self.page.fill("#make-pass", WORDS)
        self.page.fill("#make-again", WORDS)
        self.page.press("#make-again", "Enter")
        self.page.wait_for_selector("[data-saving]:not([hidden])")
        self.people.look(self.page)
        assert self.page.input_value("#make-pass") == ""
        with self.page.expect_download() as saved:
            self.page.click("[data-save]")
        saved.value.save_as(self.stick / "trustee.key")
        (self.stick / "other.key").write_text("{}")
        self.page.set_input_files("#make-back", self.stick / "other.key")
        self.page.wait_for_selector("#make-back-error:not([hidden])")
        assert not self.page.locator("[data-give]").is_visible()
        self.page.set_input_files("#make-back", self.stick / "trustee.key")
        self.page.wait_for_selector("[data-give]:not([hidden])")
        self.page.keyboard.press("Enter")  # the focus is on it
        self.page.wait_for_selector("[data-step=certificate]", state="hidden")

    def with_key(self, form: str = "form-go", key: str = "trustee.key", words: str = WORDS) -> None:
        box = self.section.locator("[data-compared]")
        if box.count():
            self.page.wait_for_selector("[data-step]:not([hidden]) [data-comparing]:not([hidden])")
            box.check()
        self.section.locator("[data-key-file]").set_input_files(self.stick / key)
        self.section.locator(f"[data-{form}] [data-passphrase]").fill(words)
        self.section.locator(f"[data-{form}] button[type=submit]").click()

    def problem(self) -> str:
        self.page.wait_for_selector("[data-step]:not([hidden]) [data-problem] .lx-refusal")
        return str(self.section.locator("[data-problem]").inner_text())


def engine(vote: Vote, number: int) -> channels.Keys:
    """A trustee who uses the command line."""
    return channels.Keys(ceremony_group(), channels.seed(vote.lot.randrange))


def ceremony_group() -> Any:
    from lianxi.engines.ballots.group import BELENIOS_2048

    return BELENIOS_2048


def test_a_key_made_by_browsers_and_the_command_line_opens_the_vote(
    led: Callable[..., Vote], people: People, tmp_path: Path
) -> None:
    vote = led("preparing")
    sticks = [tmp_path / name for name in "abc"]
    for stick in sticks:
        stick.mkdir()
    a = Trustee(people, vote, 1, sticks[0])
    b = Trustee(people, vote, 2, sticks[1], width=390, language="en")
    third, draw = vote.trustees[2], vote.lot.randrange
    keys = engine(vote, 3)
    vote.keys = [keys, keys, keys]
    a.make()
    a.at("rest")
    b.make()
    vote.hand_in(third, "certificate", written(ceremony.certificate(keys, draw).told()).encode())

    a.page.reload()
    a.at("polynomial")
    a.with_key(words="not the passphrase at all")
    assert "口令不对" in a.problem()
    people.look(a.page)
    a.with_key()
    a.at("rest")
    b.page.reload()
    b.at("polynomial")
    b.page.wait_for_selector("[data-step=polynomial] [data-comparing]:not([hidden])")
    assert b.section.locator("[data-code]").inner_text() == steps.code(
        str(keeping.files_for(vote.fresh(), third)["list"]).encode()
    )
    b.with_key()
    b.at("rest")
    vote.hand_in(third, "polynomial", vote.polynomial(third))

    for one in (a, b):
        one.page.reload()
        one.at("output")
        one.with_key()
        one.page.wait_for_selector("[data-step=output]", state="hidden")
    given = keeping.files_for(vote.fresh(), third)["input"]
    mine = ceremony.output(
        keys, keeping_certificates(vote), ceremony.read_input(ceremony_group(), given.encode(), ""), draw
    )
    vote.hand_in(third, "output", written(mine.told()).encode())
    a.page.reload()
    a.page.wait_for_selector("[data-more] .tk-code")
    b.page.reload()
    b.page.wait_for_selector("[data-more] .tk-code")
    assert a.page.inner_text("[data-more] .tk-code") == b.page.inner_text("[data-more] .tk-code")
    people.look(a.page)

    vote.make_cards(3)
    services.open_poll(vote.fresh(), **vote.organiser)
    vote.fresh()
    for voter, choice in enumerate(([[1, 0], [0, 1]], [[1, 0], [1, 0]], [[0, 0], [0, 1]])):
        vote.cast(voter, choice)
    services.record_attendance(vote.poll, cards_given=3, attended=3, **vote.organiser)
    services.close_poll(vote.poll, **vote.organiser)
    a.page.reload()
    a.at("rest")
    services.add_up(vote.poll.pk, **vote.job("add_up"))
    for one in (a, b):
        open_with(one)
    assert TrusteeFile._base_manager.filter(trustee__poll=vote.poll.pk, step="share").count() == 2
    services.count(vote.poll.pk, **vote.job("count"))
    assert vote.fresh().state == "counted"
    assert people.wrong == []


def keeping_certificates(vote: Vote) -> Any:
    from lianxi.commons.ballotbox.queries.election import certificates_of

    return certificates_of(vote.poll)


def open_with(one: Trustee) -> None:
    """Verifies, is refused where the paper says something else, then opens."""
    page = one.page
    page.reload()
    one.at("share")
    page.locator("[data-form-check] button").click()
    page.wait_for_selector("[data-form-open]:not([hidden])")
    assert page.locator(".tk-green").count() == 1
    one.people.look(page)
    page.fill("#open-attended", "4")
    page.check("#open-printed")
    one.with_key("form-open")
    assert "4" in one.problem()
    page.fill("#open-absent", "1")
    with page.expect_download() as saved:
        one.with_key("form-open")
    saved.value.save_as(one.stick / saved.value.suggested_filename)
    page.wait_for_selector("[data-step=share]", state="hidden")


def alone(people: People, **options: Any) -> Any:
    page = people.visit("/vote/trustee/", **options)
    page.set_default_timeout(30_000)
    return page


@pytest.mark.parametrize(("width", "language"), [(1440, "zh-hans"), (390, "en")])
def test_with_files_alone(width: int, language: str, led: Callable[..., Vote], people: People, tmp_path: Path) -> None:
    """Key, shares, joined key and opening without a server: two on the command line, one in the browser that is offline."""
    group = ceremony_group()
    own = tmp_path / "browser"
    own.mkdir()
    page = alone(people, width=width, language=language)
    people.look(page)
    if width < 700:
        assert small_targets(page) == []
    page.context.set_offline(True)
    page.fill("#make-pass", WORDS)
    page.fill("#make-again", WORDS)
    page.locator("[data-form-make] button[type=submit]").click()
    page.wait_for_selector("[data-saving]:not([hidden])")
    save(page, "[data-save]", own)
    page.set_input_files("#make-back", own / "trustee.key")
    save(page, "[data-step=certificate] [data-give]", own)
    lot = led("draft").lot
    names = []
    for who in "bc":
        names.append(steps.new(tmp_path / who, group, who, WORDS, alone=False, draw=lot.randrange, cost=16))
    listing = tmp_path / "list.json"
    code = steps.certificates(group, [own / "certificate.json", *names], listing)
    for who in "bc":
        steps.share(tmp_path / who, WORDS, listing, 2, lot.randrange)
    page.click("[data-go-to=polynomial]")
    page.set_input_files("#share-list", listing)
    page.wait_for_selector("#share-list >> xpath=ancestor::form >> css=[data-comparing]:not([hidden])")
    assert page.locator("[data-step=polynomial] [data-code]").inner_text() == code
    people.look(page)
    page.fill("#share-threshold", "9")
    page.check("#share-compared")
    filled(page, "share", own)
    page.locator("[data-step=polynomial] button[type=submit]").click()
    page.wait_for_selector("[data-step=polynomial] .lx-refusal")
    page.fill("#share-threshold", "2")
    page.fill("#share-pass", WORDS)
    save(page, "[data-step=polynomial] button[type=submit]", own)
    made = [own / "polynomial.json", *(tmp_path / who / "polynomial.json" for who in "bc")]
    steps.route(group, listing, made, tmp_path)
    for who, number in (("b", 2), ("c", 3)):
        steps.key(tmp_path / who, WORDS, tmp_path / f"for-trustee-{number}.json", lot.randrange)
    page.click("[data-go-to=output]")
    page.set_input_files("#join-list", listing)
    page.check("#join-compared")
    page.set_input_files("#join-given", tmp_path / "for-trustee-2.json")
    filled(page, "join", own)
    page.locator("[data-step=output] button[type=submit]").click()
    page.wait_for_selector("[data-step=output] .lx-refusal")
    people.look(page)
    page.set_input_files("#join-given", tmp_path / "for-trustee-1.json")
    page.fill("#join-pass", WORDS)
    save(page, "[data-step=output] button[type=submit]", own)

    archive = voted(group, listing, made, [own, tmp_path / "b", tmp_path / "c"], tmp_path, lot)
    page.click("[data-go-to=share]")
    spoiled = tmp_path / "spoiled.bel"
    spoiled.write_bytes(archive.read_bytes()[:-512])
    page.set_input_files("#open-bel", spoiled)
    page.locator("[data-form-check] button").click()
    page.wait_for_selector(".tk-red")
    assert not page.locator("[data-form-open]").is_visible()
    people.look(page)
    page.set_input_files("#open-bel", archive)
    page.locator("[data-form-check] button").click()
    page.wait_for_selector("[data-form-open]:not([hidden])")
    people.look(page)
    page.fill("#open-attended", "2")
    page.check("#open-printed")
    page.set_input_files("#open-output", own / "output.json")
    filled(page, "open", own)
    save(page, "[data-form-open] button[type=submit]", own)
    steps.decrypt(tmp_path / "c", WORDS, archive, attended=2, credentials=None, draw=lot.randrange)
    assert steps.add(archive, [own / "decryption-1.json"]) == 1
    assert steps.add(archive, [tmp_path / "c" / "decryption-3.json"]) == 0
    page.set_input_files("#open-bel", archive)
    page.locator("[data-form-check] button").click()
    page.wait_for_selector(".tk-green table")
    people.look(page)
    secret = folder_of.unseal(own, WORDS)
    assert not secret.alone
    kept = page.evaluate("JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])")
    assert secret.secret not in kept
    assert WORDS not in page.content()
    # Icons that were not drawn before the network went are missing; nothing else is.
    assert [one for one in people.wrong if "ERR_INTERNET_DISCONNECTED" not in one] == []


def save(page: Any, button: str, folder: Path) -> None:
    with page.expect_download() as saved:
        page.click(button)
    saved.value.save_as(folder / saved.value.suggested_filename)


def filled(page: Any, at: str, folder: Path) -> None:
    page.set_input_files(f"#{at}-key", folder / "trustee.key")
    page.fill(f"#{at}-pass", WORDS)


def voted(group: Any, listing: Path, made: list[Path], folders: list[Path], to: Path, lot: Any) -> Path:
    from lianxi.engines.ballots import acts, ballot, credentials, trustees
    from lianxi.engines.ballots.election import BASE58, Election, Question

    gathered = to / "trustees.json"
    steps.gather(group, listing, made, [folder / "output.json" for folder in folders], [], gathered)
    who = trustees.read_trustees(group, gathered.read_bytes())
    uuid = "".join(lot.choice(BASE58) for _ in range(14))
    questions = (Question("同意吗?", ("赞成", "反对"), 0, 1),)
    election = Election(uuid, "表决", "", group, trustees.combined(group, who), questions)
    cards = [credentials.credential(lot.randrange) for _ in range(3)]
    path = to / f"{uuid}.bel"
    writer = Writer.begin(path, timestamp=1)
    keys = [credentials.public_of(group, uuid, card) for card in cards]
    acts.set_up(writer, election, who, credentials.told(keys))
    for card, choice in zip(cards, ([1, 0], [0, 1]), strict=False):
        acts.cast(writer, ballot.cast(election, card, [choice], lot.randrange).text)
    acts.end(writer)
    acts.add_up(writer, acts.Content(path).total)
    return path


def test_nothing_is_there_for_strangers(led: Callable[..., Vote], client: Any) -> None:
    vote = led("preparing")
    from lianxi.commons.accounts.models import Account

    account = Account.objects.create_user(
        "stranger", person=vote.street.resident if hasattr(vote.street, "resident") else vote.street.clerk
    )
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    for rest in ("", "files/"):
        assert client.get(f"/polls/{vote.poll.pk}/trustee/{rest}").status_code == 404
    answer = client.post(f"/polls/{vote.poll.pk}/trustee/certificate/", b"{}", content_type="application/json")
    assert answer.status_code == 404
    assert not TrusteeFile._base_manager.exists()


def test_a_bad_file_is_refused_with_its_reason(led: Callable[..., Vote], client: Any) -> None:
    vote = led("preparing")
    from lianxi.commons.accounts.models import Account

    one = vote.trustees[0]
    account = Account.objects.create_user("trustee", person=one.person)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post(f"/polls/{vote.poll.pk}/trustee/certificate/", b"{}", content_type="application/json")
    assert answer.status_code == 422
    assert "缺少message" in json.loads(answer.content)["detail"]
    assert not TrusteeFile._base_manager.exists()
