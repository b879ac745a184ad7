"""The pages: they open in both languages, members see only their own, strangers nothing; queries are bounded."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianxi.commons.accounts.models import Account
from lianxi.organization.groups import services
from lianxi.organization.groups.models import Proof, RoundGroup, Seat

from .conftest import AT, DAY, groups, lay_out, me, people


def client_of(person: Any, language: str = "zh-hans") -> Client:
    account = Account.objects.filter(person=person).first() or Account.objects.create_user(
        f"u{person.pk}", person=person
    )
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["language"] = language
    return client


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens(town: SimpleNamespace, told: Any, language: str) -> None:
    desk = client_of(town.organiser, language)
    draft = lay_out(town, title="草稿")
    base, group, person = f"/groups/{told.pk}/", groups(told)[0].pk, people(told)[4].pk
    pages = ["/groups/", "/groups/?view=all&q=编组", "/groups/new/", base, f"{base}groups/{group}/", f"{base}roll/"]
    pages += [
        f"{base}roll/?view=silent&q=何",
        f"{base}roll/?rank=1&group={group}",
        f"{base}roll/{person}/",
        f"{base}check/",
    ]
    pages += [f"{base}print/result/", f"{base}print/slips/", f"{base}copy/", f"{base}cancel/", f"{base}certificate/"]
    pages += [f"{base}roll/{person}/move/", f"{base}groups/{group}/leader/"]
    pages += [f"/groups/{draft.pk}/{verb}/" for verb in ("change", "open", "groups/new", "cancel")] + [
        f"/groups/{draft.pk}/"
    ]
    for page in pages:
        answer = desk.get(page)
        assert answer.status_code == 200, (page, answer.status_code)
    mine = client_of(people(told)[4].member.person, language)
    for page in ("/g/", f"/g/{told.pk}/", f"/g/{told.pk}/object/"):
        answer = mine.get(page, follow=True)
        assert answer.status_code == 200, page


def test_who_may_not(town: SimpleNamespace, told: Any) -> None:
    """Each page for each named person: strangers get 404, members only their own."""
    person = people(told)[4]
    base, group = f"/groups/{told.pk}/", groups(told)[0].pk
    desk = [
        base,
        f"{base}roll/",
        f"{base}roll/{person.pk}/",
        f"{base}groups/{group}/",
        f"{base}check/",
        f"{base}certificate/",
    ]
    desk += [
        f"{base}print/result/",
        f"{base}print/slips/",
        f"{base}roll/export/",
        f"{base}cancel/",
        f"{base}roll/{person.pk}/move/",
    ]
    may = {"organiser": 200, "branch_secretary": 200, "secretary": 200}
    for name in (*may, "far_organiser", "far_secretary", "admin", "outsider", "handler", "clerk"):
        client = client_of(getattr(town, name))
        for page in desk:
            assert client.get(page).status_code == may.get(name, 404), (name, page)
        assert client.get(f"/g/{told.pk}/").status_code == 404, name
    member = client_of(person.member.person)
    for page in desk:
        assert member.get(page).status_code == 404, page
    assert member.get(f"/g/{told.pk}/").status_code == 200
    draft = lay_out(town, title="草稿")
    assert member.get(f"/g/{draft.pk}/").status_code == 404
    assert Client().get(base).status_code == 302


def test_wishes_are_shown_to_nobody_else(town: SimpleNamespace, told: Any) -> None:
    """Neither the roll, nor its export, nor the group, nor a fellow member's page shows what another wished."""
    desk = client_of(town.organiser)
    assert "第1志愿" in desk.get(f"/groups/{told.pk}/roll/{people(told)[2].pk}/").content.decode()
    other = people(told)[5]
    page = client_of(other.member.person).get(f"/g/{told.pk}/").content.decode()
    assert "您没有填志愿" in page
    assert "第1志愿（" not in page


def test_a_member_arranges_and_hands_in_without_script(town: SimpleNamespace) -> None:
    record = services.open_round(lay_out(town), actor=town.o, at=AT)
    type(record).objects.filter(pk=record.pk).update(closes_at="2099-01-01T00:00:00Z")
    one, (a, b, c) = people(record)[3], groups(record)
    client, url = client_of(one.member.person), f"/g/{record.pk}/"

    def shown(page: Any) -> list[int]:
        return [group.pk for group in page.context["chosen"]]

    assert shown(client.get(url)) == []
    page = client.post(url, {"act": f"add:{b.pk}"})
    assert shown(page) == [b.pk]
    page = client.post(url, {"wish": [b.pk], "act": f"add:{a.pk}"})
    page = client.post(url, {"wish": [b.pk, a.pk], "act": f"up:{a.pk}"})
    assert shown(page) == [a.pk, b.pk]
    page = client.post(url, {"wish": [a.pk, b.pk], "act": f"add:{c.pk}"})
    page = client.post(url, {"wish": [a.pk, b.pk, c.pk], "act": f"drop:{b.pk}"})
    assert shown(page) == [a.pk, c.pk]
    assert people(record)[3].answer == ""
    assert client.post(url, {"wish": [a.pk, c.pk], "act": "hand-in"}).status_code == 302
    assert people(record)[3].wishes == [a.pk, c.pk]
    assert client.post(url, {"wish": [a.pk] * 2, "act": "hand-in"}).status_code == 422
    assert people(record)[3].wishes == [a.pk, c.pk]


