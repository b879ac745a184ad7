"""The roll of a poll, drawn from the register: who votes, who is left out and why, and who may draw it."""

from types import SimpleNamespace

import pytest

from lianxi.commons.ballotbox import rolls
from lianxi.commons.refusals import NotPermitted
from lianxi.organization.members import services
from lianxi.organization.members.models import Member
from lianxi.organization.members.queries.voting import VotingMembers
from lianxi.organization.members.terms import Standing
from tests.organization import grow, items
from tests.street import NOON

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


@pytest.fixture
def s(street: SimpleNamespace) -> SimpleNamespace:
    made = grow(street)
    actor = made.actor(made.organiser)
    more = {"kind": "02", "joined_on": TODAY.replace(year=TODAY.year - 1, month=12), "full_on": None}
    services.register(branch=made.first, name="顾未满", phone="", items=items(serial=31, **more), actor=actor, at=NOON)
    for serial in (32, 33):
        services.register(branch=made.first, name="何同名", phone="", items=items(serial=serial), actor=actor, at=NOON)
    services.register(branch=made.first, name="许停籍", phone="", items=items(serial=34), actor=actor, at=NOON)
    Member.objects.filter(person__name="许停籍").update(standing=Standing.SUSPENDED)
    return made


def test_full_members_vote_and_the_others_are_shown_with_the_article(s: SimpleNamespace) -> None:
    drawn = VotingMembers().draw(s.first, actor=s.actor(s.organiser), on=TODAY)
    names = [one.name for one in drawn.entries]
    assert names.count("何同名") == 2
    assert "顾未满" not in names
    assert "许停籍" not in names
    left = {one.name: one for one in drawn.left_out}
    assert {"顾未满", "许停籍"} <= set(left)
    assert left["顾未满"].rule is not None
    assert left["顾未满"].rule.id == "E-06"
    assert left["顾未满"].reason != left["许停籍"].reason


def test_two_of_one_name_are_told_apart(s: SimpleNamespace) -> None:
    drawn = VotingMembers().draw(s.first, actor=s.actor(s.organiser), on=TODAY)
    notes = [one.note for one in drawn.entries if one.name == "何同名"]
    assert len(set(notes)) == 2
    assert len(set(drawn.entries)) == len(drawn.entries)


def test_who_sees_only_some_of_them_draws_nothing(s: SimpleNamespace) -> None:
    for one in (s.director, s.outsider, s.members["zhou"].person):
        with pytest.raises(NotPermitted):
            VotingMembers().draw(s.first, actor=s.actor(one), on=TODAY)


def test_only_organizations_of_the_party_have_such_a_roll(s: SimpleNamespace) -> None:
    assert rolls.source_named("members") is not None
    assert [one.key for one in rolls.sources_for(s.first)] == ["members"]
    assert rolls.sources_for(s.wanghuai_committee) == []
