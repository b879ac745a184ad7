"""Every page, for every named person, in both languages; what is typed wrong stays in the form."""

import datetime as dt
import io
import json
import re
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.test import Client

from lianxi.delegates.quotas import services
from lianxi.delegates.quotas.models import Calculation, SeatPlan
from lianxi.delegates.quotas.terms import State
from lianxi.engines import apportionment
from tests.officers import login

from .conftest import begun, tied
from .test_walk import organiser, published

LANGUAGES = ("zh-hans", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_a_plan(town: SimpleNamespace, computed: Any, at: dt.datetime, language: str) -> None:
    client = login(town.organiser)
    client.cookies["language"] = language
    for address in (
        "/delegates/", "/delegates/?view=working", "/delegates/new/", f"/delegates/new/?body={town.top.pk}", f"/delegates/{computed.pk}/",
        f"/delegates/{computed.pk}/?cell=2-3", f"/delegates/{computed.pk}/figures/", f"/delegates/{computed.pk}/print/", f"/delegates/{computed.pk}/settle/",
        f"/delegates/{computed.pk}/bounds/", f"/delegates/{computed.pk}/aims/", f"/delegates/{computed.pk}/compute/", f"/delegates/{computed.pk}/freeze/",
        f"/delegates/{computed.pk}/submit/", f"/delegates/{computed.pk}/drop/", f"/delegates/{computed.pk}/nominated/",
        f"/delegates/{computed.pk}/adopt/?seats=80&floor=1&weight_members=1&weight_organizations=0&weight_population=0",
        f"/delegates/{computed.pk}/?weight_members=0.2&weight_organizations=0.2&weight_population=0.6&floor=1&seats=72",
        "/public/seats/",
    ):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "style=" not in answer.content.decode()


def test_a_cell_is_worked_out_in_one_line(town: SimpleNamespace, computed: Any) -> None:
    text = (
        login(town.organiser)
        .get(f"/delegates/{computed.pk}/?cell=6-3", headers={"HX-Request": "true"})
        .content.decode()
    )
    assert "131人 ÷ (" in text
    assert f"{computed.current.seat('c')[6][3]}席" in text
    assert "<html" not in text


def test_a_trial_lists_only_what_changes(town: SimpleNamespace, computed: Any) -> None:
    client = login(town.organiser)
    same = {
        "weight_members": "3/5",
        "weight_organizations": "1/5",
        "weight_population": "1/5",
        "floor": "1",
        "seats": "72",
    }
    page = f"/delegates/{computed.pk}/"
    assert "每一格都不变" in client.get(page, same, headers={"HX-Request": "true"}).content.decode()
    more = client.get(page, same | {"seats": "73"}, headers={"HX-Request": "true"}).content.decode()
    assert "多1席" in more
    assert "换成这组设置" in more
    wrong = client.get(page, same | {"weight_members": "0.7"}, headers={"HX-Request": "true"}).content.decode()
    assert "三个权重相加要是1" in wrong
    assert Calculation.objects.count() == 1


def test_nobody_approves_a_plan_that_was_not_on_the_page(town: SimpleNamespace, computed: Any, at: dt.datetime) -> None:
    services.submit(computed, actor=organiser(town), at=at)
    client, page = login(town.higher), f"/delegates/{computed.pk}/approve/"
    old = re.search(r'name="seen" value="(\d+)"', client.get(page).content.decode())
    assert old
    services.take_back(computed, actor=organiser(town), at=at)
    services.compute(computed, actor=organiser(town), at=at)
    services.submit(computed, actor=organiser(town), at=at)
    late = client.post(page, {"approval": "砚组〔2026〕41号", "seen": old[1]})
    assert late.status_code == 409
    said = late.content.decode()
    assert "有人改过" in said
    assert "砚组〔2026〕41号" in said
    assert SeatPlan.objects.get(pk=computed.pk).state == State.SUBMITTED
    fresh = re.search(r'name="seen" value="(\d+)"', said)
    assert fresh
    assert client.post(page, {"approval": "砚组〔2026〕41号", "seen": fresh[1]}).status_code == 302


def test_what_was_typed_stays(town: SimpleNamespace, computed: Any) -> None:
    client = login(town.organiser)
    answer = client.post(f"/delegates/{computed.pk}/settle/", {"title": "砚湖街道党员代表会议", "kind": "conference", "seats": "72", "weight_members": "0.9", "weight_organizations": "0.2", "weight_population": "0.2", "floor": "1", "method": "webster"})  # fmt: skip
    assert answer.status_code == 422
    assert 'value="0.9"' in answer.content.decode()
    assert SeatPlan.objects.get(pk=computed.pk).state == State.COMPUTED
    unit = computed.units.first()
    answer = client.post(f"/delegates/{computed.pk}/figures/", {f"population_{unit.pk}": "七千", "source": "台账"})
    assert answer.status_code == 422
    assert "七千" in answer.content.decode()


def test_the_spreadsheet_is_an_allocation_table(town: SimpleNamespace, computed: Any) -> None:
    from lianxi.commons.papers.models import Export

    answer = login(town.organiser).get(f"/delegates/{computed.pk}/sheet/")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "砚湖街道党员代表会议代表名额分配表"
    assert rows[2][:2] == ("序号", "选举单位")
    assert rows[3][5] == "机关事业"
    assert list(rows[4][5:10]) == computed.current.seat("c")[0]
    assert rows[12][1] == "合计"
    assert rows[12][10] == 72
    assert "人数来自录入。" in str(rows[13][0])
    assert Export.objects.get().asked == {"plan": computed.pk}
    printed = login(town.organiser).get(f"/delegates/{computed.pk}/print/").content.decode()
    assert "人数来自录入。" in printed
    for unit in computed.units.all():
        assert str(unit) in printed


def test_the_certificate_is_the_engines(town: SimpleNamespace, computed: Any, at: dt.datetime) -> None:
    client = login(town.organiser)
    found = json.loads(client.get(f"/delegates/{computed.pk}/certificate/").content)
    assert found["format"] == "lianxi-seat-plan/1"
    assert all(holds for holds, _, _ in apportionment.check(found))
    services.settle(computed, seats=80, actor=organiser(town), at=at)
    assert client.get(f"/delegates/{computed.pk}/certificate/").status_code == 404
    assert json.loads(client.get(f"/delegates/{computed.pk}/certificate/?n=1").content) == found
    assert client.get(f"/delegates/{computed.pk}/certificate/?n=9").status_code == 404


def test_the_public_page(town: SimpleNamespace, computed: Any, at: dt.datetime) -> None:
    anybody = Client()
    addresses = [
        f"/public/seats/{computed.pk}/",
        f"/public/seats/{computed.pk}/certificate/",
        f"/public/seats/{computed.pk}/print/",
    ]
    assert [anybody.get(one).status_code for one in addresses] == [404, 404, 404]
    published(town, computed, at)
    for language in LANGUAGES:
        anybody.cookies["language"] = language
        assert [anybody.get(one).status_code for one in addresses] == [200, 200, 200]
    assert anybody.post(addresses[0]).status_code == 405
    assert "砚组〔2026〕41号" in anybody.get(addresses[0]).content.decode()
    assert anybody.get(f"/delegates/{computed.pk}/").status_code == 302


WHO = ("organiser", "higher", "secretary", "handler", "outsider", "far_organiser", "admin", "branch_secretary", "clerk")
MAY = {
    "organiser": {"record", "settle", "submit"}, "higher": {"record", "settle", "submit"},
}  # fmt: skip


@pytest.mark.parametrize("who", WHO)
def test_who_may_not(town: SimpleNamespace, computed: Any, who: str) -> None:
    client = login(town.people[who])
    seen = client.get(f"/delegates/{computed.pk}/").status_code
    assert seen == (200 if "record" in MAY.get(who, ()) else 404)
    for verb in ("settle", "submit"):
        assert client.get(f"/delegates/{computed.pk}/{verb}/").status_code == (200 if verb in MAY.get(who, ()) else 404)
    for address in ("figures", "print", "sheet", "certificate"):
        assert client.get(f"/delegates/{computed.pk}/{address}/").status_code == (200 if who in MAY else 404)
    assert client.get(f"/delegates/{computed.pk}/approve/").status_code == (
        {"organiser": 403, "higher": 200}.get(who, 404)
    )
    may_begin = who in ("organiser", "higher", "far_organiser")
    assert client.get("/delegates/new/").status_code == (200 if may_begin else 403)


def test_a_tie_shows_its_doors_and_its_lots(town: SimpleNamespace, at: dt.datetime) -> None:
    plan = tied(town, at)
    client = login(town.organiser)
    page = client.get(f"/delegates/{plan.pk}/").content.decode()
    assert "有并列，要由会议定" in page
    assert "登记抽签" in page
    answer = client.post(f"/delegates/{plan.pk}/draw-ties/", {"seed": "38-07-91", "paper": "11月16日党工委会议"})
    assert answer.status_code == 302
    page = client.get(f"/delegates/{plan.pk}/").content.decode()
    assert "抽签的次序" in page
    assert "38-07-91" in page


@pytest.mark.parametrize("units", [4, 40])
def test_a_page_asks_the_database_few_questions(town: SimpleNamespace, at: dt.datetime, units: int, django_assert_max_num_queries: Any) -> None:  # fmt: skip
    from .conftest import DAY, rows

    people = [(f"单位{n}", (30 + n, 40 + 2 * n, 20 + n % 7, 35 + n % 11, 50)) for n in range(units)]
    plan = services.put_figures(begun(town, at, seats=120), on=DAY, rows=rows(people), actor=organiser(town), at=at)
    plan = services.compute(plan, actor=organiser(town), at=at)
    client = login(town.organiser)
    client.get(f"/delegates/{plan.pk}/")
    with django_assert_max_num_queries(45):
        client.get(f"/delegates/{plan.pk}/")
    with django_assert_max_num_queries(30):
        client.get("/delegates/")
