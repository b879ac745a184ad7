"""Figures of voices: the desk's, exact; the public's, suppressed and rounded."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxi.commons.refusals import NotPermitted

from .. import policies
from ..queries import figures as read


@never_cache
@login_required
@require_safe
def desk(request: Any) -> HttpResponse:
    """Exact, for whoever answers for an area; what is kept from them is not in it."""
    if not policies.FIGURES.anywhere(request.actor):
        raise NotPermitted(open_to=[clause.says for clause in policies.FIGURES.clauses])
    return render(request, "voices/desk/figures.html", _shown(read.desk_figures(actor=request.actor, at=request.at)))


@require_safe
def public(request: Any) -> HttpResponse:
    """For everybody: only matters in which nobody is complained about; small numbers left out, the rest to the nearest five."""
    return render(
        request, "voices/desk/figures_public.html", _shown(read.public_figures(at=request.at)) | {"small": read.SMALL}
    )


def _shown(found: read.Figures) -> dict[str, Any]:
    whole = found.whole
    return {
        "figures": found,
        "whole": whole,
        "rates": [
            {"label": _("响应率"), "pair": whole.response, "says": _("按期先行联系的 / 派出且留了联系方式的")},
            {"label": _("解决率"), "pair": whole.resolution, "says": _("居民或回访说解决了的 / 评价或回访过的")},
            {"label": _("满意率"), "pair": whole.satisfaction, "says": _("满意和基本满意的 / 评过满意程度的")},
        ],
        "tables": [
            {"title": _("按月"), "head": _("月份"), "rows": found.months, "id": "months"},
            {"title": _("按类型"), "head": _("类型"), "rows": found.kinds, "id": "kinds"},
            {"title": _("按类别"), "head": _("类别"), "rows": found.topics, "id": "topics"},
            {"title": _("按社区"), "head": _("社区"), "rows": found.places, "id": "places"},
        ],
        "month_labels": [str(one.label)[2:] for one in found.months],
        "month_series": [
            (_("收到"), [one.received for one in found.months]),
            (_("办结"), [one.closed for one in found.months]),
        ],
        "topic_labels": [str(one.label) for one in found.topics],
        "topic_series": [
            (_("收到"), [one.received for one in found.topics]),
            (_("办结"), [one.closed for one in found.topics]),
        ],
    }
