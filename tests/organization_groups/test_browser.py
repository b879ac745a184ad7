"""A round walked as new users would, from nothing to reported, in a real browser; the certificate then stands on its own."""

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from lianxi.commons.accounts.models import Account
from lianxi.organization.groups.models import Participant, Round, RoundGroup, Seat
from lianxi.organization.members.models import Affiliation
from tests.browser import small_targets, too_wide, violations

from .test_walk import VERIFIER

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class People:
    """Browsers of the officers and members of the town, each at an own width."""

    def __init__(self, visit: Any) -> None:
        self.visit, self.wrong = visit, list[str]()

    def page(self, person: Any, address: str, **options: Any) -> Any:
        account = Account.objects.filter(person=person).first() or Account.objects.create_user(
            f"u{person.pk}", person=person
        )
        client = Client()
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        page = self.visit(address, cookies={"sessionid": client.cookies["sessionid"].value}, **options)
        self.look(page)
        return page

    def look(self, page: Any) -> None:
        self.wrong += [f"{page.url}: {one}" for one in (*violations(page), *too_wide(page), *page.said)]


def press(people: People, page: Any, verb: str, **values: str) -> None:
    """Take a step by its own page: fill in, send, look at what comes."""
    page.goto(f"{page.base}{verb}/")
    _send(people, page, **values)


def _send(people: People, page: Any, **values: str) -> None:
    for name, value in values.items():
        field = page.locator(f"[name={name}]")
        if field.first.get_attribute("type") == "radio":
            page.check(f"[name={name}][value={value}]")
        else:
            field.fill(value)
    people.look(page)
    page.click("form.lx-form button.btn-primary")
    page.wait_for_load_state()
    people.look(page)


