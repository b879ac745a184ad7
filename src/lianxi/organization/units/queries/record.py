"""A unit with everything that its page shows."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from lianxi.commons.permissions import Actor, why
from lianxi.commons.permissions.models import Posting
from lianxi.commons.refusals import NotFound
from lianxi.commons.units.models import Unit
from lianxi.commons.workflow.walk import Step
from lianxi.organization.members import policies as members_policies
from lianxi.organization.members import queries as members

from .. import policies
from ..models import CommitteeTerm, Coverage, Move, Profile, UnitCode
from ..terms import ELECTED, MoveState
from ..workflow import WALK
from . import history, terms, tree
from .checks import Advised, checks

SHOWN = 30
"""Units below that a unit's page lists; the tree shows all."""


@dataclass(slots=True)
class Record:
    """A unit as its page shows it."""

    unit: Unit
    above: list[Unit]
    heads: list[Posting]
    posts: list[Posting]
    term: CommitteeTerm | None
    past_terms: list[CommitteeTerm]
    due: dict[str, str] | None
    steps: list[Step]
    below: list[tree.Node]
    units_below: int
    members: int | None
    full: int | None
    checks: list[Advised]
    codes: list[UnitCode]
    profile: Profile | None
    covers: list[Coverage]
    covered_by: list[Coverage]
    moving: Move | None
    may_edit: bool
    may_close: bool
    elected: bool
    history: list[dict[str, Any]] = field(default_factory=list)

    @property
    def head(self) -> Posting | None:
        return self.heads[0] if self.heads else None

    @property
    def step(self) -> dict[str, Step]:
        """Open steps of the term, by verb."""
        return {step.verb: step for step in self.steps if step.why}


def record(pk: int, *, actor: Actor, on: dt.date, at: dt.datetime) -> Record:
    """Raises NotFound."""
    unit = policies.VIEW.get(actor, pk=pk)
    answers = why(actor, unit, [policies.EDIT, members_policies.FIGURES])
    every = list(CommitteeTerm.objects.filter(body=unit).order_by("-since"))
    term = next((one for one in every if one.ended_on is None), None)
    posts = list(Posting.objects.held(on).filter(unit=unit).select_related("person").order_by("-head", "role", "pk"))
    figures = members.by_unit([unit])[unit.pk] if answers[members_policies.FIGURES] else None
    below = tree.below(unit, actor=actor, on=on)
    units_below = len(below)
    below = below[:SHOWN]
    members.count_into(below, actor=actor)
    may_edit = bool(answers[policies.EDIT])
    if term:
        term.body = unit
    return Record(
        unit=unit,
        above=tree.lines_above([unit])[unit.pk],
        heads=[one for one in posts if one.head],
        posts=posts,
        term=term,
        past_terms=[one for one in every if one.ended_on],
        due=terms.chip(term, on=on),
        steps=WALK.steps(term, actor=actor, at=at) if term else [],
        below=below,
        units_below=units_below,
        members=figures[0] if figures else None,
        full=figures[1] if figures else None,
        checks=checks(unit, members=figures[0], full=figures[1], on=on) if figures and unit.stands(on) else [],
        codes=list(UnitCode.objects.filter(unit=unit)),
        profile=Profile.objects.filter(unit=unit).first(),
        covers=_coverage(on, body=unit),
        covered_by=_coverage(on, unit=unit),
        moving=Move.objects.filter(unit=unit, state__in=(MoveState.WAITING, MoveState.RUNNING)).first(),
        may_edit=may_edit,
        may_close=may_edit and bool(unit.parent_id) and policies.EDIT.all(actor).filter(pk=unit.parent_id).exists(),
        elected=unit.kind in ELECTED,
        history=history.of(unit, every),
    )


def _coverage(on: dt.date, **which: Unit) -> list[Coverage]:
    rows = Coverage.objects.filter(Q(until=None) | Q(until__gte=on), since__lte=on, **which)
    return list(rows.select_related("unit", "body"))


def latest_move(unit: Unit) -> Move | None:
    return Move.objects.filter(unit=unit).select_related("target").first()


def coverage(body: Unit, pk: int) -> Coverage:
    """Raises NotFound."""
    row = Coverage.objects.filter(body=body, pk=pk, until=None).select_related("unit", "body").first()
    if row is None:
        raise NotFound
    return row
