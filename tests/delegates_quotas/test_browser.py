"""A plan walked in a real browser, from nothing to the public page; its certificate then checked by the one-file verifier."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.browser import DESK, PHONE, small_targets, too_wide, violations
from tests.officers import PASSWORD, account_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
VERIFIER = Path(__file__).resolve().parents[2] / "src" / "lianxi" / "engines" / "apportionment" / "verifier.py"


def enter(page: Any, person: Any) -> None:
    page.goto("/account/login/")
    page.fill("[name=login]", account_of(person).username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/account/login" not in url)


def populate(town: SimpleNamespace) -> None:
    """Members enough for seats: typed straight into the register."""
    from django.db import transaction

    from lianxi.commons.accounts.models import Person
    from lianxi.organization.members.models import Affiliation, Member
    from tests.organization import items

    works = ("公务员", "教师", "个体经营", "工人", "退休", "护士")
    with transaction.atomic():
        for n in range(66):
            branch = (town.first, town.second, town.far)[n % 3]
            given = items(sex="2" if n % 3 == 1 else "1", serial=10 + n) | {"work": works[n % len(works)]}
            member = Member.objects.create(person=Person.objects.create(name=f"党员{n}"), branch=branch, **given)
            Affiliation.objects.create(member=member, unit=branch, since=member.joined_on, way_in="registered")


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).or_(page.get_by_role("link", name=name, exact=True)).first.click()
    page.wait_for_load_state()


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_from_nothing_to_the_public_page(town: SimpleNamespace, visit: Any, width: int, tmp_path: Path) -> None:
    populate(town)
    page = visit("/account/login/", width=width)
    enter(page, town.organiser)
    page.goto(f"/delegates/new/?body={town.top.pk}")
    page.fill("[name=title]", "砚湖街道党员代表会议")
    page.fill("[name=seats]", "30")
    press(page, "开始编制")
    record = page.url
    assert "草拟" in page.inner_text("main")
    press(page, "冻结人数")
    press(page, "冻结人数")
    press(page, "填人口数")
    fields = page.locator("input[name^=population_]")
    for n in range(fields.count()):
        fields.nth(n).fill(str(5000 + 700 * n))
    page.fill("[name=source]", "街道统计台账")
    press(page, "存人口数")
    press(page, "测算")
    press(page, "测算")
    assert "已算出" in page.inner_text("main")
    _looks_right(page)

    page.locator(".q-matrix tbody a").first.click()
    page.locator("#working b").first.wait_for()
    assert "÷ (" in page.inner_text("#working")
    page.fill("[name=seats]", "31")
    press(page, "试算")
    page.locator("#trial table").first.wait_for()
    assert "多1席" in page.inner_text("#trial")
    assert violations(page) == []

    page.goto(record)
    press(page, "报上级审批")
    press(page, "报上级审批")
    assert "待上级批复" in page.inner_text("main")

    above = visit("/account/login/", width=width)
    enter(above, town.higher)
    above.goto(record)
    press(above, "批准")
    above.fill("[name=approval]", "砚组〔2026〕41号")
    press(above, "批准")
    page.goto(record)
    press(page, "公布")
    press(page, "公布")
    key = record.rstrip("/").rsplit("/", 1)[1]

    anybody = visit(f"/public/seats/{key}/", width=width)
    _looks_right(anybody)
    anybody.get_by_role("button", name="自己验算").click()
    anybody.locator(".q-good").wait_for()
    assert "全部对得上" in anybody.inner_text("[data-verify-said]")
    assert anybody.locator(".q-yes").count() > 8
    assert anybody.locator(".q-no").count() == 0
    assert violations(anybody) == []
    assert anybody.said == []

    with anybody.expect_download() as download:
        anybody.get_by_role("link", name="下载验算书").click()
    file = tmp_path / "certificate.json"
    download.value.save_as(file)
    done = subprocess.run([sys.executable, "-I", str(VERIFIER), str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    wrong = json.loads(file.read_text())
    wrong["c"]["seats"][0][0] += 1
    file.write_text(json.dumps(wrong))
    done = subprocess.run([sys.executable, "-I", str(VERIFIER), str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 1


def _looks_right(page: Any) -> None:
    assert violations(page) == []
    assert too_wide(page) == []
    if page.viewport_size["width"] == PHONE and "/public/" in page.url:
        assert small_targets(page) == []
    assert page.said == []


def test_by_keyboard_alone(town: SimpleNamespace, computed: Any, visit: Any) -> None:
    """A cell is opened and a trial made without a mouse."""
    page = visit("/account/login/")
    enter(page, town.organiser)
    page.goto(f"/delegates/{computed.pk}/")
    first = page.locator(".q-matrix tbody a").first
    first.focus()
    page.keyboard.press("Enter")
    page.locator("#working b").first.wait_for()
    page.locator("[name=seats]").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("80")
    page.keyboard.press("Enter")
    page.locator("#trial table").first.wait_for()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_tie_and_a_draft_look_right(town: SimpleNamespace, plan: Any, visit: Any, at: Any, language: str, width: int) -> None:  # fmt: skip
    from .conftest import tied

    other = tied(town, at)
    page = visit("/account/login/", width=width, language=language)
    enter(page, town.organiser)
    for address in (f"/delegates/{other.pk}/", f"/delegates/{plan.pk}/", f"/delegates/{plan.pk}/figures/", "/delegates/", f"/delegates/{plan.pk}/settle/"):  # fmt: skip
        page.goto(address)
        _looks_right(page)
