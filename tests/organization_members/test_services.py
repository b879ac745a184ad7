"""Registering, changing, transferring, becoming full, merging, leaving; and what the database keeps true."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from lianxi.commons.accounts.models import Account, Person
from lianxi.commons.notices.models import Notice
from lianxi.commons.permissions import system
from lianxi.commons.protection.models import Look
from lianxi.commons.refusals import BadInput, Blocked, NotFound, NotOpenFromHere, NotPermitted
from lianxi.commons.workflow.walk import every_forbidden
from lianxi.organization.members import queries, services
from lianxi.organization.members.models import Affiliation, Member, Merge, Probation, Transfer, TransferStep
from lianxi.organization.members.terms import Standing, TransferState
from lianxi.organization.members.workflow import WALK
from tests.organization import identity, items

TODAY = dt.date(2026, 11, 16)


@pytest.fixture
def who(town: SimpleNamespace, at: dt.datetime) -> dict[str, Any]:
    return {"actor": town.actor(town.organiser), "at": at}


def _count() -> tuple[int, int, int]:
    return Person.objects.count(), Member.objects.count(), Affiliation.objects.count()


class TestRegistering:
    def test_a_member_begins_with_one_affiliation(self, town: SimpleNamespace, who: dict[str, Any]) -> None:
        member = services.register(branch=town.second, name="简 宁", phone="13900001111", items=items(serial=9), **who)
        row = Affiliation.objects.get(member=member)
        assert (member.person.name, row.unit_id, row.until) == ("简 宁", town.second.pk, None)
        assert Member.objects.get(identity_is=identity(dt.date(1980, 5, 6), "1", 9)) == member
        assert Member.objects.get(person__phone_is="139 0000 1111") == member

    @pytest.mark.parametrize(
        ("change", "item"),
        [
            ({"identity": ""}, "identity"),
            ({"identity": "123"}, "identity"),
            ({"identity": identity(dt.date(1980, 5, 6), "1", 9)[:-1] + "?"}, "identity"),
            ({"sex": "2"}, "sex"),
            ({"born_on": dt.date(1980, 5, 7)}, "born_on"),
            ({"joined_on": dt.date(1998, 5, 5)}, "joined_on"),
            ({"joined_on": dt.date(2027, 1, 1), "full_on": None, "kind": "02"}, "joined_on"),
            ({"full_on": dt.date(2005, 6, 30)}, "full_on"),
            ({"full_on": None}, "full_on"),
            ({"kind": "02"}, "full_on"),
        ],
    )
    def test_what_does_not_fit_is_named(
        self, town: SimpleNamespace, who: dict[str, Any], change: dict[str, Any], item: str
    ) -> None:
        before = _count()
        with pytest.raises(BadInput) as refused:
            services.register(branch=town.second, name="简宁", items=items(serial=9) | change, **who)
        assert item in refused.value.errors
        assert _count() == before

    def test_an_identity_is_registered_once(self, town: SimpleNamespace, who: dict[str, Any]) -> None:
        before = _count()
        with pytest.raises(BadInput, match="已经登记过"):
            services.register(branch=town.second, name="另一个", items=items(), **who)
        assert _count() == before

    def test_members_belong_to_branches(self, town: SimpleNamespace, who: dict[str, Any]) -> None:
        for unit in (town.wanghuai, town.group, town.estate):
            with pytest.raises(BadInput, match="不是党支部"):
                services.register(branch=unit, name="简宁", items=items(serial=9), **who)

    @pytest.mark.parametrize("person", ["far_organiser", "branch_secretary", "admin", "outsider"])
    def test_only_the_organiser_registers(self, town: SimpleNamespace, at: dt.datetime, person: str) -> None:
        before = _count()
        with pytest.raises(NotPermitted):
            services.register(
                branch=town.second, name="简宁", items=items(serial=9), actor=town.actor(getattr(town, person)), at=at
            )
        assert _count() == before


class TestChanging:
    def test_items_and_their_history(self, town: SimpleNamespace, who: dict[str, Any]) -> None:
        member = services.change(town.members["zhou"], work="医生", phone="13900002222", reason="换了单位", **who)
        assert Member.objects.get(pk=member.pk).work == "医生"
        found = queries.record(member.pk, actor=who["actor"], on=TODAY)
        titles = [row["title"] for row in queries.history(found)]
        assert "改了工作岗位" in titles
        assert "改了电话" in titles
        assert any(row["text"] == "换了单位" and row["who"] == "顾明远" for row in queries.history(found))
        first = [row for row in queries.history(found) if row["title"] == "登记"]
        assert [(row["who"], row["text"]) for row in first] == [("顾明远", "")]

    def test_a_birth_that_is_not_in_the_identity(self, town: SimpleNamespace, who: dict[str, Any]) -> None:
        with pytest.raises(BadInput):
            services.change(town.members["zhou"], born_on=dt.date(1980, 5, 7), reason="改", **who)
        assert Member.objects.get(pk=town.members["zhou"].pk).born_on == dt.date(1980, 5, 6)

    def test_the_secretary_and_oneself_may_look_but_not_change(self, town: SimpleNamespace, at: dt.datetime) -> None:
        member = town.members["zhou"]
        for person in (town.branch_secretary, member.person):
            actor = town.actor(person)
            assert queries.record(member.pk, actor=actor, on=TODAY).member == member
            with pytest.raises(NotPermitted):
                services.change(member, work="医生", actor=actor, at=at)
        assert Member.objects.get(pk=member.pk).work == "教师"


class TestExactlyOneAffiliation:
    def test_two_current_ones(self, town: SimpleNamespace) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Affiliation.objects.create(member=town.members["zhou"], unit=town.second, since=TODAY, way_in="registered")

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE members_affiliation SET until = '2026-11-16', way_out = 'left' WHERE member_id = %s",
            "DELETE FROM members_affiliation WHERE member_id = %s",
            "UPDATE members_member SET standing = 'left' WHERE id = %s",
            "UPDATE members_member SET branch_id = (SELECT id FROM units_unit WHERE name = '望槐社区第二党支部') WHERE id = %s",
        ],
    )
    def test_none_or_another(self, town: SimpleNamespace, sql: str) -> None:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [town.members["zhou"].pk])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert Member.objects.get(pk=town.members["zhou"].pk).branch_id == town.first.pk


class TestTransfers:
    def ask(self, town: SimpleNamespace, at: dt.datetime) -> Transfer:
        return services.request_transfer(
            town.members["zhou"], target=town.far, reason="搬家", actor=town.actor(town.branch_secretary), at=at
        )

    def test_both_sides_confirm_and_the_past_stays(self, town: SimpleNamespace, at: dt.datetime) -> None:
        transfer = self.ask(town, at)
        sender, receiver = town.actor(town.branch_secretary), town.actor(town.far_secretary)
        with pytest.raises(NotPermitted):
            services.accept_transfer(transfer, actor=sender, at=at)
        services.accept_transfer(transfer, actor=receiver, at=at)
        with pytest.raises(NotPermitted):
            services.complete_transfer(transfer, on=TODAY, actor=receiver, at=at)
        services.complete_transfer(transfer, on=TODAY, actor=sender, at=at)
        member = Member.objects.get(pk=town.members["zhou"].pk)
        assert (member.branch_id, member.branch_path) == (town.far.pk, town.far.path)
        rows = list(Affiliation.objects.filter(member=member).order_by("since", "pk").values_list("unit", "way_out"))
        assert rows == [(town.first.pk, "transferred"), (town.far.pk, "")]
        assert not queries.found(queries.Asked(), actor=sender, on=TODAY).filter(pk=member.pk).exists()
        assert queries.found(queries.Asked(), actor=receiver, on=TODAY).filter(pk=member.pk).exists()

    def test_a_refusal_needs_a_reason_and_leaves_everything(self, town: SimpleNamespace, at: dt.datetime) -> None:
        transfer = self.ask(town, at)
        receiver = town.actor(town.far_secretary)
        with pytest.raises(BadInput):
            services.refuse_transfer(transfer, reason=" ", actor=receiver, at=at)
        services.refuse_transfer(transfer, reason="不在本社区居住", actor=receiver, at=at)
        assert Member.objects.get(pk=town.members["zhou"].pk).branch_id == town.first.pk
        self.ask(town, at)

    def test_one_at_a_time_and_to_another_branch(self, town: SimpleNamespace, at: dt.datetime) -> None:
        self.ask(town, at)
        with pytest.raises(BadInput, match="已经有一个转接"):
            self.ask(town, at)
        actor = town.actor(town.branch_secretary)
        for target in (town.first, town.wanghuai, town.group):
            with pytest.raises(BadInput):
                services.request_transfer(town.members["gu"], target=target, reason="搬家", actor=actor, at=at)
        assert Transfer.objects.count() == 1

    def test_strangers_do_not_find_it(self, town: SimpleNamespace, at: dt.datetime) -> None:
        transfer = self.ask(town, at)
        for person in (town.outsider, town.admin, town.members["gu"].person):
            with pytest.raises(NotFound):
                queries.transfer(transfer.pk, actor=town.actor(person), at=at)
        assert queries.transfer(transfer.pk, actor=town.actor(town.members["zhou"].person), at=at)

    @pytest.mark.parametrize("on", [dt.date(2026, 11, 17), dt.date(2026, 11, 1)])
    def test_the_day_fits(self, town: SimpleNamespace, at: dt.datetime, on: dt.date) -> None:
        transfer = self.ask(town, at)
        services.accept_transfer(transfer, actor=town.actor(town.far_secretary), at=at)
        with pytest.raises(Blocked):
            services.complete_transfer(transfer, on=on, actor=town.actor(town.branch_secretary), at=at)
        assert Affiliation.objects.filter(member=town.members["zhou"]).count() == 1

    @pytest.mark.parametrize(("verb", "state"), every_forbidden(WALK, TransferState.values))
    def test_every_forbidden_step(self, town: SimpleNamespace, who: dict[str, Any], verb: str, state: str) -> None:
        transfer = self.ask(town, who["at"])
        Transfer.objects.filter(pk=transfer.pk).update(state=state)
        with pytest.raises(NotOpenFromHere):
            WALK.take(verb, transfer, **who)
        assert TransferStep.objects.filter(transfer=transfer).count() == 1


class TestProbation:
    @pytest.fixture
    def newcomer(self, town: SimpleNamespace, who: dict[str, Any]) -> Member:
        values = items(serial=7, kind="02", joined_on=dt.date(2025, 11, 16), full_on=None)
        return services.register(branch=town.first, name="祝青岚", items=values, **who)

    def test_one_year(self, newcomer: Member, who: dict[str, Any]) -> None:
        assert Probation.objects.get(member=newcomer).until == TODAY
        with pytest.raises(Blocked) as refused:
            services.make_full(newcomer, on=dt.date(2026, 11, 15), **who)
        assert refused.value.missing[0].rule.id == "B-11"
        full = services.make_full(newcomer, on=TODAY, **who)
        assert (full.kind, full.full_on) == ("01", TODAY)
        with pytest.raises(BadInput):
            services.make_full(newcomer, on=TODAY, **who)

    def test_extended_once_by_at_most_a_year(self, newcomer: Member, who: dict[str, Any]) -> None:
        for to in (TODAY, dt.date(2027, 11, 17)):
            with pytest.raises(Blocked):
                services.extend_probation(newcomer, to=to, reason="需要继续考察", **who)
        services.extend_probation(newcomer, to=dt.date(2027, 5, 16), reason="需要继续考察", **who)
        with pytest.raises(Blocked):
            services.extend_probation(newcomer, to=dt.date(2027, 8, 16), reason="需要继续考察", **who)
        with pytest.raises(Blocked):
            services.make_full(newcomer, on=TODAY, **who)
        assert Probation.objects.get(member=newcomer).due == dt.date(2027, 5, 16)

    def test_cancelled(self, newcomer: Member, who: dict[str, Any]) -> None:
        services.cancel_probation(newcomer, on=TODAY, reason="不合格", **who)
        newcomer.refresh_from_db()
        assert newcomer.standing == Standing.LEFT
        assert not Affiliation.objects.filter(member=newcomer, until=None).exists()

    def test_reminded_once(self, newcomer: Member, who: dict[str, Any]) -> None:
        actor = system("members.remind")
        first = services.remind(actor=actor, at=who["at"])
        assert [one.member_id for one in first] == [newcomer.pk]
        assert Notice.objects.filter(kind="members.probation_ends").count() == 2
        assert services.remind(actor=actor, at=who["at"]) == []


class TestMerging:
    @pytest.fixture
    def twin(self, town: SimpleNamespace, who: dict[str, Any]) -> Member:
        values = items(serial=8, education="14", work="工程师")
        return services.register(branch=town.second, name="周望舒", phone="13900003333", items=values, **who)

    def test_found_merged_and_undone(self, town: SimpleNamespace, who: dict[str, Any], twin: Member) -> None:
        kept = town.members["zhou"]
        pairs = queries.duplicates(actor=who["actor"])
        assert [(one.first.pk, one.second.pk, one.by) for one in pairs] == [(kept.pk, twin.pk, "name_birth")]
        row = services.merge(kept, gone=twin, take=("education", "phone"), reason="同一个人", **who)
        kept.refresh_from_db()
        assert (kept.education, kept.work, Person.objects.get(phone_is="13900003333", pk=kept.person_id).pk) == (
            "14",
            "教师",
            kept.person_id,
        )
        assert not queries.found(queries.Asked(), actor=who["actor"], on=TODAY).filter(pk=twin.pk).exists()
        assert Affiliation.objects.filter(member=twin).count() == 1
        services.undo_merge(row, **who)
        kept.refresh_from_db()
        twin.refresh_from_db()
        assert (kept.education, twin.standing) == ("21", "normal")
        assert not Person.objects.get(pk=kept.person_id).phone
        assert Affiliation.objects.get(member=twin).until is None
        with pytest.raises(BadInput):
            services.undo_merge(row, **who)

    @pytest.mark.parametrize("built", ["change", "transfer", "phone"])
    def test_not_undone_once_something_builds_on_it(
        self, town: SimpleNamespace, who: dict[str, Any], twin: Member, built: str
    ) -> None:
        kept = town.members["zhou"]
        row = services.merge(kept, gone=twin, reason="同一个人", **who)
        if built == "change":
            services.change(kept, work="医生", reason="换岗", **who)
        elif built == "phone":
            services.change(kept, phone="13900004444", reason="换号", **who)
        else:
            later = who | {"at": who["at"] + dt.timedelta(hours=1)}
            services.request_transfer(kept, target=town.far, reason="搬家", **later)
        with pytest.raises(BadInput, match="不能撤销"):
            services.undo_merge(row, **who)
        twin.refresh_from_db()
        assert (twin.standing, Merge.objects.get(pk=row.pk).undone_at) == (Standing.MERGED, None)

    def test_whoever_has_an_account_or_post_is_kept(
        self, town: SimpleNamespace, who: dict[str, Any], twin: Member
    ) -> None:
        Account.objects.create_user("twin", person=twin.person)
        with pytest.raises(BadInput, match="账号"):
            services.merge(town.members["zhou"], gone=twin, reason="同一个人", **who)
        assert not Merge.objects.exists()

    def test_both_must_be_ones_own(self, town: SimpleNamespace, at: dt.datetime) -> None:
        with pytest.raises(NotPermitted):
            services.merge(
                town.members["shen"],
                gone=town.members["zhou"],
                reason="同一个人",
                actor=town.actor(town.far_organiser),
                at=at,
            )


def test_standing(town: SimpleNamespace, who: dict[str, Any]) -> None:
    member = town.members["zhou"]
    services.set_standing(member, standing="suspended", on=TODAY, reason="失去联系六个月", **who)
    assert Affiliation.objects.get(member=member).until is None
    services.set_standing(member, standing="died", on=TODAY, reason="家属来报", **who)
    assert Affiliation.objects.get(member=member).way_out == "died"
    with pytest.raises(BadInput):
        services.set_standing(member, standing="normal", on=TODAY, reason="更正", **who)


class TestRevealing:
    def test_each_look_is_on_record_and_the_member_sees_it(self, town: SimpleNamespace, who: dict[str, Any]) -> None:
        member = town.members["zhou"]
        assert str(member.identity).startswith("999001********")
        plain = services.reveal_item(member, "identity", reason="核对档案", **who)
        assert plain == identity(dt.date(1980, 5, 6))
        mine = queries.looks_at_me(town.actor(member.person))
        assert [(look.by_name, look.field, look.reason) for look in mine] == [("顾明远", "identity", "核对档案")]

    def test_without_reason_or_right_nothing(self, town: SimpleNamespace, who: dict[str, Any], at: dt.datetime) -> None:
        member = town.members["zhou"]
        with pytest.raises(BadInput):
            services.reveal_item(member, "identity", reason=" ", **who)
        for person in (town.far_organiser, town.admin, town.outsider):
            with pytest.raises(NotPermitted):
                services.reveal_item(member, "phone", reason="好奇", actor=town.actor(person), at=at)
        with pytest.raises(NotFound):
            services.reveal_item(member, "standing", reason="核对档案", **who)
        assert not Look.objects.exists()


class TestList:
    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"q": "周"}, {"zhou"}),
            ({"q": "周望舒"}, {"zhou"}),
            ({"q": "望舒"}, set()),
            ({"q": identity(dt.date(1985, 3, 9), "2", 2)}, {"gu"}),
            ({"q": identity(dt.date(1985, 3, 9), "2", 2).lower()}, {"gu"}),
            ({"sex": "2"}, {"gu"}),
            ({"age": "36-54"}, {"zhou", "gu", "shen"}),
            ({"age": "70-"}, set()),
            ({"education": "21"}, {"zhou", "gu", "shen"}),
            ({"view": "probationary"}, set()),
            ({"view": "left"}, set()),
        ],
    )
    def test_search_and_filters(
        self, town: SimpleNamespace, who: dict[str, Any], asked: dict[str, str], found: set[str]
    ) -> None:
        rows = queries.found(queries.Asked.of(asked), actor=who["actor"], on=TODAY)
        assert {row.pk for row in rows} == {town.members[key].pk for key in found}

    def test_by_number_and_by_unit(self, town: SimpleNamespace, who: dict[str, Any]) -> None:
        one = queries.found(queries.Asked.of({"q": town.members["gu"].number}), actor=who["actor"], on=TODAY)
        assert [row.pk for row in one] == [town.members["gu"].pk]
        there = queries.found(queries.Asked.of({"unit": str(town.tingsong.pk)}), actor=who["actor"], on=TODAY)
        assert [row.pk for row in there] == [town.members["shen"].pk]

    @pytest.mark.parametrize("order", ["branch", "joined", "-joined", "born", "-born"])
    def test_paging_by_key_shows_everyone_once_both_ways(
        self, town: SimpleNamespace, who: dict[str, Any], order: str
    ) -> None:
        for serial in range(20, 43):
            born = dt.date(1960 + serial % 7, 1, 1)
            services.register(
                branch=(town.first, town.far)[serial % 2], name=f"党员{serial}", items=items(born, "1", serial), **who
            )
        asked = queries.Asked.of({"order": order, "size": "10"})
        pages = [queries.page(asked, actor=who["actor"], on=TODAY)]
        while pages[-1].next:
            following = queries.Asked.of({"order": order, "size": "10", "after": str(pages[-1].next)})
            pages.append(queries.page(following, actor=who["actor"], on=TODAY))
        seen = [row.pk for page in pages for row in page.rows]
        assert len(seen) == len(set(seen)) == 26
        assert [len(page.rows) for page in pages] == [10, 10, 6]
        back = queries.Asked.of({"order": order, "size": "10", "before": str(pages[2].previous)})
        assert [row.pk for row in queries.page(back, actor=who["actor"], on=TODAY).rows] == seen[10:20]
