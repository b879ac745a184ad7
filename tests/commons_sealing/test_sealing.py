"""Sealed fields: masked everywhere, opened only with their key, found by the blind index."""

import datetime as dt

import pytest
from django.db import connection
from django.template import Context, Template

from lianxi.commons import sealing
from lianxi.commons.accounts.models import Person
from lianxi.commons.permissions import Actor
from lianxi.commons.protection.models import Look
from lianxi.commons.protection.services import KeyLost, reveal
from lianxi.commons.refusals import BadInput

NOW = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("mask", "plain", "shown"),
    [
        ("phone", "13800001234", "138****1234"),
        ("phone", "12345", "****"),
        ("identity", "11010519491231002X", "110105********002X"),
        ("name", "苏青禾", "苏**"),
        ("address", "望槐路12号3单元402", "望槐路12号****"),
        ("text", "anything", "****"),
    ],
)
def test_masks(mask: str, plain: str, shown: str) -> None:
    value = sealing.Sealed("t.c", mask, plain=plain)
    assert str(value) == shown
    assert plain not in repr(value)
    assert plain not in Template("{{ value }}").render(Context({"value": value}))
    assert plain not in f"{value}"


def test_the_database_holds_no_plain_text_and_equal_texts_differ(db: None) -> None:
    first = Person.objects.create(name="甲", phone="13800001234")
    second = Person.objects.create(name="乙", phone="13800001234")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT phone, phone_is FROM accounts_person WHERE id IN (%s, %s) ORDER BY id", [first.pk, second.pk]
        )
        (one, one_is), (two, two_is) = [(bytes(a), bytes(b)) for a, b in cursor.fetchall()]
    assert b"13800001234" not in one
    assert one != two
    assert one_is == two_is
    assert {p.pk for p in Person.objects.filter(phone_is="138 0000-1234")} == {first.pk, second.pk}
    assert not Person.objects.filter(phone_is="13800001235")


def test_a_value_moved_to_another_column_does_not_open(db: None) -> None:
    person = Person.objects.create(name="甲", phone="13800001234")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_person SET email = phone WHERE id = %s", [person.pk])
    person = Person.objects.get(pk=person.pk)
    assert str(person.email) == sealing.UNREADABLE
    assert not person.email.readable()
    assert str(person.phone) == "138****1234"


def test_saving_again_keeps_the_value_and_its_index(db: None) -> None:
    person = Person.objects.create(name="甲", phone="13800001234")
    again = Person.objects.get(pk=person.pk)
    again.name = "甲二"
    again.save()
    assert Person.objects.get(phone_is="13800001234").name == "甲二"
    again.phone = ""
    again.save()
    assert not Person.objects.filter(phone_is="13800001234").exists()
    assert not Person.objects.get(pk=person.pk).phone


@pytest.mark.django_db(transaction=True)
def test_reveal_records_the_look_first_and_wants_a_reason() -> None:
    person = Person.objects.create(name="甲", phone="13800001234")
    officer = Person.objects.create(name="乙")
    actor = Actor("乙", person_id=officer.pk)
    with pytest.raises(BadInput):
        reveal(person, "phone", actor=actor, at=NOW, reason=" ", subject_id=person.pk)
    assert Look.objects.count() == 0
    assert reveal(person, "phone", actor=actor, at=NOW, reason="回访", subject_id=person.pk) == "13800001234"
    look = Look.objects.get()
    assert (look.by_id, look.reason, look.field, look.subject_id) == (officer.pk, "回访", "phone", person.pk)


@pytest.mark.django_db(transaction=True)
def test_a_lost_key_spoils_one_field_not_the_page(settings: object) -> None:
    person = Person.objects.create(name="甲", phone="13800001234")
    actor = Actor("甲", person_id=person.pk)
    settings.FIELD_KEYS = ["2:" + "33" * 32]  # type: ignore[attr-defined]
    sealing.ring.cache_clear()
    try:
        lost = Person.objects.get(pk=person.pk)
        assert str(lost.phone) == sealing.UNREADABLE
        with pytest.raises(KeyLost):
            reveal(lost, "phone", actor=actor, at=NOW, reason="回访")
        fresh = Person.objects.create(name="丙", phone="13800009999")
        assert str(Person.objects.get(pk=fresh.pk).phone) == "138****9999"
    finally:
        sealing.ring.cache_clear()


@pytest.mark.django_db(transaction=True)
def test_looks_are_never_changed() -> None:
    from django.db import DatabaseError

    person = Person.objects.create(name="甲", phone="13800001234")
    reveal(person, "phone", actor=Actor("甲", person_id=person.pk), at=NOW, reason="看看")
    with pytest.raises(DatabaseError):
        Look.objects.update(reason="别的")
    with pytest.raises(DatabaseError):
        Look.objects.all().delete()
    assert Look.objects.get().reason == "看看"
