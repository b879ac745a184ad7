"""An import in a real browser: with the keyboard's own file chooser, the bar, the preview, the undo; at desk and phone."""

import datetime as dt
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from django.test import Client
from django.urls import reverse

from lianxi.commons.accounts.models import Account
from lianxi.commons.papers.models import ImportBatch
from lianxi.commons.papers.terms import State

from .books import book_of
from .conftest import HEAD
from .people import PeopleSheet
from .test_jobs import run_worker as work_here

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROWS = [
    ("刘砚", "13800001001", "中文", "2020-01-05"),
    ("林　某", 13800001002, "英文", "2020年1月5日"),
    ("陆秋", "12", None, "98.7.1"),
    ("赵一", "13800001001", None, None),
    *[(f"人{n}", f"137{n:08d}", "中文", "2020-01-05") for n in range(60)],
]


def run_worker() -> None:
    """In a thread of its own: Playwright has the event loop of this one."""

    def work() -> None:
        work_here()
        connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result(timeout=60)


SHOTS = os.environ.get("LIANXI_SHOTS", "")


@pytest.fixture
def browser(chromium: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    return chromium


@pytest.fixture
def signed_in(transactional_db: None, kind: PeopleSheet) -> str:
    """The session of a clerk."""
    from lianxi.commons.permissions import asking, system
    from tests.street import build_street

    with asking(system("voices.clock")):
        street = build_street()
    account = Account.objects.create_user("clerk", "x", person=street.clerk)
    client = Client()
    client.force_login(account, "allauth.account.auth_backends.AuthenticationBackend")
    return client.cookies["sessionid"].value


def fine(page: Any, name: str) -> None:
    """No finding of axe, nothing wider than the window, no complaint of the browser."""
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize(("language", "width"), [("zh-hans", 1440), ("en", 390)])
def test_an_import_from_start_to_undo(
    browser: Any, live_server: Any, signed_in: str, kind: PeopleSheet, language: str, width: int, tmp_path: Path
) -> None:
    file = tmp_path / "名单.xlsx"
    file.write_bytes(book_of([HEAD, *ROWS]).getvalue())
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="en-GB")
    for name, value in (("sessionid", signed_in), ("language", language)):
        context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(live_server.url + reverse("import_start", args=[kind.name]))
    fine(page, f"start-{language}-{width}")
    page.set_input_files("input[type=file]", str(file))
    page.click("main form button[type=submit]")
    page.wait_for_selector("#import-progress")
    fine(page, f"working-{language}-{width}")
    run_worker()
    page.wait_for_selector("table", timeout=10_000)
    fine(page, f"preview-{language}-{width}")
    page.click("nav.lx-tabs a:nth-child(4)")
    page.wait_for_url("**verdict=wrong*")
    assert page.locator("tbody tr").count() == 1
    fine(page, f"wrong-{language}-{width}")
    page.click("main .btn-primary")
    page.wait_for_selector("#import-progress")
    run_worker()
    page.wait_for_selector("button[data-dialog=undo]", timeout=10_000)
    fine(page, f"applied-{language}-{width}")
    page.click("button[data-dialog=undo]")
    page.fill("dialog[open] input[name=reason]", "传错了名单")
    fine(page, f"undo-{language}-{width}")
    page.click("dialog[open] form button.btn-strong")
    page.wait_for_selector("#import-progress")
    run_worker()
    page.wait_for_selector(".lx-empty", timeout=10_000)
    fine(page, f"undone-{language}-{width}")
    page.goto(live_server.url + reverse("imports"))
    fine(page, f"mine-{language}-{width}")
    assert complaints == []
    assert ImportBatch.objects.get().state == State.UNDONE


def test_without_scripts(
    browser: Any, live_server: Any, signed_in: str, kind: PeopleSheet, tmp_path: Path, at: dt.datetime
) -> None:
    file = tmp_path / "名单.csv"
    file.write_bytes("姓名,手机\n刘砚,13800001001\n".encode("gb18030"))
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    context.add_cookies([{"name": "sessionid", "value": signed_in, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + reverse("import_start", args=[kind.name]))
    page.set_input_files("input[type=file]", str(file))
    page.click("main form button[type=submit]")
    run_worker()
    page.click("text=刷新看进度")
    page.click("text=导入1行")
    run_worker()
    page.click("text=刷新看进度")
    page.fill("input[name=reason]", "传错了")
    page.click("form[action*=undo] button.btn-strong")
    run_worker()
    page.click("text=刷新看进度")
    assert ImportBatch.objects.get().state == State.UNDONE
