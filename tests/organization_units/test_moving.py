"""A move tells how far it is while it runs; the records follow, also those that came to be meanwhile."""

import datetime as dt
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from lianxi.commons.accounts.models import Account
from lianxi.commons.units.models import Unit
from lianxi.organization.members.models import Affiliation, Member
from lianxi.organization.units import services
from lianxi.organization.units.models import Move
from lianxi.organization.units.services import meter, moving
from lianxi.organization.units.tasks import move as job
from lianxi.organization.units.terms import MoveState

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(town: SimpleNamespace, at: dt.datetime) -> Move:
    """The community's committee with two branches, a group, a residents' committee goes below another community."""
    return services.move(town.first, target=town.tingsong, reason="社区调整", actor=town.actor(town.organiser), at=at)


class Watch:
    """What somebody else sees of a running move after each unit: taken over a connection of its own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, row: Move) -> None:
        self.seen: list[tuple[str, int, int]] = []
        self.connection = connections.create_connection("default")
        self.meanwhile: list[tuple[str, list[Any]]] = []
        plain = moving.hang

        def watched(unit: Unit, below: Unit) -> Iterator[str]:
            for path in plain(unit, below):
                yield path
                with self.connection.cursor() as cursor:
                    cursor.execute("SELECT state, done, records FROM org_units_move WHERE id = %s", [row.pk])
                    self.seen.append(cursor.fetchone())
                    for words, values in self.meanwhile:
                        cursor.execute(words, values)
                    self.meanwhile.clear()

        monkeypatch.setattr(moving, "hang", watched)
        monkeypatch.setattr(meter, "EVERY", 0)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch, asked: Move) -> Iterator[Watch]:
    made = Watch(monkeypatch, asked)
    yield made
    made.connection.close()


def test_others_see_how_many_records_have_followed(
    town: SimpleNamespace, asked: Move, watch: Watch, at: dt.datetime
) -> None:
    member = town.members["gu"]
    Affiliation.objects.filter(member=member).update(group=town.group)
    records = asked.records
    assert records > 1
    services.run_move(asked.pk, actor=town.actor(town.organiser), at=at)
    states, done, every = zip(*watch.seen, strict=True)
    assert set(states) == {MoveState.RUNNING}
    assert set(every) == {records}
    assert list(done) == sorted(done)
    assert 0 < done[0] <= done[-1] == records
    asked.refresh_from_db()
    assert (asked.state, asked.done, asked.records) == (MoveState.DONE, records, records)
    town.first.refresh_from_db()
    assert moving.records_below(town.first.path).total() == records
    assert Member.objects.get(pk=member.pk).branch_path == town.first.path


def test_what_came_to_be_meanwhile_follows_too(
    town: SimpleNamespace, asked: Move, watch: Watch, at: dt.datetime
) -> None:
    """A unit set up by somebody else while the move is not yet seen."""
    columns = "name, name_en, short_name, kind, code, since, parent_id, path"
    words = f"INSERT INTO units_unit ({columns}) VALUES ('新小组', '', '', 'group', '', '2026-01-01', %s, '')"
    watch.meanwhile.append((words, [town.first.pk]))
    before = town.first.path
    services.run_move(asked.pk, actor=town.actor(town.organiser), at=at)
    town.first.refresh_from_db()
    new = Unit.objects.get(name="新小组")
    assert new.path == f"{town.first.path}{new.pk}."
    assert moving.records_below(before).total() == 0
    assert not Unit.objects.filter(path__startswith=before).exists()


def test_a_move_that_breaks_leaves_all_as_it_was(
    town: SimpleNamespace, asked: Move, monkeypatch: pytest.MonkeyPatch, at: dt.datetime
) -> None:
    plain, before = moving.hang, dict(Unit.objects.values_list("pk", "path"))

    def broken(unit: Unit, below: Unit) -> Iterator[str]:
        yield next(plain(unit, below))
        raise RuntimeError("killed")

    monkeypatch.setattr(moving, "hang", broken)
    with pytest.raises(RuntimeError):
        services.run_move(asked.pk, actor=town.actor(town.organiser), at=at)
    assert dict(Unit.objects.values_list("pk", "path")) == before
    monkeypatch.setattr(moving, "hang", plain)
    services.run_move(asked.pk, actor=town.actor(town.organiser), at=at)
    town.first.refresh_from_db()
    assert town.first.path.startswith(town.tingsong.path)


def test_the_page_tells_it(town: SimpleNamespace, asked: Move) -> None:
    account = Account.objects.create_user("o", person=town.organiser)
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")

    def fragment() -> str:
        return client.get(f"/units/{town.first.pk}/moving/").content.decode()

    assert "还没有轮到" in fragment()
    Move.objects.filter(pk=asked.pk).update(state=MoveState.RUNNING, done=1200, records=30000)
    said = fragment()
    assert 'value="1200" max="30000"' in said
    assert "every 2s" in said
    Move.objects.filter(pk=asked.pk).update(state=MoveState.WAITING)
    job.func(SimpleNamespace(), asked.pk)
    said = fragment()
    assert "已调到" in said
    assert "every 2s" not in said
