"""What leaves the screen: the certificate, slips and result on paper, the roll as a spreadsheet."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from lianxi.commons.papers.services.exporting import ExportColumn
from lianxi.commons.papers.services.exporting import export as write
from lianxi.organization.members.terms import Kind

from .. import queries
from ..terms import HAS_RESULT
from .record import crumbs

SLIPS_AT_ONCE = 600


@login_required
@require_safe
def certificate(request: Any, pk: int) -> HttpResponse:
    """The certificate, as it was written when the plan was made."""
    proof = queries.proof_of(pk, actor=request.actor)
    answer = HttpResponse(proof.text, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="groups-{pk}.json"'
    return answer


@login_required
@require_safe
def check(request: Any, pk: int) -> HttpResponse:
    """How anyone checks the certificate."""
    it = queries.round_of(pk, actor=request.actor)
    proof = queries.proof_of(pk, actor=request.actor)
    context = {"round": it, "proof": proof, "file": f"groups-{pk}.json", "crumbs": crumbs((it.title, reverse("group_round", args=[pk])))}  # fmt: skip
    return render(request, "groups/check.html", context)


@login_required
@require_safe
def print_slips(request: Any, pk: int) -> HttpResponse:
    """Slips for those who rather write: one a member who has not answered, with the groups on it."""
    it = queries.round_of(pk, actor=request.actor)
    people = list(queries.roll_found(it, queries.RollAsked(view="silent"), actor=request.actor).select_related("member__person", "branch")[:SLIPS_AT_ONCE])  # fmt: skip
    groups = [one for one in queries.groups_of(it) if not one.shut]
    slips = [(one, [group for group in groups if it.functional or group.branch_id == one.branch_id]) for one in people]
    return render(request, "groups/slips.html", {"round": it, "slips": slips, "ranks": range(1, it.wishes_most + 1)})


@login_required
@require_safe
def print_result(request: Any, pk: int) -> HttpResponse:
    """The result as the branch puts it on its board: each group with its members, and the profile. No wishes."""
    it = queries.record(pk, actor=request.actor, at=request.at)
    context = {"it": it, "groups": queries.members_by_group(it.round), "fingerprint": it.proof.sha256 if it.proof else ""}  # fmt: skip
    return render(request, "groups/result.html", context)


COLUMNS = (
    ExportColumn("number", gettext_lazy("序号"), lambda one: one.code, 8, as_text=True),
    ExportColumn("name", gettext_lazy("姓名"), str, 12),
    ExportColumn("branch", gettext_lazy("所在党支部"), lambda one: str(one.branch), 30),
    ExportColumn("kind", gettext_lazy("人员类别"), lambda one: str(Kind(one.kind).label), 12),
    ExportColumn("answer", gettext_lazy("怎样交的志愿"), lambda one: str(one.get_answer_display()), 16),
)
PLACED = (
    ExportColumn("group", gettext_lazy("编入"), lambda one: one.seat.group.name, 24),
    ExportColumn("rank", gettext_lazy("第几志愿"), lambda one: str(one.seat.rank_word), 12),
)


@login_required
@require_safe
def roll_export(request: Any, pk: int) -> FileResponse:
    """The roll as a spreadsheet, with the filters of the page. Wishes do not go along. On record."""
    it = queries.round_of(pk, actor=request.actor)
    asked = queries.RollAsked.of(request.GET)
    placed = it.state in HAS_RESULT
    rows = queries.roll_found(it, asked, actor=request.actor).select_related("member__person", "branch")
    rows = rows.select_related("seat__group") if placed else rows
    file = write(
        COLUMNS + PLACED if placed else COLUMNS, rows, name=f"{it.title} {_('名单')}", actor=request.actor, at=request.at,
        asked={"round": pk, "query": asked.query()},
    )  # fmt: skip
    return FileResponse(file.content, as_attachment=True, filename=file.file_name, content_type=file.content_type)
