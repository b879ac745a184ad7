"""The list of people, a person's page, and the acts: asked again for proof, with what was typed kept."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from lianxi.commons.people.models import PersonEvent
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import Role
from tests.officers import account_of, login, prove, sure


def body(answer: Any) -> str:
    return answer.content.decode()


@pytest.mark.parametrize(
    ("who", "seen", "hidden"),
    [
        ("organiser", ["陆砚秋", "容与", "简以宁"], ["程未晚", "苏青禾"]),
        ("far_organiser", ["容与", "傅云舒"], ["陆砚秋", "顾明远", "程未晚"]),
        ("audit_admin", ["陆砚秋", "简以宁"], ["程未晚"]),
    ],
)
def test_an_officer_sees_whoever_holds_a_post_below(
    office: SimpleNamespace, who: str, seen: list[str], hidden: list[str]
) -> None:
    page = body(login(getattr(office, who)).get("/people/?view=all"))
    main = page[page.index("<main") :]
    assert all(name in main for name in seen)
    assert not any(name in main for name in hidden)


@pytest.mark.parametrize("who", ["secretary", "handler", "supervisor", "resident", "outsider"])
def test_others_find_no_list_and_nobody_but_themselves(office: SimpleNamespace, who: str) -> None:
    client = login(getattr(office, who))
    assert client.get("/people/").status_code == 404
    assert client.get("/people/export/").status_code == 404
    assert client.get("/people/appoint/").status_code == 404
    assert client.get("/people/open/").status_code == 404
    assert client.get(f"/people/{office.organiser.pk}/").status_code == 404
    assert client.get(f"/people/{getattr(office, who).pk}/").status_code == 200


def test_found_by_name_by_whole_phone_by_unit_and_role(office: SimpleNamespace) -> None:
    client = login(office.organiser)

    def main(query: str) -> str:
        page = body(client.get(f"/people/{query}"))
        return page[page.index("<main") :]

    assert "陆砚秋" in main("?q=砚秋")
    assert "陆砚秋" in main("?q=139 0000 0417")
    assert "陆砚秋" in main("?q=%2B8613900000417")
    assert "陆砚秋" not in main("?q=139000004")
    assert "容与" in main(f"?unit={office.tingsong.pk}")
    assert "陆砚秋" not in main(f"?unit={office.tingsong.pk}")
    assert "周亦远" in main("?role=dispatcher")
    assert "陆砚秋" not in main("?role=dispatcher")
    assert client.get("/people/?unit=x&role=emperor&after=9&view=odd").status_code == 200


def test_the_list_pages_by_name(office: SimpleNamespace) -> None:
    from lianxi.commons.accounts.models import Person

    for n in range(60):
        one = Person.objects.create(name=f"同名{n % 3}")
        Posting.objects.create(person=one, unit=office.wanghuai, role=Role.CLERK, since=dt.date(2025, 1, 1))
    client, address, seen = login(office.organiser), "/people/?q=同名", []
    for _turn in range(3):
        page = client.get(address)
        seen += [row.person.pk for row in page.context["page"].rows]
        address = "/people/" + page.context["next"]
    assert len(seen) == len(set(seen)) == 60
    assert page.context["next"] == ""


def test_the_list_asks_little_of_the_database(office: SimpleNamespace, django_assert_max_num_queries: Any) -> None:
    client = login(office.organiser)
    client.get("/people/")
    with django_assert_max_num_queries(20):
        client.get("/people/")


def appointment(s: SimpleNamespace, **more: Any) -> dict[str, Any]:
    return {
        "who": account_of(s.outsider).username, "unit": s.wanghuai.pk, "role": "clerk", "since": "2026-11-20",
        "until": "", "reason": "望街任〔2026〕8号",
    } | more  # fmt: skip


def test_appointing_asks_again_and_keeps_what_was_typed(office: SimpleNamespace) -> None:
    client, typed = login(office.organiser), appointment(office)
    asked = client.post("/people/appoint/", typed)
    assert asked.status_code == 302
    assert asked.url.startswith("/account/reauthenticate/?next=")
    assert not Posting.objects.filter(person=office.outsider).exists()
    assert PersonEvent.objects.count() == 0
    back = prove(client, "/people/appoint/")
    assert back.url == "/people/appoint/"
    page = body(client.get(back.url))
    assert "望街任〔2026〕8号" in page
    assert "2026-11-20" in page
    assert "您写的都在" in page
    assert not Posting.objects.filter(person=office.outsider).exists()
    done = client.post("/people/appoint/", typed)
    assert done.url == f"/people/{office.outsider.pk}/"
    assert Posting.objects.get(person=office.outsider).role == Role.CLERK
    assert "望街任〔2026〕8号" in body(client.get(done.url))


def test_a_wrong_password_proves_nothing(office: SimpleNamespace) -> None:
    client = login(office.organiser)
    client.post("/people/appoint/", appointment(office))
    wrong = client.post("/account/reauthenticate/", {"password": "not-this-one", "next": "/people/appoint/"})
    assert wrong.status_code == 200
    assert "密码不对" in body(wrong)
    assert client.post("/people/appoint/", appointment(office)).url.startswith("/account/reauthenticate/")
    assert not Posting.objects.filter(person=office.outsider).exists()


def test_proof_grows_old(office: SimpleNamespace, settings: Any) -> None:
    client = sure(office.organiser)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    assert client.post("/people/appoint/", appointment(office)).url.startswith("/account/reauthenticate/")
    assert not Posting.objects.filter(person=office.outsider).exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"who": "nobody-here"}, "没有找到这个账号名或手机号"),
        ({"until": "2026-11-01"}, "卸任日期早于任职日期"),
        ({"reason": ""}, "写的都还在"),
    ],
)
def test_what_is_wrong_is_said_in_its_place(office: SimpleNamespace, more: dict[str, str], said: str) -> None:
    answer = sure(office.organiser).post("/people/appoint/", appointment(office, **more))
    assert answer.status_code == 422
    assert said in body(answer)
    assert "2026-11-20" in body(answer)
    assert not Posting.objects.filter(person=office.outsider).exists()


def test_the_split_is_refused_on_the_page_with_its_article(office: SimpleNamespace) -> None:
    typed = appointment(office, who=account_of(office.audit_admin).username, unit=office.top.pk, role="system_admin")
    answer = sure(office.security_admin).post("/people/appoint/", typed)
    assert answer.status_code == 422
    assert "由三个人分任" in body(answer)
    assert "网络安全等级保护" in body(answer)
    assert Posting.objects.filter(person=office.audit_admin).count() == 1


def test_a_unit_out_of_reach_is_no_choice(office: SimpleNamespace) -> None:
    answer = sure(office.far_organiser).post("/people/appoint/", appointment(office))
    assert answer.status_code == 422
    assert not Posting.objects.filter(person=office.outsider).exists()


def test_ending_a_post(office: SimpleNamespace) -> None:
    post = Posting.objects.get(person=office.handler)
    client = sure(office.organiser)
    today = timezone.localdate()
    assert "陆砚秋" in body(client.get(f"/people/posts/{post.pk}/end/"))
    answer = client.post(f"/people/posts/{post.pk}/end/", {"last_day": today.isoformat(), "reason": "调走"})
    assert answer.url == f"/people/{office.handler.pk}/"
    post.refresh_from_db()
    assert post.until == today
    page = body(client.get(answer.url))
    assert "快到期" in page
    assert "调走" in page


@pytest.mark.parametrize(("who", "status"), [("far_organiser", 404), ("secretary", 404), ("system_admin", 403)])
def test_others_end_no_post(office: SimpleNamespace, who: str, status: int) -> None:
    post = Posting.objects.get(person=office.handler)
    answer = sure(getattr(office, who)).post(
        f"/people/posts/{post.pk}/end/", {"last_day": "2026-11-30", "reason": "试试"}
    )
    assert answer.status_code == status
    post.refresh_from_db()
    assert post.until is None


def test_the_list_is_taken_out_after_proof_and_with_a_purpose(office: SimpleNamespace) -> None:
    from lianxi.commons.papers.models import Export

    client = login(office.organiser)
    assert client.post("/people/export/", {"reason": "年检"}).url.startswith("/account/reauthenticate/")
    assert not Export.objects.exists()
    prove(client, "/people/export/")
    assert client.post("/people/export/", {"reason": ""}).status_code == 422
    assert not Export.objects.exists()
    file = client.post("/people/export/", {"reason": "年检"})
    assert b"".join(file.streaming_content)[:2] == b"PK"
    row = Export.objects.get()
    assert (row.by_name, row.reason) == ("顾明远", "年检")
    assert row.rows == Posting.objects.count()


def test_both_languages(office: SimpleNamespace) -> None:
    import re

    client = sure(office.organiser)
    client.cookies["language"] = "en"
    for path in (
        "/people/",
        "/people/appoint/",
        f"/people/{office.handler.pk}/",
        "/account/permissions/",
        "/account/looks/",
    ):
        page = body(client.get(path))
        main = re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main>")])
        for text in ("任期：", "安排", "凡是", "对这些人", "账号名", "理由", "谁看的"):
            assert text not in main, (path, text)
