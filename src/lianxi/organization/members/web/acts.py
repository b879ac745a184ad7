"""The verbs of the register, each on a page of its own."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from lianxi.commons.refusals import BadInput, NotPermitted
from lianxi.commons.views.acts import Act, perform

from .. import forms, policies, queries, services


def _who(request: Any) -> dict[str, Any]:
    return {"actor": request.actor, "at": request.at}


def _change(member: Any, values: dict[str, Any], request: Any) -> None:
    values = {key: value for key, value in values.items() if value or key not in forms.Change.PROTECTED}
    services.change(member, **values, **_who(request))


def _request(member: Any, values: dict[str, Any], request: Any) -> str:
    return reverse("transfer", args=[services.request_transfer(member, **values, **_who(request)).pk])


def _merge(member: Any, values: dict[str, Any], request: Any) -> None:
    services.merge(member, gone=values["gone"], take=tuple(values["take"]), reason=values["reason"], **_who(request))


def _take_part(member: Any, values: dict[str, Any], request: Any) -> None:
    services.take_part([member.pk], **values, **_who(request))


ACTS: dict[str, Act] = {
    "change": Act(_("修改登记"), forms.Change, _change, policies.EDIT, _("已改好"), icon="pencil"),
    "transfer": Act(
        _("提出转接"), forms.RequestTransfer, _request, policies.REQUEST, _("已送接收方，等他们同意"),
        _("接收方同意以后，由转出方办结，组织关系才转过去。"), icon="transfer",
    ),
    "full": Act(
        _("转为正式党员"), forms.OnDay,
        lambda member, values, request: services.make_full(member, **values, **_who(request)),
        policies.EDIT, _("已转正"), _("支部大会讨论通过、上级批准以后登记；日期是支部大会通过的日期。"), icon="user-check",
    ),
    "extend": Act(
        _("延长预备期"), forms.Extend,
        lambda member, values, request: services.extend_probation(member, **values, **_who(request)),
        policies.EDIT, _("已延长"), icon="clock",
    ),
    "cancel": Act(
        _("取消预备党员资格"), forms.Cancel,
        lambda member, values, request: services.cancel_probation(member, **values, **_who(request)),
        policies.EDIT, _("已登记"), icon="user-x",
    ),
    "standing": Act(
        _("党籍状态变动"), forms.Standings,
        lambda member, values, request: services.set_standing(member, **values, **_who(request)),
        policies.EDIT, _("已登记"), icon="user-exclamation",
    ),
    "group": Act(
        _("编入党小组"), forms.Group,
        lambda member, values, request: services.put_in_group(member, **values, **_who(request)),
        policies.EDIT, _("已编入"), icon="users",
    ),
    "part": Act(
        _("登记参加"), forms.TakePart, _take_part, policies.PART, _("已登记"),
        _("只记哪天、哪一样（B-05）；不写会议内容，不写金额。"), icon="calendar",
    ),
    "part_back": Act(
        _("撤掉参加记录"), forms.TakeBackPart,
        lambda member, values, request: services.take_back_part(member, **values, **_who(request)),
        policies.PART, _("已撤掉"), _("登记错了才撤。经过里留着，带着理由。"), icon="arrow-back-up",
    ),
    "merge": Act(
        _("并入另一条登记"), forms.MergeInto, _merge, policies.MERGE, _("已合并，可以撤销"),
        _("这一条保留；并入的一条从名册里消失，两条的历史都留着。"), icon="git-merge",
    ),
}  # fmt: skip

TRANSFER_ACTS: dict[str, Act] = {
    "accept": Act(
        _("同意接收"), forms.Nothing,
        lambda transfer, values, request: services.accept_transfer(transfer, **_who(request)),
        policies.RECEIVE, _("已同意，等转出方办结"),
    ),
    "refuse": Act(
        _("不同意接收"), forms.Reason,
        lambda transfer, values, request: services.refuse_transfer(transfer, **values, **_who(request)),
        policies.RECEIVE, _("已答复不同意"),
    ),
    "complete": Act(
        _("办结转出"), forms.OnDay,
        lambda transfer, values, request: services.complete_transfer(transfer, **values, **_who(request)),
        policies.SEND, _("组织关系已转过去"), _("从这天起，组织关系在接收的党支部。"),
    ),
    "withdraw": Act(
        _("撤回"), forms.Nothing,
        lambda transfer, values, request: services.withdraw_transfer(transfer, **_who(request)),
        policies.SEND, _("已撤回"),
    ),
}  # fmt: skip


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: Any, pk: int, verb: str) -> HttpResponse:
    """A verb on a member."""
    if verb not in ACTS:
        raise Http404
    member = policies.VIEW.get(request.actor, pk=pk)
    return perform(request, ACTS[verb], member, title=str(member), back=reverse("member", args=[pk]))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def transfer_act(request: Any, pk: int, verb: str) -> HttpResponse:
    """A verb on a transfer."""
    if verb not in TRANSFER_ACTS:
        raise Http404
    transfer = policies.VIEW_TRANSFER.get(request.actor, pk=pk)
    back = reverse("transfer", args=[pk])
    return perform(request, TRANSFER_ACTS[verb], transfer, title=str(transfer.member), back=back)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any) -> HttpResponse:
    """Register a member."""
    if not policies.REGISTER.anywhere(request.actor):
        raise NotPermitted(open_to=[policies.keeps_unit.says])
    form = forms.Register(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        branch, name, phone = values.pop("branch"), values.pop("name"), values.pop("phone")
        try:
            member = services.register(branch=branch, name=name, phone=phone, items=values, **_who(request))
        except BadInput as wrong:
            for field, texts in wrong.errors.items():
                for text in texts:
                    form.add_error(field if field in form.fields else None, str(text))
        else:
            messages.success(request, str(_("已登记")))
            return HttpResponseRedirect(reverse("member", args=[member.pk]))
    status = 422 if form.errors else 200
    return render(
        request, "members/new.html", {"form": form, "areas": queries.areas(actor=request.actor)}, status=status
    )
