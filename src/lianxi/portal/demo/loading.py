"""Load the demo street, once, with progress."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from django.db import transaction
from django.utils import timezone

from lianxi.commons.permissions import asking, system

from .congress import build_plans
from .groups import build_rounds, join_member
from .members import build_members, build_parts, build_terms
from .past import join_some, past_voices
from .people import PASSWORD, PEOPLE, build_people
from .polls import Kept, Open, build_polls
from .present import Walker, interesting, open_voices
from .projects import residents_projects
from .units import build_units

__all__ = ["PASSWORD", "PEOPLE", "load"]
Told = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a visitor can try: a receipt code, the cards of an open vote, and the keys with which the votes are led on."""

    code: str
    vote: Open
    keys: list[Kept]


@transaction.atomic
def load(
    *, at: dt.datetime, lot: Random, told: Told, past: int = 2400, present: int = 115, members: int = 3000
) -> Loaded:
    """Make units, people, a year of voices and the open matters of today. Gives what there is to try."""
    with asking(system("voices.clock")):
        told("units", 0, 1)
        today = timezone.localtime(at).date()
        units = build_units(lot)
        for one in (*units.communities, *units.committees, *units.resident):
            one.refresh_from_db()
        told("units", 1, 1)
        people = build_people(units, lot)
        told("people", 1, 1)
        handlers = people.handlers
        places = list(zip(units.communities, units.committees, strict=True)) + [
            (c, units.works) for c in units.communities
        ]
        past_voices(
            count=past, first=at - dt.timedelta(days=365), last=at - dt.timedelta(days=16), places=places, handlers=handlers,
            keeper=units.street, publisher=people.luoqinghe, lot=lot, told=lambda done, total: told("past", done, total), chunk=800,
        )  # fmt: skip
        join_some(lot, at=at)
        build_members(
            units.branches, count=members, today=today, lot=lot, told=lambda done, total: told("members", done, total)
        )
        build_terms(units, today)
        told("plans", 0, 1)
        build_plans(units, people, at)
        told("plans", 1, 1)
        join_member(units, people, today=today, at=at)
        build_parts(units.branches, at=at, today=today, lot=Random(len(units.branches)))  # noqa: S311
        told("rounds", 0, 1)
        build_rounds(units, people, at)
        told("rounds", 1, 1)
        walker = Walker(units, people, lot, at)
        open_voices(walker, present, lambda done, total: told("open", done, total))
        code = interesting(walker)
        residents_projects(units, people, lot=lot, at=at)
        told("polls", 0, 1)
        vote, keys = build_polls(units, people, at)
        told("polls", 1, 1)
        return Loaded(code, vote, keys)
