"""A street's own figures: nearest one upward, never outside the article, never backwards; refused tries are remembered."""

import datetime as dt
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from lianxi.commons.accounts.models import Person
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import Role
from lianxi.commons.refusals import BadInput, Blocked, NotPermitted
from lianxi.commons.rulebook import rule
from lianxi.commons.rulebook import services as book_services
from lianxi.commons.rulebook.models import Confirmation, LocalRule, RefusedChange

TODAY = dt.date(2026, 11, 16)
TOMORROW = dt.date(2026, 11, 17)
LATER = dt.date(2026, 12, 1)


def set_figure(
    keeper: Any, unit: Any, at: dt.datetime, value: Any, since: dt.date = TOMORROW, **more: Any
) -> LocalRule:
    given = {
        "rule_id": "S-02",
        "parameter": "help",
        "source": "本街道2026年第5次主任办公会",
        "reason": "维修队增加一组人",
    }
    return book_services.set_local_figure(**(given | more), value=value, unit=unit, since=since, actor=keeper, at=at)


def test_the_nearest_local_figure_upward_holds(street: SimpleNamespace, keeper: Any, at: dt.datetime) -> None:
    set_figure(keeper, street.top, at, 4)
    set_figure(keeper, street.wanghuai, at, 3)
    assert rule("S-02", on=TOMORROW).parameter("help").value == 5
    assert rule("S-02", on=TOMORROW, at=street.district).parameter("help").value == 5
    assert rule("S-02", on=TOMORROW, at=street.works).parameter("help").value == 4
    assert rule("S-02", on=TOMORROW, at=street.wanghuai_committee).parameter("help").value == 3
    assert rule("S-02", on=TODAY, at=street.wanghuai_committee).parameter("help").value == 5
    assert rule("S-02", on=TOMORROW, at=street.works).parameter("complaint").local is None


def test_a_local_figure_names_its_own_source_first(street: SimpleNamespace, keeper: Any, at: dt.datetime) -> None:
    local = set_figure(keeper, street.top, at, 45, rule_id="X-11", parameter="")
    found = rule("X-11", on=TOMORROW, at=street.works)
    assert found.value == 45
    assert found.local == local
    with translation.override("zh-hans"):
        assert found.citation == "本街道2026年第5次主任办公会（《信访工作条例》第34条）"


def test_one_query_for_a_unit_and_none_without(
    street: SimpleNamespace, keeper: Any, at: dt.datetime, django_assert_num_queries: Any
) -> None:
    set_figure(keeper, street.top, at, 4)
    with django_assert_num_queries(1):
        rule("S-02", on=TOMORROW, at=street.wanghuai_committee)
    with django_assert_num_queries(0):
        rule("S-02", on=TOMORROW)


@pytest.mark.parametrize(
    ("value", "rule_id", "parameter"), [(61, "X-11", ""), (0, "X-11", ""), (31, "X-11", "extension_days")]
)
def test_an_article_cannot_be_relaxed_and_the_try_is_remembered(
    street: SimpleNamespace, keeper: Any, at: dt.datetime, value: int, rule_id: str, parameter: str
) -> None:
    with translation.override("zh-hans"), pytest.raises(Blocked, match="《信访工作条例》第34条：须1日到"):
        set_figure(keeper, street.top, at, value, rule_id=rule_id, parameter=parameter)
    assert not LocalRule.objects.exists()
    assert rule(rule_id, on=TOMORROW, at=street.top).figure(parameter).local is None
    tried = RefusedChange.objects.get()
    assert (tried.value, tried.unit, tried.by_name) == (value, street.top, "方知远")
    assert tried.required["en"].startswith("1 day")


def test_a_figure_without_bounds_is_fixed(street: SimpleNamespace, keeper: Any, at: dt.datetime) -> None:
    with translation.override("zh-hans"), pytest.raises(Blocked, match="没有给地方留余地"):
        set_figure(keeper, street.top, at, Fraction(1, 3), rule_id="E-31", parameter="")
    assert RefusedChange.objects.get().value == Fraction(1, 3)
    assert not LocalRule.objects.exists()


def test_it_begins_tomorrow_at_the_earliest(street: SimpleNamespace, keeper: Any, at: dt.datetime) -> None:
    with pytest.raises(BadInput) as refused:
        set_figure(keeper, street.top, at, 4, since=TODAY)
    assert list(refused.value.errors) == ["since"]
    assert not LocalRule.objects.exists()


