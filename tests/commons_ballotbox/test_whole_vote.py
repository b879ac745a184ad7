"""One whole secret vote as its people hold it, in real browsers: from the empty page to the archive that a stranger checks with two programs.

`LIANXI_SHOTS=FOLDER` keeps a picture of each part.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections

from lianxi.commons.accounts.models import Account
from lianxi.commons.ballotbox.models import Poll, TrusteeFile
from tests.booth_trustees.conftest import People
from tests.booth_trustees.test_cards import Giver, unlocked
from tests.booth_trustees.test_page import Trustee
from tests.browser import DESK, PHONE
from tests.commons_papers.test_jobs import run_worker as work_here
from tests.engines_ballots.tool import TOOL, Tool

from .booths import Voter
from .conftest import Vote

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("LIANXI_SHOTS", "")
NAMES = ("丁一", "王二", "张三", "李四", "赵五")


@pytest.fixture
def people(visit: Any) -> People:
    return People(visit, "whole")


def run_worker() -> None:
    """Jobs that wait, in a thread of its own: Playwright has the event loop of this one."""

    def work() -> None:
        work_here()
        connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result(timeout=120)


class Organiser:
    """Whoever leads the vote, at the desk."""

    def __init__(self, people: People, street: SimpleNamespace, language: str) -> None:
        self.people = people
        for person in (street.director, street.publisher, street.works_head, street.clerk):
            Account.objects.create_user(f"u{person.pk}", person=person)
        self.page = people.page(street.secretary, "/polls/new/", width=DESK, language=language)
        self.language = language

    def send(self, button: str = "main form[method=post] button[type=submit]") -> None:
        self.people.look(self.page)
        self.page.locator(button).first.focus()
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        assert not self.page.locator(".lx-error:visible, .lx-refusal:visible").count(), self.page.inner_text("main")

    def go(self, rest: str) -> None:
        self.page.goto(f"{self.home}{rest}")

    def begin(self, **fields: str) -> Poll:
        page = self.page
        page.check(f"[name=kind][value={fields.pop('kind')}]")
        for name, value in fields.items():
            page.fill(f"[name={name}]", value)
        page.check("[name=revote]")
        self.send()
        poll = Poll._base_manager.select_related("unit").latest("pk")
        self.home = f"/polls/{poll.pk}/"
        assert page.url.endswith(self.home)
        self.shoot("draft")
        return poll

    def people_of_it(self, street: SimpleNamespace) -> None:
        self.go("roll/")
        self.page.fill("[name=names]", "\n".join(NAMES))
        self.send("button[name=look]")
        self.send("button[name=keep]")
        self.go("trustees/")
        for number, person in enumerate((street.director, street.publisher, street.works_head), 1):
            self.page.fill(f"[name=trustee_{number}]", f"u{person.pk}")
        self.page.fill("[name=threshold]", "2")
        self.page.fill("[name=giver]", f"u{street.clerk.pk}")
        self.send()
        self.step("prepare")

    def step(self, verb: str, **fields: str) -> None:
        self.go(f"{verb}/")
        for name, value in fields.items():
            self.page.fill(f"[name={name}]", value)
        self.send()
        self.shoot(verb)

    def shoot(self, name: str) -> None:
        shot(self.page, f"organiser-{name}-{self.language[:2]}")


def shot(page: Any, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"whole-{name}.png", full_page=True, animations="disabled")


def sticks(folder: Path, *names: str) -> list[Path]:
    found = [folder / name for name in names]
    for one in found:
        one.mkdir()
    return found


def make_the_key(people: People, vote: Vote, folder: Path, language: str) -> list[Trustee]:
    """Three trustees at their own computers: one on a phone, one in English."""
    options: list[dict[str, Any]] = [{"width": DESK, "language": language}, {"width": PHONE, "language": "en"}, {}]
    trustees = [
        Trustee(people, vote, number, stick, **options[number - 1])
        for number, stick in enumerate(sticks(folder, "a", "b", "c"), 1)
    ]
    for one in trustees:
        one.make()
    for step in ("polynomial", "output"):
        for one in trustees:
            one.page.reload()
            one.at(step)
            one.with_key()
            one.page.wait_for_selector(f"[data-step={step}]", state="hidden")
    shot(trustees[0].page, f"trustee-key-{language[:2]}")
    return trustees


@pytest.mark.parametrize(("kind", "language"), [("candidates", "zh-hans"), ("choice", "en")])
def test_a_whole_vote(
    kind: str, language: str, street: SimpleNamespace, people: People, visit: Any, tmp_path: Path
) -> None:
    organiser = Organiser(people, street, language)
    if kind == "candidates":
        poll = organiser.begin(
            kind=kind, title="楼组长人选推荐", items="甲\n乙\n丙\n丁", roster="戊\n己", most="2", place="社区活动室"
        )
    else:
        poll = organiser.begin(kind=kind, title="空地怎么用", items="车棚\n花坛\n健身点", most="2")
    organiser.people_of_it(street)
    vote = Vote(poll, street, random.Random(1))
    vote.fresh()
    trustees = make_the_key(people, vote, tmp_path, language)
    (stick,) = sticks(tmp_path, "giver")
    giver = Giver(people, vote, stick, width=DESK, language=language)
    vote.cards = [one["signs"] for one in unlocked(giver.make())["cards"]]
    shot(giver.page, f"giver-{language[:2]}")
    giver.pdf("[data-prints] button", "cards.pdf")
    organiser.step("open")
    vote.fresh()

    hall = visit(f"/vote/{poll.uuid}/hall/", width=DESK, language=language)
    codes = {}
    for voter in (0, 1, 2, 3, 0):
        booth = Voter(visit, vote, card=voter, language=language)
        if kind == "candidates":
            booth.mark("favour", "oppose" if voter != 1 else "favour", "", "abstain")
        else:
            booth.choose(0, 2) if voter else booth.choose(1)
        booth.look()
        shot(booth.page, f"booth-review-{language[:2]}")
        codes[voter] = booth.cast()
        booth.page.close()
    shot(hall, f"hall-{language[:2]}")
    hall.reload()
    assert hall.locator(".pl-count, [data-count], .lx-hall-number, main").first.inner_text().count("4")
    assert vote.fresh().ballots == 4
    organiser.go("")
    organiser.shoot("open-record")

    organiser.step("close")
    organiser.step("attendance", attended="5", cards_given="5")
    run_worker()
    for one in trustees[:2]:
        absent(one)
    run_worker()
    assert vote.fresh().state == "counted"
    organiser.go("")
    people.look(organiser.page)
    organiser.shoot("counted")
    organiser.step("publish")
    run_worker()
    assert TrusteeFile._base_manager.filter(trustee__poll=poll.pk, step="share").count() == 2

    stranger = visit(f"/vote/{poll.uuid}/", width=PHONE, language=language)
    people.look(stranger)
    shot(stranger, f"published-{language[:2]}")
    said = " ".join(stranger.inner_text("main").split())
    commands = stranger.locator(".pl-command").all_inner_texts()
    with stranger.expect_download() as saved:
        stranger.locator(f"a[href$='/vote/{poll.uuid}/archive.bel']").first.click()
    folder = tmp_path / "check"
    folder.mkdir()
    archive = folder / f"{poll.uuid}.bel"
    saved.value.save_as(archive)
    with stranger.expect_download() as helped:
        stranger.locator(f"a[href$='/vote/{poll.uuid}/archive.hints']").first.click()
    hints = tmp_path / f"{poll.uuid}.hints"
    helped.value.save_as(hints)
    listed = visit(f"/vote/{poll.uuid}/ballots/", width=PHONE, language=language).inner_text("main")
    assert all(code in listed for code in codes.values())

    words = next(one for one in commands if "lianxi verify election" in one).split()
    fingerprint = words[words.index("--credentials-fingerprint") + 1].strip("'\"")
    run = [
        sys.executable,
        "-m",
        "lianxi.portal.command",
        "verify",
        "election",
        str(archive),
        "--credentials-count",
        "5",
    ]
    green = subprocess.run(
        [*run, "--credentials-fingerprint", fingerprint], capture_output=True, text=True, check=False
    )
    assert green.returncode == 0, green.stdout + green.stderr
    assert "楼组长人选推荐" in green.stdout or kind == "choice"
    quick = subprocess.run(
        [*run, "--credentials-fingerprint", fingerprint, "--hints", str(hints)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert quick.returncode == 0, quick.stdout + quick.stderr
    assert "the hints helped with 5 of 5 ballots" in quick.stdout
    red = subprocess.run([*run, "--credentials-fingerprint", "A" * 43], capture_output=True, text=True, check=False)
    assert red.returncode != 0
    if TOOL is not None:
        assert Tool(folder).accepts()
    assert fingerprint in said.replace(" ", "")
    assert people.wrong == []


def absent(one: Trustee) -> None:
    """Verifies and opens: five signed, one of them did not vote."""
    page = one.page
    page.reload()
    one.at("share")
    page.locator("[data-form-check] button").click()
    page.wait_for_selector("[data-form-open]:not([hidden])")
    shot(page, f"trustee-green-{one.stick.name}")
    page.fill("#open-attended", "5")
    page.fill("#open-absent", "1")
    page.check("#open-printed")
    with page.expect_download() as saved:
        one.with_key("form-open")
    saved.value.save_as(one.stick / saved.value.suggested_filename)
    page.wait_for_selector("[data-step=share]", state="hidden")
