"""What an organiser does now and then, in a real browser, by mouse and by keyboard alone: two records of one person are
made one, a whole import is taken back, a branch goes elsewhere with all below it.
"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections

from lianxi.commons.papers.models import ImportBatch
from lianxi.commons.papers.terms import State
from lianxi.commons.units.models import Unit
from lianxi.organization.members import services
from lianxi.organization.members.models import Member
from lianxi.organization.members.terms import CURRENT
from lianxi.organization.units.models import Move
from lianxi.organization.units.terms import MoveState
from tests.browser import Visit, too_wide, violations
from tests.commons_papers.test_jobs import run_worker
from tests.organization import items
from tests.pages.conftest import browser_of

from .rolls import people, roll

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BOTH = pytest.mark.parametrize("keyboard", [False, True], ids=["mouse", "keyboard"])


class Hand:
    """Somebody at a desk: with the mouse, or with nothing but the keyboard."""

    def __init__(self, page: Any, keyboard: bool) -> None:
        self.page, self.keyboard = page, keyboard

    def press(self, what: Any) -> None:
        if self._reached(what):
            self.page.keyboard.press("Enter")
        else:
            what.click()

    def tick(self, what: Any) -> None:
        if self._reached(what):
            self.page.keyboard.press("Space")
        else:
            what.check()
        assert what.is_checked()

    def write(self, what: Any, text: str) -> None:
        if self._reached(what):
            self.page.keyboard.type(text)
        else:
            what.fill(text)

    def choose(self, what: Any, value: str) -> None:
        if not self._reached(what):
            what.select_option(value)
        for _step in range(20 if self.keyboard else 0):
            if what.input_value() == value:
                break
            self.page.keyboard.press("ArrowDown")
        assert what.input_value() == value

    def _reached(self, what: Any) -> bool:
        """By Tab, as far as it takes; without a keyboard nothing is done."""
        what.wait_for()
        for _step in range(90 if self.keyboard else 0):
            if what.evaluate("(one) => one === document.activeElement"):
                return True
            self.page.keyboard.press("Tab")
        assert not self.keyboard, "not reached by Tab"
        return False

    def look(self) -> None:
        """Nothing that axe finds, that stands out, that the browser complains of."""
        assert violations(self.page) + too_wide(self.page) + self.page.said == []


@pytest.fixture
def hand(town: SimpleNamespace, visit: Visit, keyboard: bool) -> Hand:
    client = browser_of(town.organiser)
    return Hand(visit("/members/", cookies={key: client.cookies[key].value for key in client.cookies}), keyboard)


def work() -> None:
    """The worker does what waits, in a thread of its own: Playwright has the event loop of this one."""

    def done() -> None:
        run_worker()
        connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(done).result(timeout=60)


@BOTH
def test_two_records_of_one_person_are_made_one_and_again_two(town: SimpleNamespace, hand: Hand, at: Any) -> None:
    kept, page = town.members["zhou"], hand.page
    other = services.register(
        branch=town.second, name=kept.person.name, phone="13900007788", items=items(serial=77),
        actor=town.actor(town.organiser), at=at,
    )  # fmt: skip
    page.goto("/members/duplicates/")
    hand.look()
    hand.press(page.get_by_role("link", name="合并", exact=True))
    page.wait_for_url("**/merge/**")
    assert page.input_value("[name=gone]") == str(other.pk)
    hand.tick(page.get_by_label("电话"))
    hand.write(page.locator("[name=reason]"), "同一个人登记了两次")
    hand.look()
    hand.press(page.locator("main form button[type=submit]"))
    page.get_by_text("已合并，可以撤销").wait_for()
    hand.look()
    assert set(Member.objects.filter(standing__in=CURRENT, person__name="周望舒")) == {kept}
    kept = Member.objects.select_related("person").get(pk=kept.pk)
    assert "7788" in str(kept.person.phone)
    hand.press(page.get_by_role("button", name="撤销合并"))
    page.get_by_role("button", name="撤销合并").wait_for(state="detached")
    hand.look()
    assert set(Member.objects.filter(standing__in=CURRENT, person__name="周望舒")) == {kept, other}


@BOTH
def test_a_whole_import_is_taken_back(town: SimpleNamespace, hand: Hand, lot: Any, tmp_path: Path) -> None:
    page, before = hand.page, set(Member.objects.values_list("pk", flat=True))
    file = tmp_path / "名册.xlsx"
    file.write_bytes(roll(list(people(12, ["望槐社区第一党支部", "望槐社区第二党支部"], lot))).getvalue())
    page.goto("/papers/import/members/")
    with page.expect_file_chooser() as asked:
        hand.press(page.locator("input[type=file]"))
    asked.value.set_files(str(file))
    hand.press(page.locator("main form button[type=submit]"))
    page.locator("#import-progress").wait_for()
    work()
    hand.press(page.get_by_role("button", name="导入12行"))
    page.locator("#import-progress").wait_for()
    work()
    page.get_by_text("已导入12行").wait_for()
    assert Member.objects.count() == len(before) + 12
    hand.look()
    hand.press(page.get_by_role("button", name="撤销导入").first)
    hand.write(page.locator("dialog[open] [name=reason]"), "传错了名册")
    hand.look()
    hand.press(page.locator("dialog[open] form button.btn-strong"))
    page.locator("#import-progress").wait_for()
    work()
    page.get_by_text("这次导入已经整批撤销").wait_for()
    hand.look()
    assert set(Member.objects.values_list("pk", flat=True)) == before
    assert ImportBatch.objects.get().state == State.UNDONE


@BOTH
def test_a_branch_goes_elsewhere_with_all_below_it(town: SimpleNamespace, hand: Hand) -> None:
    page, old = hand.page, town.first.path
    page.goto(f"/units/{town.first.pk}/")
    hand.press(page.locator("main details.lx-menu > summary"))
    hand.press(page.get_by_role("link", name="调整隶属"))
    page.wait_for_url("**/move/")
    hand.choose(page.locator("[name=target]"), str(town.tingsong.pk))
    hand.write(page.locator("[name=reason]"), "社区调整")
    hand.look()
    hand.press(page.locator("main form button[type=submit]"))
    page.get_by_text("还没有轮到").wait_for()
    hand.look()
    work()
    page.get_by_text("已调到").wait_for()
    hand.look()
    row = Move.objects.get()
    assert (row.state, row.done) == (MoveState.DONE, row.records)
    assert f"{row.records}条记录跟着走了" in page.inner_text("#moving")
    assert not Unit.objects.filter(path__startswith=old).exists()
    page.reload()
    assert "听松社区" in page.inner_text("main .lx-crumbs")
    page.goto(f"/members/?unit={town.tingsong.pk}")
    assert "周望舒" in page.inner_text("main")
