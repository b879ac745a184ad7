"""What the desk's pages need beside the voice: units to choose from, names in the history, who looked."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, Value, When

from lianxi.commons.accounts.models import Person
from lianxi.commons.permissions import Actor
from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import LEADS, Role
from lianxi.commons.protection.queries import looks_at
from lianxi.commons.refusals import NotFound
from lianxi.commons.units.models import Unit
from lianxi.commons.units.terms import UnitKind

from .. import policies
from ..models import Party, PublicCopy, Voice
from ..terms import OPEN, Part
from ..workflow import accused_units, area_of, may_handle

USUAL = frozenset({UnitKind.OFFICE, UnitKind.RESIDENTS, UnitKind.COMMUNITY, UnitKind.GOVERNMENT})
"""Kinds of units to which matters usually go."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A unit or person to choose; `barred`: why not."""

    pk: int
    name: str
    barred: str = ""
    near: bool = False


def places_and_owners(actor: Actor) -> tuple[list[Unit], list[Unit]]:
    """For the filters: the communities beside and below the actor's posts, and the units that own something open which
    the actor may see. One query."""
    near = Q(parent__in=actor.line)
    for path in actor.paths():
        near |= Q(path__startswith=path)
    place = Q(near, kind=UnitKind.COMMUNITY)
    owner = Q(pk__in=policies.HISTORY.all(actor).filter(state__in=OPEN).order_by().values("owner").distinct())
    found = Unit.objects.filter(place | owner).annotate(
        is_place=Case(When(place, then=Value(True)), default=Value(False)),
        is_owner=Case(When(owner, then=Value(True)), default=Value(False)),
    )
    units = list(found.order_by("path"))
    return [one for one in units if one.is_place], [one for one in units if one.is_owner]


def registers_for(actor: Actor) -> list[Unit]:
    """The communities for which the actor may register."""
    return list(policies.REGISTER.all(actor).filter(kind=UnitKind.COMMUNITY).order_by("path"))


def near_units(actor: Actor) -> list[Choice]:
    """Every unit of the actor's streets, to be named as complained about: the whole of them, not only those below."""
    streets = Unit.objects.filter(pk__in=actor.line, kind=UnitKind.STREET)
    near = Q(pk__in=[])
    for street in streets:
        near |= Q(path__startswith=street.path)
    return [Choice(one.pk, str(one)) for one in Unit.objects.filter(near).order_by("path")]


def unit_named(pk: int) -> Unit:
    """Raises NotFound."""
    found = Unit.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def person_named(pk: int) -> Person:
    """Raises NotFound."""
    found = Person.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def may_take(voice: Voice, *, on: dt.date, everybody: bool = False) -> list[Choice]:
    """The units of the street where somebody handles matters; those complained about say why not.

    First those in the place of the voice, then the rest; in each the offices and committees, which get most, before schools and firms.

    `everybody`: every unit of the street that stands, whether or not somebody handles matters there.
    """
    area = area_of(voice, on)
    found = Unit.objects.filter(path__startswith=area).order_by("path") if area else Unit.objects.none()
    if not everybody:
        posted = Posting.objects.held(on).filter(unit=OuterRef("pk"), role__in=(Role.HANDLER, Role.DIRECTOR))
        found = found.filter(Exists(posted)).exclude(kind__in=[UnitKind.STREET, UnitKind.DISTRICT])
    barred = accused_units(voice, on)
    choices = [
        Choice(
            unit.pk,
            str(unit),
            barred="accused" if any(unit.path.startswith(one.path) for one in barred) else "",
            near=unit.path.startswith(voice.place.path),
        )
        for unit in sorted(found, key=lambda one: one.kind not in USUAL)
        if unit.stands(on)
    ]
    return sorted(choices, key=lambda one: (bool(one.barred), not one.near))


def as_choices(people: Iterable[Person]) -> list[Choice]:
    """People of one name, told apart by their posts."""
    known = list(people)
    posts: dict[int, list[str]] = {}
    for one in Posting.objects.filter(person__in=known, until=None).select_related("unit"):
        posts.setdefault(one.person_id, []).append(f"{one.unit} {one.get_role_display()}")
    return [Choice(one.pk, " · ".join([one.name, *posts.get(one.pk, [])[:3]])) for one in known]


def handlers_of(voice: Voice, *, on: dt.date) -> list[Choice]:
    """Who may handle it in the unit that owns it; who stands aside says why not."""
    aside = set(_parties(voice).values_list("person", flat=True))
    seen: dict[int, Choice] = {}
    for one in may_handle(voice.owner, on).select_related("person", "unit").order_by("unit__path", "-head", "pk"):
        barred = "aside" if one.person_id in aside else ""
        seen.setdefault(one.person_id, Choice(one.person_id, f"{one.person.name} · {one.get_role_display()}", barred))
    return sorted(seen.values(), key=lambda one: bool(one.barred))


def people_called(name: str) -> list[Person]:
    """Everybody of exactly this name who holds a post."""
    return list(Person.objects.filter(name=name.strip(), pk__in=Posting.objects.values("person")).order_by("pk")[:20])


def head_of(unit: Unit, *, on: dt.date) -> str:
    """The name of who heads a unit; empty if nobody does."""
    held = Posting.objects.held(on).filter(unit=unit, head=True, role__in=LEADS).select_related("person").first()
    return held.person.name if held else ""


def _parties(voice: Voice) -> Any:
    return Party._base_manager.filter(voice=voice.pk).exclude(person=None)


def stood_aside(parties: Iterable[Any]) -> bool:
    return any(one.part == Part.INTERESTED for one in parties)


def names_in(events: Iterable[Any], voice: Voice | None = None) -> dict[tuple[str, int], str]:
    """Names of the units and persons that events mention by key. At most two queries; those of `voice` are known."""
    found: dict[tuple[str, int], str] = {}
    if voice is not None:
        found["owner", voice.owner_id] = str(voice.owner)
        if voice.handler:
            found["handler", voice.handler.pk] = voice.handler.name
    asked = {
        (name, key)
        for event in events
        for name in ("owner", "handler")
        if isinstance(key := event.facts.get(name), int)
    }
    missing = asked - found.keys()
    if units := [key for name, key in missing if name == "owner"]:
        found |= {("owner", unit.pk): str(unit) for unit in Unit.objects.filter(pk__in=units)}
    if people := [key for name, key in missing if name == "handler"]:
        found |= {("handler", pk): name for pk, name in Person.objects.filter(pk__in=people).values_list("pk", "name")}
    return found


def looks(voice: Voice) -> list[Any]:
    """Who looked at the contact, newest first."""
    return list(looks_at(voice)[:20])


def copy_named(pk: int, *, actor: Actor) -> PublicCopy:
    """A public copy of a voice that the actor may see, for its draughtsman and approver. Raises NotFound."""
    copy = PublicCopy._base_manager.select_related("drafted_by").filter(pk=pk).first()
    if copy is None:
        raise NotFound
    policies.VIEW.get(actor, pk=copy.voice_id)
    return copy
