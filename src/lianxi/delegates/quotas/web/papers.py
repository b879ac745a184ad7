"""What is taken out of a plan: the allocation table as a spreadsheet and on paper, the certificate."""

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianxi.commons.papers.writing import XLSX

from .. import queries, services


def _computed(plan: Any) -> Any:
    if plan.current is None or not plan.current.certificate:
        raise Http404
    return plan


@login_required
@require_safe
def sheet(request: Any, pk: int) -> FileResponse:
    """The allocation table as a spreadsheet."""
    plan = _computed(queries.found(pk, actor=request.actor))
    file = services.allocation_sheet(plan, actor=request.actor, at=request.at)
    name = _("%(plan)s名额分配表") % {"plan": plan}
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def _certificate(calc: Any, pk: int) -> HttpResponse:
    if calc is None or not calc.certificate:
        raise Http404
    text = json.dumps(calc.certificate, ensure_ascii=False, separators=(",", ":"))
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="seat-plan-{pk}-{calc.number}.json"'
    answer["ETag"] = f'"{calc.digest}"'
    return answer


@login_required
@require_safe
def certificate(request: Any, pk: int) -> HttpResponse:
    """The certificate of the calculation that holds, or of an earlier one (`?n=2`)."""
    plan = queries.found(pk, actor=request.actor)
    number = request.GET.get("n", "")
    if not number:
        return _certificate(plan.current, pk)
    if not (number.isascii() and number.isdigit() and len(number) < 5):
        raise Http404
    return _certificate(queries.calculation(plan, int(number)), pk)


@require_safe
def public_certificate(request: Any, pk: int) -> HttpResponse:
    """The certificate of a published plan, for anybody."""
    return _certificate(queries.public_record(pk, actor=request.actor).calc, pk)


def _sheet(request: Any, record: queries.Record, back: str, verify: str) -> HttpResponse:
    plan, units, trades = _computed(record.plan), record.units, record.trades
    matrix = queries.matrix(units, trades, record.calc, shown=len(units) or 1)
    guides = queries.guides(plan, units, record.calc)
    rows = [
        {
            "unit": line.unit,
            "cells": line.cells,
            "seats": line.seats,
            "guided": [one.rows[i]["target"] for one in guides],
        }
        for i, line in enumerate(matrix.lines)
    ]
    context = {
        "plan": plan, "matrix": matrix, "rows": rows, "guides": guides, "back": back, "fingerprint": record.calc.digest if record.calc else "",
        "people": sum(one.members for one in units), "organizations": sum(one.organizations for one in units),
        "verify_url": request.build_absolute_uri(verify) if verify else "",
    }  # fmt: skip
    return render(request, "quotas/print.html", context)


@login_required
@require_safe
def printed(request: Any, pk: int) -> HttpResponse:
    """The allocation table on paper."""
    record = queries.record(pk, actor=request.actor, at=request.at)
    verify = reverse("public_quota", args=[pk]) if record.plan.published_at else ""
    return _sheet(request, record, reverse("quota", args=[pk]), verify)


@require_safe
def public_printed(request: Any, pk: int) -> HttpResponse:
    """The published table on paper."""
    record = queries.public_record(pk, actor=request.actor)
    return _sheet(request, record, reverse("public_quota", args=[pk]), reverse("public_quota", args=[pk]))
