"""The desk's pages of a round."""

import json
from random import SystemRandom
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from lianxi.commons.refusals import BadInput, Blocked, NotPermitted
from lianxi.commons.views.acts import Act, perform, seeing

from .. import forms, policies, queries, services
from .answers import as_file, as_json

MEGABYTE = 1 << 20


def _who(request: Any) -> dict[str, Any]:
    return {"actor": request.actor, "at": request.at}


ACTS: dict[str, Act] = {
    "change": Act(
        _("修改筹备"), forms.RoundForm, lambda one, values, request: services.change(one, **values, **seeing(request)),
        policies.RUN, _("已改好"), icon="pencil",
    ),
    "open": Act(
        _("开始征集"), forms.Until, lambda one, values, request: services.open_proposals(one, **values, **seeing(request)),
        policies.RUN, _("居民现在可以提项目了"), _("开始以后，预算和来源不再改。"), icon="notes",
    ),
    "close_proposals": Act(
        _("截止征集"), forms.Nothing, lambda one, values, request: services.close_proposals(one, **seeing(request)),
        policies.RUN, _("征集已截止，逐件审核"),
    ),
    "reopen_proposals": Act(
        _("再征集"), forms.Reason, lambda one, values, request: services.reopen_proposals(one, **values, **seeing(request)),
        policies.RUN, _("又开始征集了"),
    ),
    "open_vote": Act(
        _("开始投票"), forms.Until, lambda one, values, request: services.open_vote(one, **values, **seeing(request)),
        policies.RUN, _("开始投票"), _("开始以后，项目和费用不再改。"),
    ),
    "close_vote": Act(
        _("截止投票"), forms.Nothing, lambda one, values, request: services.close_vote(one, **seeing(request)),
        policies.RUN, _("投票已截止，录入纸票后计算"), _("没有用的投票码从现在起作废。"),
    ),
    "count": Act(
        _("计算结果"), forms.Nothing, lambda one, values, request: services.count(one, **seeing(request)) and None,
        policies.COUNT, _("算好了，请另一个人核对后公示"), _("公示以前可以重算。公示由另一个人来做。"),
    ),
    "draw": Act(
        _("登记抽签"), forms.Order, lambda one, values, request: services.draw(one, **values, **seeing(request)) and None,
        policies.COUNT, _("已按抽签的先后重新计算"), _("支持和费用都一样、谁先谁后会改变结果的项目，在会上当众抽签。"),
    ),
    "display": Act(
        _("公示结果"), forms.Nothing, lambda one, values, request: services.display(one, **seeing(request)),
        policies.PUBLISH, _("已公示，人人看得到，可以提异议"), _("公示期满、异议都答复了再公布。选票按内容排列公开，看不出是谁的。"), icon="speakerphone",
    ),
    "publish": Act(
        _("公布结果"), forms.Nothing, lambda one, values, request: services.publish(one, **seeing(request)),
        policies.PUBLISH, _("已公布"), _("公布以后，只有异议成立才重新计票；原来的结果保留。"), icon="eye",
    ),
    "withdraw": Act(
        _("终止这一轮"), forms.Reason, lambda one, values, request: services.withdraw(one, **values, **seeing(request)),
        policies.RUN, _("已终止"), _("不再有结果；经过和理由留着。"),
    ),
}  # fmt: skip

PROPOSAL_ACTS: dict[str, Act] = {
    "admit": Act(
        pgettext_lazy("verb", "列入投票"), forms.Admit, lambda one, values, request: services.admit(one, **values, **seeing(request)),
        policies.REVIEW, _("已列入"),
    ),
    "decline": Act(
        _("不列入"), forms.Reason, lambda one, values, request: services.decline(one, **values, **seeing(request)),
        policies.REVIEW, _("已写明理由"), _("理由公开。"),
    ),
    "again": Act(
        _("重新审核"), forms.Reason, lambda one, values, request: services.review_again(one, **values, **seeing(request)),
        policies.REVIEW, _("可以重新审核了"),
    ),
}  # fmt: skip


