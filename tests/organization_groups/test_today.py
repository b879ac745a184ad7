"""What rounds give to My work today and to the search: one owner, one deadline; nothing to whoever may not see it."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from lianxi.commons.accounts.models import Account
from lianxi.organization.groups import services
from lianxi.organization.groups.models import Objection
from lianxi.organization.groups.web import today as room
from lianxi.portal import today as portal

from .conftest import AT, DAY, fresh, groups, lay_out, me, people, placed
from .test_pages import client_of


def due(actor: Any, at: Any) -> list[tuple[str, str]]:
    return [(str(one.action), timezone.localtime(one.at).strftime("%m-%d")) for one in room.of_today(actor=actor, at=at).duties if one.at]  # fmt: skip


def n_of(actor: Any, at: Any) -> int:
    """As the rail counts."""
    return sum(rows.count() for rows in room.keys(actor=actor, at=at))


def test_each_step_waits_for_one_owner(town: SimpleNamespace) -> None:
    """The branch's secretary, who is nearer than the street's organiser; and without an account the organiser."""
    record = services.open_round(lay_out(town), actor=town.o, at=AT)
    assert due(town.o, AT) == []
    late = AT + 4 * DAY
    assert (
        due(town.o, late) == due(town.sec, late) == [("停止选组", "11-19")]
    )  # a secretary who cannot log in owns nothing
    Account.objects.create_user("sec", person=town.branch_secretary)
    assert due(town.o, AT + 4 * DAY) == []
    assert due(town.sec, AT + 4 * DAY) == [("停止选组", "11-19")]
    record = services.close(record, actor=town.o, at=AT + 4 * DAY)
    assert due(town.sec, AT + 4 * DAY) == [("抽出种子", "11-26")]
    record = services.draw(record, seed="1-2-3", how="typed", witnesses="林岚", actor=town.o, at=AT + 4 * DAY)
    assert due(town.sec, AT + 4 * DAY) == [("编组", "11-26")]
    record = services.place_all(record, actor=town.o, at=AT + 4 * DAY)
    assert due(town.sec, AT + 4 * DAY) == [("告诉党员", "11-26")]
    record = services.publish(record, objections_until=(AT + 9 * DAY).date(), actor=town.o, at=AT + 4 * DAY)
    assert due(town.sec, AT + 8 * DAY) == []
    services.object_to(people(record)[4], text="想离家近", actor=me(town, people(record)[4]), at=AT + 5 * DAY)
    assert due(town.sec, AT + 12 * DAY) == [("答复意见", "11-28")]
    assert due(town.o, AT + 12 * DAY) == []
    open_one = Objection.objects.select_related("participant__round__unit", "round").get()
    services.answer_objection(open_one, upheld=False, answer="组里已满", group=None, actor=town.sec, at=AT + 6 * DAY)
    assert due(town.sec, AT + 12 * DAY) == [("支委会确定", "12-02")]
    for name in ("far_organiser", "far_secretary", "admin", "outsider", "handler", "secretary"):
        actor = town.actor(getattr(town, name))
        assert due(actor, AT + 12 * DAY) == [], name
        assert n_of(actor, AT + 12 * DAY) == 0, name
    assert n_of(town.sec, AT + 12 * DAY) == 1
    assert fresh(record).state == "objections"


def test_a_member_is_asked_to_choose_until_it_is_done(town: SimpleNamespace) -> None:
    draft = lay_out(town)
    one, other = people(draft)[3:5]
    assert due(me(town, one), AT) == []
    record = services.open_round(draft, actor=town.o, at=AT)
    one, other = people(record)[3:5]
    assert due(me(town, one), AT) == [("选小组", "11-19")]
    duty = room.of_today(actor=me(town, one), at=AT).duties[0]
    assert duty.url == duty.action_url == f"/g/{record.pk}/"
    assert "11月19日" in duty.sentence
    with translation.override("en"):
        assert "until 19 Nov" in room.of_today(actor=me(town, one), at=AT).duties[0].sentence
    services.choose(one, wishes=[], actor=me(town, one), at=AT)
    services.designate(other, group=groups(record)[0], reason="住得近", actor=town.o, at=AT)
    assert due(me(town, one), AT) == due(me(town, other), AT) == []
    assert due(me(town, people(record)[5]), AT + 3 * DAY) == []  # the time is over


def test_the_rail_counts_what_the_page_shows(town: SimpleNamespace) -> None:
    record = placed(town, lay_out(town))
    for person in (town.organiser, town.secretary, people(record)[4].member.person, town.clerk):
        actor = town.actor(person)
        at = AT + 5 * DAY
        asked = SimpleNamespace(actor=actor, at=at)
        assert (portal.rail_count(asked) or 0) == portal.day_of(actor, at).n, person  # type: ignore[arg-type]


def test_the_rail_asks_one_question_more_for_all_rooms(town: SimpleNamespace) -> None:
    from django.db import connection

    lay_out(town)
    member = me(town, people(lay_out(town, title="又一轮"))[4])
    for actor, most in ((town.o, 4), (member, 1)):
        with CaptureQueriesContext(connection) as seen:
            portal.rail_count(SimpleNamespace(actor=actor, at=AT))  # type: ignore[arg-type]
        assert len(seen) <= most, [one["sql"][:120] for one in seen.captured_queries]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_of_today_is_bounded(town: SimpleNamespace, told: Any, language: str, django_assert_max_num_queries: Any) -> None:  # fmt: skip
    client = client_of(town.organiser, language)
    client.get("/today/")
    with django_assert_max_num_queries(40):
        page = client.get("/today/").content.decode()
    assert f"/groups/{told.pk}/objections/" in page


@pytest.mark.parametrize("q", ["编组", "编", "2026", "甲组", "甲", "巡楼"])
def test_a_round_and_its_groups_are_found(town: SimpleNamespace, told: Any, q: str) -> None:
    def found(who: Any) -> list[str]:
        return [one.url for one in room.search(q, actor=town.actor(who), at=AT).hits]

    keeper, member = found(town.organiser), found(people(told)[4].member.person)
    assert keeper
    assert all(url.startswith(f"/groups/{told.pk}/") for url in keeper)
    assert member
    assert set(member) == {f"/g/{told.pk}/"}
    for name in ("far_organiser", "far_secretary", "admin", "outsider", "handler", "clerk", "resident"):
        assert found(getattr(town, name)) == [], name


def test_a_draft_is_found_only_by_who_keeps_it(town: SimpleNamespace) -> None:
    draft = lay_out(town, title="Groups of 2027")
    assert room.search("groups of", actor=town.o, at=AT).hits
    assert room.search("Groups", actor=me(town, people(draft)[4]), at=AT).hits == []
    assert room.search("", actor=town.o, at=AT).hits == []
    assert room.search("%", actor=town.o, at=AT).hits == []


def test_the_page_of_the_search_shows_them(town: SimpleNamespace, told: Any) -> None:
    page = client_of(town.organiser).get("/search/?q=编组").content.decode()
    assert f"/groups/{told.pk}/" in page
    assert f"/groups/{told.pk}/" not in client_of(town.far_organiser).get("/search/?q=编组").content.decode()
