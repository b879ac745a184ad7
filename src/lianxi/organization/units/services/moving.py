"""A unit goes elsewhere in the tree with all below it: asked for by a person, done by a job, because records follow."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Count, Model, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from lianxi.commons.journal.because import because
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, NotPermitted, Refusal, Text
from lianxi.commons.units.models import Unit
from lianxi.commons.units.paths import PathField
from lianxi.commons.units.services import hang

from .. import policies
from ..models import Move
from ..terms import MoveState
from .growing import below_kind, locked
from .meter import Meter


def obstacles(unit: Unit, target: Unit) -> dict[str, Text]:
    """Why the unit cannot go below the target."""
    if target.path.startswith(unit.path):
        return {"target": _("不能调到自己或者自己的下级下面。")}
    if unit.parent_id == target.pk:
        return {"target": _("已经在“%(unit)s”下面。") % {"unit": target}}
    if wrong := below_kind(unit.kind, target):
        return {"target": wrong["parent"]}
    return {}


def records_below(path: str) -> Counter[str]:
    """How many records hang on each unit from this path down: what a move has to write, by the unit's path."""
    found: Counter[str] = Counter()
    for model, name in _carriers():
        rows = model._base_manager.filter(**{f"{name}__startswith": path}).order_by()
        found.update(dict(rows.values_list(name).annotate(n=Count("pk"))))
    return found


def _carriers() -> Iterator[tuple[type[Model], str]]:
    """Models whose records carry the path of a unit, and the field."""
    for model in apps.get_models():
        for one in model._meta.get_fields():
            if isinstance(one, PathField) and one.name.endswith("_path") and not hasattr(model, "pgh_tracked_model"):
                yield model, one.name


@transaction.atomic
def gather(before: str) -> int:
    """Let those follow who came to be below the former path while the move was not yet seen: units first, then records.

    Gives how many there were.
    """
    found = 0
    for pk, parent in list(Unit.objects.filter(path__startswith=before).order_by("path").values_list("pk", "parent")):
        above = Unit.objects.values_list("path", flat=True).get(pk=parent or 0)
        found += Unit.objects.filter(pk=pk).update(path=f"{above}{pk}.")
    for model, name in _carriers():
        now = Unit.objects.filter(pk=OuterRef(name.removesuffix("_path"))).values("path")
        found += model._base_manager.filter(**{f"{name}__startswith": before}).update(**{name: Subquery(now)})
    return found


@transaction.atomic
def move(unit: Unit, *, target: Unit, reason: str, actor: Actor, at: dt.datetime) -> Move:
    """调整隶属: ask for the move; a job does it. The actor may edit both the unit and the place where it goes.

    Raises NotPermitted, BadInput: a cycle, a kind that does not belong there, a move that is under way.
    """
    now = locked(unit, actor)
    if not policies.EDIT.may(actor, target) or (now.parent and not policies.EDIT.may(actor, now.parent)):
        raise NotPermitted(open_to=[_("您是两个上级共同的组织员")])
    wrong = obstacles(now, target)
    if len(reason.strip()) < 2:
        wrong["reason"] = _("请写一句理由。")
    if wrong:
        raise BadInput(wrong)
    try:
        with transaction.atomic():
            row = Move.objects.create(
                unit=now,
                source=now.parent,
                target=target,
                reason=reason.strip()[:200],
                by_id=actor.person_id,
                by_name=actor.name,
                at=at,
                below=Unit.objects.filter(path__startswith=now.path).count() - 1,
                records=records_below(now.path).total(),
            )
    except IntegrityError:
        raise BadInput({"target": _("这个单位正在调整，等它做完。")}) from None
    app.configure_task("org_units.move").defer(move_id=row.pk)
    return row


def run_move(move_id: int, *, actor: Actor, at: dt.datetime) -> bool:
    """Do a move that waits; gives whether it was done now. Whoever asked must still be allowed.

    Once only: a second run of a move that is done only gathers who came late.
    """
    begun = Move.objects.filter(pk=move_id, state__in=(MoveState.WAITING, MoveState.RUNNING)).update(
        state=MoveState.RUNNING
    )
    row = Move.objects.select_related("unit", "source", "target").get(pk=move_id)
    if not begun:
        before = f"{row.source.path if row.source else ''}{row.unit_id}."
        if row.state == MoveState.DONE and row.unit.path != before:
            gather(before)
        return False
    try:
        with transaction.atomic(), because(actor, row.reason):
            units = {
                one.pk: one
                for one in Unit.objects.select_for_update(no_key=True)
                .filter(pk__in=(row.unit_id, row.target_id))
                .order_by("pk")
            }
            unit, target = units[row.unit_id], units[row.target_id]
            if not (policies.EDIT.may(actor, unit) and policies.EDIT.may(actor, target)):
                raise NotPermitted
            if wrong := obstacles(unit, target):
                raise BadInput(wrong)
            before, records = unit.path, records_below(unit.path)
            with Meter(move_id, records.total()) as meter:
                for path in hang(unit, target):
                    meter.tick(records[path])
            every = records.total()
            Move.objects.filter(pk=move_id).update(state=MoveState.DONE, ended_at=at, done=every, records=every)
    except Refusal as refused:
        Move.objects.filter(pk=move_id).update(state=MoveState.FAILED, ended_at=at, trouble=str(refused))
        return False
    gather(before)
    return True