def test_queries_are_bounded(town: SimpleNamespace, told: Any) -> None:
    desk = client_of(town.organiser)
    for page, most in ((f"/groups/{told.pk}/", 34), (f"/groups/{told.pk}/roll/", 22), ("/groups/", 24)):
        desk.get(page)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            desk.get(page)
        assert len(seen) <= most, (page, len(seen), [q["sql"][:90] for q in seen.captured_queries])


def test_the_certificate_names_nobody(town: SimpleNamespace, told: Any) -> None:
    text = client_of(town.organiser).get(f"/groups/{told.pk}/certificate/").content.decode()
    assert text == Proof.objects.get(round=told).text
    assert not any(str(one) in text for one in people(told))
    assert set(json.loads(text)["members"]) == {one.code for one in people(told)}


def test_an_officer_walks_by_the_pages(town: SimpleNamespace) -> None:
    """Begin, lay out, open, slip, close too early, through the forms."""
    desk = client_of(town.organiser)
    answer = desk.post(
        "/groups/new/",
        {
            "unit": town.first.pk,
            "title": "第一轮",
            "closes_at": "2099-01-01T18:00",
            "wishes_most": 3,
            "rule": "greedy-max",
        },
    )
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    base = answer.url
    for name in "甲乙丙":
        made = desk.post(f"{base}groups/new/", {"name": name, "branch": town.first.pk, "lo": 3, "hi": 6, "meets": 12})
        assert made.status_code == 302, made.content.decode()[-2000:]
    assert (
        desk.post(
            f"{base}groups/new/", {"name": "丁", "branch": town.first.pk, "lo": 2, "hi": 6, "meets": 12}
        ).status_code
        == 422
    )
    assert desk.post(f"{base}open/").status_code == 302
    record = type(lay_out(town, title="x")).objects.get(title="第一轮")
    one, group = people(record)[0], groups(record)[0]
    assert desk.post(f"{base}roll/{one.pk}/slip/", {"wish_1": group.pk}).status_code == 302
    assert people(record)[0].answer == "paper"
    assert desk.post(f"{base}close/").status_code == 422


