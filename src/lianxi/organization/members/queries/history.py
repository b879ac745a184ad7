"""What happened to a member's entry, drawn from the history that the database keeps. Protected items are named, not shown."""

from itertools import pairwise
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from ..models import Merge
from .record import Record

MOST = 80
WATCHED = (
    *("sex", "identity", "nationality", "born_on", "education", "kind", "joined_on", "full_on", "work", "address"),
    *("standing", "lost", "mobile"),
)


def _said(row: Any) -> dict[str, str]:
    context = row.pgh_context.metadata if row.pgh_context else {}
    return {"who": context.get("by", ""), "text": context.get("reason", "")}


def history(it: Record) -> list[dict[str, Any]]:
    """Entries for the timeline, newest first."""
    rows = [*_of_entry(it), *_of_person(it), *_of_affiliations(it), *_of_merges(it)]
    return sorted(rows, key=lambda row: row["at"], reverse=True)[:MOST]


def _events(app: str, name: str, **where: Any) -> list[Any]:
    return list(
        apps.get_model(app, name)._base_manager.filter(**where).select_related("pgh_context").order_by("pgh_id")
    )


def _of_entry(it: Record) -> list[dict[str, Any]]:
    rows = _events("members", "MemberEvent", pgh_obj=it.member.pk)
    label = {field.name: field.verbose_name for field in it.member._meta.get_fields() if hasattr(field, "verbose_name")}
    found = [{"icon": "plus", "title": _("登记"), "at": rows[0].pgh_created_at, **_said(rows[0])}] if rows else []
    for before, after in pairwise(rows):
        changed = [str(label[name]) for name in WATCHED if _differ(before, after, name)]
        if changed:
            title = _("改了%(what)s") % {"what": "、".join(changed)}
            found.append({"icon": "pencil", "title": title, "at": after.pgh_created_at, **_said(after)})
    return found


def _differ(before: Any, after: Any, name: str) -> bool:
    was, now = getattr(before, name), getattr(after, name)
    return bool(was != now)


def _of_person(it: Record) -> list[dict[str, Any]]:
    rows = _events("accounts", "PersonEvent", pgh_obj=it.member.person_id)
    found = []
    for before, after in pairwise(rows):
        what = [word for name, word in (("name", _("姓名")), ("phone", _("电话"))) if _differ(before, after, name)]
        if what:
            title = _("改了%(what)s") % {"what": "、".join(what)}
            found.append({"icon": "pencil", "title": title, "at": after.pgh_created_at, **_said(after)})
    return found


def _of_affiliations(it: Record) -> list[dict[str, Any]]:
    units = {one.unit_id: one.unit for one in it.affiliations}
    rows = _events("members", "AffiliationEvent", member=it.member.pk, pgh_label="insert")
    return [
        {
            "icon": "transfer",
            "title": _("组织关系在“%(unit)s”，从%(day)s起") % {"unit": units.get(row.unit_id, ""), "day": row.since},
            "at": row.pgh_created_at,
            **_said(row),
        }
        for row in rows
    ]


def _of_merges(it: Record) -> list[dict[str, Any]]:
    rows = Merge.objects.filter(kept=it.member).select_related("gone__person")
    found = []
    for row in rows:
        title = _("并入编号%(n)s的登记") % {"n": row.gone.number}
        found.append({"icon": "git-merge", "title": title, "at": row.at, "who": row.by_name, "text": row.reason})
        if row.undone_at:
            title = _("撤销并入编号%(n)s") % {"n": row.gone.number}
            found.append({"icon": "arrow-back-up", "title": title, "at": row.undone_at, "who": "", "text": ""})
    return found