def test_from_nothing_to_reported(visit: Any, town: SimpleNamespace, tmp_path: Path) -> None:
    people = People(visit)
    desk = people.page(town.organiser, "/groups/")
    desk.get_by_role("link", name="发起编组").first.click()
    desk.select_option("[name=unit]", str(town.first.pk))
    desk.fill("[name=title]", "2027年党小组编组")
    desk.fill("[name=closes_at]", "2099-01-01T18:00")
    desk.click("form.lx-form button.btn-primary")
    desk.wait_for_url("**/groups/*/")
    desk.base = desk.url
    for name in ("为老服务组", "楼道巡查组", "绿化环境组"):
        desk.goto(f"{desk.base}groups/new/")
        desk.fill("[name=name]", name)
        desk.fill("[name=hi]", "6")
        desk.click("form.lx-form button.btn-primary")
        desk.wait_for_load_state()
    people.look(desk)
    press(people, desk, "open")
    record = Round.objects.get(title="2027年党小组编组")
    crowd = list(Participant.objects.filter(round=record).select_related("member__person").order_by("number"))
    first, second, _third = RoundGroup.objects.filter(round=record).order_by("pk")

    phone = people.page(crowd[3].member.person, "/g/", width=390)
    assert small_targets(phone) == []
    phone.click(f"#add-{second.pk}")
    phone.locator(f"#drop-{second.pk}").wait_for()
    phone.locator(f"#add-{first.pk}").focus()
    phone.keyboard.press("Enter")
    phone.locator(f"#up-{first.pk}").focus()
    phone.keyboard.press("Enter")
    phone.locator(f"#down-{first.pk}").wait_for()
    people.look(phone)
    phone.get_by_role("button", name="交志愿").click()
    phone.get_by_text("已交。到停止选组以前").wait_for()
    people.look(phone)
    crowd[3].refresh_from_db()
    assert crowd[3].wishes == [first.pk, second.pk]

    english = people.page(crowd[4].member.person, f"/g/{record.pk}/", width=390, language="en")
    english.get_by_role("button", name="Hand in without a wish").click()
    english.get_by_text("Handed in. You may change it").wait_for()
    people.look(english)

    desk.goto(f"{desk.base}roll/")
    people.look(desk)
    desk.goto(f"{desk.base}roll/{crowd[5].pk}/slip/")
    desk.select_option("[name=wish_1]", str(first.pk))
    desk.click("form.lx-form button.btn-primary")
    desk.wait_for_load_state()
    press(people, desk, "close")
    assert desk.get_by_role("alert").count() == 1, "the lists do not close before the time announced"
    Round.objects.filter(pk=record.pk).update(closes_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    press(people, desk, "close")
    desk.goto(desk.base)
    desk.get_by_role("link", name="抽出种子").click()
    _send(people, desk, how="dice", witnesses="林岚")
    press(people, desk, "place")
    for group in RoundGroup.objects.filter(round=record):
        seat = Seat.objects.filter(group=group, participant__kind="01").select_related("participant").first()
        assert seat
        desk.goto(f"{desk.base}groups/{group.pk}/leader/")
        desk.select_option("[name=number]", str(seat.participant.number))
        desk.select_option("[name=way]", "recommended")
        desk.click("form.lx-form button.btn-primary")
        desk.wait_for_load_state()
        people.look(desk)
    press(people, desk, "publish", objections_until="2099-01-01")

    phone.goto(f"/g/{record.pk}/")
    people.look(phone)
    assert phone.get_by_text("这是您的第1志愿").count() == 1
    phone.get_by_role("link", name="有意见").click()
    phone.fill("[name=text]", "想离家近一点")
    phone.get_by_role("button", name="交给支部").click()
    phone.get_by_text("记下了").wait_for()
    people.look(phone)
    desk.goto(desk.base)
    desk.get_by_role("link", name="答复意见").click()
    desk.check("[name=upheld][value=no]")
    desk.fill("[name=answer]", "这个组离您家最近")
    desk.click("form.lx-form button.btn-primary")
    desk.wait_for_load_state()
    _a_leader_is_moved(people, desk, phone, record)

    with desk.expect_download() as coming:
        desk.get_by_role("link", name="下载证书").click()
    file = tmp_path / coming.value.suggested_filename
    coming.value.save_as(file)
    assert json.loads(file.read_text(encoding="utf-8"))["format"] == "lianxi-assignment/1"
    assert subprocess.run([sys.executable, "-I", str(VERIFIER), str(file)], check=False).returncode == 0

    Round.objects.filter(pk=record.pk).update(objections_until=dt.date(2026, 1, 2))
    boss = people.page(town.branch_secretary, f"/groups/{record.pk}/")
    boss.base = boss.url
    _refused_for_want_of_a_leader(people, boss, record)
    boss.goto(boss.base)
    boss.get_by_role("link", name="支委会确定").click()
    _send(people, boss, decided_on=f"{dt.datetime.now(dt.UTC):%Y-%m-%d}", due="3", present="3")
    boss.goto(boss.base)
    boss.get_by_role("link", name="报上级").click()
    _send(people, boss, number="望一支〔2027〕1号")
    record.refresh_from_db()
    assert record.state == "reported"
    _next_year(people, boss, record)
    assert Affiliation.objects.filter(until=None, group__name="为老服务组").exists()
    assert [one for one in people.wrong if "422" not in one] == []


def _a_leader_is_moved(people: People, desk: Any, phone: Any, record: Round) -> None:
    """The page says at once that the group has no leader now; the member moved sees the change before the old reason."""
    source = RoundGroup.objects.select_related("leader__member__person").get(round=record, name="绿化环境组")
    target = RoundGroup.objects.get(round=record, name="楼道巡查组")
    leader = source.leader
    assert leader
    RoundGroup.objects.filter(pk=target.pk).update(hi=20)
    desk.goto(f"{desk.base}roll/{leader.pk}/move/")
    desk.select_option("[name=group]", str(target.pk))
    desk.fill("[name=reason]", "家搬到了巡查的那几栋")
    desk.click("form.lx-form button.btn-primary")
    desk.get_by_text("“绿化环境组”现在没有组长").wait_for()
    people.look(desk)
    desk.goto(desk.base)
    assert desk.get_by_text(f"绿化环境组：组长{leader}已经调到“楼道巡查组”。").count() == 1
    people.look(desk)
    moved = people.page(leader.member.person, f"/g/{record.pk}/", width=390)
    said = moved.inner_text("main")
    assert said.index("家搬到了巡查的那几栋") < said.index("调整以前，为什么编在“绿化环境组”")


def _refused_for_want_of_a_leader(people: People, boss: Any, record: Round) -> None:
    """Refused with a link to what mends it; then the leader is chosen by name."""
    group = RoundGroup.objects.get(round=record, leader=None)
    press(people, boss, "confirm", decided_on=f"{dt.datetime.now(dt.UTC):%Y-%m-%d}", due="3", present="3")
    boss.get_by_role("alert").get_by_role("link", name=f"定“{group}”的组长").click()
    boss.select_option("[name=number]", index=1)
    boss.select_option("[name=way]", "recommended")
    boss.click("form.lx-form button.btn-primary")
    boss.wait_for_load_state()
    people.look(boss)


def _next_year(people: People, boss: Any, record: Round) -> None:
    boss.goto(boss.base)
    boss.get_by_role("link", name="照这一轮再来一轮").click()
    _send(people, boss, title="2028年党小组编组", closes_at="2099-01-01T18:00")
    made = Round.objects.get(title="2028年党小组编组")
    assert (made.after_id, made.state) == (record.pk, "drafting")
    assert RoundGroup.objects.filter(round=made).count() == 3
    assert "2028年党小组编组" in boss.inner_text("main")


@pytest.mark.parametrize(("width", "language"), [(390, "zh-hans"), (1440, "en")])
def test_pages_in_both_languages_without_faults(
    visit: Any, town: SimpleNamespace, told: Any, width: int, language: str
) -> None:
    people = People(visit)
    base, group = f"/groups/{told.pk}/", RoundGroup.objects.filter(round=told).first()
    person = Participant.objects.get(round=told, number=5)
    page = people.page(town.organiser, base, width=width, language=language)
    assert group
    for part in (
        "",
        f"groups/{group.pk}/",
        "roll/",
        f"roll/{person.pk}/",
        "check/",
        "print/result/",
        f"roll/{person.pk}/move/",
    ):
        page.goto(f"{base}{part}")
        people.look(page)
    assert people.wrong == []
