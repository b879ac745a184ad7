"""A round from empty to published in a real browser, on the phone and at the desk; its certificate checked by the single-file verifier."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings

from lianxi.commons.accounts.models import Account
from lianxi.participation.budgets.models import Proposal, Round
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
    page.locator("main form[method=post] button[type=submit]").first.click()
    page.wait_for_load_state()


def test_from_empty_to_published(people: SimpleNamespace, desk: Any, visit: Any, tmp_path: Path) -> None:
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

    step(director, "open")
    phone = visit(f"/projects/{pk}/", width=PHONE)
    for title in ("路灯", "坡道"):
        phone.goto(f"/projects/{pk}/propose/")
        phone.fill("[name=title]", title)
        phone.fill("[name=text]", "要修")
        send(phone)
        assert "收到了" in phone.inner_text("h1")
    step(director, "close_proposals")
    for proposal in Proposal._base_manager.all():
        director.goto(f"/rounds/proposals/{proposal.pk}/admit/")
        director.fill("[name=cost]", "40")
        send(director)
    step(director, "open_vote")
    clerk = desk("clerk", f"/rounds/{pk}/slips/", width=DESK)
    clerk.fill("[name=number]", "2")
    send(clerk)
    codes = clerk.locator(".lx-code-big").all_inner_texts()
    clerk.goto(f"/rounds/{pk}/roll/")
    clerk.fill("[name=name]", "苏青禾")
    clerk.fill("[name=door]", "3-201")
    clerk.check("[name=kind][value=code]")
    send(clerk)
    phone.goto(f"/projects/vote/{codes[0]}/")
    assert violations(phone) == []
    phone.keyboard.press("Tab")  # the keyboard alone reaches and ticks the first project
    phone.locator("[name=choices]").first.focus()
    phone.keyboard.press("Space")
    assert phone.locator("[name=choices]").first.is_checked()
    send(phone)
    receipt = phone.locator(".lx-code-big").inner_text()
    assert receipt not in codes
    assert violations(phone) == []
    step(director, "close_vote")
    step(director, "count")
    assert violations(director) == []
    secretary = desk("secretary", f"/rounds/{pk}/", width=PHONE)
    assert violations(secretary) == []
    step(secretary, "display")
    assert Round._base_manager.get(pk=pk).state == "displayed"
    phone.goto(f"/projects/{pk}/")
    assert violations(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.fill("[name=code]", receipt)
    send(phone)
    assert "您的票选了" in phone.inner_text("main")
    assert violations(phone) == []
    english = visit(f"/projects/{pk}/", width=PHONE, language="en")
    assert "Check it yourself" in english.inner_text("main")
    files = {}
    for name, address in (("c.json", "certificate.json"), ("b.pb", "ballots.pb"), ("check.py", "../verifier.py")):
        files[name] = tmp_path / name
        files[name].write_bytes(phone.request.get(f"/projects/{pk}/{address}").body())
    ran = subprocess.run(
        [sys.executable, "-I", files["check.py"], files["c.json"], files["b.pb"]], capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert [line for page in (phone, director, secretary) for line in page.said] == []
