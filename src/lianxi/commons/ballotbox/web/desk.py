"""The desk's pages of secret votes: list, record, question, people, attendance, steps."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from lianxi.commons.papers.services.exporting import ExportColumn
from lianxi.commons.papers.services.exporting import export as write
from lianxi.commons.refusals import BadInput, ChangedMeanwhile, NotOpenFromHere, NotPermitted, Refusal
from lianxi.commons.views.acts import Act, perform, seeing, standing
from lianxi.commons.views.queries import with_saved

from .. import forms, policies, queries, services
from ..queries import people as near_by
from ..queries.public import fingerprint_of
from ..terms import Kind, State
from ..workflow import WALK, operators
from . import wording

MOST = 5000


def _who(request: Any) -> dict[str, Any]:
    return {"actor": request.actor, "at": request.at}


def crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way back to the list."""
    return [(gettext("无记名投票"), reverse("polls")), *more]


# The list --------------------------------------------------------------------------------------------------------


@login_required
@require_safe
def polls(request: Any) -> HttpResponse:
    """The polls that the actor may see."""
    asked = queries.Asked.of(request.GET)
    counts = queries.counts(asked, actor=request.actor)
    words = {
        "running": gettext("正在办"),
        "published": gettext("已公布"),
        "withdrawn": gettext("已终止"),
        "all": gettext("全部"),
    }
    views = [
        {"label": word, "url": f"?{asked.query(view=key, state='')}", "count": counts[key], "current": asked.view == key}
        for key, word in words.items()
    ]  # fmt: skip
    context = {
        "asked": asked,
        "page": queries.page(asked, actor=request.actor),
        "counts": counts,
        "filters": [
            _filter(asked, "state", gettext("状态"), State.choices),
            _filter(asked, "kind", gettext("投什么"), Kind.choices),
        ],
        "keep": [(name, getattr(asked, name)) for name in ("view", "state", "kind") if getattr(asked, name)],
        "may_plan": policies.PLAN.anywhere(request.actor),
    } | with_saved(
        views, room="polls", query=asked.query(), here=request.get_full_path(), plain=reverse("polls"), actor=request.actor
    )  # fmt: skip
    return render(request, "ballotbox/desk/list.html", context)


def _filter(asked: queries.Asked, name: str, label: str, choices: Any) -> dict[str, Any]:
    now = getattr(asked, name)
    chosen = next((word for key, word in choices if key == now), label)
    options = [{"label": gettext("不限"), "url": f"?{asked.query(**{name: ''})}", "current": not now}]
    options += [
        {"label": word, "url": f"?{asked.query(**{name: key})}", "current": key == now} for key, word in choices
    ]
    return {"label": chosen if now else label, "set": bool(now), "options": options}


COLUMNS = (
    ExportColumn("title", _("名称"), lambda one: one.title, 30),
    ExportColumn("unit", _("单位"), lambda one: str(one.unit), 30),
    ExportColumn("kind", _("投什么"), lambda one: str(one.get_kind_display()), 14),
    ExportColumn("opens_on", _("投票日期"), lambda one: one.opens_on, 14),
    ExportColumn("state", _("状态"), lambda one: str(one.get_state_display()), 18),
    ExportColumn("attended", _("签到人数"), lambda one: one.attended, 10),
    ExportColumn("ballots", _("已投票人数"), lambda one: one.ballots, 10),
)


@login_required
@require_safe
def export(request: Any) -> FileResponse:
    """The list as a spreadsheet, with the filters of the page. On record."""
    asked = queries.Asked.of(request.GET)
    rows = queries.found(asked, actor=request.actor).select_related("unit")[:MOST]
    file = write(COLUMNS, rows, name=gettext("无记名投票"), asked={"query": asked.query()}, **_who(request))
    return FileResponse(file.content, as_attachment=True, filename=file.file_name, content_type=file.content_type)


