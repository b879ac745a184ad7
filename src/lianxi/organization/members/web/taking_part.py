"""Who has not taken part (B-05), and writing down who did."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from lianxi.commons.questions import Address
from lianxi.commons.refusals import BadInput, NotFound, NotPermitted

from .. import forms, policies, queries, services
from ..terms import PartKind
from .list import may_part, today_of


def _only_keepers(request: Any) -> None:
    if not may_part(request.actor):
        raise NotPermitted(open_to=[policies.keeps.says, policies.heads.says])


@login_required
@require_safe
def taking_part(request: Any) -> HttpResponse:
    """谁没有参加: by branch, with the day of each of the three."""
    _only_keepers(request)
    on = today_of(request)
    law, step, unit, after = (
        queries.law(on=on),
        Address(request.GET).number("step"),
        Address(request.GET).number("unit"),
        Address(request.GET).number("after"),
    )
    page = queries.quiet_page(actor=request.actor, on=on, step=step, unit=unit, after=after)
    here = {"step": step if step in law.steps else 0, "unit": unit}
    context = {
        "law": law, "page": page, "unit": unit, "kinds": [one.label for one in PartKind],
        "views": _views(law, page.counts, here), "start": _address(here) if after else "",
        "filters": [_units(queries.areas(actor=request.actor), here, "unit", _("所在组织"), _("不限"))],
    }  # fmt: skip
    return render(request, "members/taking_part.html", context)


def _views(law: Any, counts: dict[int, int], here: dict[str, int]) -> list[dict[str, Any]]:
    """One tab for all, and one for each step of the rule."""

    def word(step: int) -> str:
        if not step:
            return _("全部")
        if step == law.steps[-1]:
            return _("满%(n)d个月和以上") % {"n": step}
        return ngettext("满%(n)d个月", "满%(n)d个月", step) % {"n": step}

    return [
        {
            "label": word(step), "url": _address(here | {"step": step}), "count": counts[step],
            "current": step == here["step"],
        }
        for step in (0, *law.steps)
    ]  # fmt: skip


def _address(here: dict[str, int]) -> str:
    return "?" + "&".join(f"{name}={value}" for name, value in here.items() if value)


def _units(units: Any, here: dict[str, int], name: str, label: str, none: str = "") -> dict[str, Any]:
    options = [{"label": none, "url": _address(here | {name: 0}), "current": not here[name]}] if none else []
    options += [
        {"label": str(one), "url": _address(here | {name: one.pk}), "current": one.pk == here[name]} for one in units
    ]
    chosen = next((one["label"] for one in options if one["current"] and here[name]), label)
    return {"label": chosen, "set": bool(here[name]), "options": options}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def take_part(request: Any) -> HttpResponse:
    """登记参加: choose the branch, then tick who took part."""
    _only_keepers(request)
    branches = list(queries.branches_for(request.actor))
    wanted = Address(request.GET).number("branch") or (branches[0].pk if len(branches) == 1 else 0)
    branch = next((one for one in branches if one.pk == wanted), None)
    form: forms.TakePartMany | None = None
    roster: list[Any] = []
    if branch is not None:
        roster = list(queries.roster(branch, actor=request.actor))
        form = forms.TakePartMany(request.POST if request.method == "POST" else None, record=roster, request=request)
    elif request.method == "POST":
        raise NotFound
    if form is not None and request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        members = [int(one) for one in values.pop("members")]
        try:
            n = services.take_part(members, **values, actor=request.actor, at=request.at)
        except BadInput as wrong:
            for field, texts in wrong.errors.items():
                for text in texts:
                    form.add_error(field if field in form.fields else None, str(text))
        else:
            messages.success(request, ngettext("登记了%(n)d名", "登记了%(n)d名", n) % {"n": n})
            return HttpResponseRedirect(reverse("taking_part"))
    shown = [] if len(branches) == 1 else branches
    latest = queries.latest_of(one.pk for one in roster)
    chosen = set(form["members"].value() or []) if form is not None else set()
    context = {
        "rows": [(one, latest.get(one.pk), str(one.pk) in chosen) for one in roster],
        "branch": branch, "branches": branches, "form": form,
        "filters": [_units(shown, {"branch": branch.pk if branch else 0}, "branch", _("选党支部"))] if shown else [],
    }  # fmt: skip
    status = 422 if form is not None and form.errors else 200
    return render(request, "members/take_part.html", context, status=status)
