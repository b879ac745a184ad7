"""The verbs of the tree, each on a page of its own."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from lianxi.commons.views.acts import Act, perform

from .. import forms, policies, queries, services


def _who(request: Any) -> dict[str, Any]:
    return {"actor": request.actor, "at": request.at}


def _new(unit: Any, values: dict[str, Any], request: Any) -> str:
    made = services.create_unit(parent=unit, **values, **_who(request))
    return reverse("unit", args=[made.pk])


def _change(unit: Any, values: dict[str, Any], request: Any) -> None:
    services.change_unit(unit, **values, **_who(request))


ACTS: dict[str, Act] = {
    "new": Act(_("设立下级单位"), forms.NewUnit, _new, policies.EDIT, _("已设立"), icon="plus"),
    "change": Act(_("修改登记"), forms.ChangeUnit, _change, policies.EDIT, _("已改好"), icon="pencil"),
    "profile": Act(
        _("单位信息"),
        forms.ProfileOfUnit,
        lambda unit, values, request: services.set_profile(unit, **values, **_who(request)),
        policies.EDIT,
        _("已存好"),
        icon="building",
    ),
    "code": Act(
        _("登记代码"),
        forms.CodeOfUnit,
        lambda unit, values, request: services.set_code(unit, **values, **_who(request)),
        policies.EDIT,
        _("已登记代码"),
        icon="tag",
    ),
    "cover": Act(
        _("登记覆盖单位"),
        forms.CoverUnit,
        lambda unit, values, request: services.cover(unit, **values, **_who(request)),
        policies.EDIT,
        _("已登记"),
        icon="link",
    ),
    "move": Act(
        _("调整隶属"),
        forms.MoveUnit,
        lambda unit, values, request: services.move(unit, **values, **_who(request)),
        policies.EDIT,
        _("开始调整，下面的单位和记录都会跟着走"),
        _("下级单位、党员、民情记录都会跟着走；历史里留着原来的位置。"),
        icon="transfer",
    ),
    "close": Act(
        _("撤销"),
        forms.CloseUnit,
        lambda unit, values, request: services.close_unit(unit, **values, **_who(request)),
        policies.EDIT,
        _("已撤销"),
        _("过了最后一天，它不再出现在树里；历史都还在。"),
        icon="door-exit",
    ),
    "begin-term": Act(
        _("登记届次"),
        forms.BeginTerm,
        lambda unit, values, request: services.begin_term(unit, **values, **_who(request)),
        policies.EDIT,
        _("已登记届次"),
        icon="calendar",
    ),
}

TERM_ACTS: dict[str, Act] = {
    "ask-shift": Act(
        _("请示提前或延期"),
        forms.AskShift,
        lambda term, values, request: services.ask_shift(term, **values, **_who(request)),
        policies.ASK_SHIFT,
        _("已报上级"),
    ),
    "approve-shift": Act(
        _("批准"),
        forms.ApproveShift,
        lambda term, values, request: services.approve_shift(term, **values, **_who(request)),
        policies.APPROVE_SHIFT,
        _("已批准"),
    ),
    "refuse-shift": Act(
        _("不批准"),
        forms.RefuseShift,
        lambda term, values, request: services.refuse_shift(term, **values, **_who(request)),
        policies.APPROVE_SHIFT,
        _("已答复不批准"),
    ),
    "take-back-shift": Act(
        _("收回请示"),
        forms.Nothing,
        lambda term, values, request: services.take_back_shift(term, **_who(request)),
        policies.ASK_SHIFT,
        _("已收回"),
    ),
    "close": Act(
        _("登记换届"),
        forms.CloseTerm,
        lambda term, values, request: services.close_term(term, **values, **_who(request)),
        policies.KEEP_TERM,
        _("已登记换届，新一届开始"),
        _("本届结束，新一届从选举日期起算。"),
    ),
    "close-late": Act(
        _("补记逾期换届"),
        forms.CloseLate,
        lambda term, values, request: services.close_term(term, **values, late=True, **_who(request)),
        policies.APPROVE_SHIFT,
        _("已补记"),
        _("没有按期、也没有经批准的换届，由上级补记，并注明文号。"),
    ),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: Any, pk: int, verb: str) -> HttpResponse:
    """A verb on a unit."""
    if verb not in ACTS:
        raise Http404
    unit = policies.VIEW.get(request.actor, pk=pk)
    return perform(request, ACTS[verb], unit, title=str(unit), back=reverse("unit", args=[pk]))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def term_act(request: Any, pk: int, verb: str) -> HttpResponse:
    """A verb on the running term of a unit."""
    if verb not in TERM_ACTS:
        raise Http404
    term = policies.VIEW_TERM.get(request.actor, body=pk, ended_on=None)
    return perform(request, TERM_ACTS[verb], term, title=str(term.body), back=reverse("unit", args=[pk]))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def uncover(request: Any, pk: int, coverage: int) -> HttpResponse:
    """End a coverage."""
    unit = policies.EDIT.get(request.actor, pk=pk)
    row = queries.coverage(unit, coverage)
    one = Act(
        _("结束覆盖"),
        forms.Uncover,
        lambda _unit, values, request: services.uncover(row, **values, **_who(request)),
        policies.EDIT,
        _("已结束"),
    )
    return perform(request, one, unit, title=str(row.unit), back=reverse("unit", args=[pk]))
