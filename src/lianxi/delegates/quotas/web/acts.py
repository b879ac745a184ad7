"""The verbs of a plan, each on a page of its own; its figures; a new plan."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from lianxi.commons.refusals import BadInput, NotPermitted
from lianxi.commons.views.acts import Act, perform, seeing

from .. import forms, policies, queries, services
from ..terms import Aim


def _who(request: Any) -> dict[str, Any]:
    return {"actor": request.actor, "at": request.at}


def _revise(plan: Any, values: dict[str, Any], request: Any) -> str:
    return reverse("quota", args=[services.revise(plan, **_who(request)).pk])


ACTS: dict[str, Act] = {
    "settle": Act(
        _("改设置"),
        forms.Settings,
        lambda plan, values, request: services.settle(plan, **values, **seeing(request)),
        policies.KEEP,
        _("已改好，要重新测算"),
        _("改了以后要重新测算；以前的测算都留着。"),
    ),
    "freeze": Act(
        _("冻结人数"),
        forms.Freeze,
        lambda plan, values, request: services.freeze(plan, **values, **seeing(request)),
        policies.KEEP,
        _("人数已冻结"),
        _("从党员名册按单位、行业数出人数和党组织数，一起冻结。"),
    ),
    "compute": Act(
        _("测算"),
        forms.Nothing,
        lambda plan, values, request: services.compute(plan, **seeing(request)),
        policies.KEEP,
        _("算好了"),
        _("分三步：名额分到单位，分到行业，再分到每个单位的每个行业。"),
    ),
    "bounds": Act(
        _("定行业比例"),
        forms.Bounds,
        lambda plan, values, request: services.set_bounds(plan, shares=_shares(plan, values), **seeing(request)),
        policies.KEEP,
        _("已定好，要重新测算"),
        _("每个行业的代表占全部名额的比例，写成20%或者1/5；不限的空着。"),
    ),
    "aims": Act(
        _("定结构要求"),
        forms.Aims,
        lambda plan, values, request: services.set_aims(
            plan, aims={a: values[a] for a in Aim.values}, **seeing(request)
        ),
        policies.KEEP,
        _("已定好，要重新测算"),
        _("跨单位、跨行业的要求只作指导，提名时计数；先满足法规，再满足单位名额、行业比例，最后是这里。"),
    ),
    "vote-ties": Act(
        _("登记表决的次序"),
        forms.VoteTies,
        lambda plan, values, request: services.vote_ties(
            plan, order=values["order"].splitlines(), paper=values["paper"], **seeing(request)
        ),
        policies.KEEP,
        _("已按表决的次序定下"),
    ),
    "draw-ties": Act(
        _("登记抽签"),
        forms.DrawTies,
        lambda plan, values, request: services.draw_ties(plan, **values, **seeing(request)),
        policies.KEEP,
        _("已按抽签定下"),
        _("次序是“种子|单位|行业”的SHA-256从小到大，先排到的先得。"),
    ),
    "submit": Act(
        _("报上级审批"),
        forms.Nothing,
        lambda plan, values, request: services.submit(plan, **seeing(request)),
        policies.SUBMIT,
        _("已报上级"),
    ),
    "take-back": Act(
        _("收回"),
        forms.Nothing,
        lambda plan, values, request: services.take_back(plan, **seeing(request)),
        policies.SUBMIT,
        _("已收回"),
    ),
    "approve": Act(
        _("批准"),
        forms.Approve,
        lambda plan, values, request: services.approve(plan, **values, **seeing(request)),
        policies.APPROVE,
        _("已批准"),
    ),
    "return": Act(
        pgettext_lazy("verb", "退回"),
        forms.Reason,
        lambda plan, values, request: services.send_back(plan, **values, **seeing(request)),
        policies.APPROVE,
        _("已退回"),
    ),
    "publish": Act(
        _("公布"),
        forms.Nothing,
        lambda plan, values, request: services.publish(plan, **seeing(request)),
        policies.PUBLISH,
        _("已公布"),
        _("任何人都能看到名额表、验算书，并且自己验算。"),
    ),
    "revise": Act(
        _("另编新方案"),
        forms.Nothing,
        _revise,
        policies.KEEP,
        _("新方案已开，原方案照旧"),
        _("新方案从公布的方案抄一份，公布时代替它；在那以前原方案照旧。"),
    ),
    "drop": Act(
        pgettext_lazy("verb", "作废"),
        forms.Reason,
        lambda plan, values, request: services.drop(plan, **values, **seeing(request)),
        policies.KEEP,
        _("已作废"),
    ),
    "adopt": Act(
        _("换成这组设置"),
        forms.Adopt,
        lambda plan, values, request: services.adopt(plan, **values, **seeing(request)),
        policies.KEEP,
        _("已换成这组设置，并重新测算"),
        _("原来的测算留着。"),
    ),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def asked(request: Any, pk: int, aim: str) -> HttpResponse:
    """What decides among units that could equally be asked next for a group."""
    plan = queries.found(pk, actor=request.actor)
    guide = next(
        (one for one in queries.guides(plan, queries.loaded(plan)[0], plan.current) if one.aim.aim == aim), None
    )
    if guide is None:
        raise Http404
    names = gettext("、").join(str(unit) for unit in guide.tied)
    page = Act(
        _("登记先请的次序"),
        forms.OrderAsked,
        lambda record, values, request: services.order_asked(
            record, aim, way=values["way"], order=values["order"].splitlines(), seed=values["seed"], paper=values["paper"], **seeing(request)
        ),
        policies.KEEP,
        _("次序已登记"),
        gettext("%(group)s：%(names)s一样该先请，由会议定。") % {"group": guide.label, "names": names} if names else guide.label,
    )  # fmt: skip
    return perform(request, page, plan, title=str(plan), back=reverse("quota", args=[pk]))


def _shares(plan: Any, values: dict[str, Any]) -> dict[int, tuple[Any, Any]]:
    return {t.pk: (values[f"at_least_{t.pk}"], values[f"at_most_{t.pk}"]) for t in plan.trades.all()}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: Any, pk: int, verb: str) -> HttpResponse:
    """A verb on a plan."""
    if verb not in ACTS:
        raise Http404
    plan = queries.found(pk, actor=request.actor)
    return perform(request, ACTS[verb], plan, title=str(plan), back=reverse("quota", args=[pk]))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any) -> HttpResponse:
    """Begin a plan for one of the own bodies: `?body=…`."""
    bodies = queries.may_begin(request.actor)
    if not bodies:
        raise NotPermitted(open_to=[policies.organises_unit.says])
    key = request.GET.get("body", "")
    body = next((one for one in bodies if str(one.pk) == key), None)
    if body is None:
        return render(request, "quotas/new.html", {"bodies": bodies})
    form = forms.NewPlan(request.POST if request.method == "POST" else None, record=body, request=request)
    if request.method == "POST" and form.is_valid():
        try:
            plan = services.begin(body, **form.cleaned_data, **_who(request))
        except BadInput as wrong:
            _put(form, wrong)
        else:
            messages.success(request, gettext("已开始编制"))
            return HttpResponseRedirect(reverse("quota", args=[plan.pk]))
    return render(request, "quotas/new.html", {"body": body, "form": form}, status=422 if form.errors else 200)


def _put(form: Any, wrong: BadInput) -> None:
    for field, texts in wrong.errors.items():
        for text in texts:
            form.add_error(field if field in form.fields else None, str(text))


def _numbers(request: Any, prefix: str) -> tuple[dict[int, int | None], list[str]]:
    """Typed figures by key; what is no number is named."""
    found: dict[int, int | None] = {}
    wrong: list[str] = []
    for name, text in request.POST.items():
        key = name.removeprefix(prefix)
        if not name.startswith(prefix) or not key.isdigit():
            continue
        plain = text.strip().replace(",", "").replace("，", "").replace(" ", "").replace("\u2009", "")
        if not plain:
            found[int(key)] = None
        elif plain.isascii() and plain.isdigit() and len(plain) < 10:
            found[int(key)] = int(plain)
        else:
            wrong.append(name)
    return found, wrong


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def figures(request: Any, pk: int) -> HttpResponse:
    """The figures of the units; population is typed here."""
    plan = queries.found(pk, actor=request.actor)
    may = policies.KEEP.may(request.actor, plan)
    units: list[Any] = list(queries.loaded(plan)[0])
    context: dict[str, Any] = {"plan": plan, "units": units, "may": may, "errors": [], "source": ""}
    if request.method == "POST":
        people, wrong = _numbers(request, "population_")
        context |= {"typed": request.POST, "source": request.POST.get("source", "")}
        for unit in units:
            unit.typed = request.POST.get(f"population_{unit.pk}", "")
            unit.wrong = f"population_{unit.pk}" in wrong
        try:
            if wrong:
                raise BadInput({"people": gettext("人口数只写数字。")})
            services.set_population(plan, people=people, source=request.POST.get("source", ""), **_who(request))
        except BadInput as refused:
            context["errors"] = [str(text) for texts in refused.errors.values() for text in texts]
            return render(request, "quotas/figures.html", context, status=422)
        messages.success(request, gettext("人口数已存好"))
        return HttpResponseRedirect(reverse("quota", args=[pk]))
    for unit in units:
        unit.typed = "" if unit.population is None else str(unit.population)
    context["source"] = next((one.population_source for one in units if one.population_source), "")
    return render(request, "quotas/figures.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def nominated(request: Any, pk: int) -> HttpResponse:
    """How many of those nominated belong to each group."""
    plan = queries.found(pk, actor=request.actor)
    if not policies.KEEP.may(request.actor, plan):
        raise NotPermitted(open_to=[policies.organises.says])
    units, _trades = queries.loaded(plan)
    guides = queries.guides(plan, units, plan.current)
    errors: list[str] = []
    if request.method == "POST":
        named: dict[int, dict[str, int]] = {}
        for guide in guides:
            typed, wrong = _numbers(request, f"{guide.aim.aim}_")
            errors += [gettext("人数只写数字。")] if wrong else []
            for key, n in typed.items():
                named.setdefault(key, {})[guide.aim.aim] = n or 0
        try:
            if errors:
                raise BadInput({"named": errors[0]})
            services.count_named(plan, named=named, **_who(request))
        except BadInput as refused:
            errors = [str(text) for texts in refused.errors.values() for text in texts]
        else:
            messages.success(request, gettext("已登记"))
            return HttpResponseRedirect(reverse("quota", args=[pk]))
    context = {"plan": plan, "guides": guides, "errors": errors}
    return render(request, "quotas/nominated.html", context, status=422 if errors else 200)
