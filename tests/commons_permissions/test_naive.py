"""The permission filter against a naive model that knows no SQL: the same voices for everybody."""

import datetime as dt
import random
from types import SimpleNamespace
from typing import Any

import pytest

from lianxi.commons.accounts.models import Person
from lianxi.commons.permissions import NOBODY, permission, permission_named, why
from lianxi.commons.permissions.actor import actor_of
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import Role
from lianxi.commons.refusals import NotFound
from lianxi.commons.units.models import Unit
from lianxi.commons.units.terms import UnitKind
from lianxi.participation.voices import policies
from lianxi.participation.voices.models import CoHandler, Party, Voice

TODAY = dt.date(2026, 11, 16)
AT = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)


def build(lot: random.Random) -> SimpleNamespace:
    """A random tree, people with random posts (some over), voices with random parties and co-handlers."""
    units = [Unit.objects.create(name="根", kind=UnitKind.DISTRICT)]
    for number in range(14):
        units.append(Unit.objects.create(name=f"单位{number}", kind=UnitKind.OFFICE, parent=lot.choice(units)))
    people = [Person.objects.create(name=f"人{number}") for number in range(24)]
    posts = []
    for person in people:
        for _ in range(lot.choice((0, 1, 1, 2, 3))):
            over = lot.random() < 0.2
            posts.append(
                Posting.objects.create(
                    person=person, unit=lot.choice(units), role=lot.choice(list(Role.values)), head=lot.random() < 0.3, since=dt.date(2025, 1, 1),
                    until=dt.date(2026, 1, 1) if over else lot.choice((None, dt.date(2027, 1, 1))),
                )
            )  # fmt: skip
    voices = []
    for number in range(40):
        voice = Voice(
            pk=number + 1, year=2026, number=number + 1, code_is=bytes([number]) * 16, channel="phone", kind="help", title="t", text="x", place=lot.choice(units),
            owner=lot.choice(units), handler=lot.choice([*people, None]), author=lot.choice([*people, None, None]), received_at=AT, naming=lot.choice(("named", "confidential")),
        )  # fmt: skip
        voice.save(force_insert=True)
        voices.append(voice)
        if lot.random() < 0.5:
            about: dict[str, Any] = (
                {"person": lot.choice(people)} if lot.random() < 0.5 else {"unit": lot.choice(units)}
            )
            Party._base_manager.create(
                voice=voice,
                part=lot.choice(("accused", "interested")) if "person" in about else "accused",
                at=AT,
                by_name="",
                **about,
            )
        if lot.random() < 0.4:
            CoHandler._base_manager.create(
                voice=voice, unit=lot.choice(units), since=AT, until=lot.choice((None, None, AT))
            )
    return SimpleNamespace(units={u.pk: u for u in units}, people=people, posts=posts, voices=voices)


class Naive:
    """Everything by walking up the tree."""

    def __init__(self, world: SimpleNamespace) -> None:
        self.world = world
        self.held = [p for p in world.posts if p.until is None or p.until >= TODAY]

    def line(self, unit_id: int) -> list[int]:
        found = []
        while unit_id:
            found.append(unit_id)
            unit_id = self.world.units[unit_id].parent_id or 0
        return found

    def holds(self, person: Person, roles: tuple[str, ...], unit_id: int) -> bool:
        return any(p.person_id == person.pk and p.role in roles and p.unit_id in self.line(unit_id) for p in self.held)

    def kept(self, person: Person, voice: Voice) -> bool:
        mine = {u for p in self.held if p.person_id == person.pk for u in self.line(p.unit_id)}
        heads = {p.person_id for p in self.held if p.head and p.unit_id in mine} - {person.pk}
        for party in Party._base_manager.filter(voice=voice.pk):
            if party.person_id == person.pk or (party.unit_id and party.unit_id in mine):
                return True
            if party.part == "accused" and party.person_id in heads:
                return True
        return False

    def sees(self, person: Person, voice: Voice) -> bool:
        R = Role
        helps = [c.unit_id for c in CoHandler._base_manager.filter(voice=voice.pk, until=None)]
        return not self.kept(person, voice) and (
            self.holds(person, (R.DISPATCHER, R.SUPERVISOR), voice.place_id)
            or self.holds(person, (R.SECRETARY, R.DIRECTOR, R.PUBLISHER), voice.place_id)
            or self.holds(person, (R.HANDLER, R.SECRETARY, R.DIRECTOR, R.DEPUTY), voice.owner_id)
            or any(self.holds(person, (R.HANDLER, R.SECRETARY, R.DIRECTOR), unit) for unit in helps)
            or voice.author_id == person.pk
        )


@pytest.mark.parametrize("seed", range(4))
def test_the_filter_equals_the_naive_model(db: None, seed: int) -> None:
    world = build(random.Random(seed))
    naive = Naive(world)
    seen_something = kept_something = 0
    for person in world.people:
        actor = actor_of(person.pk, on=TODAY)
        expected = {voice.pk for voice in world.voices if naive.sees(person, voice)}
        assert set(policies.VIEW.all(actor).values_list("pk", flat=True)) == expected
        seen_something += len(expected)
        for voice in world.voices[:12]:
            if naive.kept(person, voice):
                kept_something += 1
                with pytest.raises(NotFound):
                    why(actor, voice, [policies.VIEW])
            else:
                assert bool(why(actor, voice, [policies.VIEW])[policies.VIEW]) == (voice.pk in expected)
                assert policies.VIEW.may(actor, voice) == (voice.pk in expected)
    assert seen_something > 50
    assert kept_something > 0


def test_a_misspelt_permission_raises_and_a_second_declaration_too() -> None:
    with pytest.raises(KeyError):
        permission_named("voices.veiw")
    with pytest.raises(ValueError, match=r"voices\.view"):
        permission("voices.view", "x", Voice)


def test_a_guarded_table_is_not_read_before_somebody_asks(db: None) -> None:
    from lianxi.commons.permissions.net import NobodyAsks

    with pytest.raises(NobodyAsks):
        Voice.objects.count()


def test_nobody_is_nobody(db: None) -> None:
    assert not Voice._base_manager.filter(NOBODY).exists()