# A poll ----------------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any) -> HttpResponse:
    """Begin a poll."""
    units = list(queries.units_to_begin(actor=request.actor))
    if not units:
        raise NotPermitted(open_to=[part.says for part in policies.PLAN.clauses])
    form = forms.NewForm(request.POST if request.method == "POST" else None, record=units, request=request)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        items, roster = values.pop("items"), values.pop("roster")
        try:
            unit = form.units[values.pop("unit")]
            made = services.begin(unit, items=items, roster=roster, **values, **_who(request))
        except BadInput as wrong:
            put(form, wrong)
        else:
            messages.success(request, gettext("已开始筹备。接着写选民名册，定监票人和发卡人。"))
            return HttpResponseRedirect(reverse("poll", args=[made.pk]))
    context = {"form": form, "crumbs": crumbs()}
    return render(request, "ballotbox/desk/new.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def record(request: Any, pk: int) -> HttpResponse:
    """A poll's record."""
    it = queries.record(pk, actor=request.actor, at=request.at)
    context = {
        "it": it,
        "poll": it.poll,
        "steps": queries.path_of(it.poll),
        "crumbs": crumbs(),
        "timeline": wording.timeline(it.events),
        "owner": wording.owner(it),
        "public": request.build_absolute_uri(reverse("vote_page", args=[it.poll.uuid])),
    }
    return render(request, "ballotbox/desk/record.html", context)


@login_required
@require_safe
def count(request: Any, pk: int) -> HttpResponse:
    """How many have voted, for the record while it is open: a fragment that asks again by itself."""
    poll = queries.seen(pk, actor=request.actor)
    return render(request, "ballotbox/desk/count.html", {"poll": poll, "voters": queries.voters(poll)})


@login_required
@require_safe
def work(request: Any, pk: int) -> HttpResponse:
    """How far the jobs are, while the archive is added up and opened: a fragment that asks again by itself."""
    it = queries.record(pk, actor=request.actor, at=request.at)
    return render(request, "ballotbox/desk/work.html", {"it": it, "poll": it.poll})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: Any, pk: int) -> HttpResponse:
    """What is asked, while it is a draft."""
    poll = run_by(request, pk)
    form = forms.QuestionForm(
        request.POST if request.method == "POST" else None, record=queries.asked_in(poll), request=request
    )
    refused = None
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        try:
            services.rewrite(poll, **values, **seeing(request))
        except BadInput as wrong:
            put(form, wrong)
        except (ChangedMeanwhile, NotOpenFromHere) as error:
            refused = standing_of(poll, error)
        else:
            messages.success(request, gettext("已改好"))
            return HttpResponseRedirect(reverse("poll", args=[pk]))
    return draft_page(request, "ballotbox/desk/question.html", poll, form, refused)


def standing_of(poll: Any, error: Refusal) -> Refusal:
    """Of a draft that is settled meanwhile that matters, not that it changed: it cannot be sent again."""
    return error if poll.state == State.DRAFT else NotOpenFromHere(state=poll.state)


def draft_page(
    request: Any, template: str, poll: Any, form: Any, refused: Refusal | None, more: dict[str, Any] | None = None
) -> HttpResponse:
    """A form of the draft, with what was typed into it and why it was not taken."""
    back = reverse("poll", args=[poll.pk])
    context = {"form": form, "poll": poll, "back": back, "crumbs": crumbs((poll.title, back))} | (more or {})
    status = refused.status if refused else 422 if form.errors else 200
    return render(request, template, context | standing(request, poll, refused), status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: Any, pk: int) -> HttpResponse:
    """Trustees and card giver, while it is a draft."""
    poll = run_by(request, pk)
    today = timezone.localtime(request.at).date()
    nearby = near_by.near(poll, on=today)
    form = forms.PeopleForm(
        request.POST if request.method == "POST" else None,
        record=near_by.named(poll, nearby, on=today),
        request=request,
    )
    refused = None
    if request.method == "POST":
        values = _named(form, nearby, request)
        if form.is_valid():
            try:
                services.set_trustees(poll, **values, **seeing(request))
            except BadInput as wrong:
                put(form, wrong)
            except (ChangedMeanwhile, NotOpenFromHere) as error:
                refused = standing_of(poll, error)
            else:
                messages.success(request, gettext("监票人和发卡人定好了"))
                return HttpResponseRedirect(reverse("poll", args=[pk]))
    more = {"near": nearby, "law": wording.trustee_rule(request.at)}
    return draft_page(request, "ballotbox/desk/people.html", poll, form, refused, more)


