"""A unit's page."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import policies, queries
from .tree import today_of


@login_required
@require_safe
def unit(request: Any, pk: int) -> HttpResponse:
    """A unit's record."""
    found = queries.record(pk, actor=request.actor, on=today_of(request), at=request.at)
    context = {
        "it": found,
        "crumbs": [(str(_("组织")), reverse("organization"))]
        + [(one.brief, reverse("unit", args=[one.pk])) for one in found.above],
        "primary": _primary(found),
        "checks": [row.check for row in found.checks],
        "advice": [row for row in found.checks if not row.check.passed and row.advice],
        "on": today_of(request),
        "stands": found.unit.stands(today_of(request)),
    }
    return render(request, "org_units/unit.html", context)


def _primary(it: queries.Record) -> dict[str, Any]:
    """The next permitted step as the one red button, and who takes it if the reader does not."""
    pk, term, may = it.unit.pk, it.term, it.step
    if it.elected and term is None:
        return {
            "label": _("登记届次"),
            "url": reverse("unit_act", args=[pk, "begin-term"]) if it.may_edit else "",
            "by": _("组织员登记届次"),
        }
    if term and term.state == "shift_asked":
        may_approve = "approve_shift" in may
        return {
            "label": _("批复请示"),
            "url": reverse("term_act", args=[pk, "approve-shift"]) if may_approve else "",
            "by": _("上级批复换届请示"),
        }
    if term and it.due and it.due["kind"] in ("late", "today"):
        may_close = "close" in may
        return {
            "label": _("登记换届"),
            "verb": "close",
            "url": reverse("term_act", args=[pk, "close"]) if may_close else "",
            "by": _("组织员登记换届"),
        }
    return {"label": "", "url": "", "by": ""}


@login_required
@require_safe
def moving(request: Any, pk: int) -> HttpResponse:
    """The fragment that tells how a move goes; polled while it runs."""
    found = policies.VIEW.get(request.actor, pk=pk)
    return render(request, "org_units/moving.html", {"move": queries.latest_move(found), "unit": found})
