"""The pages of the book: open to everybody, whole in both languages, changed only by those who keep it."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lianxi.commons.rulebook import book
from lianxi.commons.rulebook import services as book_services
from lianxi.commons.rulebook.models import Confirmation, LocalRule, RefusedChange

LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])


def tomorrow() -> dt.date:
    return timezone.localdate() + dt.timedelta(days=1)


def typed(at_unit: Any, **changes: Any) -> dict[str, Any]:
    return {
        "parameter": "help", "value": "4", "unit": at_unit.pk, "since": tomorrow().isoformat(),
        "source": "本街道2026年第5次主任办公会", "reason": "维修队增加一组人",
    } | changes  # fmt: skip


@pytest.fixture
def reader(db: None) -> Client:
    return Client()


def in_language(client: Client, language: str) -> Client:
    client.cookies["language"] = language
    return client


@LANGUAGES
def test_every_rule_has_its_page(reader: Client, language: str) -> None:
    in_language(reader, language)
    for rule_id in book().ids:
        answer = reader.get(f"/rules/{rule_id}/")
        assert answer.status_code == 200, rule_id
        assert book().history(rule_id)[0].url == reverse("rule", args=[rule_id])


@LANGUAGES
@pytest.mark.parametrize(
    "query",
    [
        "",
        "?mechanism=data",
        "?source=unconfirmed",
        "?regulation=xinfang_2005&on=2015-01-01",
        "?page=3",
        "?page=999",
        "?page=x&on=x&mechanism=x&source=x",
    ],
)
def test_the_list_in_every_shape(reader: Client, language: str, query: str) -> None:
    assert in_language(reader, language).get(f"/rules/{query}").status_code == 200


@LANGUAGES
@pytest.mark.parametrize(
    "path",
    [
        "/rules/compare/",
        "/rules/compare/?before=2021-01-01&after=2023-01-01",
        "/rules/compare/?before=2026-01-01&after=2026-01-01",
        "/rules/print/?mechanism=decisions",
    ],
)
def test_the_other_pages(reader: Client, language: str, path: str) -> None:
    assert in_language(reader, language).get(path).status_code == 200


@pytest.mark.parametrize(
    ("q", "found", "language"),
    [
        ("办结期限", "X-11", "zh-hans"),
        ("x-11", "X-11", "zh-hans"),
        ("recall", "F-16", "en"),
        ("复核 30日", "X-13", "zh-hans"),
        ("\uff38-11", "X-11", "zh-hans"),
    ],
)
def test_the_book_is_searched(reader: Client, q: str, found: str, language: str) -> None:
    answer = in_language(reader, language).get("/rules/", {"q": q})
    assert found in [one.id for one in answer.context["found"].rows]
    assert len(answer.context["found"].rows) < 20


def test_nothing_found_says_what_to_change(reader: Client) -> None:
    answer = reader.get("/rules/", {"q": "没有这样的规则"})
    assert "这组条件下没有找到" in answer.content.decode()


def test_what_was_searched_is_escaped(reader: Client) -> None:
    assert "<script>alert" not in reader.get("/rules/", {"q": "<script>alert(1)</script>"}).content.decode()


def test_a_day_in_the_past_shows_the_book_of_that_day(reader: Client) -> None:
    page = reader.get("/rules/F-09/?on=2023-05-01").content.decode()
    assert "这是" in page
    assert "100户" in page
    assert "一般在一百户至七百户" in page


def test_a_day_before_the_rule_says_since_when(reader: Client) -> None:
    answer = reader.get("/rules/X-11/?on=2004-01-01")
    assert answer.status_code == 404
    assert "还没有这条规则" in answer.content.decode()


@pytest.mark.parametrize("path", ["/rules/X-99/", "/rules/X-99/?on=2020-01-01"])
def test_an_unknown_number_is_not_found(reader: Client, path: str) -> None:
    assert reader.get(path).status_code == 404


def test_a_quotation_and_a_restatement_are_told_apart(reader: Client) -> None:
    assert "转述" not in reader.get("/rules/X-11/").content.decode()
    assert "转述" in reader.get("/rules/E-23/").content.decode()
    english = in_language(reader, "en").get("/rules/X-11/").content.decode()
    assert 'lang="zh-hans">对本条例第三十一条第六项' in english
    assert "Matters under article 31 (6)" in english


def test_the_page_says_where_a_rule_is_applied(reader: Client) -> None:
    import lianxi.participation.voices.workflow  # noqa: F401

    assert "申请和审批延期" in reader.get("/rules/X-11/").content.decode()


def test_a_keeper_changes_a_figure(street: SimpleNamespace, officer: Any, signed_in: Callable[[Any], Client]) -> None:
    client = signed_in(officer)
    assert client.get("/rules/S-02/change/").status_code == 200
    assert client.post("/rules/S-02/change/", typed(street.top)).status_code == 302
    made = LocalRule.objects.get()
    assert (made.value, made.unit, made.by, made.parameter) == (4, street.top, officer, "help")
    page = client.get(f"/rules/S-02/?on={tomorrow()}").content.decode()
    assert "本街道2026年第5次主任办公会" in page
    assert client.post(f"/rules/local/{made.pk}/withdraw/", {"reason": "改回"}).status_code == 302
    made.refresh_from_db()
    assert made.until == timezone.localdate()


def test_a_refused_change_keeps_what_was_typed_and_stays_visible(
    street: SimpleNamespace, officer: Any, signed_in: Callable[[Any], Client]
) -> None:
    client = signed_in(officer)
    answer = client.post("/rules/X-11/change/", typed(street.top, parameter="-", value="90"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'role="alert"' in page
    assert 'value="90"' in page
    assert "维修队增加一组人" in page
    assert not LocalRule.objects.exists()
    assert RefusedChange.objects.get().value == 90
    seen = client.get("/rules/X-11/").content.decode()
    assert "没有改成：期限改为90日" in seen
    assert "方知远" in seen
    public = Client().get("/rules/X-11/").content.decode()
    assert "没有改成：期限改为90日" in public
    assert "方知远" not in public


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"value": "很多"}, "value"),
        ({"since": "2020-01-01"}, "since"),
        ({"since": "x"}, "since"),
        ({"source": ""}, "source"),
        ({"reason": " "}, "reason"),
        ({"unit": "999999"}, "unit"),
        ({"parameter": "none"}, "parameter"),
        ({"source": "长" * 201}, "source"),
        ({"value": "9" * 25}, "value"),
    ],
)
def test_bad_input_is_named_and_changes_nothing(
    street: SimpleNamespace, officer: Any, signed_in: Callable[[Any], Client], changes: dict[str, str], field: str
) -> None:
    answer = signed_in(officer).post("/rules/S-02/change/", typed(street.top, **changes))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not LocalRule.objects.exists()
    assert not RefusedChange.objects.exists()


@pytest.mark.parametrize("who", ["secretary", "handler", "resident", "publisher", None])
def test_others_change_nothing(
    street: SimpleNamespace, officer: Any, keeper: Any, signed_in: Callable[[Any], Client], who: str | None
) -> None:
    made = book_services.set_local_figure(
        "S-02", parameter="help", value=4, unit=street.top, since=tomorrow(), source="文", reason="由",
        actor=keeper, at=timezone.now(),
    )  # fmt: skip
    client = signed_in(getattr(street, who)) if who else Client()
    expected = 403 if who else 302
    page = client.get("/rules/S-02/").content.decode()
    assert "改本地数值" not in page
    assert "记录核对结果" not in page
    assert client.get("/rules/S-02/change/").status_code == expected
    assert client.post("/rules/S-02/change/", typed(street.wanghuai)).status_code == expected
    assert client.post(f"/rules/local/{made.pk}/withdraw/", {"reason": "改回"}).status_code == expected
    assert client.post("/rules/S-02/confirm/", {"note": "对照", "holds": "1"}).status_code == expected
    made.refresh_from_db()
    assert made.until is None
    assert LocalRule.objects.count() == 1
    assert not Confirmation.objects.exists()


def test_a_comparison_is_recorded(street: SimpleNamespace, officer: Any, signed_in: Callable[[Any], Client]) -> None:
    client = signed_in(officer)
    assert client.post("/rules/E-23/confirm/", {"note": "对照区委组织部汇编第41页", "holds": "0"}).status_code == 302
    made = Confirmation.objects.get()
    assert (made.holds, made.since) == (False, book().history("E-23")[0].since)
    assert "本单位核过，不一致" in client.get("/rules/E-23/").content.decode()


def test_pages_ask_few_queries(street: SimpleNamespace, officer: Any, django_assert_max_num_queries: Any) -> None:
    reader = Client()
    with django_assert_max_num_queries(1):
        reader.get("/rules/?mechanism=participation")
    with django_assert_max_num_queries(3):
        reader.get("/rules/S-02/")