def _named(form: forms.PeopleForm, nearby: list[Any], request: Any) -> dict[str, Any]:
    """The persons behind what was typed; who cannot be found, stands twice, or may not, is told beside the field, together with
    whatever else is wrong in the form. The rest of V-03 is checked when the draft is settled."""
    form.full_clean()
    values, seen = form.cleaned_data, dict[int, str]()
    trustees = []
    for name, text in [*form.trustees(), ("giver", values.get("giver", ""))]:
        if not text:
            continue
        person = near_by.person_typed(text, nearby)
        if person is None:
            form.add_error(name, gettext("没有找到这个账号、手机号或姓名。请写全；没有账号的，先请管账号的人开。"))
        elif person.pk in seen:
            form.add_error(name, gettext("%(who)s写了两次。") % {"who": person.name})
        elif operators({person.pk}, request.at):
            form.add_error(name, gettext("%(who)s管系统，不能监票，也不能发卡（V-03、V-04）。") % {"who": person.name})
        elif name != "giver" and person.pk == request.actor.person_id:
            form.add_error(name, gettext("组织投票的人不能监票（V-03）。"))
        else:
            seen[person.pk] = name
            trustees.append(person)
    if form.errors:
        return {}
    *people, giver = trustees
    return {"people": people, "giver": giver, "threshold": values["threshold"], "few_reason": values["few_reason"]}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: Any, pk: int) -> HttpResponse:
    """The two whole numbers of the meeting, once."""
    return _step(request, run_by(request, pk), "attendance", ATTENDANCE)


def _step(request: Any, poll: Any, verb: str, asked: Act) -> HttpResponse:
    """The page of a step; of one that is not open any more only what was typed, for somebody who comes late to it."""
    back = reverse("poll", args=[poll.pk])
    if poll.state in WALK.by_verb[verb].source:
        return perform(request, asked, poll, title=poll.title, back=back)
    refused = NotOpenFromHere(state=poll.state)
    if request.method == "POST" or not asked.may.may(request.actor, poll):
        return perform(request, asked, poll, title=poll.title, back=back, refused=refused)
    messages.error(request, gettext("现在是“%(now)s”，办不了这一步。") % {"now": poll.get_state_display()})
    return HttpResponseRedirect(back)


ATTENDANCE = Act(
    _("登记签到人数"),
    forms.AttendanceForm,
    lambda one, values, request: services.record_attendance(one, **values, **seeing(request)) and None,
    policies.RUN,
    _("登记好了，监票人可以开票了"),
    _(
        "两个数都从会场的纸上来：签到表上的签名，和发出去的选票卡。登记错了，监票人解密以前可以更正，更正要写理由，原来的数留在经过里。收到的票比签到的人多，就不能开票。"
    ),
    icon="list-check",
)

