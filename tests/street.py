"""A small street with named people, for the tests of every room."""

import datetime as dt
import random
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = dt.datetime(2026, 11, 16, 9, 5, tzinfo=SHANGHAI)
"""A Monday morning, a working day."""


@pytest.fixture(autouse=True, scope="session")
def _flush_may_empty_what_is_only_appended() -> Iterator[None]:
    """Django empties the tables after a transaction test; tables that are only appended refuse TRUNCATE. Only here it is let through."""
    from django.db import connection
    from django.db.backends.postgresql.operations import DatabaseOperations

    plain = DatabaseOperations.execute_sql_flush

    def flush(self: Any, sql_list: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%%_no_truncate'")
            tables = [row[0] for row in cursor.fetchall()]
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_truncate")
        try:
            plain(self, sql_list)
        finally:
            with connection.cursor() as cursor:
                for table in tables:
                    cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_no_truncate")

    DatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]
    yield
    DatabaseOperations.execute_sql_flush = plain  # type: ignore[method-assign]


@pytest.fixture
def at() -> dt.datetime:
    return NOON


@pytest.fixture
def lot() -> random.Random:
    """Draws that repeat."""
    return random.Random(2026)


def build_street() -> SimpleNamespace:
    """Units and people. `s.actor(person)` gives the person with the posts held."""
    from lianxi.commons.accounts.models import Person
    from lianxi.commons.permissions.actor import actor_of
    from lianxi.commons.permissions.models import Posting
    from lianxi.commons.permissions.terms import Role
    from lianxi.commons.units.models import Unit
    from lianxi.commons.units.terms import UnitKind as K

    s = SimpleNamespace(people={})

    def unit(key: str, name: str, kind: str, parent: Unit | None = None) -> Unit:
        made = Unit.objects.create(name=name, kind=kind, parent=parent)
        made.refresh_from_db()
        setattr(s, key, made)
        return made

    district = unit("district", "砚湖区委", K.DISTRICT)
    top = unit("top", "砚湖街道党工委", K.STREET, district)
    unit("works", "街道市政维修组", K.OFFICE, top)
    unit("safety", "街道平安办", K.OFFICE, top)
    a = unit("wanghuai", "望槐社区党委", K.COMMUNITY, top)
    b = unit("tingsong", "听松社区党委", K.COMMUNITY, top)
    unit("wanghuai_committee", "望槐社区居委会", K.RESIDENTS, a)
    unit("tingsong_committee", "听松社区居委会", K.RESIDENTS, b)
    unit("estate", "半亩苑物业", K.ENTERPRISE, a)

    def person(key: str, name: str, *posts: tuple[str, Unit, bool], phone: str = "") -> None:
        made = Person.objects.create(name=name, phone=phone)
        for role, where, head in posts:
            Posting.objects.create(person=made, unit=where, role=role, head=head, since=dt.date(2025, 1, 1))
        setattr(s, key, made)
        s.people[key] = made

    person("dispatcher", "周亦远", (Role.DISPATCHER, s.top, False), phone="13900000001")
    person("supervisor", "许知行", (Role.SUPERVISOR, s.top, False))
    person("secretary", "林岚", (Role.SECRETARY, s.wanghuai, True))
    person("handler", "陆砚秋", (Role.HANDLER, s.wanghuai_committee, False), phone="13900000417")
    person("director", "沈既白", (Role.DIRECTOR, s.wanghuai_committee, True))
    person("other_handler", "容与", (Role.HANDLER, s.tingsong_committee, False))
    person("works_handler", "何叙言", (Role.HANDLER, s.works, False))
    person("works_head", "庄闻溪", (Role.DIRECTOR, s.works, True))
    person("publisher", "骆清和", (Role.PUBLISHER, s.top, False))
    person("clerk", "温如许", (Role.CLERK, s.wanghuai, False))
    person("estate_head", "孟知秋", (Role.DIRECTOR, s.estate, True))
    person("estate_worker", "乔望舒", (Role.HANDLER, s.estate, False))
    person("resident", "苏青禾", phone="13900000999")
    person("outsider", "程未晚")

    def actor(who: Any, **more: Any) -> Any:
        return actor_of(who.pk, on=NOON.date())

    s.actor = actor
    return s


@pytest.fixture
def street(db: None) -> Iterator[SimpleNamespace]:
    """The street, with a job asking that may look, so that tests can read what services wrote."""
    from lianxi.commons.permissions import asking, system

    with asking(system("voices.clock")):
        yield build_street()