@pytest.mark.parametrize("who", ["secretary", "dispatcher", "outsider", "resident", "publisher"])
def test_others_may_not(street: SimpleNamespace, at: dt.datetime, who: str) -> None:
    actor = street.actor(getattr(street, who))
    with pytest.raises(NotPermitted) as refused:
        set_figure(actor, street.top, at, 4)
    assert refused.value.facts["open_to"]
    with pytest.raises(NotPermitted):
        book_services.confirm(
            "X-11", since=dt.date(2022, 5, 1), unit=street.top, holds=True, note="对照文件", actor=actor, at=at
        )
    assert not LocalRule.objects.exists()
    assert not RefusedChange.objects.exists()
    assert not Confirmation.objects.exists()


def test_an_officer_of_a_community_keeps_to_it(street: SimpleNamespace, at: dt.datetime) -> None:
    person = Person.objects.create(name="许清如")
    Posting.objects.create(person=person, unit=street.wanghuai, role=Role.ORGANISER, since=dt.date(2025, 1, 1))
    actor = street.actor(person)
    assert set_figure(actor, street.wanghuai_committee, at, 3).unit == street.wanghuai_committee
    for unit in (street.top, street.tingsong):
        with pytest.raises(NotPermitted):
            set_figure(actor, unit, at, 3)
    assert LocalRule.objects.count() == 1


def test_a_new_figure_ends_the_one_before(street: SimpleNamespace, keeper: Any, at: dt.datetime) -> None:
    first = set_figure(keeper, street.top, at, 4)
    set_figure(keeper, street.top, at, 3, since=LATER)
    first.refresh_from_db()
    assert first.until == LATER - dt.timedelta(days=1)
    assert rule("S-02", on=first.until, at=street.top).parameter("help").value == 4
    assert rule("S-02", on=LATER, at=street.top).parameter("help").value == 3
    with pytest.raises(BadInput):
        set_figure(keeper, street.top, at, 2, since=LATER - dt.timedelta(days=3))
    assert LocalRule.objects.count() == 2


def test_withdrawing_ends_it_and_never_backwards(street: SimpleNamespace, keeper: Any, at: dt.datetime) -> None:
    local = set_figure(keeper, street.top, at, 4)
    day_after = at + dt.timedelta(days=20)
    with pytest.raises(BadInput):
        book_services.withdraw_local_figure(local, last_day=TOMORROW, reason="改回", actor=keeper, at=day_after)
    with pytest.raises(BadInput):
        book_services.withdraw_local_figure(local, last_day=day_after.date(), reason=" ", actor=keeper, at=day_after)
    local.refresh_from_db()
    assert local.until is None
    book_services.withdraw_local_figure(local, last_day=day_after.date(), reason="改回", actor=keeper, at=day_after)
    assert rule("S-02", on=day_after.date(), at=street.top).parameter("help").value == 4
    assert rule("S-02", on=day_after.date() + dt.timedelta(days=1), at=street.top).parameter("help").value == 5


def test_one_withdrawn_before_it_began_never_holds(street: SimpleNamespace, keeper: Any, at: dt.datetime) -> None:
    local = set_figure(keeper, street.top, at, 4, since=LATER)
    book_services.withdraw_local_figure(local, last_day=LATER, reason="不改了", actor=keeper, at=at)
    assert rule("S-02", on=LATER, at=street.top).parameter("help").value == 5


def test_what_happened_to_a_local_figure_is_kept(street: SimpleNamespace, keeper: Any, at: dt.datetime) -> None:
    from django.apps import apps

    local = set_figure(keeper, street.top, at, 4)
    book_services.withdraw_local_figure(local, last_day=TODAY, reason="改回", actor=keeper, at=at)
    history = apps.get_model("rulebook", "LocalRuleEvent").objects.filter(pgh_obj_id=local.pk).order_by("pgh_id")
    assert [one.pgh_label for one in history] == ["insert", "update"]


@pytest.mark.parametrize(
    ("typed", "value"),
    [("60", 60), ("\uff16\uff10", 60), ("80%", Fraction(4, 5)), ("4/5", Fraction(4, 5)), ("1.5", Fraction(3, 2))],
)
def test_figures_as_people_type_them(typed: str, value: Any) -> None:
    assert book_services.figure_of(typed) == value


@pytest.mark.parametrize("typed", ["", "六十", "1/0", "1e999", "1e999999999", "-5", "9" * 40, "nan", "5 days"])
def test_what_is_no_figure_is_named(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        book_services.figure_of(typed)
    assert list(refused.value.errors) == ["value"]


def test_a_confirmation_is_recorded_beside_the_mark(street: SimpleNamespace, keeper: Any, at: dt.datetime) -> None:
    book_services.confirm(
        "E-23",
        since=dt.date(2020, 7, 13),
        unit=street.top,
        holds=True,
        note="对照区委组织部汇编第41页",
        actor=keeper,
        at=at,
    )
    made = Confirmation.objects.get()
    assert (made.rule_id, made.holds, made.by_name) == ("E-23", True, "方知远")
    assert rule("E-23", on=TODAY).trust == "P"
