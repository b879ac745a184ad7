"""The tree page."""

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianxi.commons.units.terms import UnitKind
from lianxi.commons.views.queries import with_saved
from lianxi.organization.members import queries as members

from .. import policies, queries


def today_of(request: Any) -> dt.date:
    """The local day of the request."""
    return timezone.localtime(request.at).date()


@login_required
@require_safe
def tree(request: Any) -> HttpResponse:
    """The tree page: some levels, or what a search finds."""
    asked, today = queries.Asked.of(request.GET), today_of(request)
    on = asked.day(today)
    context: dict[str, Any] = {"asked": asked, "on": on, "past": on < today, "filters": _filters(asked)}
    if asked.q or asked.kind:
        rows, more = queries.search(asked, actor=request.actor, on=on)
        above = queries.lines_above(rows)
        context |= {"found": [(unit, above[unit.pk]) for unit in rows], "more": more}
    else:
        nodes = queries.tree(actor=request.actor, on=on, today=today, root=asked.root)
        members.count_into(nodes, actor=request.actor)
        context["nodes"] = nodes
    whole = {"label": _("整棵树"), "url": reverse("organization"), "count": None, "current": not asked.query()}
    context |= with_saved(
        [whole], room="units", query=asked.query(), here=request.get_full_path(), plain=reverse("organization"),
        actor=request.actor,
    )  # fmt: skip
    return render(request, "org_units/tree.html", context)


@login_required
@require_safe
def below(request: Any, pk: int) -> HttpResponse:
    """The fragment of one level, fetched when a unit is opened."""
    unit = policies.VIEW.get(request.actor, pk=pk)
    nodes = queries.below(unit, actor=request.actor, on=today_of(request))
    members.count_into(nodes, actor=request.actor)
    return render(request, "org_units/tree.html#level", {"nodes": nodes, "opened": False})


def _filters(asked: queries.Asked) -> list[dict[str, Any]]:
    words = [("", _("各类")), ("party", _("党组织")), ("resident", _("驻区单位")), *UnitKind.choices]
    chosen = dict(words)[asked.kind]
    return [
        {
            "label": _("类别") if not asked.kind else chosen,
            "set": bool(asked.kind),
            "options": [
                {"label": label, "url": f"?{asked.query(kind=key, root=0)}", "current": key == asked.kind}
                for key, label in words
            ],
        }
    ]
