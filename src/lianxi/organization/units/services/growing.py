"""Units come to be, change and end."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lianxi.commons.journal.because import because
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, NotPermitted, Text
from lianxi.commons.units.models import Unit
from lianxi.commons.units.terms import UnitKind
from lianxi.organization.members.queries import by_unit

from .. import policies
from ..models import CommitteeTerm, Coverage, Profile
from ..queries.tree import standing
from ..terms import MAY_HAVE_NO_PARENT, PARENTS

NAMED = ("name", "name_en", "short_name", "code")
PROFILE = ("sector", "situation", "contact", "phone")


def below_kind(kind: str, parent: Unit | None) -> dict[str, Text]:
    """Why a unit of this kind cannot lie there, by the table of kinds."""
    if parent is None:
        return {} if kind in MAY_HAVE_NO_PARENT else {"parent": _("要选上级。")}
    if parent.kind in PARENTS.get(kind, frozenset()):
        return {}
    return {
        "parent": _("%(kind)s不能设在%(above)s（%(unit)s）下面。")
        % {"kind": UnitKind(kind).label, "above": parent.get_kind_display(), "unit": parent}
    }


def locked(unit: Unit, actor: Actor) -> Unit:
    """The unit as it stands now, locked. Raises NotPermitted."""
    now: Unit | None = policies.EDIT.all(actor).select_for_update().filter(pk=unit.pk).first()
    if now is None:
        raise NotPermitted(open_to=[policies.organises.says])
    return now


@transaction.atomic
def create_unit(
    *,
    parent: Unit,
    kind: str,
    name: str,
    since: dt.date,
    actor: Actor,
    at: dt.datetime,
    reason: str = "",
    **more: Any,
) -> Unit:
    """设立: a unit below another. `more`: name_en, short_name, code, sector, situation, contact, phone.

    Decided above (B-02): who may edit the parent. Raises NotPermitted, BadInput (field → sentence).
    """
    above = locked(parent, actor)
    wrong: dict[str, Text] = dict(below_kind(kind, above))
    wrong |= _named({"name": name, **more}, above=above, on=since)
    if not above.stands(since):
        wrong.setdefault("since", _("上级在那一天还没有成立或者已经撤销。"))
    if wrong:
        raise BadInput(wrong)
    with because(actor, reason):
        unit = Unit.objects.create(
            parent=above, kind=kind, name=name.strip(), since=since, **{k: more[k] for k in NAMED[1:] if k in more}
        )
        if profile := {key: more[key] for key in PROFILE if more.get(key)}:
            Profile.objects.create(unit=unit, **profile)
    unit.refresh_from_db()
    return unit


def _named(fields: dict[str, Any], *, above: Unit | None, on: dt.date, but: int = 0) -> dict[str, Text]:
    name = str(fields.get("name", "")).strip()
    if not name:
        return {"name": _("没有填名称。")}
    same = Unit.objects.filter(standing(on), parent=above, name=name).exclude(pk=but)
    if same.exists():
        return {"name": _("同一个上级下面已经有“%(name)s”。") % {"name": name}}
    if fields.get("code") and (other := Unit.objects.filter(code=fields["code"]).exclude(pk=but).first()):
        return {"code": _("这个代码已经是“%(unit)s”的。") % {"unit": other}}
    return {}


@transaction.atomic
def change_unit(unit: Unit, *, actor: Actor, at: dt.datetime, reason: str, **fields: Any) -> Unit:
    """修改: name, name_en, short_name, code, since. Place, kind and end have verbs of their own. Raises NotPermitted, BadInput."""
    now = locked(unit, actor)
    if strange := fields.keys() - {*NAMED, "since"}:
        raise TypeError(f"Not a field that can be changed: {', '.join(sorted(strange))}")
    for key, value in fields.items():
        setattr(now, key, value.strip() if isinstance(value, str) else value)
    day = timezone.localtime(at).date()
    wrong = _named({"name": now.name, "code": now.code}, above=now.parent, on=day, but=now.pk)
    if now.until and now.since > now.until:
        wrong["since"] = _("起始日期晚于终止日期。")
    if wrong:
        raise BadInput(wrong)
    with because(actor, reason):
        now.save()
    return now


@transaction.atomic
def set_profile(unit: Unit, *, actor: Actor, at: dt.datetime, reason: str = "", **fields: Any) -> Profile:
    """登记单位信息: sector, situation, contact, phone (K-06). Raises NotPermitted."""
    now = locked(unit, actor)
    if strange := fields.keys() - set(PROFILE):
        raise TypeError(f"Not a field of the profile: {', '.join(sorted(strange))}")
    with because(actor, reason):
        profile, _made = Profile.objects.update_or_create(unit=now, defaults=fields)
    return profile


@transaction.atomic
def close_unit(unit: Unit, *, on: dt.date, actor: Actor, at: dt.datetime, reason: str) -> Unit:
    """撤销: the unit's last day. Decided above (B-02). Refused while units or members are below it.

    Raises NotPermitted, BadInput.
    """
    now = locked(unit, actor)
    if now.parent and not policies.EDIT.may(actor, now.parent):
        raise NotPermitted(open_to=[_("您是上级的组织员")])
    wrong: dict[str, Text] = {}
    if now.until:
        wrong["on"] = _("已经在%(day)s撤销。") % {"day": now.until}
    elif on < now.since:
        wrong["on"] = _("撤销日期早于起始日期。")
    children = Unit.objects.filter(parent=now).filter(standing(on)).count()
    members = by_unit([now])[now.pk][0]
    if children:
        wrong["unit"] = ngettext(
            "下面还有%(n)d个单位，先撤销或者调整它们。", "下面还有%(n)d个单位，先撤销或者调整它们。", children
        ) % {"n": children}
    elif members:
        wrong["unit"] = ngettext("还有%(n)d名党员，先转接组织关系。", "还有%(n)d名党员，先转接组织关系。", members) % {
            "n": members
        }
    if len(reason.strip()) < 2:
        wrong["reason"] = _("请写一句理由。")
    if CommitteeTerm.objects.filter(body=now, state="shift_asked").exists():
        wrong.setdefault("unit", _("换届请示还没有批复。"))
    if wrong:
        raise BadInput(wrong)
    with because(actor, reason):
        now.until = on
        now.save()
        Coverage.objects.filter(body=now, until=None, since__lte=on).update(until=on)
        Coverage.objects.filter(unit=now, until=None, since__lte=on).update(until=on)
    return now
