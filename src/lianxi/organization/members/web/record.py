"""A member's record, protected items, transfers, duplicates."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianxi.commons.refusals import BadInput
from lianxi.commons.views.due import moment

from .. import policies, queries, services
from ..services.revealing import PROTECTED
from .list import today_of


@login_required
@require_safe
def record(request: Any, pk: int) -> HttpResponse:
    """A member's record."""
    found = queries.record(pk, actor=request.actor, on=today_of(request))
    return render(request, "members/record.html", shown(found, request))


def shown(found: queries.Record, request: Any) -> dict[str, Any]:
    """What the record's page and one's own page have in common."""
    return {
        "it": found,
        "crumbs": [(_("党员"), reverse("members"))],
        "history": queries.history(found) if found.may["history"] else [],
        "looked": {item: looked_at(found.looks.get(item, [])) for item in PROTECTED},
        "due": queries.probation_due(found.probation, on=found.on),
        "parts": queries.parts_of(found.member) if found.belongs else [],
        "may_part": found.belongs and policies.PART.may(request.actor, found.member),
        "merges": queries.merges_of(found.member) if found.may["merge"] else [],
    }


def looked_at(looks: list[Any]) -> str:
    """Who looked and when, in one line."""
    if not looks:
        return _("每次查看都记下是谁、为什么。还没有人看过。")
    last = looks[0]
    return _("每次查看都记下是谁、为什么。已看%(n)d次，最近：%(who)s，%(when)s。") % {
        "n": len(looks),
        "who": last.by_name,
        "when": moment(last.at),
    }


@login_required
@require_POST
def reveal(request: Any, pk: int, item: str) -> HttpResponse:
    """A protected item in the open for 60 seconds, after the reason is on record."""
    member = policies.VIEW.get(request.actor, pk=pk)
    context: dict[str, Any] = {"member": member, "item": item, "masked": ""}
    status = 200
    try:
        context["plain"] = services.reveal_item(
            member, item, reason=request.POST.get("reason", ""), actor=request.actor, at=request.at
        )
    except BadInput as wrong:
        context["error"], status = str(wrong), 422
    source = member.person if item == "phone" else member
    context["masked"] = getattr(source, item, "")
    name = "members/sealed.html" if request.htmx else "members/sealed_page.html"
    return render(request, name, context, status=status)


@login_required
@require_safe
def transfers(request: Any) -> HttpResponse:
    """Transfers that the reader sends, receives, or is the subject of."""
    return render(request, "members/transfers.html", {"groups": queries.transfers(actor=request.actor)})


@login_required
@require_safe
def transfer(request: Any, pk: int) -> HttpResponse:
    """A transfer's record."""
    found = queries.transfer(pk, actor=request.actor, at=request.at)
    context = {"it": found, "crumbs": [(_("转接"), reverse("transfers"))]}
    return render(request, "members/transfer.html", context)


@login_required
@require_safe
def duplicates(request: Any) -> HttpResponse:
    """Records that may be of one person."""
    return render(request, "members/duplicates.html", {"pairs": queries.duplicates(actor=request.actor)})


@login_required
@require_POST
def undo_merge(request: Any, pk: int, merge: int) -> HttpResponse:
    """Take a merge back; if something builds on it, say what."""
    member = policies.VIEW.get(request.actor, pk=pk)
    try:
        services.undo_merge(queries.merge_of(member, merge), actor=request.actor, at=request.at)
    except BadInput as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, _("已撤销合并，两条登记都回来了"))
    return HttpResponseRedirect(reverse("member", args=[pk]))