OBJECTION_ACTS: dict[str, Act] = {
    "uphold": Act(
        _("异议成立"), forms.Reason, lambda one, values, request: services.uphold_objection(one, **values, **seeing(request)) and None,
        policies.ANSWER, _("异议成立，回到计票"), _("这一轮回到计票：改正纸票，重新计算，重新公示。原来的结果保留，和新的结果并排公开。理由公开。"),
    ),
    "reject": Act(
        _("异议不成立"), forms.Reason, lambda one, values, request: services.reject_objection(one, **values, **seeing(request)) and None,
        policies.ANSWER, _("已答复"), _("理由公开，提异议的人凭收件码也看得到。"),
    ),
}  # fmt: skip


@login_required
@require_safe
def rounds(request: Any) -> HttpResponse:
    """The rounds of one's own part of the street."""
    running = request.GET.get("view") != "ended"
    views = [
        {"label": gettext("进行中"), "url": "?view=running", "count": queries.running_count(actor=request.actor), "current": running},
        {"label": gettext("已结束"), "url": "?view=ended", "count": None, "current": not running},
    ]  # fmt: skip
    context = {
        "views": views,
        "rounds": queries.rounds(actor=request.actor, running=running),
        "may_plan": policies.PLAN.anywhere(request.actor),
        "running": running,
    }
    return render(request, "budgets/desk/rounds.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any) -> HttpResponse:
    """Begin a round."""
    units = _units(request)
    form = forms.Plan(request.POST if request.method == "POST" else None, record=units, request=request)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        try:
            one = services.plan(form.units[values.pop("unit")], **values, **_who(request))
        except BadInput as wrong:
            _put(form, wrong)
        else:
            messages.success(request, gettext("已开始筹备"))
            return HttpResponseRedirect(reverse("round", args=[one.pk]))
    return render(request, "budgets/desk/new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: Any) -> HttpResponse:
    """A vote held elsewhere, from its file."""
    units = _units(request)
    posted = request.method == "POST"
    form = forms.Import(request.POST if posted else None, files=request.FILES if posted else None, record=units, request=request)  # fmt: skip
    if posted and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            if given.size > 8 * MEGABYTE:
                raise BadInput({"file": _("文件超过8 MB；更大的请用命令行。")})
            text = given.read().decode("utf-8-sig")
            one = services.import_file(form.units[form.cleaned_data["unit"]], text=text, source=form.cleaned_data["source"], lot=SystemRandom(), **_who(request))  # fmt: skip
        except UnicodeDecodeError:
            form.add_error("file", gettext("文件不是UTF-8编码。请另存为UTF-8后再试。"))
        except BadInput as wrong:
            _put(form, wrong)
        else:
            messages.success(request, gettext("已导入，可以计算"))
            return HttpResponseRedirect(reverse("round", args=[one.pk]))
    return render(request, "budgets/desk/import.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_safe
def record(request: Any, pk: int) -> HttpResponse:
    """A round's record."""
    it = queries.record(pk, actor=request.actor, at=request.at)
    context = {"it": it, "steps": queries.path_of(it.round), "crumbs": [(gettext("居民项目"), reverse("rounds"))]}
    return render(request, "budgets/desk/record.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: Any, pk: int, verb: str) -> HttpResponse:
    """A step of a round."""
    if verb not in ACTS:
        raise Http404
    one = policies.VIEW.get(request.actor, pk=pk)
    return perform(request, ACTS[verb], one, title=one.title, back=reverse("round", args=[pk]))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_act(request: Any, pk: int, verb: str) -> HttpResponse:
    """The review of a proposal."""
    if verb not in PROPOSAL_ACTS:
        raise Http404
    found = queries.proposal(pk, actor=request.actor)
    back = reverse("round", args=[found.round_id])
    return perform(request, PROPOSAL_ACTS[verb], found, title=f"{found.number}. {found.title}", back=back)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def objection_act(request: Any, pk: int, verb: str) -> HttpResponse:
    """The answer to an objection."""
    if verb not in OBJECTION_ACTS:
        raise Http404
    found = queries.objection(pk, actor=request.actor)
    back = reverse("round", args=[found.round_id])
    title = gettext("第%(n)d号异议：%(text)s") % {"n": found.number, "text": found.text}
    return perform(request, OBJECTION_ACTS[verb], found, title=title, back=back)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def roll(request: Any, pk: int) -> HttpResponse:
    """Tick off who is given a ballot."""
    one = _of(request, pk, policies.ROLL)
    form = forms.Give(request.POST if request.method == "POST" else None, record=one, request=request)
    if request.method == "POST" and form.is_valid():
        try:
            services.give(one, **form.cleaned_data, **_who(request))
        except BadInput as wrong:
            _put(form, wrong)
        else:
            messages.success(request, gettext("已登记，请从票箱里抽一张给居民"))
            return HttpResponseRedirect(reverse("round_roll", args=[pk]))
    context = {"round": one, "form": form, "electors": queries.electors(one)}
    return render(request, "budgets/desk/roll.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def slips(request: Any, pk: int) -> HttpResponse:
    """Print codes: the sheet is shown once."""
    one = _of(request, pk, policies.ROLL)
    form = forms.Slips(request.POST if request.method == "POST" else None, record=one, request=request)
    if request.method == "POST" and form.is_valid():
        try:
            codes = services.print_slips(one, **form.cleaned_data, lot=SystemRandom(), **_who(request))
        except BadInput as wrong:
            _put(form, wrong)
        else:
            shown = [(code, request.build_absolute_uri(reverse("vote_scanned", args=[code]))) for code in codes]
            answer = render(request, "budgets/desk/slips_print.html", {"round": one, "slips": shown})
            answer["Cache-Control"] = "private, no-store"
            return answer
    return render(request, "budgets/desk/slips.html", {"round": one, "form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sheets(request: Any, pk: int) -> HttpResponse:
    """Enter paper ballots."""
    one = _of(request, pk, policies.ENTER)
    projects = queries.admitted(one)
    form = forms.Sheet(request.POST if request.method == "POST" else None, projects=projects)
    if request.method == "POST" and form.is_valid():
        try:
            sheet = services.enter_sheet(
                one, number=form.cleaned_data["number"], choices=form.numbers(), **_who(request)
            )
        except BadInput as wrong:
            _put(form, wrong)
        except Blocked as blocked:
            form.add_error(None, str(blocked))
        else:
            said = (
                gettext("两遍一致")
                if sheet.agreed
                else gettext("两遍不一致，请对照纸票")
                if sheet.second is not None
                else gettext("录了第一遍")
            )
            messages.success(request, gettext("票号%(n)d：%(said)s") % {"n": sheet.number, "said": said})
            return HttpResponseRedirect(reverse("round_sheets", args=[pk]))
    it = queries.record(pk, actor=request.actor, at=request.at)
    context = {"it": it, "round": one, "form": form}
    return render(request, "budgets/desk/sheets.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def file(request: Any, pk: int) -> HttpResponse:
    """The ballots as a Pabulib file, after the vote."""
    one = policies.VIEW.get(request.actor, pk=pk)
    return as_file(queries.downloads(one)["file"], f"round-{pk}.pb")


@login_required
@require_safe
def certificate(request: Any, pk: int) -> HttpResponse:
    """The certificate, for who checks before it is published."""
    one = policies.VIEW.get(request.actor, pk=pk)
    return as_json(json.dumps(queries.downloads(one)["certificate"], ensure_ascii=False), f"round-{pk}.json")


def _of(request: Any, pk: int, may: Any) -> Any:
    one = policies.VIEW.get(request.actor, pk=pk)
    if not may.may(request.actor, one):
        raise NotPermitted(open_to=[part.says for part in may.clauses if part.open])
    return one


def _units(request: Any) -> Any:
    units = queries.plannable(actor=request.actor)
    if not units:
        raise NotPermitted(open_to=[part.says for part in policies.PLAN.clauses])
    return units


def _put(form: Any, wrong: BadInput) -> None:
    for name, texts in wrong.errors.items():
        for text in texts:
            form.add_error(name if name in form.fields else None, str(text))
