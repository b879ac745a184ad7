"""A unit goes elsewhere in the tree with all below it: asked for by a person, done by a job, because records follow."""

import datetime as dt

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from lianxi.commons.journal.because import because
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, NotPermitted, Refusal, Text
from lianxi.commons.units.models import Unit
from lianxi.commons.units.paths import PathField

from .. import policies
from ..models import Move
from ..terms import MoveState
from .growing import below_kind, locked


def obstacles(unit: Unit, target: Unit) -> dict[str, Text]:
    """Why the unit cannot go below the target."""
    if target.path.startswith(unit.path):
        return {"target": _("不能调到自己或者自己的下级下面。")}
    if unit.parent_id == target.pk:
        return {"target": _("已经在“%(unit)s”下面。") % {"unit": target}}
    if wrong := below_kind(unit.kind, target):
        return {"target": wrong["parent"]}
    return {}


def records_below(path: str) -> int:
    """How many records carry a path below this one: what a move has to write."""
    found = 0
    for model in apps.get_models():
        for one in model._meta.get_fields():
            if isinstance(one, PathField) and one.name.endswith("_path") and not hasattr(model, "pgh_tracked_model"):
                found += model._base_manager.filter(**{f"{one.name}__startswith": path}).count()
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
                records=records_below(now.path),
            )
    except IntegrityError:
        raise BadInput({"target": _("这个单位正在调整，等它做完。")}) from None
    app.configure_task("org_units.move").defer(move_id=row.pk)
    return row


def run_move(move_id: int, *, actor: Actor, at: dt.datetime) -> None:
    """Do a move that waits. Whoever asked must still be allowed. Once only: a second run finds nothing to do."""
    begun = Move.objects.filter(pk=move_id, state__in=(MoveState.WAITING, MoveState.RUNNING)).update(
        state=MoveState.RUNNING
    )
    if not begun:
        return
    row = Move.objects.select_related("unit", "target").get(pk=move_id)
    try:
        with transaction.atomic(), because(actor, row.reason):
            units = {
                one.pk: one
                for one in Unit.objects.select_for_update().filter(pk__in=(row.unit_id, row.target_id)).order_by("pk")
            }
            unit, target = units[row.unit_id], units[row.target_id]
            if not (policies.EDIT.may(actor, unit) and policies.EDIT.may(actor, target)):
                raise NotPermitted
            if wrong := obstacles(unit, target):
                raise BadInput(wrong)
            unit.parent = target
            unit.save(update_fields=["parent"])
            Move.objects.filter(pk=move_id).update(state=MoveState.DONE, ended_at=at)
    except Refusal as refused:
        Move.objects.filter(pk=move_id).update(state=MoveState.FAILED, ended_at=at, trouble=str(refused))
