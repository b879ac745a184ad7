"""A round from empty to published in a real browser, on the phone and at the desk; its certificate checked by the single-file verifier."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings

from lianxi.commons.accounts.models import Account
from lianxi.participation.budgets.models import Proposal, Result, Round
from tests.browser import DESK, PHONE, violations
from tests.street import build_street

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(transactional_db: None) -> SimpleNamespace:
    from lianxi.commons.permissions import asking, system

    with asking(system("voices.clock")):
        return build_street()


@pytest.fixture
def desk(people: SimpleNamespace, visit: Any) -> Any:
    from django.test import Client

    def opened(name: str, address: str, **more: Any) -> Any:
        person = people.people[name]
        account, _new = Account.objects.get_or_create(person=person, defaults={"username": f"p{person.pk}"})
        client = Client()
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        return visit(
            address, cookies={settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}, **more
        )

    return opened


def send(page: Any) -> None:
    """Send the form of the page by the keyboard alone."""
    page.locator("main form[method=post] button[type=submit]").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tick(page: Any, *places: int) -> None:
    """Tick these choices by the keyboard alone."""
    for place in places:
        page.locator("[name=choices]").nth(place).focus()
        page.keyboard.press("Space")
        assert page.locator("[name=choices]").nth(place).is_checked()


def code_on(page: Any) -> str:
    assert violations(page) == []
    return str(page.locator(".lx-code-big").inner_text())


def fitting(page: Any) -> None:
    """Nothing for axe, nothing wider than the screen."""
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_from_empty_to_published(people: SimpleNamespace, desk: Any, visit: Any, tmp_path: Path) -> None:
    """Proposals, review, ballots on the phone and on paper by two, result, an objection upheld, display, publication, check, import."""
    director = desk("director", "/rounds/new/", width=DESK)
    for name, value in (
        ("title", "楼院小项目"),
        ("budget", "100"),
        ("source", "服务群众经费"),
        ("studied_on", "2025-06-01"),
    ):
        director.fill(f"[name={name}]", value)
    send(director)
    pk = int(re.search(r"/rounds/(\d+)/", director.url)[1])  # type: ignore[index]

    def step(page: Any, verb: str) -> None:
        page.goto(f"/rounds/{pk}/{verb}/")
        send(page)
        assert page.url.endswith(f"/rounds/{pk}/"), (verb, page.inner_text("main"))

    assert director.locator("main .lx-owner .btn-primary").inner_text() == "开始征集"  # the one way on
    step(director, "open")
    phone = visit(f"/projects/{pk}/", width=PHONE)
    follow = []
    for title in ("路灯", "喷泉", "坡道"):
        phone.goto(f"/projects/{pk}/propose/")
        phone.fill("[name=title]", title)
        phone.fill("[name=text]", "要修")
        send(phone)
        assert "收到了" in phone.inner_text("h1")
        follow.append(code_on(phone))
    step(director, "close_proposals")
    handler = desk("handler", f"/rounds/{pk}/", width=PHONE)
    for proposal, cost in zip(Proposal._base_manager.order_by("number"), (45, 50, 30), strict=True):
        handler.goto(f"/rounds/proposals/{proposal.pk}/admit/")
        handler.fill("[name=cost]", str(cost))
        send(handler)
    step(director, "open_vote")
    clerk = desk("clerk", f"/rounds/{pk}/slips/", width=DESK)
    clerk.fill("[name=number]", "4")
    send(clerk)
    codes = clerk.locator(".lx-code-big").all_inner_texts()
    for name, kind in (
        ("苏青禾", "code"),
        ("孟书简", "code"),
        ("何若谷", "code"),
        ("乔映川", "paper"),
        ("陆清和", "paper"),
    ):
        clerk.goto(f"/rounds/{pk}/roll/")
        clerk.fill("[name=name]", name)
        clerk.fill("[name=door]", "3-201")
        clerk.check(f"[name=kind][value={kind}]")
        send(clerk)
    receipts = []
    for code in codes[:3]:
        phone.goto(f"/projects/vote/{code}/")
        fitting(phone)
        tick(phone, 0, 1)
        send(phone)
        receipts.append(code_on(phone))
    assert not set(receipts) & set(codes)
    step(director, "close_vote")

    def entered(number: int, *places: int) -> None:
        for page in (clerk, handler):
            page.goto(f"/rounds/{pk}/sheets/")
            page.fill("[name=number]", str(number))
            tick(page, *places)
            send(page)
            assert violations(page) == []

    entered(1, 2)
    entered(2, 1)  # misread: it is the ramp
    step(director, "count")
    assert violations(director) == []
    assert director.locator("main .lx-owner .btn-primary").count() == 0  # who counted does not put it on display
    secretary = desk("secretary", f"/rounds/{pk}/", width=PHONE)
    assert secretary.locator("main .lx-owner .btn-primary").inner_text() == "公示结果"
    step(secretary, "display")
    fitting(secretary)

    phone.goto(f"/projects/{pk}/object/")
    fitting(phone)
    phone.fill("[name=text]", "2号纸票录错了")
    phone.locator("[name=entitled]").focus()
    phone.keyboard.press("Space")
    send(phone)
    objection = code_on(phone)
    secretary.goto(f"/rounds/{pk}/")
    secretary.locator("a[href$='/uphold/']").focus()
    with secretary.expect_navigation():
        secretary.keyboard.press("Enter")
    secretary.fill("[name=reason]", "当众对照，是坡道")
    send(secretary)
    phone.goto("/projects/follow/")
    phone.fill("[name=code]", objection)
    send(phone)
    assert "当众对照，是坡道" in phone.inner_text("main")
    fitting(phone)
    phone.goto(f"/projects/{pk}/")
    assert "正在重新计票" in phone.inner_text("main")
    fitting(phone)
    entered(2, 2)
    step(director, "count")
    step(secretary, "display")

    secretary.goto(f"/rounds/{pk}/publish/")
    send(secretary)
    assert "公示满15日" in secretary.inner_text("main")
    assert violations(secretary) == []
    Round._base_manager.filter(pk=pk).update(displayed_on=dt.date.today() - dt.timedelta(days=17))  # the days pass
    step(secretary, "publish")
    phone.goto(f"/projects/{pk}/")
    fitting(phone)
    assert "原来的证书" in phone.inner_text("main")
    phone.fill("[name=code]", receipts[0])
    send(phone)
    assert "您的票选了" in phone.inner_text("main")
    fitting(phone)
    phone.goto("/projects/follow/")
    phone.fill("[name=code]", follow[2])
    send(phone)
    assert "买下" in phone.inner_text("main")
    for width in (PHONE, DESK):
        english = visit(f"/projects/{pk}/", width=width, language="en")
        assert "Check it yourself" in english.inner_text("main")
        fitting(english)

    _checked(phone, pk, tmp_path)
    director.goto("/rounds/import/")
    director.fill("[name=source]", "去年的一轮")
    director.set_input_files("[name=file]", tmp_path / "b.pb")
    send(director)
    again = int(re.search(r"/rounds/(\d+)/", director.url)[1])  # type: ignore[index]
    director.goto(f"/rounds/{again}/count/")
    send(director)
    made, old = (Result._base_manager.get(round=key).certificate for key in (again, pk))
    assert (made["steps"], made["then"], made["greedy"]) == (old["steps"], old["then"], old["greedy"])
    assert [
        line for page in (phone, director, secretary, clerk, handler) for line in page.said if "422" not in line
    ] == []


def _checked(page: Any, pk: int, folder: Path) -> None:
    """The single-file verifier says yes to the result and to the former one, without Lianxi."""
    files = {"c.json": "certificate.json", "b.pb": "ballots.pb", "check.py": "../verifier.py"}
    files |= {"old.json": "former/1/certificate.json", "old.pb": "former/1/ballots.pb"}
    for name, address in files.items():
        (folder / name).write_bytes(page.request.get(f"/projects/{pk}/{address}").body())
    for certificate, ballots in (("c.json", "b.pb"), ("old.json", "old.pb")):
        command = [sys.executable, "-I", folder / "check.py", folder / certificate, folder / ballots]
        ran = subprocess.run(command, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stdout + ran.stderr
