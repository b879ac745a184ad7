"""The list of plans, and a plan's page."""

from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .. import forms, queries
from ..drawing import hemicycle
from ..terms import State
from .showing import due_of, lines_of_owner


@never_cache
@login_required
@require_safe
def index(request: Any) -> HttpResponse:
    """The plans."""
    view = request.GET.get("view", "all")
    view = view if view in queries.VIEWS else "all"
    page = queries.listed(view, actor=request.actor)
    words = {"all": _("全部"), "working": _("编制中"), "submitted": _("待批复"), "public": _("已公布")}
    tabs = [
        {"label": words[name], "url": f"?view={name}", "count": page.counts[name], "current": name == view}
        for name in queries.VIEWS
    ]
    today = timezone.localtime(request.at).date()
    rows = [{"plan": plan, "due": due_of(plan, today)} for plan in page.rows]
    return render(request, "quotas/list.html", {"rows": rows, "tabs": tabs, "begin_at": page.begin_at})


def _first(request: Any) -> int:
    text = request.GET.get("from", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _drawn(line: queries.Line, here: str, first: int, opened: str) -> SafeString:
    """The cells of a row. A table of twenty trades has so many that a template is too slow for them."""
    back = f"&amp;from={first}" if first else ""
    parts = []
    for one in line.cells:
        css = f"num{' q-tied' if one.tied else ''}{' q-open' if one.key == opened else ''}"
        figures = f"<small>{one.people}</small>"
        if one.seats is not None:
            figures = (
                f'<a href="?cell={one.key}{back}#working" hx-get="{here}?cell={one.key}" hx-target="#working" '
                f'hx-swap="outerHTML"><b>{one.seats}</b> {figures}</a>'
            )
        parts.append(f'<td class="{css}" data-sign="{escape(one.sign)}">{figures}</td>')
    return mark_safe("".join(parts))  # noqa: S308  (numbers, and a sign that was escaped)


def shown(record: queries.Record, request: Any) -> dict[str, Any]:
    """What the desk's page and the public one show alike."""
    calc = record.calc
    first = _first(request)
    rows = queries.SHOWN if len(record.trades) <= queries.WIDE else queries.SHOWN // 2
    matrix = queries.matrix(record.units, record.trades, calc, first=first, shown=rows)
    key = request.GET.get("cell", "")[:12]
    lines = [replace(one, drawn=_drawn(one, request.path, matrix.first, key)) for one in matrix.lines]
    matrix = replace(matrix, lines=lines)
    return {
        "it": record,
        "plan": record.plan,
        "matrix": matrix,
        "working": queries.working(key, record.units, record.trades, calc) if key else None,
        "cell": key,
        "a": queries.unit_steps(record.units, calc, first=matrix.first, shown=rows),
        "b": queries.trade_steps(record.trades, calc),
        "skipped": queries.said_of(calc, "skipped"),
        "drawn": hemicycle(calc.seat("b"), [one.mark for one in record.trades]) if calc and calc.seat("b") else None,
        "lots": queries.lots_of(record),
        "guides": queries.guides(record.plan, record.units, calc),
        "part": f"{matrix.first}:{matrix.first + rows}",
        "too_few": queries.too_few(record.plan, calc),
        "settings": queries.settings_of(record.plan, request.at),
        "people": sum(one.members for one in record.units),
        "organizations": sum(one.organizations for one in record.units),
        "population": sum(one.population or 0 for one in record.units),
    }


@never_cache
@login_required
@require_safe
def show(request: Any, pk: int) -> HttpResponse:
    """A plan's record; `?cell=3-1` works one cell out, `?weight_members=…` tries other settings."""
    record = queries.record(pk, actor=request.actor, at=request.at)
    if request.headers.get("HX-Request") and "cell" in request.GET:
        working = queries.working(request.GET["cell"][:12], record.units, record.trades, record.calc)
        return render(request, "quotas/plan.html#working", {"working": working, "plan": record.plan})
    tried = _tried(request, record)
    if request.headers.get("HX-Request"):
        return render(request, "quotas/plan.html#trial", {"plan": record.plan, "it": record, **tried})
    today = timezone.localtime(request.at).date()
    context = (
        shown(record, request)
        | tried
        | {
            "crumbs": [(str(_("代表")), reverse("delegates"))],
            "due": due_of(record.plan, today),
            "owner": lines_of_owner(record, request.at),
            "primary": _primary(record),
            "more": _more(record),
            "checks": _checks(record),
        }
    )
    return render(request, "quotas/plan.html", context)


def _checks(record: queries.Record) -> list[Any]:
    """What must hold for the step to come: computing, or submitting."""
    if (submit := record.step.get("submit")) is not None:
        return list(submit.checks)
    return record.before if record.plan.state in (State.DRAFTING, State.RETURNED) else []


def _tried(request: Any, record: queries.Record) -> dict[str, Any]:
    """The form of what-if, and what came of it."""
    names = list(forms.Trial.base_fields)
    plan = record.plan
    now = {name: getattr(plan, name) for name in names}
    if not record.calc or "seats" not in request.GET:
        return {"trial_form": forms.Trial(initial=now), "trial": None}
    form = forms.Trial(request.GET)
    if not form.is_valid():
        return {"trial_form": form, "trial": None}
    found = queries.trial(plan, record.units, record.trades, record.calc, **form.cleaned_data)
    moved = any(form.cleaned_data[name] != now[name] for name in names)
    return {"trial_form": form, "trial": found, "trial_moved": moved, "trial_query": request.GET.urlencode()}


_ORDER = {
    State.DRAFTING: ("compute", "freeze"),
    State.RETURNED: ("settle", "compute"),
    State.TIED: ("draw_ties", "vote_ties"),
    State.INFEASIBLE: ("settle",),
    State.COMPUTED: ("submit",),
    State.SUBMITTED: ("approve",),
    State.APPROVED: ("publish",),
}
_QUIET = ("settle", "freeze", "compute", "drop", "take_back", "return", "vote_ties", "draw_ties")


def _primary(record: queries.Record) -> dict[str, Any]:
    """The step that is next as the red button: never a dead one. A blocked one gives way to what unblocks it."""
    plan, may = record.plan, record.step
    if plan.state == State.DRAFTING and "freeze" in may and not plan.frozen:
        return _button(plan, "freeze", _("冻结人数"))
    if plan.state == State.DRAFTING and "compute" in may:
        if any(check.label == _("人口数") and not check.passed for check in record.before):
            return {"label": _("填人口数"), "url": reverse("quota_figures", args=[plan.pk]), "verb": "figures"}
        return _button(plan, "compute", _("测算"))
    if plan.state == State.COMPUTED and "submit" in may and may["submit"].missing:
        return _button(plan, "settle", _("改设置"))
    if plan.state == State.INFEASIBLE and "settle" in may and any(trade.at_least for trade in record.trades):
        return _button(plan, "bounds", _("改行业比例"))
    for verb in _ORDER.get(State(plan.state), ()):
        if verb in may:
            return _button(plan, verb, str(may[verb].label))
    return {}


def _button(plan: Any, verb: str, label: str) -> dict[str, Any]:
    return {"label": label, "url": reverse("quota_act", args=[plan.pk, verb.replace("_", "-")]), "verb": verb}


def _more(record: queries.Record) -> list[dict[str, Any]]:
    """Other steps that the reader may take."""
    first = _primary(record).get("verb")
    rows = [
        _button(record.plan, verb, str(step.label))
        for verb, step in record.step.items()
        if verb in _QUIET and verb != first and not (verb == "compute" and record.plan.state == State.COMPUTED)
    ]
    if "settle" in record.step:
        rows.append({"label": _("增减行业"), "url": reverse("quota_trades", args=[record.plan.pk]), "verb": "trades"})
        rows.append(_button(record.plan, "bounds", _("定行业比例")))
        rows.append(_button(record.plan, "aims", _("定结构要求")))
    if record.plan.state == State.PUBLISHED and "count_named" in record.step:
        rows.append(_button(record.plan, "revise", _("另编新方案")))
    return rows
