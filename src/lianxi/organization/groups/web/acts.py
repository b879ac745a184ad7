"""The verbs of a round, each on a page of its own."""

from random import SystemRandom
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from lianxi.commons.refusals import NotPermitted, Text
from lianxi.commons.views.acts import Act, perform
from lianxi.commons.views.due import day

from .. import forms, policies, queries, services
from ..terms import Seed


def _who(request: Any) -> dict[str, Any]:
    return {"actor": request.actor, "at": request.at}


def _draw(record: Any, values: dict[str, Any], request: Any) -> None:
    seed = services.roll_dice(SystemRandom()) if values["how"] == Seed.DICE else values["seed"]
    services.draw(record, seed=seed, how=values["how"], witnesses=values["witnesses"], **_who(request))


def _copy(record: Any, values: dict[str, Any], request: Any) -> str:
    return reverse("group_round", args=[services.copy(record, **values, **_who(request)).pk])


def _leaders_to_name(record: Any) -> list[tuple[Text, str]]:
    """Where the leaders that are missing are named."""
    return [
        (gettext("定“%(group)s”的组长") % {"group": one}, reverse("group_act", args=[record.pk, one.pk, "leader"]))
        for one in queries.leaderless(record)[:5]
    ]


ACTS: dict[str, Act] = {
    "change": Act(_("修改"), forms.Change, lambda r, v, q: services.change(r, **v, **_who(q)), policies.KEEP, _("已改好")),
    "open": Act(
        _("开始选组"), forms.Nothing, lambda r, v, q: services.open_round(r, **_who(q)), policies.KEEP, _("已开始，党员都会收到通知"),
        _("名单按今天的名册核对一遍，名单上的每名党员都会收到通知。开始以后，小组只能调名额。"),
    ),
    "extend": Act(_("延长时间"), forms.Later, lambda r, v, q: services.extend(r, **v, **_who(q)), policies.KEEP, _("已延长")),
    "close": Act(
        _("停止选组"), forms.Nothing, lambda r, v, q: services.close(r, **_who(q)), policies.KEEP, _("已停止选组，可以在会上抽种子了"),
        _("停止以后，志愿、指定和名额都不再变。没有交志愿的党员也会编进小组。"),
    ),
    "reopen": Act(_("重新开放选组"), forms.Later, lambda r, v, q: services.reopen(r, **v, **_who(q)), policies.KEEP, _("已重新开放")),
    "draw": Act(
        _("抽出种子"), forms.Draw, _draw, policies.KEEP, _("种子已记下"),
        _("种子只用来在一样好的方案里选一个。名单停止以后才抽，只抽一次，抽出的照样记下。"),
    ),
    "place": Act(
        pgettext_lazy("step of a round", "编组"), forms.Nothing, lambda r, v, q: services.place_all(r, **_who(q)), policies.KEEP, _("已编好，每名党员都有一个小组"),
        _("按停止时的志愿、指定、名额和抽出的种子算出最好的方案，连同证书一起存下。"),
    ),
    "publish": Act(
        _("告诉党员，征求意见"), forms.Publish, lambda r, v, q: services.publish(r, **v, **_who(q)), policies.KEEP, _("已告诉每名党员"),
        _("每名党员只看到自己的志愿和为什么编在这里。"),
    ),
    "confirm": Act(
        _("支委会确定"), forms.Confirm, lambda r, v, q: services.confirm(r, **v, **_who(q)), policies.CONFIRM, _("已确定，小组和组员已登记"),
        _("支委会决定，不用批准，要报上级。确定以后，小组登记到组织里，组员编进小组；同名的小组保留，别的旧小组撤销。"),
        cures=_leaders_to_name,
    ),
    "report": Act(_("报上级"), forms.Report, lambda r, v, q: services.report(r, **v, **_who(q)), policies.KEEP, _("已报上级")),
    "cancel": Act(
        pgettext_lazy("round of groups", "取消编组"), forms.Reason, lambda r, v, q: services.cancel(r, **v, **_who(q)), policies.KEEP, _("已取消"),
        _("这一轮到此为止，名单上的党员会收到您写的理由。"),
    ),
    "copy": Act(
        _("照这一轮再来一轮"), forms.Copy, _copy, policies.KEEP, _("已照着建好，可以改"), _("小组和办法照搬；志愿、指定和组长不带过去。"),
    ),
}  # fmt: skip

GROUP_ACTS: dict[str, Act] = {
    "change": Act(_("改小组"), forms.GroupForm, lambda g, v, q: services.change_group(g, **v, **_who(q)), policies.KEEP, _("已改好")),
    "remove": Act(
        _("去掉小组"), forms.Nothing, lambda g, v, q: services.remove_group(g, **_who(q)), policies.KEEP, _("已去掉"), _("指定到这个小组的，一起撤回。"),
    ),
    "amend": Act(_("调整名额"), forms.Amend, lambda g, v, q: services.amend(g, **v, **_who(q)), policies.KEEP, _("已调整")),
    "leader": Act(
        _("定组长"), forms.Leader,
        lambda g, v, q: services.name_leader(g, leader=v["number"], way=v["way"], **_who(q)), policies.KEEP, _("组长已定"),
        _("编组以前定的组长，同时指定编入这个小组。"),
    ),
}  # fmt: skip

