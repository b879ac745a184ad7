"""The trades of a plan: the list in its order, and a page for each that is added, changed or taken away."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxi.commons.refusals import NotPermitted, Refusal
from lianxi.commons.views.acts import Act, perform
from lianxi.organization.units.terms import Sector

from .. import forms, policies, queries, services
from ..terms import WORKING


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def trades(request: Any, pk: int) -> HttpResponse:
    """The trades in their order; a POST moves one a place up or down."""
    plan = queries.found(pk, actor=request.actor)
    may = policies.KEEP.may(request.actor, plan) and plan.state in WORKING
    refused: Refusal | None = None
    if request.method == "POST":
        way, _colon, text = request.POST.get("move", "").partition(":")
        key = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
        keys = [one.pk for one in plan.trades.all()]
        if way not in ("up", "down") or key not in keys:
            raise Http404
        try:
            to = keys.index(key) + (1 if way == "down" else -1)
            services.move_trade(plan, key, to=to, actor=request.actor, at=request.at)
        except NotPermitted:
            raise
        except Refusal as error:
            refused = error
        else:
            # No fragment: with one, browsers pass over the button that has the focus.
            return HttpResponseRedirect(f"{reverse('quota_trades', args=[pk])}?moved={way}:{key}")
    context = {
        "plan": plan, "may": may, "rows": _rows(plan), "rules": queries.trade_rules(plan, request.at), "refused": refused,
        "moved": request.GET.get("moved", ""),
    }  # fmt: skip
    return render(request, "quotas/trades.html", context, status=refused.status if refused else 200)


def _rows(plan: Any) -> list[dict[str, Any]]:
    units, columns = queries.loaded(plan)
    names = dict(Sector.choices)
    return [
        {
            "trade": trade, "up": f"up:{trade.pk}", "down": f"down:{trade.pk}",
            "people": sum(one.people[n] for one in units if n < len(one.people)),
            "least": forms.share_text(trade.at_least), "most": forms.share_text(trade.at_most),
            "counted": [*trade.words, *(str(names.get(one, one)) for one in trade.sectors)],
        }
        for n, trade in enumerate(columns)
    ]  # fmt: skip


def _trade(plan: Any, key: int) -> Any:
    found = next((one for one in plan.trades.all() if one.pk == key), None)
    if found is None:
        raise Http404
    return found


def _form(base: Any, one: Any) -> Any:
    return type(base.__name__, (base,), {"trade": one})


def _who(request: Any) -> dict[str, Any]:
    return {"actor": request.actor, "at": request.at}


RECOUNTED = _("已经数好的人数不动；要按新的归类数，再冻结一次人数，或者用表格填。改了要重新测算。")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def trade_new(request: Any, pk: int) -> HttpResponse:
    """Add a trade."""
    plan = queries.found(pk, actor=request.actor)
    act = Act(
        _("增加行业"), _form(forms.OneTrade, None), lambda plan, values, request: services.add_trade(plan, **values, **_who(request)),
        policies.KEEP, _("行业已增加"), RECOUNTED,
    )  # fmt: skip
    return perform(request, act, plan, title=gettext("各行业"), back=reverse("quota_trades", args=[pk]))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def trade_edit(request: Any, pk: int, key: int) -> HttpResponse:
    """Change a trade."""
    plan = queries.found(pk, actor=request.actor)
    act = Act(
        _("改行业"), _form(forms.OneTrade, _trade(plan, key)),
        lambda plan, values, request: services.change_trade(plan, key, **values, **_who(request)),
        policies.KEEP, _("行业已改好"), RECOUNTED,
    )  # fmt: skip
    return perform(request, act, plan, title=gettext("各行业"), back=reverse("quota_trades", args=[pk]))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def trade_remove(request: Any, pk: int, key: int) -> HttpResponse:
    """Take a trade away, once it is said where its members go."""
    plan = queries.found(pk, actor=request.actor)
    trade = _trade(plan, key)
    people = next(row["people"] for row in _rows(plan) if row["trade"] == trade)
    text = ngettext(
        "“%(trade)s”里有%(n)d名党员。去掉以后，他们和归到这里的岗位、支部类别都算到您选的行业。",
        "“%(trade)s”里有%(n)d名党员。去掉以后，他们和归到这里的岗位、支部类别都算到您选的行业。",
        people,
    ) % {"trade": trade, "n": people}
    act = Act(
        _("去掉行业"), _form(forms.RemoveTrade, trade),
        lambda plan, values, request: services.remove_trade(plan, key, into=values["into"], **_who(request)),
        policies.KEEP, _("行业已去掉"), text,
    )  # fmt: skip
    return perform(request, act, plan, title=gettext("各行业"), back=reverse("quota_trades", args=[pk]))
