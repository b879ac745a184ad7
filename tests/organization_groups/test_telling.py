"""Members are told: opened, closes soon, placed; who said nothing kindly; nobody in the night."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from lianxi.commons.notices.kinds import kinds
from lianxi.commons.notices.models import Notice
from lianxi.commons.notices.queries import notices_of
from lianxi.commons.permissions import asking, system
from lianxi.organization.groups import services
from lianxi.organization.groups.models import RoundGroup, RoundStep

from .conftest import AT, DAY, groups, lay_out, me, people, placed

JOB = system("groups.remind")


def remind(at: dt.datetime) -> int:
    with asking(JOB):
        return services.remind(actor=JOB, at=at)


def told_of(kind: str) -> list[str]:
    return sorted(Notice.objects.filter(kind=kind).values_list("person__name", flat=True))


def shown(actor: Any, language: str) -> str:
    with translation.override(language):
        return "\n".join(f"{one.title}\n{one.body}" for one in notices_of(actor, size=10).rows)


def test_who_has_not_answered_is_reminded_once(town: SimpleNamespace) -> None:
    record = services.open_round(lay_out(town), actor=town.o, at=AT)
    crowd = people(record)
    services.choose(crowd[2], wishes=[], actor=me(town, crowd[2]), at=AT)
    services.enter_slip(crowd[3], wishes=[groups(record)[0].pk], actor=town.o, at=AT)
    services.designate(crowd[4], group=groups(record)[0], reason="住得近", actor=town.o, at=AT)
    assert remind(AT) == 0  # three days before
    assert remind(AT + DAY) == len(crowd) - 3
    assert remind(AT + DAY) == remind(AT + 2 * DAY) == 0
    assert told_of("groups.closes_soon") == sorted(str(one) for n, one in enumerate(crowd) if n not in (2, 3, 4))
    assert "2026年编组：11月19日9:05停止选组" in shown(me(town, crowd[5]), "zh-hans")
    assert "the lists close on 19 November, 9:05" in shown(me(town, crowd[5]), "en")
    services.extend(record, closes_at=AT + 6 * DAY, reason="有人出差", actor=town.o, at=AT + 2 * DAY)
    assert remind(AT + 2 * DAY) == 0
    assert remind(AT + 5 * DAY) == len(crowd) - 3  # a new time, told again
    assert remind(AT + 7 * DAY) == 0


def test_only_the_job_may_remind(town: SimpleNamespace) -> None:
    services.open_round(lay_out(town), actor=town.o, at=AT)
    other = system("members.remind")
    with asking(other):
        assert services.remind(actor=other, at=AT + 2 * DAY) == 0
    assert Notice.objects.filter(kind="groups.closes_soon").count() == 0


def test_who_said_nothing_is_told_kindly_and_nobodys_wishes_stand_in_a_notice(town: SimpleNamespace) -> None:
    record = placed(town, lay_out(town), wishes={2: [0], 3: [1, 0]})
    record = services.publish(record, objections_until=(AT + 9 * DAY).date(), actor=town.o, at=AT + 4 * DAY)
    step = RoundStep.objects.get(round=record, verb="publish")
    job = system("groups.tell")
    with asking(job):
        assert services.tell_event(step.pk, actor=job, at=AT + 4 * DAY) == len(people(record))
    assert told_of("groups.result") == sorted(str(one) for one in people(record) if one.number in (2, 3))
    silent = me(town, people(record)[5])
    assert "您没有填志愿" in shown(silent, "zh-hans")
    assert "11月25日前告诉我们" in shown(silent, "zh-hans")
    assert not any("一" <= c <= "鿿" and c not in "年编组甲乙丙丁" for c in shown(silent, "en"))
    assert "志愿" not in shown(me(town, people(record)[1]), "zh-hans")


def test_who_is_moved_by_hand_hears_of_it_unless_the_answer_says_so(town: SimpleNamespace) -> None:
    record = placed(town, lay_out(town), wishes={2: [0], 3: [1, 0]})

    RoundGroup._base_manager.filter(round=record).update(hi=12)  # room for whoever is moved

    def moved(number: int, **more: Any) -> int:
        who = {one.number: one for one in people(record)}[number]
        target = next(g for g in groups(record) if g.branch_id == who.branch_id and g.pk != who.seat.group_id)
        services.move(who, group=target, reason="换到住处近的", actor=town.o, at=AT + 4 * DAY, **more)
        step = RoundStep.objects.filter(round=record, verb="move").latest("number")
        job = system("groups.tell")
        with asking(job):
            return services.tell_event(step.pk, actor=job, at=AT + 4 * DAY)

    assert moved(4) == 0  # nobody knows a group yet
    record = services.publish(record, objections_until=(AT + 9 * DAY).date(), actor=town.o, at=AT + 4 * DAY)
    assert moved(2) == 1
    assert moved(3, asked=True) == 0
    assert told_of("groups.moved") == [str(one) for one in people(record) if one.number == 2]
    told = shown(me(town, next(one for one in people(record) if one.number == 2)), "zh-hans")
    assert "改编您入" in told
    assert "换到住处近的" not in told


@pytest.mark.parametrize(
    "name", ["opened", "closes_soon", "designated", "result", "result_silent", "moved", "answered"]
)
def test_nobody_is_woken(name: str) -> None:
    (kind,) = [one for one in kinds() if one.name == f"groups.{name}"]
    assert not kind.breaks_quiet
    assert kind.group.may_be_off
