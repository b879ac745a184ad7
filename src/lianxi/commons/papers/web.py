"""Pages of imports: choose a file, watch it being checked, look at it row by row, import it, undo it; and of long exports."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxi.commons.accounts.again import proves_first
from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, Refusal
from lianxi.commons.views.acts import seen

from . import faces, handouts, queries, services
from .forms import UndoForm, UploadForm
from .kinds import SheetKind, kind_named, kinds_for
from .sheets import Unreadable
from .terms import AT_WORK, OrderState, State, Verdict
from .writing import XLSX


class Request(HttpRequest):
    """A request as the middleware leaves it."""

    actor: Actor
    at: dt.datetime


@login_required
@require_safe
def mine(request: Request) -> HttpResponse:
    """What I may import, what I have imported, what I have taken out."""
    return render(request, "papers/mine.html", {
        "kinds": kinds_for(request.actor),
        "imports": [faces.line(batch) for batch in queries.mine(request.actor)[:50]],
        "orders": [_line(one) for one in queries.orders_by(request.actor)[:50]],
        "exports": queries.exports_by(request.actor)[:50],
    })  # fmt: skip


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: Request, kind: str) -> HttpResponse:
    """Choose a file; a refused one says why, in its place."""
    sheet = queries.kind_for(request.actor, kind, request.GET.get("about", ""))
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        try:
            batch = services.upload(
                sheet, form.cleaned_data["file"].file, name=form.cleaned_data["file"].name,
                sheet=form.cleaned_data["sheet"], again=form.cleaned_data["again"], actor=request.actor, at=request.at,
            )  # fmt: skip
        except Unreadable as refused:
            form.add_error("file", str(refused))
        except BadInput as refused:
            form.add_error("file", str(refused))
            form.ask_again = True  # type: ignore[attr-defined]
        else:
            return HttpResponseRedirect(reverse("import", args=[batch.pk]))
    return render(request, "papers/start.html", {"kind": sheet, "form": form}, status=422 if form.errors else 200)


@login_required
@require_safe
def show(request: Request, pk: int) -> HttpResponse:
    """An import, whatever its state."""
    return _page(request, queries.batch(request.actor, pk))


def _page(request: Request, batch: Any, refusal: Refusal | None = None, undo: UndoForm | None = None) -> HttpResponse:
    kind = kind_named(batch.kind, batch.about)
    context = {
        "batch": batch,
        "kind": kind,
        "refusal": refusal,
        "history": faces.history(batch),
        "chip": faces.state_chip(batch),
    }
    status = refusal.status if refusal else 422 if undo and undo.errors else 200
    if batch.state in AT_WORK:
        return render(request, "papers/working.html", context | _working(batch), status=status)
    context |= {"undo": undo or UndoForm()}
    if batch.state in (State.CHECKED, State.APPLIED):
        context |= _preview(request, batch)
    return render(request, "papers/import.html", context, status=status)


def _working(batch: Any) -> dict[str, Any]:
    return {
        "progress": (progress := queries.progress(batch)),
        "label": faces.doing(batch),
        "note": faces.remaining(progress),
    }


def _preview(request: Request, batch: Any) -> dict[str, Any]:
    verdict = request.GET.get("verdict", "")
    verdict = verdict if verdict in Verdict.values else ""
    after = request.GET.get("after", "0")
    number = int(after) if after.isascii() and after.isdigit() and len(after) < 8 else 0
    rows, following = queries.preview(batch, verdict, number)
    return {
        "columns": queries.columns_of(batch), "rows": [faces.row(one) for one in rows], "verdicts": faces.tabs(batch, verdict),
        "verdict": verdict, "text": faces.paging(batch, rows),
        "next": f"?verdict={verdict}&after={following}" if following else "",
        "first": f"?verdict={verdict}" if number else "",
    }  # fmt: skip


@login_required
@require_safe
def progress(request: Request, pk: int) -> HttpResponse:
    """The bar alone, for htmx; when the job is done, the page is called anew."""
    batch = queries.batch(request.actor, pk)
    if batch.state not in AT_WORK:
        done = HttpResponse(status=200)
        done["HX-Redirect"] = reverse("import", args=[batch.pk])
        return done
    return render(request, "papers/working.html#bar", {"batch": batch} | _working(batch))


def _step(request: Request, pk: int, take: Callable[[Any], object]) -> HttpResponse:
    """Take a step, and show the import; a refusal stands on its page."""
    batch = queries.batch(request.actor, pk)
    try:
        take(batch)
    except Refusal as refused:
        return _page(request, queries.batch(request.actor, pk), refused)
    return HttpResponseRedirect(reverse("import", args=[pk]))


@login_required
@require_POST
def apply(request: Request, pk: int) -> HttpResponse:
    """Import the good rows."""
    only = request.POST.get("good_only") == "1"
    return _step(request, pk, lambda batch: services.apply(
        batch, good_only=only, seen=seen(request), actor=request.actor, at=request.at
    ))  # fmt: skip


@login_required
@require_POST
def undo(request: Request, pk: int) -> HttpResponse:
    """Take the import back, with a reason."""
    form = UndoForm(request.POST)
    if not form.is_valid():
        return _page(request, queries.batch(request.actor, pk), undo=form)
    return _step(request, pk, lambda batch: services.undo(
        batch, reason=form.cleaned_data["reason"], seen=seen(request), actor=request.actor, at=request.at
    ))  # fmt: skip


@login_required
@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    """Give the import up."""
    return _step(
        request, pk, lambda batch: services.discard(batch, seen=seen(request), actor=request.actor, at=request.at)
    )


@login_required
@require_POST
def stop(request: Request, pk: int) -> HttpResponse:
    """Ask its job to stop."""
    return _step(request, pk, lambda batch: services.stop(batch, actor=request.actor))


@login_required
@require_safe
def problems(request: Request, pk: int) -> FileResponse:
    """The rows that cannot be imported, as a workbook with comments."""
    batch = queries.batch(request.actor, pk)
    file = handouts.problems(batch, queries.bad_rows(batch).iterator(chunk_size=500))
    return _download(
        file, _("有问题的行_%(name)s.xlsx") % {"name": batch.file_name.rpartition(".")[0] or batch.file_name}
    )


@login_required
@require_safe
def template(request: Request, kind: str) -> FileResponse:
    """An empty sheet to fill in."""
    sheet: SheetKind = queries.kind_for(request.actor, kind, request.GET.get("about", ""))
    return _download(handouts.template(sheet), _("%(kind)s模板.xlsx") % {"kind": sheet.label})


# Long exports ---------------------------------------------------------------------------------------------------


def answer_of(request: HttpRequest, taken: Any) -> FileResponse | HttpResponseRedirect:
    """What `services.take_out` gave, as an answer: the file, or the page of the order."""
    if isinstance(taken, services.ExportFile):
        answer = FileResponse(taken.content, content_type=taken.content_type)
        answer["Content-Disposition"] = content_disposition_header(True, taken.file_name)
        answer["Cache-Control"] = "no-store"
        return answer
    return HttpResponseRedirect(reverse("export", args=[taken.pk]))


def _line(order: Any) -> dict[str, Any]:
    return faces.order_line(order, services.list_named(order.kind).label)


@never_cache
@login_required
@require_safe
def export_order(request: Request, pk: int) -> HttpResponse:
    """A long export: how far it is, or where to fetch it."""
    return render(request, "papers/export.html", _order(request, queries.order_of(request.actor, pk)))


def _order(request: Request, order: Any) -> dict[str, Any]:
    over = order.state == OrderState.DONE and order.until <= request.at
    return _line(order) | {"over": over, "note": faces.remaining(order), "hours": settings.EXPORT_HOURS}


@login_required
@require_safe
def export_progress(request: Request, pk: int) -> HttpResponse:
    """The bar alone, for htmx; when the job is done, the page is called anew."""
    order = queries.order_of(request.actor, pk)
    if order.state != OrderState.RUNNING:
        done = HttpResponse(status=200)
        done["HX-Redirect"] = reverse("export", args=[pk])
        return done
    return render(request, "papers/export.html#bar", _order(request, order))


@never_cache
@login_required
@require_safe
@proves_first
def export_file(request: Request, pk: int) -> StreamingHttpResponse:
    """The file, to the one who asked, after a fresh proof; read piece by piece."""
    handed = services.fetch(pk, actor=request.actor, at=request.at)
    answer = StreamingHttpResponse(handed.parts, content_type=handed.content_type)
    answer["Content-Disposition"] = content_disposition_header(True, handed.file_name)
    answer["Content-Length"] = str(handed.size)
    answer["Cache-Control"] = "no-store"
    return answer


@login_required
@require_POST
def export_drop(request: Request, pk: int) -> HttpResponse:
    """Stop it, or clear the file away."""
    services.drop(pk, actor=request.actor)
    return HttpResponseRedirect(reverse("export", args=[pk]))


def _download(file: Any, name: str) -> FileResponse:
    answer = FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
    answer["Cache-Control"] = "no-store"
    return answer