def test_slips_are_entered_one_after_another(town: SimpleNamespace) -> None:
    """录入，接着录下一名: the next without a slip, beginning again at the head of the roll; the last leads back to the round."""
    record = services.open_round(lay_out(town), actor=town.o, at=AT)
    crowd, (a, b, _c) = people(record), groups(record)
    desk = client_of(town.branch_secretary)
    base = f"/groups/{record.pk}/"
    assert f'href="{base}roll/{crowd[0].pk}/slip/" class="btn btn-primary' in desk.get(f"{base}roll/").content.decode()
    services.choose(crowd[6], wishes=[a.pk], actor=me(town, crowd[6]), at=AT)
    page = desk.get(f"{base}roll/{crowd[5].pk}/slip/").content.decode()
    assert "录入，接着录下一名" in page
    assert f"{base}roll/{crowd[7].pk}/slip/" in page  # 跳过这名; the seventh has chosen already
    assert "另外还有12名没有交" in page
    answer = desk.post(f"{base}roll/{crowd[5].pk}/slip/", {"wish_1": b.pk, "wish_2": a.pk, "next": "1"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"{base}roll/{crowd[7].pk}/slip/"
    assert f"已录入{crowd[5].code} {crowd[5]}的志愿单" in answer.content.decode()
    assert people(record)[5].wishes == [b.pk, a.pk]
    assert desk.post(f"{base}roll/{crowd[13].pk}/slip/", {"next": "1"})["Location"] == f"{base}roll/{crowd[0].pk}/slip/"
    for n in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11):
        assert desk.post(f"{base}roll/{crowd[n].pk}/slip/", {})["Location"] == f"{base}roll/"
    assert "录入，接着录下一名" not in desk.get(f"{base}roll/{crowd[12].pk}/slip/").content.decode()
    assert desk.post(f"{base}roll/{crowd[12].pk}/slip/", {"next": "1"})["Location"] == base
    assert "逐张录入志愿单" not in desk.get(f"{base}roll/").content.decode()


def test_a_slip_entered_for_the_wrong_member_is_taken_back(town: SimpleNamespace) -> None:
    record = services.open_round(lay_out(town), actor=town.o, at=AT)
    (a, b, _c) = groups(record)
    desk = client_of(town.organiser)

    def address(n: int) -> str:
        return f"/groups/{record.pk}/roll/{people(record)[n].pk}/"

    services.choose(people(record)[4], wishes=[a.pk, b.pk], actor=me(town, people(record)[4]), at=AT)
    page = desk.get(f"{address(4)}slip/").content.decode()
    assert "再录入就以这一张为准" in page
    assert "撤回录入" not in desk.get(address(4)).content.decode()
    for n in (4, 5):
        desk.post(f"{address(n)}slip/", {"wish_1": b.pk})
        assert people(record)[n].answer == "paper"
        assert "撤回录入" in desk.get(address(n)).content.decode()
        assert desk.post(f"{address(n)}take_back_slip/", {"reason": ""}).status_code == 422
        assert people(record)[n].answer == "paper"
        assert desk.post(f"{address(n)}take_back_slip/", {"reason": "单子是邻座的"}).status_code == 302
    chosen, silent = people(record)[4:6]
    assert (chosen.answer, chosen.wishes, chosen.entered_by, chosen.answered_at) == ("phone", [a.pk, b.pk], "", AT)
    assert (silent.answer, silent.wishes, silent.entered_by, silent.answered_at) == ("", [], "", None)
    assert desk.post(f"{address(5)}take_back_slip/", {"reason": "再来一次"}).status_code >= 400
    assert "单子是邻座的" in desk.get(f"/groups/{record.pk}/").content.decode()
    for name in ("far_organiser", "far_secretary", "outsider", "clerk"):
        assert (
            client_of(getattr(town, name)).post(f"{address(4)}take_back_slip/", {"reason": "不该"}).status_code == 404
        )
    assert people(record)[4].answer == "phone"


def test_a_leader_moved_by_hand_leaves_a_group_that_asks_for_another(town: SimpleNamespace, told: Any) -> None:
    """Said at once on the member's page, on the round's and in its history; the refused decision links to the cure."""
    seat = Seat.objects.filter(round=told, participant__kind="01").select_related("participant", "group").first()
    assert seat
    source, other = (
        seat.group,
        Seat.objects.exclude(group=seat.group).select_related("group").filter(round=told).first(),
    )
    assert other
    RoundGroup.objects.filter(round=told).update(hi=20)
    services.name_leader(source, leader=seat.participant, way="recommended", actor=town.o, at=AT + 5 * DAY)
    base, desk = f"/groups/{told.pk}/", client_of(town.organiser)
    page = f"{base}roll/{seat.participant.pk}/"
    assert "现在没有组长" not in desk.get(page).content.decode()
    answer = desk.post(f"{page}move/", {"group": other.group_id, "reason": "家搬了"}, follow=True)
    cure = f'href="{base}groups/{source.pk}/leader/"'
    assert f"“{source}”现在没有组长" in answer.content.decode()
    assert cure in answer.content.decode()
    record = desk.get(base).content.decode()
    assert f"{source}：组长{seat.participant}已经调到“{other.group}”。" in record
    assert f"“{source}”没有组长了" in record
    assert cure in record
    english = client_of(town.organiser, "en").get(page).content.decode()
    assert f"“{source}” has no leader now" in english
    refused = client_of(town.branch_secretary).post(
        f"{base}confirm/", {"decided_on": "2026-11-30", "due": "3", "present": "3"}
    )
    assert refused.status_code == 422
    assert cure in refused.content.decode()
    first = Seat.objects.filter(group=source, participant__kind="01").select_related("participant").first()
    assert first
    done = desk.post(f"{base}groups/{source.pk}/leader/", {"number": first.participant.number, "way": "recommended"})
    assert done.status_code == 302
    assert "现在没有组长" not in desk.get(page).content.decode()


@pytest.mark.parametrize(("language", "old"), [("zh-hans", "调整以前，为什么编在"), ("en", "Before the change: why")])
def test_who_was_moved_sees_the_change_and_its_reason_first(told: Any, town: SimpleNamespace, language: str, old: str) -> None:  # fmt: skip
    one = people(told)[1]
    for client, page in (
        (client_of(one.member.person, language), f"/g/{told.pk}/"),
        (client_of(town.organiser, language), f"/groups/{told.pk}/roll/{one.pk}/"),
    ):
        text = client.get(page).content.decode()
        assert text.index("住得近") < text.index(old), page
    stayed = people(told)[4]
    assert old not in client_of(stayed.member.person, language).get(f"/g/{told.pk}/").content.decode()


def test_what_the_form_asks_for_does_not_hide_its_button(town: SimpleNamespace) -> None:
    """The seed is typed on the form of the draw: its button stands on the record before."""
    record = services.close(services.open_round(lay_out(town), actor=town.o, at=AT), actor=town.o, at=AT + 4 * DAY)
    page = client_of(town.organiser).get(f"/groups/{record.pk}/").content.decode()
    assert f'href="/groups/{record.pk}/draw/"' in page
