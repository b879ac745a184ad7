"""The desk's pages of a secret vote: begun, filled in, looked through, led from step to step."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from lianxi.commons.accounts.models import Account, Person
from lianxi.commons.ballotbox import pasted, rolls, services
from lianxi.commons.ballotbox.models import Item, Poll, PollEvent, RollEntry, Trustee
from lianxi.commons.permissions.models import Posting
from lianxi.commons.protection.models import Look
from tests.commons_ballotbox.conftest import Vote, browser_of
from tests.officers import add_officers
from tests.street import NOON

pytestmark = pytest.mark.django_db
TYPED = {
    "kind": "motions", "title": "阵地改造", "about": "会前已经议过三次。", "items": "1. 同意改造方案\n2、同意预算\n", "rule": "B-07", "revote": "on",
    "opens_on": f"{timezone.localdate() + dt.timedelta(days=10)}", "place": "社区活动室",
}  # fmt: skip


def begun(desk: Client, street: SimpleNamespace, **more: Any) -> Poll:
    answer = desk.post("/polls/new/", {"unit": street.wanghuai.pk, **TYPED, **more})
    assert answer.status_code == 302, answer.content.decode()
    return Poll._base_manager.latest("pk")


def test_from_an_empty_page_to_the_settled_vote(desk: Client, street: SimpleNamespace) -> None:
    poll = begun(desk, street)
    assert (poll.title, poll.rule, poll.revote, poll.most) == ("阵地改造", "B-07", True, 1)
    assert list(Item._base_manager.filter(poll=poll).values_list("text", flat=True)) == ["同意改造方案", "同意预算"]
    page = desk.get(f"/polls/{poll.pk}/").content.decode()
    assert "写选民名册" in page

    looked = desk.post(f"/polls/{poll.pk}/roll/", {"names": "1 张　伟\n2 李芳\n王敏，第二支部", "look": "1"})
    said = looked.content.decode()
    assert "张伟" in said
    assert "记下这3人" in said
    assert RollEntry._base_manager.count() == 0
    kept = desk.post(f"/polls/{poll.pk}/roll/", {"names": "张伟\n李芳\n王敏，第二支部", "source": "typed", "keep": "1"})
    assert kept.status_code == 302
    assert list(RollEntry._base_manager.order_by("number").values_list("number", "note")) == [(1, ""), (2, ""), (3, "第二支部")]  # fmt: skip
    assert "李芳" not in desk.get(f"/polls/{poll.pk}/roll/").content.decode()

    people = {
        "trustee_1": f"u{street.director.pk}", "trustee_2": street.publisher.name, "trustee_3": f"u{street.works_head.pk}",
        "threshold": "2", "giver": f"u{street.clerk.pk}",
    }  # fmt: skip
    named = desk.post(f"/polls/{poll.pk}/trustees/", people)
    assert named.status_code == 302, named.content.decode()
    assert [one.person for one in Trustee._base_manager.select_related("person")] == [
        street.director, street.publisher, street.works_head,
    ]  # fmt: skip
    page = desk.get(f"/polls/{poll.pk}/").content.decode()
    assert f'href="/polls/{poll.pk}/prepare/"' in page
    assert desk.post(f"/polls/{poll.pk}/prepare/").status_code == 302
    poll.refresh_from_db()
    assert poll.state == "preparing"
    assert desk.get(f"/polls/{poll.pk}/").status_code == 200


def test_the_form_knows_trustees_by_name(desk: Client, street: SimpleNamespace) -> None:
    poll = begun(desk, street)
    outside = Account.objects.create_user("far.away", person=Person.objects.create(name="傅云舒"))
    twin = Person.objects.create(name=street.director.name)
    Posting.objects.create(person=twin, unit=street.wanghuai_committee, role="director", since=dt.date(2025, 1, 1))
    Account.objects.create_user("twin", person=twin)
    typed = {
        "trustee_1": f"u{street.director.pk}", "trustee_2": street.publisher.name, "trustee_3": "far.away",
        "threshold": "2", "giver": f"u{street.clerk.pk}",
    }  # fmt: skip
    address = f"/polls/{poll.pk}/trustees/"
    assert desk.post(address, typed).status_code == 302
    form = desk.get(address).context["form"]
    shown = {name: str(form[name].value() or "") for name in form.fields}
    assert shown["trustee_1"].startswith(street.director.name)
    assert shown["trustee_1"].endswith(f" · u{street.director.pk}")  # two of one name hold one post
    assert shown["trustee_2"].startswith(f"{street.publisher.name} · ")
    assert f"u{street.publisher.pk}" not in shown["trustee_2"]
    assert shown["trustee_3"] == f"{outside.person.name} · far.away"
    assert desk.post(address, shown).status_code == 302
    assert [one.person for one in Trustee._base_manager.filter(poll=poll).select_related("person")] == [
        street.director, street.publisher, outside.person,
    ]  # fmt: skip
    wrong = desk.post(address, shown | {"trustee_3": f"{street.director.name} · far.away"})
    assert "trustee_3" in wrong.context["form"].errors


def test_what_was_typed_stays_where_it_is_refused(desk: Client, street: SimpleNamespace) -> None:
    wrong = TYPED | {"title": "", "kind": "choice", "most": "5", "items": "甲\n甲"}
    answer = desk.post("/polls/new/", {"unit": street.wanghuai.pk, **wrong})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "会前已经议过三次。" in said
    assert "写了不止一次" in said
    assert Poll._base_manager.count() == 0


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"kind": "choice", "most": ""}, "most"),
        ({"kind": "choice", "most": "3"}, "most"),
        ({"kind": "choice", "most": "1"}, "rule"),
        ({"kind": "motions", "roster": "戊"}, "roster"),
        ({"kind": "candidates", "most": "1", "rule": "none", "roster": "同意预算"}, "roster"),
        ({"items": "一" * 301}, "items"),
        ({"items": "1. \n2. "}, "items"),
        ({"opens_on": "0001-01-01"}, "opens_on"),
        ({"opens_on": "9999-12-31"}, "opens_on"),
        ({"opens_on": f"{timezone.localdate() - dt.timedelta(days=1)}"}, "opens_on"),
    ],
)
def test_a_question_that_cannot_be(desk: Client, street: SimpleNamespace, typed: dict[str, str], field: str) -> None:
    answer = desk.post("/polls/new/", {"unit": street.wanghuai.pk, **TYPED, **typed})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert Poll._base_manager.count() == 0


def test_one_name_twice_is_told_and_not_kept(desk: Client, street: SimpleNamespace) -> None:
    poll = begun(desk, street)
    said = desk.post(f"/polls/{poll.pk}/roll/", {"names": "张伟\n李芳\n张伟", "keep": "1"}).content.decode()
    assert "“张伟”在第1、3行" in said
    assert "记下这" not in said
    assert RollEntry._base_manager.count() == 0
    kept = desk.post(f"/polls/{poll.pk}/roll/", {"names": "张伟，一支部\n李芳\n张伟，二支部", "keep": "1"})
    assert kept.status_code == 302
    assert RollEntry._base_manager.count() == 3


def test_a_sheet_is_read_and_shown_first(desk: Client, street: SimpleNamespace) -> None:
    poll = begun(desk, street)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["望槐社区党员名单"],
        ["序号", "姓名", "所在党支部"],
        [1, "周望舒", "第一支部"],
        [2, "钱 枫", "第二支部"],
    ):
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    file.name = "名单.xlsx"
    said = desk.post(f"/polls/{poll.pk}/roll/", {"names": "", "file": file, "keep": "1"}).content.decode()
    assert "周望舒" in said
    assert "钱枫" in said
    assert "第二支部" in said
    assert RollEntry._base_manager.count() == 0
    file = io.BytesIO(b"\x00\x01 no sheet")
    file.name = "x.xlsx"
    assert desk.post(f"/polls/{poll.pk}/roll/", {"names": "", "file": file}).status_code == 422


def test_the_attendance_sheet_has_whole_names_and_is_on_record(desk: Client, led: Callable[..., Vote]) -> None:
    vote = led("preparing")
    page = desk.post(f"/polls/{vote.poll.pk}/roll/sheet/")
    assert "居民0" in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert Look.objects.filter(field="name", by=vote.street.secretary).count() == 3
    assert desk.get(f"/polls/{vote.poll.pk}/roll/sheet/").status_code == 405


def test_administrators_and_who_leads_are_no_trustees(desk: Client, street: SimpleNamespace) -> None:
    browser_of(add_officers(street).system_admin)
    poll = begun(desk, street)
    desk.post(f"/polls/{poll.pk}/roll/", {"names": "张伟", "keep": "1"})
    page = desk.get(f"/polls/{poll.pk}/trustees/").content.decode()
    assert "管系统的人" in page
    assert f"u{street.system_admin.pk}" not in page
    people = {
        "trustee_1": f"u{street.system_admin.pk}", "trustee_2": f"u{street.secretary.pk}", "trustee_3": f"u{street.director.pk}",
        "threshold": "2", "giver": f"u{street.clerk.pk}",
    }  # fmt: skip
    told = desk.post(f"/polls/{poll.pk}/trustees/", people)
    assert told.status_code == 422
    assert set(told.context["form"].errors) == {"trustee_1", "trustee_2"}
    assert street.system_admin.name in str(told.context["form"].errors["trustee_1"])
    assert (
        "giver"
        in desk.post(f"/polls/{poll.pk}/trustees/", people | {"giver": f"u{street.system_admin.pk}"})
        .context["form"]
        .errors
    )
    assert Trustee._base_manager.count() == 0
    chosen = [street.system_admin, street.secretary, street.director]  # as if they had come to their posts afterwards
    actor = street.actor(street.secretary)
    services.set_trustees(poll, people=chosen, giver=street.clerk, threshold=2, few_reason="", actor=actor, at=NOON)
    refused = desk.post(f"/polls/{poll.pk}/prepare/")
    assert refused.status_code == 422
    assert street.system_admin.name in refused.content.decode()
    assert Poll._base_manager.get(pk=poll.pk).state == "draft"
    assert f'href="/polls/{poll.pk}/trustees/"' in desk.get(f"/polls/{poll.pk}/").content.decode()


@pytest.mark.parametrize("threshold", ["1", "4"])
def test_a_threshold_that_is_no_majority(desk: Client, street: SimpleNamespace, threshold: str) -> None:
    poll = begun(desk, street)
    people = {
        "trustee_1": f"u{street.director.pk}", "trustee_2": f"u{street.publisher.pk}", "trustee_3": "没有这个人", "threshold": threshold,
        "giver": f"u{street.clerk.pk}",
    }  # fmt: skip
    answer = desk.post(f"/polls/{poll.pk}/trustees/", people)
    assert answer.status_code == 422
    assert "没有这个人" in answer.content.decode()
    assert set(answer.context["form"].errors) == {"trustee_3", "threshold"}  # all at once
    assert Trustee._base_manager.count() == 0


def test_every_state_has_its_record(led: Callable[..., Vote], street: SimpleNamespace) -> None:
    for state in ("draft", "preparing", "poll_open", "poll_closed", "added_up", "counted", "published"):
        vote = led(state, rule="B-07")
        for language in ("zh-hans", "en"):
            for who in (street.secretary, street.director, street.clerk, street.supervisor):
                page = browser_of(who, language).get(f"/polls/{vote.poll.pk}/")
                assert page.status_code == 200, (state, who)
                if state == "poll_open" and who == street.secretary:
                    assert 'hx-trigger="every 5s"' in page.content.decode()


@pytest.mark.parametrize(("ahead", "says"), [(3, True), (-1, True), (0, False), (None, False)])
def test_who_begins_on_another_day_than_planned_is_told(
    desk: Client, led: Callable[..., Vote], ahead: int | None, says: bool
) -> None:
    planned = None if ahead is None else timezone.localdate() + dt.timedelta(days=ahead)
    vote = led("preparing", opens_on=planned)
    said = desk.get(f"/polls/{vote.poll.pk}/open/").content.decode()
    assert "从现在起凭选票卡投票" in said
    assert ("计划的投票日期是" in said) == says


def test_numbers_of_the_meeting_are_typed_once(desk: Client, led: Callable[..., Vote]) -> None:
    vote = led("poll_open")
    where = f"/polls/{vote.poll.pk}/attendance/"
    assert desk.post(where, {"attended": "9", "cards_given": "3"}).status_code == 422
    assert desk.post(where, {"attended": "3", "cards_given": "3"}).status_code == 302
    assert desk.post(where, {"attended": "2", "cards_given": "2"}).status_code == 422
    vote.fresh()
    assert (vote.poll.attended, vote.poll.cards_given) == (3, 3)


def test_the_result_names_its_bases(desk: Client, led: Callable[..., Vote]) -> None:
    vote = led("published", rule="B-07", choices=[[[1, 0], [0, 1]], [[1, 0], [0, 0]], [[1, 0], [1, 0]]])
    said = desk.get(f"/polls/{vote.poll.pk}/").content.decode()
    for words in (
        "应到",
        "签到",
        "发卡",
        "投票",
        "占应到3",
        "占签到3",
        "占投票3",
        "100.0%",
        "33.3%",
        "通过",
        "没有通过",
        "支部工作条例",
    ):
        assert words in said, words
    paper = desk.get(f"/polls/{vote.poll.pk}/result/").content.decode()
    assert "监票人" in paper


def test_the_list_finds_filters_saves_and_exports(desk: Client, led: Callable[..., Vote]) -> None:
    open_one, done = led("poll_open"), led("published", kind="choice", items=("东门", "西门"))
    page = desk.get("/polls/").content.decode()
    assert f"/polls/{open_one.poll.pk}/" in page
    assert f'href="/polls/{done.poll.pk}/"' not in page
    assert f'href="/polls/{done.poll.pk}/"' in desk.get("/polls/?view=published").content.decode()
    assert f'href="/polls/{open_one.poll.pk}/"' not in desk.get("/polls/?view=all&kind=choice").content.decode()
    assert "没有投票" in desk.get("/polls/?q=没有这样的").content.decode()
    desk.post("/views/polls/save/", {"label": "征求意见", "query": "view=all&kind=choice", "next": "/polls/"})
    assert "征求意见" in desk.get("/polls/").content.decode()
    assert desk.get("/polls/export/?view=all")["Content-Type"].endswith("sheet")


def test_an_empty_view_does_not_say_that_there_is_no_vote(desk: Client, street: SimpleNamespace) -> None:
    assert "先写议题，再写选民名册" in desk.get("/polls/").content.decode()
    begun(desk, street)
    ended = desk.get("/polls/?view=withdrawn").content.decode()
    assert "这组条件下没有投票" in ended
    assert "先写议题，再写选民名册" not in ended


def test_english_errors_are_english(desk: Client, street: SimpleNamespace) -> None:
    said = browser_of(street.secretary, "en").post("/polls/new/", {}).content.decode()
    assert "Name: This field is required." in said
    assert "：" not in said.partition("<main")[2].partition("<form")[0]
    poll = begun(browser_of(street.secretary), street)
    twins = browser_of(street.secretary, "en").post(f"/polls/{poll.pk}/roll/", {"names": "张伟\n张伟", "look": "1"})
    assert "in lines 1, 2" in twins.content.decode()


def test_strangers_find_nothing(led: Callable[..., Vote], street: SimpleNamespace) -> None:
    vote = led("poll_open")
    add_officers(street)
    before = PollEvent._base_manager.count()
    pages = ("", "question/", "roll/", "trustees/", "attendance/", "count/", "work/", "close/", "withdraw/", "prepare/")
    for who in (
        street.outsider,
        street.resident,
        street.system_admin,
        street.audit_admin,
        street.dispatcher,
        street.far_organiser,
    ):
        client = browser_of(who)
        for page in pages:
            assert client.get(f"/polls/{vote.poll.pk}/{page}").status_code == 404, (who, page)
            assert client.post(f"/polls/{vote.poll.pk}/{page}").status_code in (404, 405), (who, page)
        assert client.get("/polls/").status_code == 200
        assert str(vote.poll) not in client.get("/polls/?view=all").content.decode()
    assert PollEvent._base_manager.count() == before


def test_who_may_only_look_takes_no_step(led: Callable[..., Vote], street: SimpleNamespace) -> None:
    vote = led("poll_open")
    for who in (street.supervisor, street.publisher, street.works_head, street.clerk):
        client = browser_of(who)
        for page in ("question/", "trustees/", "attendance/", "close/", "withdraw/"):
            assert client.post(f"/polls/{vote.poll.pk}/{page}", {"reason": "试试看"}).status_code == 403, (who, page)
    assert vote.fresh().state == "poll_open"
    assert vote.poll.attended is None


def test_lists_that_are_pasted() -> None:
    assert pasted.lines("1. 甲\n（2）乙\n\n 丙　丁 \n3、戊") == ["甲", "乙", "丙丁", "戊"]
    assert pasted.names("1\t张三\t一支部\n欧阳·修，文\nJohn Smith, clerk") == [
        rolls.Name("张三", "一支部"), rolls.Name("欧阳·修", "文"), rolls.Name("John Smith", "clerk"),
    ]  # fmt: skip
    assert pasted.names(pasted.written([rolls.Name("张三", "一支部"), rolls.Name("李四")])) == [
        rolls.Name("张三", "一支部"), rolls.Name("李四"),
    ]  # fmt: skip


def test_pages_ask_little_however_many_there_are(
    desk: Client, led: Callable[..., Vote], django_assert_max_num_queries: Any
) -> None:
    few, many = led("poll_closed", voters=3), led("poll_closed", voters=9)
    for vote in (few, many):
        with django_assert_max_num_queries(32):
            desk.get(f"/polls/{vote.poll.pk}/")
        with django_assert_max_num_queries(9):
            Client().get(f"/vote/{vote.poll.uuid}/")
        with django_assert_max_num_queries(10):
            Client().get(f"/vote/{vote.poll.uuid}/ballots/")
        with django_assert_max_num_queries(3):
            Client().get(f"/vote/{vote.poll.uuid}/hall/count/")
    with django_assert_max_num_queries(20):
        desk.get("/polls/")


def test_how_many_trustees_is_asked_by_the_rule(
    desk: Client, street: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lianxi.commons.ballotbox.queries import people

    poll = begun(desk, street)
    monkeypatch.setattr(people, "rule", lambda *given, **more: SimpleNamespace(value=9))
    page = desk.get(f"/polls/{poll.pk}/trustees/").content.decode()
    assert 'name="trustee_9"' in page
    assert "至少9位" in page
    two = {
        "trustee_1": f"u{street.director.pk}",
        "trustee_2": f"u{street.works_head.pk}",
        "threshold": "2",
        "giver": f"u{street.clerk.pk}",
    }
    answer = desk.post(f"/polls/{poll.pk}/trustees/", two)
    assert answer.status_code == 422
    assert "few_reason" in answer.context["form"].errors
    assert desk.post(f"/polls/{poll.pk}/trustees/", two | {"few_reason": "只有两位懂"}).status_code == 302
