"""The list of members."""

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianxi.commons.permissions.terms import Role
from lianxi.commons.views.queries import with_saved

from .. import policies, queries
from ..terms import AGES, Education, Kind, Sex, Standing


def today_of(request: Any) -> dt.date:
    """The local day of the request."""
    return timezone.localtime(request.at).date()


def may_part(actor: Any) -> bool:
    """Whether the actor has anybody's taking part to look after."""
    return bool(actor.paths(Role.ORGANISER, Role.SECRETARY))


@login_required
@require_safe
def members(request: Any) -> HttpResponse:
    """The list."""
    asked, on = queries.Asked.of(request.GET), today_of(request)
    counts = queries.counts(asked, actor=request.actor, on=on)
    context = {
        "asked": asked,
        "page": queries.page(asked, actor=request.actor, on=on),
        "counts": counts,
        "filters": _filters(asked, request),
        "unit": queries.unit_of(asked, actor=request.actor),
        "may_register": policies.REGISTER.anywhere(request.actor),
        "may_export": policies.EXPORT.anywhere(request.actor),
        "may_part": may_part(request.actor),
        "may_merge": policies.MERGE.anywhere(request.actor),
    }
    context |= with_saved(
        _views(asked, counts), room="members", query=asked.query(), here=request.get_full_path(),
        plain=reverse("members"), actor=request.actor,
    )  # fmt: skip
    return render(request, "members/list.html", context)


def _views(asked: queries.Asked, counts: dict[str, int]) -> list[dict[str, Any]]:
    words = {
        "all": _("全部"),
        "probationary": _("预备党员"),
        "mobile": _("流动党员"),
        "lost": _("失去联系"),
        "left": _("已离开"),
    }
    return [
        {
            "label": word,
            "url": f"?{asked.query(view=key, standing='')}",
            "count": counts[key],
            "current": asked.view == key,
        }
        for key, word in words.items()
    ]


def _filters(asked: queries.Asked, request: Any) -> list[dict[str, Any]]:
    def one(name: str, label: str, choices: list[tuple[Any, Any]]) -> dict[str, Any]:
        now = getattr(asked, name)
        chosen = next((word for key, word in choices if key == now), label)
        options = [{"label": _("不限"), "url": f"?{asked.query(**{name: type(now)()})}", "current": not now}]
        options += [
            {"label": word, "url": f"?{asked.query(**{name: key})}", "current": key == now} for key, word in choices
        ]
        return {"label": chosen if now else label, "set": bool(now), "options": options}

    branches = [(unit.pk, str(unit)) for unit in queries.areas(actor=request.actor)]
    return [
        one("unit", _("所在组织"), branches),
        one("kind", _("人员类别"), Kind.choices),
        one("sex", _("性别"), [(Sex.MALE, Sex.MALE.label), (Sex.FEMALE, Sex.FEMALE.label)]),
        one("age", _("年龄"), [(band[0], band[1]) for band in AGES]),
        one("education", _("学历"), Education.choices),
        one("standing", _("党籍状态"), [pair for pair in Standing.choices if pair[0] != Standing.MERGED]),
    ]