ACTS: dict[str, Act] = {
    "prepare": Act(
        _("定稿，制作密钥和选票卡"), forms.Nothing, lambda one, values, request: services.prepare(one, **seeing(request)) and None,
        policies.RUN, _("已定稿。监票人做密钥，发卡人做选票卡。"),
        _("定稿以后，议题、名册、监票人都不能再改；真要改，只能退回筹备，密钥和选票卡全部作废重做。"), icon="lock",
    ),
    "reopen_draft": Act(
        _("退回筹备"), forms.Reason, lambda one, values, request: services.reopen_draft(one, **values, **seeing(request)) and None,
        policies.RUN, _("退回了，密钥和选票卡都作废了"), _("已经做好的密钥和选票卡全部作废，印好的卡要收回来销毁。"), icon="arrow-back-up",
    ),
    "open": Act(
        _("开始投票"), forms.Nothing, lambda one, values, request: services.open_poll(one, **seeing(request)) and None,
        policies.RUN, _("现在可以投票了"), _("从现在起凭选票卡投票，直到您截止。不会自动截止。"), icon="player-play",
    ),
    "close": Act(
        _("截止投票"), forms.Nothing, lambda one, values, request: services.close_poll(one, **seeing(request)) and None,
        policies.RUN, _("投票已截止"), _("截止以后一张票也收不了，也不能再打开。"), icon="player-stop",
    ),
    "correct_attendance": Act(
        _("更正签到人数"), forms.CorrectionForm, lambda one, values, request: services.correct_attendance(one, **values, **seeing(request)) and None,
        policies.RUN, _("更正好了"), _("照签到表上的签名、发出去的选票卡再数一遍。原来的数和理由留在经过里。"), icon="list-check",
    ),
    "publish": Act(
        _("公布结果"), forms.Nothing, lambda one, values, request: services.publish(one, **seeing(request)) and None,
        policies.RUN, _("已公布，人人可以核对"), _("结果、档案和全部核对码在公开页上；知道地址的人都看得到。"), icon="eye",
    ),
    "withdraw": Act(
        _("终止投票"), forms.Reason, lambda one, values, request: services.withdraw(one, **values, **seeing(request)) and None,
        policies.RUN, _("已终止"), _("不再有结果；已经投的票不再打开。经过和理由留着。"), icon="circle-x",
    ),
}  # fmt: skip


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: Any, pk: int, verb: str) -> HttpResponse:
    """A step of a poll."""
    if verb not in ACTS:
        raise Http404
    poll = queries.seen(pk, actor=request.actor)
    asked = _on_another_day(ACTS[verb], poll, request.at) if verb == "open" else ACTS[verb]
    return _step(request, poll, verb, asked)


def _on_another_day(asked: Act, poll: Any, at: dt.datetime) -> Act:
    """Says so where the day is not the planned one: voters may not know of it."""
    today = timezone.localtime(at).date()
    if poll.opens_on in (None, today):
        return asked
    said = gettext("计划的投票日期是%(planned)s，今天是%(today)s。从现在起凭选票卡投票，直到您截止。不会自动截止。")
    return replace(asked, text=said % {"planned": date_format(poll.opens_on), "today": date_format(today)})


@login_required
@require_safe
def printed(request: Any, pk: int) -> HttpResponse:
    """The result on paper, for the trustees to sign."""
    it = queries.record(pk, actor=request.actor, at=request.at)
    if it.shown is None:
        raise Http404
    context = {
        "it": it, "poll": it.poll, "shown": it.shown, "cards_print": fingerprint_of(it.poll),
        "verify_url": request.build_absolute_uri(reverse("vote_page", args=[it.poll.uuid])),
    }  # fmt: skip
    return render(request, "ballotbox/desk/result_print.html", context)


def run_by(request: Any, pk: int) -> Any:
    """A poll that the actor leads. Raises NotFound for strangers, NotPermitted for who may only look."""
    poll = queries.seen(pk, actor=request.actor)
    if not policies.RUN.may(request.actor, poll):
        raise NotPermitted(open_to=[part.says for part in policies.RUN.clauses if part.open])
    return poll


def put(form: Any, wrong: BadInput) -> None:
    """The sentences of a refusal beside their fields."""
    for name, texts in wrong.errors.items():
        for text in texts:
            form.add_error(name if name in form.fields else None, str(text))
