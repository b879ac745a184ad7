"""The register's pages, and who sees what on them."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from lianxi.commons.accounts.models import Account
from tests.organization import identity


def client_of(person: Any) -> Client:
    account = Account.objects.create_user(f"u{person.pk}", person=person)
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_organiser_sees_every_member_of_the_street(town: SimpleNamespace) -> None:
    page = client_of(town.organiser).get("/members/").content.decode()
    assert "周望舒" in page
    assert "沈听澜" in page


@pytest.mark.parametrize(
    ("who", "seen", "hidden"),
    [
        ("far_organiser", ["沈听澜"], ["周望舒", "顾怀瑾"]),
        ("branch_secretary", ["周望舒", "顾怀瑾"], ["沈听澜"]),
        ("admin", [], ["周望舒", "沈听澜"]),
        ("outsider", [], ["周望舒", "沈听澜"]),
    ],
)
def test_others_see_their_own_part(town: SimpleNamespace, who: str, seen: list[str], hidden: list[str]) -> None:
    page = client_of(getattr(town, who)).get("/members/").content.decode()
    assert all(name in page for name in seen)
    assert not any(name in page for name in hidden)


def test_a_stranger_finds_no_record(town: SimpleNamespace) -> None:
    member = town.members["zhou"]
    assert client_of(town.organiser).get(f"/members/{member.pk}/").status_code == 200
    assert client_of(town.far_organiser).get(f"/members/{member.pk}/").status_code == 404


def test_the_tree_opens_level_by_level(town: SimpleNamespace) -> None:
    client = client_of(town.organiser)
    page = client.get("/units/").content.decode()
    assert "砚湖区委" in page
    assert "望槐社区党委" in page
    below = client.get(f"/units/{town.wanghuai.pk}/below/").content.decode()
    assert "望槐社区第一党支部" in below
    assert "党员2名" in below


def _act(client: Client, url: str, **values: Any) -> Any:
    return client.post(url, values)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens(town: SimpleNamespace, language: str) -> None:
    client = client_of(town.organiser)
    client.cookies["language"] = language
    member, unit = town.members["zhou"].pk, town.first.pk
    pages = [
        *(
            "/units/",
            "/units/?q=第一",
            "/units/?kind=party",
            "/units/?on=2026-11-01",
            "/units/terms/",
            f"/units/{unit}/",
        ),
        *(
            f"/units/{unit}/{verb}/"
            for verb in ("new", "change", "profile", "code", "cover", "move", "close", "begin-term")
        ),
        *("/members/", "/members/?q=周&order=born", "/members/new/", "/members/export/", "/members/duplicates/"),
        *("/members/mine/", "/members/mine/looks/", "/members/transfers/", f"/members/{member}/"),
        *(
            f"/members/{member}/{verb}/"
            for verb in ("change", "transfer", "full", "extend", "cancel", "standing", "group", "merge")
        ),
    ]
    for page in pages:
        assert client.get(page).status_code == 200, page


def test_a_term_from_the_unit_page_to_its_end(town: SimpleNamespace) -> None:
    client = client_of(town.organiser)
    page = f"/units/{town.first.pk}/"
    assert "登记届次" in client.get(page).content.decode()
    assert _act(client, f"{page}begin-term/", since="2021-01-10").status_code == 302
    shown = client.get(page).content.decode()
    assert "任期已满" in shown
    assert "登记换届" in shown
    refused = _act(client, f"{page}term/close/", on="2026-11-02")
    assert refused.status_code == 422
    assert "没有办成" in refused.content.decode()
    assert _act(client, f"{page}term/ask-shift/", to="2026-11-30", reason="人手不够").status_code == 302
    assert _act(client, f"{page}term/approve-shift/", approval="组〔2026〕9号").status_code == 302
    assert _act(client, f"{page}term/close/", on="2026-11-03").status_code == 302
    assert "第2届" in client.get(page).content.decode()


def test_a_transfer_from_page_to_page(town: SimpleNamespace) -> None:
    sender, receiver = client_of(town.branch_secretary), client_of(town.far_secretary)
    member = town.members["zhou"].pk
    went = _act(sender, f"/members/{member}/transfer/", target=town.far.pk, reason="搬家")
    assert went.status_code == 302
    assert "同意接收" in receiver.get(went["Location"]).content.decode()
    assert "同意接收" not in sender.get(went["Location"]).content.decode()
    assert _act(receiver, f"{went['Location']}accept/").status_code == 302
    assert _act(sender, f"{went['Location']}complete/", on="2026-11-03").status_code == 302
    assert receiver.get(f"/members/{member}/").status_code == 200
    assert sender.get(f"/members/{member}/").status_code == 404


def test_registering_keeps_what_was_typed(town: SimpleNamespace) -> None:
    client = client_of(town.organiser)
    values = {"branch": town.first.pk, "name": "简宁", "identity": "99900119800506003", "sex": "1", "nationality": "01"}
    values |= {"born_on": "1980-05-06", "kind": "01", "joined_on": "2005-07-01", "full_on": "2006-07-01"}
    wrong = _act(client, "/members/new/", **values)
    assert wrong.status_code == 422
    page = wrong.content.decode()
    assert "身份证号要18位" in page
    assert 'value="简宁"' in page
    right = _act(client, "/members/new/", **values | {"identity": identity(dt.date(1980, 5, 6), "1", 77)})
    assert right.status_code == 302


def test_a_protected_item_opens_with_a_reason(town: SimpleNamespace) -> None:
    client, member = client_of(town.organiser), town.members["zhou"]
    page = client.get(f"/members/{member.pk}/").content.decode()
    plain = identity(dt.date(1980, 5, 6))
    assert plain not in page
    assert "999001********" in page
    headers = {"HX-Request": "true"}
    url = f"/members/{member.pk}/reveal/identity/"
    refused = client.post(url, {"reason": ""}, headers=headers)
    assert (refused.status_code, plain in refused.content.decode()) == (422, False)
    assert plain in client.post(url, {"reason": "核对档案"}, headers=headers).content.decode()
    assert "已看1次" in client.get(f"/members/{member.pk}/").content.decode()
    assert "核对档案" in client_of(member.person).get("/members/mine/looks/").content.decode()


def test_a_member_sees_the_own_record(town: SimpleNamespace) -> None:
    member = town.members["zhou"]
    client = client_of(member.person)
    assert "望槐社区第一党支部" in client.get("/members/mine/").content.decode()
    assert client.get(f"/members/{town.members['gu'].pk}/").status_code == 404
    assert client.get(f"/members/{member.pk}/change/").status_code == 403


@pytest.mark.parametrize("person", ["far_organiser", "admin", "outsider"])
def test_strangers_find_no_address(town: SimpleNamespace, person: str) -> None:
    client, member = client_of(getattr(town, person)), town.members["zhou"].pk
    for path in ("", "change/", "transfer/", "merge/"):
        assert client.get(f"/members/{member}/{path}").status_code == 404
    assert client.post(f"/members/{member}/reveal/phone/", {"reason": "好奇"}).status_code == 404
    if person != "far_organiser":
        assert client.get("/members/export/").status_code == 403
        assert client.get("/members/new/").status_code == 403


def test_an_export_is_masked_and_on_record(town: SimpleNamespace) -> None:
    from lianxi.commons.papers.models import Export
    from lianxi.commons.protection.models import Look

    client = client_of(town.organiser)
    plain = identity(dt.date(1980, 5, 6))
    masked = b"".join(client.post("/members/export/", {"format": "csv"}).streaming_content).decode("utf-8-sig")
    assert "周望舒" in masked
    assert plain not in masked
    assert not Look.objects.exists()
    refused = client.post("/members/export/", {"format": "csv", "reveal": ["identity"], "reason": ""})
    assert refused.status_code == 422
    asked = {"format": "csv", "reveal": ["identity"], "reason": "上报名册"}
    opened = b"".join(client.post("/members/export/", asked).streaming_content).decode("utf-8-sig")
    assert plain in opened
    assert Look.objects.filter(field="identity", reason="上报名册").count() == 3
    assert Export.objects.count() == 2


def test_lists_take_a_bounded_number_of_queries(town: SimpleNamespace, django_assert_max_num_queries: Any) -> None:
    client = client_of(town.organiser)
    for page, most in (
        ("/members/", 18), (f"/members/{town.members['zhou'].pk}/", 28), ("/units/", 18), (f"/units/{town.first.pk}/", 40),
    ):  # fmt: skip
        client.get(page)
        with django_assert_max_num_queries(most):
            client.get(page)


def test_a_long_roll_is_written_by_a_job_with_each_look_on_record(town: SimpleNamespace, settings: Any) -> None:
    from django.utils import timezone

    from lianxi.commons.papers.models import ExportOrder
    from lianxi.commons.papers.services import fetch, write_order
    from lianxi.commons.protection.models import Look
    from tests.officers import sure

    settings.EXPORT_AT_ONCE = 2
    browser, actor, now = sure(town.organiser), town.actor(town.organiser), timezone.now()
    answer = browser.post("/members/export/", {"format": "csv", "reveal": ["identity"], "reason": "报上级"})
    order = ExportOrder.objects.get()
    assert answer["Location"] == f"/papers/exports/{order.pk}/"
    assert not Look.objects.exists(), "nothing is open before the job runs"
    write_order(order.pk, actor=actor, at=now)
    file = b"".join(fetch(order.pk, actor=actor, at=now).parts).decode("utf-8-sig")
    assert identity(dt.date(1980, 5, 6)) in file
    assert len(file.splitlines()) == 4
    assert Look.objects.filter(field="identity", reason="报上级").count() == 3
    assert sure(town.far_organiser).get(f"/papers/exports/{order.pk}/file/").status_code == 404
