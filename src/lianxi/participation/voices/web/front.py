"""The front door, what is public, and the two statements."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lianxi.commons.throttling import address_of, spend

from ..forms.front import CodeForm
from ..queries import front, public


@require_safe
def front_door(request: Any) -> HttpResponse:
    """One sentence, one red button, the code, three true results."""
    return render(request, "voices/front/door.html", {"form": CodeForm(), "rows": public.newest()})


@require_safe
def public_list(request: Any) -> HttpResponse:
    """What was published: searched in words, by community and month."""
    asked = public.AskedCopies.of(request.GET)
    if asked.q.strip():
        spend("voices.look", address_of(request.META), at=request.at)
    shown = {
        "asked": asked,
        "page": public.published(asked),
        "places": [(unit.pk, public.community_name(unit)) for unit in public.communities(_today(request))],
        "months": public.months(request.at),
    }
    return render(request, "voices/front/public.html", shown)


@require_safe
def public_copy(request: Any, pk: int) -> HttpResponse:
    """One published copy. A withdrawn one says so, and why."""
    return render(request, "voices/front/public_copy.html", {"copy": public.public_copy(pk)})


@require_safe
def street_map(request: Any) -> HttpResponse:
    """The communities as GeoJSON, to be drawn without any other host. Empty where nobody has drawn them."""
    return JsonResponse(public.street_map(_today(request)), headers={"Cache-Control": "private, max-age=3600"})


@require_safe
def accessibility(request: Any) -> HttpResponse:
    """What these pages can do for whom, and what they cannot yet."""
    return render(request, "voices/front/accessibility.html")


@require_safe
def privacy(request: Any) -> HttpResponse:
    """What is kept of a person, why, for how long, and who sees it."""
    return render(request, "voices/front/privacy.html", {"law": front.privacy_rules(_today(request))})


def _today(request: Any) -> Any:
    return timezone.localtime(request.at).date()
