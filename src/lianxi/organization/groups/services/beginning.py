"""A round is prepared: begun, copied from last year's, its groups laid out."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxi.commons.journal.because import because
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, NotPermitted, Text
from lianxi.commons.rulebook import rule
from lianxi.commons.units.models import Unit
from lianxi.commons.units.terms import BRANCH_KINDS, UnitKind

from .. import policies
from ..models import Participant, Round, RoundGroup
from ..terms import Rule
from ..workflow import WALK
from .roll import branches_of, count_roll

MAY_BEGIN = BRANCH_KINDS | {UnitKind.COMMUNITY, UnitKind.GENERAL_BRANCH, UnitKind.COMMITTEE, UnitKind.STREET}
FIELDS = ("title", "functional", "rule", "wishes_most", "closes_at")
OF_GROUP = ("name", "theme", "place", "leader_wants", "lo", "hi", "meets", "branch")
MOST = 30000


@transaction.atomic
def begin(
    unit: Unit,
    *,
    title: str,
    closes_at: dt.datetime,
    actor: Actor,
    at: dt.datetime,
    functional: bool = False,
    rule: str = Rule.GREEDY,
    wishes_most: int = 3,
    after: Round | None = None,
) -> Round:
    """发起编组: a branch, or what stands above branches, begins a round. Raises NotPermitted, BadInput (field → sentence)."""
    if not policies.BEGIN.may(actor, unit):
        raise NotPermitted(open_to=[policies.keeps_here.says])
    wrong: dict[str, Text] = {}
    if unit.kind not in MAY_BEGIN or unit.until:
        wrong["unit"] = _("编组由党支部、党总支、基层党委或者社区党委发起。")
    elif not branches_of(unit):
        wrong["unit"] = _("“%(unit)s”下面没有党支部。") % {"unit": unit}
    if not title.strip():
        wrong["title"] = _("没有填名称。")
    if closes_at <= at:
        wrong["closes_at"] = _("停止选组的时间要在现在以后。")
    if not 1 <= wishes_most <= 10:
        wrong["wishes_most"] = _("志愿数在1到10之间。")
    if wrong:
        raise BadInput(wrong)
    record = Round(
        unit=unit, title=title.strip()[:80], functional=functional, rule=rule, wishes_most=wishes_most,
        closes_at=closes_at, after=after, begun_at=at,
    )  # fmt: skip
    with because(actor):
        record = WALK.begin(record, verb="begin", actor=actor, at=at)
        record.refresh_from_db()
        count_roll(record)
    return record


@transaction.atomic
def copy(record: Round, *, title: str, closes_at: dt.datetime, actor: Actor, at: dt.datetime) -> Round:
    """照这一轮再来一轮: next year's round begins with this one's groups and rule; nobody's wishes or designation go along.

    Raises NotPermitted, BadInput.
    """
    made = begin(
        record.unit, title=title, closes_at=closes_at, functional=record.functional, rule=record.rule,
        wishes_most=record.wishes_most, after=record, actor=actor, at=at,
    )  # fmt: skip
    with because(actor):
        standing = {one.pk for one in branches_of(record.unit)}
        for one in RoundGroup.objects.filter(round=record, branch__in=standing).order_by("pk"):
            RoundGroup.objects.create(round=made, **{name: getattr(one, name) for name in OF_GROUP})
    return made


def change(record: Round, *, actor: Actor, at: dt.datetime, seen: int | None = None, **fields: Any) -> Round:
    """修改 while it is a draft: title, functional, rule, wishes_most, closes_at."""
    if strange := fields.keys() - set(FIELDS):
        raise TypeError(f"Not a field that can be changed: {', '.join(sorted(strange))}")
    wrong: dict[str, Text] = {}
    if not str(fields.get("title", "-")).strip():
        wrong["title"] = _("没有填名称。")
    if not 1 <= fields.get("wishes_most", 1) <= 10:
        wrong["wishes_most"] = _("志愿数在1到10之间。")
    if wrong:
        raise BadInput(wrong)
    with because(actor):
        return WALK.take("change", record, actor=actor, at=at, seen=seen, **fields)


@transaction.atomic
def add_group(record: Round, *, actor: Actor, at: dt.datetime, **fields: Any) -> RoundGroup:
    """设小组. `fields`: name, branch, lo, hi and theme, place, leader_wants, meets. Raises BadInput, NotPermitted, NotOpenFromHere."""
    WALK.take("set_group", record, actor=actor, at=at, facts={"group": str(fields.get("name", ""))[:40]})
    values = _group_values(record, fields, at)
    return _saved(RoundGroup(round=record, **values), actor)


@transaction.atomic
def change_group(group: RoundGroup, *, actor: Actor, at: dt.datetime, **fields: Any) -> RoundGroup:
    """改小组 while the round is a draft."""
    record = Round.objects.get(pk=group.round_id)
    WALK.take("set_group", record, actor=actor, at=at, facts={"group": group.name})
    whole = {name: getattr(group, name) for name in OF_GROUP} | fields
    for name, value in _group_values(record, whole, at).items():
        setattr(group, name, value)
    return _saved(group, actor)


@transaction.atomic
def remove_group(group: RoundGroup, *, actor: Actor, at: dt.datetime) -> None:
    """去掉小组 while the round is a draft; designations to it go with it."""
    record = Round.objects.get(pk=group.round_id)
    WALK.take("set_group", record, actor=actor, at=at, facts={"removed": group.name})
    with because(actor):
        Participant.objects.filter(round=record, designated=group).update(designated=None, designated_reason="")
        group.delete()


def _group_values(record: Round, fields: dict[str, Any], at: dt.datetime) -> dict[str, Any]:
    if strange := fields.keys() - set(OF_GROUP):
        raise TypeError(f"Not a field of a group: {', '.join(sorted(strange))}")
    wrong: dict[str, Text] = {}
    values: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value for name, value in fields.items()
    }
    least = int(rule("B-04", on=timezone.localtime(at).date(), at=record.unit).value)
    if not values.get("name"):
        wrong["name"] = _("没有填组名。")
    if (lo := values.get("lo", 0)) < least:
        wrong["lo"] = _("党小组不少于%(n)d名党员（B-04）。") % {"n": least}
    if not lo <= values.get("hi", 0) <= MOST:
        wrong["hi"] = _("最多人数不能少于最少人数。")
    if values.get("branch") not in branches_of(record.unit):
        wrong["branch"] = _("这个党支部不在编组的范围里。")
    if wrong:
        raise BadInput(wrong)
    return values


def _saved(group: RoundGroup, actor: Actor) -> RoundGroup:
    try:
        with transaction.atomic(), because(actor):
            group.save()
    except IntegrityError:
        raise BadInput({"name": _("这一轮已经有“%(name)s”。") % {"name": group.name}}) from None
    return group
