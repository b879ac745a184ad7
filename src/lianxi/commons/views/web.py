"""Saving, renaming, deleting a view; back to the list each time."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianxi.commons.refusals import BadInput

from . import queries, services


def _back(request: Any) -> HttpResponse:
    to = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(to if safe else "/")


@login_required
@require_POST
def save(request: Any, room: str) -> HttpResponse:
    """存为视图."""
    try:
        services.save_view(
            room=room, label=request.POST.get("label", ""), query=request.POST.get("query", ""), actor=request.actor, at=request.at
        )  # fmt: skip
    except BadInput as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("存好了，在标签的末尾。"))
    return _back(request)


@login_required
@require_POST
def rename(request: Any, pk: int) -> HttpResponse:
    """改名."""
    try:
        services.rename_view(
            queries.own_view(pk, actor=request.actor), label=request.POST.get("label", ""), actor=request.actor
        )
    except BadInput as error:
        messages.error(request, str(error))
    return _back(request)


@login_required
@require_POST
def delete(request: Any, pk: int) -> HttpResponse:
    """删掉, with the way back."""
    view = services.delete_view(queries.own_view(pk, actor=request.actor), actor=request.actor, at=request.at)
    messages.success(
        request, _("删掉了“%(label)s”。") % {"label": view.label}, extra_tags=reverse("view_restore", args=[pk])
    )
    return _back(request)


@login_required
@require_POST
def restore(request: Any, pk: int) -> HttpResponse:
    """撤回."""
    services.restore_view(queries.own_view(pk, actor=request.actor), actor=request.actor)
    back = request.headers.get("Referer", "/")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(back if safe else "/")
