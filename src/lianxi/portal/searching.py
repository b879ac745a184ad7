"""The search of the house: each room gives what it finds among what this person may see."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxi.commons.ballotbox.web import today as polls
from lianxi.commons.permissions import Actor
from lianxi.commons.permissions.models import Posting
from lianxi.commons.rulebook import book
from lianxi.commons.search import marked
from lianxi.commons.units.models import Unit
from lianxi.commons.views.rows import Found, Hit
from lianxi.delegates.quotas.web import today as quotas
from lianxi.organization.groups.web import today as groups
from lianxi.participation.budgets.web import today as budgets
from lianxi.participation.voices.web import today as voices

Provider = Callable[..., Found]
MOST = 10


def units(q: str, *, actor: Actor, at: dt.datetime) -> Found:
    """Units by name: who is where is no secret to staff."""
    if not actor.posts:
        return Found(_("单位"), [])
    named = Q(name__icontains=q) | Q(short_name__icontains=q) | Q(name_en__icontains=q)
    found = Unit.objects.filter(named).order_by("path")[:MOST]
    return Found(_("单位"), [Hit(marked(str(one), q), f"/units/{one.pk}/", one.get_kind_display()) for one in found])


def people(q: str, *, actor: Actor, at: dt.datetime) -> Found:
    """Persons with a post in the street or district of the actor; residents and members are found in their own rooms."""
    if not actor.posts:
        return Found(_("人员"), [])
    near = Q(unit__in=actor.line)
    for path in actor.paths():
        near |= Q(unit__path__startswith=path)
    held = Posting.objects.held(timezone.localtime(at).date()).filter(near, person__name__icontains=q)
    seen: dict[int, Hit] = {}
    for one in held.select_related("person", "unit")[: 4 * MOST]:
        seen.setdefault(
            one.person_id,
            Hit(marked(one.person.name, q), f"/units/{one.unit_id}/", f"{one.unit} {one.get_role_display()}"),
        )
    return Found(_("人员"), list(seen.values())[:MOST])


def rules(q: str, *, actor: Actor, at: dt.datetime) -> Found:
    """Rules by number, title and words."""
    word = q.casefold()
    hits = [
        Hit(marked(one.title, q), one.url, one.citation, marked(str(one.sentence), q))
        for one in book().on(timezone.localtime(at).date())
        if word in f"{one.id} {one.title} {one.sentence} {one.regulation}".casefold()
    ]
    return Found(_("规则"), hits[:MOST], f"/rules/?q={q}" if len(hits) > MOST else "")


PROVIDERS: tuple[Provider, ...] = (
    voices.search,
    quotas.search,
    groups.search,
    budgets.search,
    polls.search,
    units,
    people,
    rules,
)
"""One line a room: `search(q, *, actor, at) -> Found`. A provider asks its own permission."""


@never_cache
@login_required
@require_safe
def search(request: Any) -> HttpResponse:
    """What was found, room by room."""
    q = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:100]
    found = [provider(q, actor=request.actor, at=request.at) for provider in PROVIDERS] if q else []
    shown = {"q": q, "found": [one for one in found if one.hits], "any": any(one.hits for one in found)}
    return render(request, "search.html", shown)
