"""Paths follow the tree, whatever moves."""

import random

import pytest
from django.db import IntegrityError, transaction

from lianxi.commons.permissions import asking, system
from lianxi.commons.units.models import Unit
from lianxi.commons.units.terms import UnitKind


def expected(unit: Unit) -> str:
    path, at = "", unit
    while at is not None:
        path = f"{at.pk}." + path
        at = Unit.objects.get(pk=at.parent_id) if at.parent_id else None  # type: ignore[assignment]
    return path


def test_paths_equal_the_walk_up_after_any_moves(db: None) -> None:
    lot = random.Random(7)
    units = [Unit.objects.create(name="根", kind=UnitKind.DISTRICT)]
    for number in range(40):
        units.append(Unit.objects.create(name=f"单位{number}", kind=UnitKind.OFFICE, parent=lot.choice(units)))
    for _ in range(60):
        moved, under = lot.choice(units[1:]), lot.choice(units)
        under.refresh_from_db()
        moved.refresh_from_db()
        if under.path.startswith(moved.path):
            with pytest.raises(IntegrityError), transaction.atomic():
                Unit.objects.filter(pk=moved.pk).update(parent=under)
        else:
            Unit.objects.filter(pk=moved.pk).update(parent=under)
    for unit in Unit.objects.all():
        assert unit.path == expected(unit)


def test_records_follow_their_unit(street: object, at: object, lot: random.Random) -> None:
    from lianxi.participation.voices.models import Voice
    from lianxi.participation.voices.services import Said, raise_voice

    s = street
    voice, _ = raise_voice(Said(text="路灯坏了三天。", place=s.wanghuai), actor=s.actor(s.resident), at=at, lot=lot)  # type: ignore[attr-defined,arg-type]
    Unit.objects.filter(pk=s.wanghuai.pk).update(parent=s.tingsong)  # type: ignore[attr-defined]
    with asking(system("voices.clock")):
        moved = Voice.objects.get(pk=voice.pk)
    s.wanghuai.refresh_from_db()  # type: ignore[attr-defined]
    assert moved.place_path == s.wanghuai.path == f"{s.tingsong.path}{s.wanghuai.pk}."  # type: ignore[attr-defined]
