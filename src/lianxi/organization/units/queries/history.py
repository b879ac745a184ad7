"""What happened to a unit, drawn from the history that the database keeps."""

import datetime as dt
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from lianxi.commons.units.models import Unit

from ..models import CommitteeTerm, TermEvent
from ..workflow import WALK

MOST = 60
WATCHED = ("name", "kind", "code", "since", "until", "parent_id")


def of(unit: Unit, terms: Iterable[CommitteeTerm]) -> list[dict[str, Any]]:
    """Entries for the timeline, newest first."""
    rows = [*_of_unit(unit), *_of_codes(unit), *_of_terms({one.pk: one for one in terms})]
    return sorted(rows, key=lambda row: row["at"], reverse=True)[:MOST]


def _said(row: Any) -> dict[str, str]:
    context = row.pgh_context.metadata if row.pgh_context else {}
    who = _("系统") if context.get("job") else context.get("by", "")
    return {"who": who, "text": context.get("reason", "")}


def _of_unit(unit: Unit) -> list[dict[str, Any]]:
    history = apps.get_model("units", "UnitEvent")
    rows = list(history._base_manager.filter(pgh_obj=unit.pk).select_related("pgh_context").order_by("pgh_id"))
    names = Unit._base_manager.in_bulk({row.parent_id for row in rows if row.parent_id})
    found = []
    if rows:
        found.append({"icon": "plus", "title": _("登记"), "at": rows[0].pgh_created_at, **_said(rows[0])})
    for before, after in pairwise(rows):
        changed = [name for name in WATCHED if getattr(before, name) != getattr(after, name)]
        for name in changed:
            found.append({"at": after.pgh_created_at, **_said(after), **_change(name, before, after, names)})
    return found


def _change(name: str, before: Any, after: Any, names: dict[int, Unit]) -> dict[str, str]:
    was, now = getattr(before, name), getattr(after, name)
    match name:
        case "parent_id":
            return {
                "icon": "sitemap",
                "title": _("从%(was)s调到%(now)s")
                % {"was": names.get(was, _("最上级")), "now": names.get(now, _("最上级"))},
            }
        case "until":
            return {"icon": "door-exit", "title": _("撤销，最后一天%(day)s") % {"day": now} if now else _("恢复")}
        case "name":
            return {"icon": "pencil", "title": _("名称由“%(was)s”改为“%(now)s”") % {"was": was, "now": now}}
        case "code":
            return {
                "icon": "pencil",
                "title": _("代码由%(was)s改为%(now)s") % {"was": was or _("未填"), "now": now or _("未填")},
            }
        case "since":
            return {"icon": "pencil", "title": _("起始日期由%(was)s改为%(now)s") % {"was": was, "now": now}}
    return {"icon": "pencil", "title": _("改了类别")}


def _of_codes(unit: Unit) -> list[dict[str, Any]]:
    history = apps.get_model("org_units", "UnitCodeEvent")
    rows = history._base_manager.filter(unit_id=unit.pk).select_related("pgh_context")
    return [
        {
            "icon": "tag",
            "title": _("去掉代码%(code)s") % {"code": row.code}
            if row.pgh_label == "delete"
            else _("登记代码%(code)s") % {"code": row.code},
            "at": row.pgh_created_at,
            **_said(row),
        }
        for row in rows
    ]


def _of_terms(terms: dict[int, CommitteeTerm]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for event in TermEvent.objects.filter(term__in=list(terms)):
        number = terms[event.term_id].number
        label = str(WALK.by_verb[event.verb].label) if event.verb in WALK.by_verb else _("登记届次")
        rows.append(
            {
                "icon": "calendar",
                "title": _("第%(n)d届：%(what)s") % {"n": number, "what": label},
                "at": event.at,
                "who": event.by_name,
                "text": event.reason or _day(event.facts),
            }
        )
    return rows


def _day(facts: dict[str, Any]) -> str:
    for name in ("asked_for", "shifted_to", "ended_on"):
        if isinstance(facts.get(name), str):
            return dt.date.fromisoformat(facts[name]).isoformat()
    return ""