PERSON_ACTS: dict[str, Act] = {
    "designate": Act(
        _("组织指定"), forms.IntoGroup, lambda p, v, q: services.designate(p, **v, **_who(q)), policies.KEEP, _("已指定"),
        _("指定的理由会告诉本人。指定的不再按志愿编。"),
    ),
    "take_back_slip": Act(
        _("撤回录入"), forms.Reason, lambda p, v, q: services.take_back_slip(p, **v, **_who(q)), policies.KEEP, _("已撤回，录入以前的志愿照旧"),
        _("录错了人、录错了单，就撤回。本人以前交过的，照以前的算；没有交过的，回到没有交。"),
    ),
    "undesignate": Act(_("撤回指定"), forms.Reason, lambda p, v, q: services.undesignate(p, **v, **_who(q)), policies.KEEP, _("已撤回指定")),
    "move": Act(
        _("手工调整"), forms.IntoGroup, lambda p, v, q: services.move(p, **v, **_who(q)), policies.KEEP, _("已调整，和最优方案的差别写在编组页上"),
        _("理由记下来，本人看得到；和最优方案差多少也写明。"),
    ),
}  # fmt: skip


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any) -> HttpResponse:
    """Begin a round."""
    if not policies.BEGIN.anywhere(request.actor):
        raise NotPermitted(open_to=[policies.keeps_here.says])

    def do(_record: Any, values: dict[str, Any], asked: Any) -> str:
        unit = values.pop("unit")
        return reverse("group_round", args=[services.begin(unit, **values, **_who(asked)).pk])

    begin = Act(
        _("发起编组"), forms.New, do, policies.BEGIN, _("已建好，接着设小组"),
        _("先设小组，再开始选组。名单就是这些党支部的党员。"),
    )  # fmt: skip
    return perform(request, begin, None, title=str(_("编组")), back=reverse("group_rounds"), permitted=True)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: Any, pk: int, verb: str) -> HttpResponse:
    """A verb on a round."""
    if verb not in ACTS:
        raise Http404
    record = queries.round_of(pk, actor=request.actor)
    return perform(request, ACTS[verb], record, title=record.title, back=reverse("group_round", args=[pk]))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def group_new(request: Any, pk: int) -> HttpResponse:
    """Lay out a group."""
    record = queries.round_of(pk, actor=request.actor)
    lay_out = Act(
        _("设小组"), forms.GroupForm, lambda r, v, q: services.add_group(r, **v, **_who(q)), policies.KEEP, _("已设好")
    )  # fmt: skip
    return perform(request, lay_out, record, title=record.title, back=reverse("group_round", args=[pk]))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def group_act(request: Any, pk: int, group: int, verb: str) -> HttpResponse:
    """A verb on a group."""
    if verb not in GROUP_ACTS:
        raise Http404
    record = queries.round_of(pk, actor=request.actor)
    found = queries.group_of(record, group)
    back = reverse("group_round", args=[pk]) if verb == "remove" else reverse("group_of_round", args=[pk, group])
    return perform(request, GROUP_ACTS[verb], found, title=found.name, back=back, permitted=True)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def slip(request: Any, pk: int, person: int) -> HttpResponse:
    """Enter a paper slip; the next one can be entered straight away."""
    record = queries.round_of(pk, actor=request.actor)
    found = queries.participant(record, person, actor=request.actor)

    following, left = queries.next_silent(record, after=found.number, actor=request.actor)
    onward = reverse("group_slip", args=[pk, following]) if following else ""

    def do(one: Any, _values: dict[str, Any], asked: Any) -> str:
        form = forms.Slip(asked.POST, record=one, request=asked)
        form.is_valid()
        services.enter_slip(one, wishes=form.wishes, **_who(asked))
        if "next" in asked.POST and onward:
            return onward
        return back if onward else reverse("group_round", args=[pk])

    back = reverse("group_roll", args=[pk])
    enter = Act(
        _("录入志愿单"),
        forms.Slip,
        do,
        policies.ROLL,
        gettext("已录入%(code)s %(who)s的志愿单") % {"code": found.code, "who": found},
        _about_slip(found, left),
        heading=gettext("%(code)s %(who)s的志愿单") % {"code": found.code, "who": found},
        onward=("next", _("录入，接着录下一名")) if onward else None,
        pass_by=(onward, _("跳过这名")) if onward and not found.answer else None,
    )
    return perform(request, enter, found, title=f"{found.code} {found}", back=back)


def _about_slip(found: Any, left: int) -> str:
    """What is known of the member's answer so far, and how many slips are still missing."""
    said = [gettext("都不填，就是不填志愿，由组织安排。")]
    if found.answer:
        when = timezone.localtime(found.answered_at)
        how = {"when": f"{day(when)} {when:%-H:%M}", "how": found.get_answer_display()}
        said.insert(0, gettext("已经在%(when)s交过（%(how)s），再录入就以这一张为准。") % how)
    elif left:
        said.append(ngettext("另外还有%(n)d名没有交。", "另外还有%(n)d名没有交。", left) % {"n": left})
    return " ".join(said) if (get_language() or "").startswith("en") else "".join(said)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def person_act(request: Any, pk: int, person: int, verb: str) -> HttpResponse:
    """A verb on a member of the roll."""
    if verb not in PERSON_ACTS:
        raise Http404
    record = queries.round_of(pk, actor=request.actor)
    found = queries.participant(record, person, actor=request.actor)
    back = reverse("group_person", args=[pk, person])
    return perform(request, PERSON_ACTS[verb], found, title=f"{found.code} {found}", back=back, permitted=True)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Any, pk: int, objection: int) -> HttpResponse:
    """Answer an objection."""
    record = queries.round_of(pk, actor=request.actor)
    found = queries.objection_of(record, objection, actor=request.actor)

    def do(one: Any, values: dict[str, Any], asked: Any) -> None:
        services.answer_objection(
            one, upheld=values["upheld"] == "yes", answer=values["answer"], group=values["group"], **_who(asked)
        )

    answering = Act(_("答复意见"), forms.Answering, do, policies.ANSWER, _("已答复，本人会收到通知"), found.text)
    return perform(request, answering, found, title=str(found.participant), back=reverse("group_round", args=[pk]))
