"""A round, one of its groups, its roll, one member on it: for the officers."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianxi.commons.refusals import NotFound

from .. import queries
from ..terms import HAS_RESULT, rank_word

PRIMARY = ("open", "close", "draw", "place", "publish", "confirm", "report")
"""Verbs that lead onward, each the red button of its state."""
OTHERS = ("change", "extend", "reopen", "cancel")


def crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("编组"), reverse("group_rounds")), *more]


@login_required
@require_safe
def record(request: Any, pk: int) -> HttpResponse:
    """A round's record."""
    it = queries.record(pk, actor=request.actor, at=request.at)
    steps = it.open_steps
    primary = next((steps[verb] for verb in PRIMARY if verb in steps), None)
    # Never a dead button: what is missing names its cure, and the red button leads to it.
    missing = it.blocking(primary) if primary else []
    context = {
        "it": it,
        "crumbs": crumbs(),
        "primary": primary,
        "next_by": _next_by(primary),
        "blocked": missing,
        "others": [steps[verb] for verb in OTHERS if verb in steps],
        "chart": _chart(it),
        "split_names": _("、").join(one.name for one in it.split),
        "many_branches": len({line.group.branch_id for line in it.groups}) > 1,
        "may_lay_out": "set_group" in steps,
        "may_amend": "amend" in steps,
        "may_designate": "designate" in steps,
        "may_lead": "name_leader" in steps,
    }
    return render(request, "groups/record.html", context)


def _next_by(step: Any) -> str:
    """Who takes the next step, and which."""
    if step is None:
        return ""
    who = _("支委会") if step.verb == "confirm" else _("书记或者组织员")
    return _("%(who)s：%(step)s") % {"who": who, "step": step.label}


def _chart(it: queries.Record) -> dict[str, Any]:
    """The profile as bars: the plan, and beside it what stands now if hands have changed it."""
    series = [(_("方案"), [best for _word, best, _now in it.profile])]
    if it.hand:
        series.append((_("调整以后"), [now for _word, _best, now in it.profile]))
    return {"labels": [word for word, _best, _now in it.profile], "series": series}


@login_required
@require_safe
def group(request: Any, pk: int, group: int) -> HttpResponse:
    """A group: what it is, who is in it, what the plan says of it."""
    it = queries.record(pk, actor=request.actor, at=request.at)
    line = next((one for one in it.groups if one.group.pk == group), None)
    if line is None:
        raise NotFound
    context = {
        "it": it,
        "line": line,
        "seats": queries.participants_of(line.group) if it.has_result else [],
        "crumbs": crumbs((it.round.title, reverse("group_round", args=[pk]))),
        "steps": it.open_steps,
    }
    return render(request, "groups/group.html", context)


@login_required
@require_safe
def roll(request: Any, pk: int) -> HttpResponse:
    """The roll of a round."""
    it = queries.round_of(pk, actor=request.actor)
    asked = queries.RollAsked.of(request.GET)
    listed = queries.roll(it, asked, actor=request.actor)
    placed = it.state in HAS_RESULT
    words = {
        "all": _("全部"), "silent": _("还没有交"), "answered": _("交了志愿单"), "none": _("不填志愿"), "designated": _("组织指定"),
    }  # fmt: skip
    groups = [(one.pk, one.name) for one in queries.groups_of(it)]
    filters = [_filter(asked, "group", _("小组") if placed else _("指定到"), groups)]
    if placed:
        ranks = [(str(rank), rank_word(rank)) for rank in (-1, *range(1, it.wishes_most + 1), 0, -2)]
        filters.append(_filter(asked, "rank", _("第几志愿"), ranks))
    branches = queries.branches_on(it)
    if len(branches) > 1:
        filters.append(_filter(asked, "branch", _("党支部"), branches))
    context = {
        "round": it,
        "asked": asked,
        "listed": listed,
        "placed": placed,
        "views": [
            {"label": word, "url": f"?{asked.query(view=key)}", "count": listed.counts[key], "current": asked.view == key}
            for key, word in words.items()
        ],
        "filters": filters,
        "crumbs": crumbs((it.title, reverse("group_round", args=[pk]))),
        "query": asked.query(),
        "first_silent": queries.next_silent(it, after=0, actor=request.actor)[0] if it.state == "open" else None,
    }  # fmt: skip
    return render(request, "groups/roll.html", context)


def _filter(asked: queries.RollAsked, name: str, label: str, choices: Any) -> dict[str, Any]:
    now = getattr(asked, name)
    plain = type(now)()
    chosen = next((word for key, word in choices if key == now), label)
    options = [{"label": _("不限"), "url": f"?{asked.query(**{name: plain})}", "current": not now}]
    options += [
        {"label": word, "url": f"?{asked.query(**{name: key})}", "current": key == now} for key, word in choices
    ]
    return {"label": chosen if now else label, "set": bool(now), "options": options}


@login_required
@require_safe
def person(request: Any, pk: int, person: int) -> HttpResponse:
    """One member on the roll: the own wishes, the place, why, what was changed."""
    it = queries.round_of(pk, actor=request.actor)
    found = queries.person(it, person, actor=request.actor, at=request.at)
    context = {
        "round": it,
        "it": found,
        "crumbs": crumbs((it.title, reverse("group_round", args=[pk])), (_("名单"), reverse("group_roll", args=[pk]))),
        "steps": found.steps,
    }
    return render(request, "groups/person.html", context)
