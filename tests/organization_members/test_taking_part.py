"""Taking part (B-05): who may write it down and see it, how months are counted, that each alert comes once."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from lianxi.commons.notices.models import Delivery, Notice
from lianxi.commons.notices.queries import notices_of
from lianxi.commons.permissions import Actor, system
from lianxi.commons.refusals import BadInput, NotFound, NotPermitted
from lianxi.engines.worktime import add
from lianxi.organization.members import queries, services
from lianxi.organization.members.clock import quiet_by, quiet_months
from lianxi.organization.members.models import Member, PartAlert, TakingPart
from lianxi.organization.members.queries.taking_part import law
from lianxi.organization.members.terms import PartKind
from tests.officers import login
from tests.organization import items

DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 11, 16)
BEGAN = dt.datetime(2026, 1, 31, 9, tzinfo=dt.UTC)
JOB = system("members.alert")
ANY_DAY = some.dates(dt.date(2000, 1, 1), dt.date(2060, 12, 31))


class TestMonths:
    @given(since=ANY_DAY, days=some.integers(0, 1500))
    @example(since=dt.date(2026, 8, 31), days=181)
    @example(since=dt.date(2027, 8, 31), days=182)
    @example(since=dt.date(2028, 2, 29), days=366)
    def test_a_month_is_over_the_day_after_the_same_number(self, since: dt.date, days: int) -> None:
        on = since + days * DAY
        n = quiet_months(since, on)
        assert n == sum(add(since, months=k) < on for k in range(1, 60))
        assert quiet_months(since, on + DAY) - n in (0, 1), "no month is jumped"
        assert quiet_months(since + DAY, on) <= n or on <= since, "a later sign is never the longer silence"

    @given(on=ANY_DAY, months=some.integers(1, 14))
    @example(on=dt.date(2027, 3, 1), months=6)
    @example(on=dt.date(2027, 2, 28), months=6)
    def test_the_edge_of_a_list_is_the_edge_of_the_count(self, on: dt.date, months: int) -> None:
        edge = quiet_by(on, months)
        assert quiet_months(edge, on) >= months
        assert quiet_months(edge + DAY, on) < months

    @pytest.mark.parametrize(
        ("since", "last_free_day"),
        [
            (dt.date(2026, 8, 31), dt.date(2027, 2, 28)),
            (dt.date(2027, 8, 31), dt.date(2028, 2, 29)),
            (dt.date(2026, 2, 28), dt.date(2026, 8, 28)),
            (dt.date(2026, 5, 15), dt.date(2026, 11, 15)),
        ],
    )
    def test_six_months_are_over_after_their_last_day(self, since: dt.date, last_free_day: dt.date) -> None:
        assert quiet_months(since, last_free_day) == 5
        assert quiet_months(since, last_free_day + DAY) == 6


def note(
    s: SimpleNamespace, *members: Member, on: dt.date = TODAY, kind: str = "activity", by: str = "organiser", at: Any
) -> int:
    return services.take_part([one.pk for one in members], kind=kind, on=on, actor=s.actor(getattr(s, by)), at=at)


def sign(member: Member, on: dt.date, *, at: dt.datetime = BEGAN, kind: str = "activity") -> TakingPart:
    return TakingPart.objects.create(member=member, branch_id=member.branch_id, kind=kind, on=on, at=at)


def silent(s: SimpleNamespace, by: str = "organiser", on: dt.date = TODAY, **more: Any) -> list[tuple[str, int]]:
    page = queries.quiet_page(actor=s.actor(getattr(s, by)), on=on, **more)
    return [(str(one.member), one.months) for one in page.rows]


class TestWritingDown:
    def test_many_at_once_each_once(self, town: SimpleNamespace, at: dt.datetime) -> None:
        zhou, gu = town.members["zhou"], town.members["gu"]
        assert note(town, zhou, gu, by="branch_secretary", at=at) == 2
        assert note(town, zhou, gu, at=at) == 0
        assert note(town, zhou, kind="dues", at=at) == 1
        assert {(one.member, one.kind, one.branch) for one in TakingPart.objects.all()} == {
            (zhou, "activity", town.first), (gu, "activity", town.first), (zhou, "dues", town.first),
        }  # fmt: skip

    def test_no_more_is_kept_than_the_rule_needs(self) -> None:
        assert {one.name for one in TakingPart._meta.concrete_fields} == {"id", "member", "branch", "kind", "on", "at"}

    @pytest.mark.parametrize(
        "by", ["far_secretary", "far_organiser", "admin", "secretary_of_second", "director", "resident", "outsider"]
    )
    def test_only_who_keeps_or_heads_the_branch(self, town: SimpleNamespace, at: dt.datetime, by: str) -> None:
        actor = Actor(name="") if by == "secretary_of_second" else town.actor(getattr(town, by))
        with pytest.raises(NotPermitted):
            services.take_part([town.members["zhou"].pk], kind="dues", on=TODAY, actor=actor, at=at)
        assert not TakingPart.objects.exists()
        assert queries.quiet_page(actor=actor, on=dt.date(2030, 1, 1)).rows == []

    def test_one_who_is_not_in_ones_care_stops_the_whole(self, town: SimpleNamespace, at: dt.datetime) -> None:
        with pytest.raises(NotPermitted):
            note(town, town.members["zhou"], town.members["shen"], by="branch_secretary", at=at)
        assert not TakingPart.objects.exists()

    @pytest.mark.parametrize(
        ("more", "field"),
        [({"on": TODAY + DAY}, "on"), ({"on": dt.date(2005, 6, 30)}, "on"), ({"kind": "score"}, "kind")],
    )
    def test_what_does_not_fit_is_named(self, town: SimpleNamespace, at: dt.datetime, more: Any, field: str) -> None:
        with pytest.raises(BadInput) as refused:
            note(town, town.members["zhou"], **more, at=at)
        assert list(refused.value.errors) == [field]
        with pytest.raises(BadInput):
            services.take_part([], kind="dues", on=TODAY, actor=town.actor(town.organiser), at=at)
        assert not TakingPart.objects.exists()

    def test_a_wrong_one_is_taken_back_with_a_reason(self, town: SimpleNamespace, at: dt.datetime) -> None:
        zhou = town.members["zhou"]
        note(town, zhou, at=at)
        one = TakingPart.objects.get()
        who = {"actor": town.actor(town.branch_secretary), "at": at}
        with pytest.raises(BadInput):
            services.take_back_part(zhou, sign=one.pk, reason=" ", **who)
        with pytest.raises(NotFound):
            services.take_back_part(town.members["gu"], sign=one.pk, reason="选错了人", **who)
        with pytest.raises(NotPermitted):
            services.take_back_part(zhou, sign=one.pk, reason="试试", actor=town.actor(town.far_organiser), at=at)
        assert TakingPart.objects.exists()
        services.take_back_part(zhou, sign=one.pk, reason="选错了人", **who)
        assert not TakingPart.objects.exists()

    def test_merged_records_bring_their_signs_along_and_back(self, town: SimpleNamespace, at: dt.datetime) -> None:
        zhou, gu = town.members["zhou"], town.members["gu"]
        sign(zhou, TODAY), sign(gu, TODAY), sign(gu, TODAY - DAY)
        who: dict[str, Any] = {"actor": town.actor(town.organiser), "at": at}
        row = services.merge(zhou, gone=gu, reason="同一个人", **who)
        assert TakingPart.objects.filter(member=zhou).count() == 2
        services.undo_merge(row, **who)
        assert TakingPart.objects.filter(member=zhou).count() == 1
        assert TakingPart.objects.filter(member=gu).count() == 2


class TestWhoIsSilent:
    def test_nothing_is_told_from_the_silence_of_a_branch_without_records(self, town: SimpleNamespace) -> None:
        far = dt.date(2029, 1, 1)
        assert silent(town, on=far) == []
        assert queries.quiet_page(actor=town.actor(town.organiser), on=far).silent == 2

    def test_months_count_from_the_latest_sign_of_any_kind(self, town: SimpleNamespace) -> None:
        zhou, gu = town.members["zhou"], town.members["gu"]
        sign(zhou, dt.date(2026, 5, 15)), sign(zhou, dt.date(2026, 3, 1), kind="dues")
        sign(gu, dt.date(2026, 7, 15), kind="work")
        assert silent(town) == [("周望舒", 6), ("顾怀瑾", 4)]
        sign(gu, TODAY - 5 * DAY, kind="dues")
        assert silent(town) == [("周望舒", 6)]
        [row] = queries.quiet_page(actor=town.actor(town.organiser), on=TODAY).rows
        assert row.last == (dt.date(2026, 5, 15), dt.date(2026, 3, 1), None)

    def test_without_a_sign_they_count_from_the_roll_and_the_first_record_of_the_branch(
        self, town: SimpleNamespace
    ) -> None:
        late = dt.datetime(2026, 12, 5, 9, tzinfo=dt.UTC)
        sign(town.members["zhou"], dt.date(2026, 6, 1), at=late)
        assert silent(town, on=dt.date(2027, 4, 5)) == [("周望舒", 10)]
        assert silent(town, on=dt.date(2027, 4, 6)) == [("周望舒", 10), ("顾怀瑾", 4)]

    def test_they_stand_by_branch_and_never_by_months(self, town: SimpleNamespace, at: dt.datetime) -> None:
        for key, months in (("zhou", 5), ("gu", 9), ("shen", 7)):
            sign(town.members[key], add(TODAY, months=-months) - DAY)
        assert [name for name, _n in silent(town)] == ["周望舒", "顾怀瑾", "沈听澜"][: len(silent(town))]
        assert silent(town, step=6) == [("顾怀瑾", 9), ("沈听澜", 7)]
        assert silent(town, step=5) == [("周望舒", 5)]
        assert silent(town, step=4) == []
        assert queries.quiet_page(actor=town.actor(town.organiser), on=TODAY).counts == {0: 3, 4: 0, 5: 1, 6: 2}
        assert silent(town, by="far_secretary") == [("沈听澜", 7)]
        assert silent(town, unit=town.first.pk) == [("周望舒", 5), ("顾怀瑾", 9)]
        assert silent(town, size=1, after=town.members["zhou"].pk) == [("顾怀瑾", 9)]

    def test_suspended_and_gone_are_left_out(self, town: SimpleNamespace, at: dt.datetime) -> None:
        sign(town.members["zhou"], dt.date(2026, 2, 1))
        services.set_standing(
            town.members["zhou"], standing="suspended", on=TODAY, reason="支部大会决定",
            actor=town.actor(town.organiser), at=at,
        )  # fmt: skip
        assert "周望舒" not in dict(silent(town))


def told(s: SimpleNamespace, who: Any) -> list[str]:
    return [row.title for row in notices_of(s.actor(who)).rows]


class TestAlerts:
    def test_at_each_step_once_to_the_keepers_and_to_the_member(self, town: SimpleNamespace, at: dt.datetime) -> None:
        zhou = town.members["zhou"]
        sign(zhou, dt.date(2026, 7, 16)), sign(town.members["gu"], dt.date(2027, 6, 1))
        steps = []
        for n in range(220):
            if services.alert(actor=JOB, at=at + n * DAY):
                steps.append((at + n * DAY).date())
        assert steps == [dt.date(2026, 11, 17), dt.date(2026, 12, 17), dt.date(2027, 1, 17)]
        assert law(on=TODAY).steps == (4, 5, 6)
        expected = [f"望槐社区第一党支部：1名党员满{n}个月没有参加的记录" for n in (6, 5, 4)]
        assert told(town, town.branch_secretary) == told(town, town.organiser) == expected
        assert told(town, town.far_organiser) == told(town, town.secretary) == told(town, town.admin) == []
        assert [title[:6] for title in told(town, zhou.person)] == ["您有6个月没", "您有5个月没", "您有4个月没"]
        assert Notice.objects.count() == 9
        assert not Delivery.objects.filter(person=zhou.person).exists(), "what the member is told stays in the house"
        last = notices_of(town.actor(town.organiser)).rows[0]
        assert "支部大会可以决定除名" in last.body
        assert "中国共产党章程" in last.body or "党章" in last.body
        assert Member.objects.get(pk=zhou.pk).standing == "normal", "nothing happens by itself"

    def test_a_new_sign_begins_a_new_count(self, town: SimpleNamespace, at: dt.datetime) -> None:
        zhou = town.members["zhou"]
        sign(zhou, dt.date(2026, 7, 1)), sign(town.members["gu"], TODAY)
        assert services.alert(actor=JOB, at=at) == 1
        note(town, zhou, at=at)
        assert services.alert(actor=JOB, at=at + 100 * DAY) == 0
        assert services.alert(actor=JOB, at=at + 121 * DAY) == 2
        assert PartAlert.objects.count() == 3

    def test_what_was_slept_through_is_told_by_its_latest_step(self, town: SimpleNamespace, at: dt.datetime) -> None:
        sign(town.members["zhou"], dt.date(2025, 1, 1)), sign(town.members["gu"], dt.date(2026, 6, 20))
        assert services.alert(actor=JOB, at=at) == 1 + 1
        assert set(PartAlert.objects.values_list("months", flat=True)) == {4, 6}
        assert services.alert(actor=JOB, at=at) == 0

    def test_an_alert_that_fails_on_the_way_is_told_whole_the_next_time(
        self, town: SimpleNamespace, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sign(town.members["zhou"], dt.date(2026, 1, 1))
        with monkeypatch.context() as patched:
            patched.setattr("lianxi.organization.members.services.taking_part.tell_of_silence", lambda *a, **k: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                services.alert(actor=JOB, at=at)
        assert (PartAlert.objects.count(), Notice.objects.count()) == (0, 0)
        assert services.alert(actor=JOB, at=at) >= 1

    def test_only_the_job_alerts(self, town: SimpleNamespace, at: dt.datetime) -> None:
        sign(town.members["zhou"], dt.date(2026, 1, 1))
        with pytest.raises(NotPermitted):
            services.alert(actor=town.actor(town.organiser), at=at)
        assert not Notice.objects.exists()


class TestPages:
    def test_the_secretary_writes_down_a_meeting_and_sees_who_is_silent(
        self, town: SimpleNamespace, at: dt.datetime, django_assert_max_num_queries: Any
    ) -> None:
        zhou, gu = town.members["zhou"], town.members["gu"]
        sign(zhou, dt.date(2026, 1, 5))
        browser = login(town.branch_secretary)
        with django_assert_max_num_queries(24):
            page = browser.get("/members/taking-part/").content.decode()
        assert "周望舒" in page
        assert "支部大会可以决定除名" in page
        assert "/rules/B-05/" in page
        form = browser.get("/members/taking-part/record/").content.decode()
        assert "周望舒" in form
        assert "顾怀瑾" in form
        assert "沈听澜" not in form
        today = dt.date.today().isoformat()
        answer = browser.post(
            "/members/taking-part/record/", {"kind": "activity", "on": today, "members": [zhou.pk, gu.pk]}
        )
        assert answer.status_code == 302
        assert TakingPart.objects.count() == 3
        assert "周望舒" not in browser.get("/members/taking-part/").content.decode()

    def test_members_of_others_cannot_be_slipped_in(self, town: SimpleNamespace) -> None:
        browser = login(town.branch_secretary)
        answer = browser.post(
            "/members/taking-part/record/",
            {"kind": "dues", "on": dt.date.today().isoformat(), "members": [town.members["shen"].pk]},
        )
        assert answer.status_code == 422
        answer = browser.post(
            f"/members/taking-part/record/?branch={town.far.pk}",
            {"kind": "dues", "on": dt.date.today().isoformat(), "members": [town.members["shen"].pk]},
        )
        assert answer.status_code in (404, 422)
        assert not TakingPart.objects.exists()

    @pytest.mark.parametrize("by", ["admin", "resident", "handler", "director"])
    def test_others_are_told_whose_page_it_is(self, town: SimpleNamespace, by: str) -> None:
        browser = login(getattr(town, by))
        for address in ("/members/taking-part/", "/members/taking-part/record/"):
            assert browser.get(address).status_code == 403

    def test_the_member_sees_the_own_signs_and_may_not_write_any(self, town: SimpleNamespace) -> None:
        zhou = town.members["zhou"]
        sign(zhou, dt.date(2026, 1, 5), kind="dues")
        browser = login(zhou.person)
        page = browser.get("/members/mine/").content.decode()
        assert "2026年1月5日" in page
        assert "登记参加" not in page
        assert browser.post(f"/members/{zhou.pk}/part/", {"kind": "dues", "on": "2026-01-06"}).status_code == 403
        assert TakingPart.objects.count() == 1

    def test_one_is_written_down_and_taken_back_on_the_record(self, town: SimpleNamespace) -> None:
        zhou = town.members["zhou"]
        browser = login(town.organiser)
        assert browser.post(f"/members/{zhou.pk}/part/", {"kind": "work", "on": "2026-01-06"}).status_code == 302
        one = TakingPart.objects.get()
        assert "2026年1月6日" in browser.get(f"/members/{zhou.pk}/").content.decode()
        back = browser.post(f"/members/{zhou.pk}/part_back/", {"sign": one.pk, "reason": "登记错了"})
        assert back.status_code == 302
        assert not TakingPart.objects.exists()

    def test_in_english(self, town: SimpleNamespace) -> None:
        sign(town.members["zhou"], dt.date(2026, 1, 5))
        browser = login(town.organiser)
        browser.cookies["language"] = "en"
        page = browser.get("/members/taking-part/").content.decode()
        assert "Who has not taken part" in page
        assert "Nobody is scored or ranked here" in page


class TestSheet:
    def test_rows_find_members_and_what_is_wrong_is_named(self, town: SimpleNamespace, at: dt.datetime) -> None:
        from lianxi.commons.papers.kinds import RowRefused
        from lianxi.commons.papers.sheets import Row
        from lianxi.organization.members.sheets import PartSheet

        zhou, gu, shen = (town.members[key] for key in ("zhou", "gu", "shen"))
        sign(gu, TODAY, kind="dues")
        kind, actor = PartSheet(), town.actor(town.branch_secretary)
        base = {"kind": "dues", "on": TODAY}
        rows = [
            Row(2, base | {"number": zhou.pk, "name": "周望舒"}),
            Row(3, base | {"identity": items()["identity"], "name": "周望舒", "kind": "work"}),
            Row(4, base | {"number": zhou.pk, "name": "别人"}),
            Row(5, base | {"number": shen.pk, "name": "沈听澜"}),
            Row(6, base | {"name": "周望舒"}),
            Row(7, base | {"number": gu.pk, "name": "顾怀瑾"}),
            Row(8, base | {"number": gu.pk, "name": "顾怀瑾", "on": TODAY + DAY}),
        ]
        kind.check(rows, actor=actor, at=at)
        assert [row.verdict for row in rows] == ["ready", "ready", "wrong", "wrong", "wrong", "duplicate", "wrong"]
        made = kind.apply(rows[:2], actor=actor, at=at)
        assert [(one.member, one.kind) for one in made] == [(zhou, "dues"), (zhou, "work")]  # type: ignore[union-attr]
        with pytest.raises(RowRefused):
            kind.apply(rows[:1], actor=actor, at=at)
        kind.undo([(2, made[0])], actor=actor, at=at)  # type: ignore[list-item]
        assert set(TakingPart.objects.values_list("member", "kind")) == {(gu.pk, "dues"), (zhou.pk, "work")}
        assert not kind.may_import(town.actor(town.admin))
        assert kind.may_import(actor)


def test_the_three_are_those_of_the_article() -> None:
    assert [str(one.label) for one in PartKind] == ["参加组织生活", "交党费", "做党分配的工作"]
    sentence = law(on=TODAY).rule.sentence
    assert all(word in str(sentence) for word in ("组织生活", "党费", "工作"))
