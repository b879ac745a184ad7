"""The entries of the rail and of the tabs at the foot of a phone. An entry shows once its page exists.

To add one: a line in ENTRIES, in the order of the rail. `count` gives the number beside the word (or None).
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxi.commons.permissions import ANYBODY, Actor

WROTE = "wrote"
"""Cookie of a browser that has sent a form in the last seconds."""
MOST_KEPT = 5000


@dataclass(frozen=True, slots=True)
class Entry:
    """One place of the desk: `url` is the name of its page, `tab` its place among the tabs of a phone (0: under 更多)."""

    key: str
    label: str | Promise
    icon: str
    url: str
    group: int
    tab: int = 0
    needs_login: bool = True
    count: Callable[[HttpRequest], int | None] | None = None
    also: tuple[str, ...] = ()
    """Beginnings of other addresses that belong to this place."""


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as one request sees it."""

    key: str
    label: str | Promise
    icon: str
    href: str
    current: bool
    count: int | None
    tab: int
    new_group: bool


def _waiting(request: HttpRequest) -> int | None:
    from lianxi.portal.today import rail_count

    return rail_count(request)


def _open_voices(request: HttpRequest) -> int | None:
    from lianxi.participation.voices.queries import open_count

    known = getattr(request, "open_voices", None)  # the list has counted them already
    return (open_count(actor=request.actor) if known is None else known) or None  # type: ignore[attr-defined]


ENTRIES: tuple[Entry, ...] = (
    Entry("today", _("今日工作"), "home", "today", 1, tab=1, count=_waiting),
    Entry("organization", _("组织"), "sitemap", "organization", 2, tab=6, also=("/members/", "/groups/")),
    Entry("delegates", _("代表"), "id-badge-2", "delegates", 2, tab=3),
    Entry("voices", _("民情"), "message-2", "voices", 2, tab=2, count=_open_voices),
    Entry("rounds", _("居民项目"), "checks", "rounds", 2),
    Entry("polls", _("无记名投票"), "shield-lock", "polls", 2),
    Entry("decisions", _("决策"), "gavel", "decisions", 2, tab=4),
    Entry("cadres", _("干部"), "briefcase", "cadres", 2),
    Entry("disclosure", pgettext_lazy("rail", "公开"), "eye", "public", 3, tab=5, needs_login=False),
    Entry("rulebook", _("规则"), "book-2", "rulebook", 3, tab=7, needs_login=False),
    Entry("ledger", _("账本"), "shield-check", "ledger", 3, needs_login=False),
)


def _present(request: HttpRequest) -> Iterator[tuple[Entry, str]]:
    person = getattr(request, "user", None)
    inside = bool(person and person.is_authenticated)
    for entry in ENTRIES:
        if entry.needs_login and not inside:
            continue
        try:
            yield entry, reverse(entry.url)
        except NoReverseMatch:
            continue


_KEPT: dict[int, tuple[float, Actor, dict[str, int | None]]] = {}


def _counts(request: HttpRequest, entries: list[Entry]) -> dict[str, int | None]:
    """The numbers beside the words. Kept for some seconds for each person, as they stand on every page.

    Who has just done something (`WROTE`, see the middleware) sees the numbers after it.
    """
    actor: Actor = getattr(request, "actor", ANYBODY)
    kept = _KEPT.get(actor.person_id or 0)
    now = time.monotonic()
    fresh = not settings.COUNTS_KEPT or WROTE in request.COOKIES or actor.person_id is None
    if kept and not fresh and kept[0] > now and kept[1] == actor:
        return kept[2]
    counts = {entry.key: entry.count(request) for entry in entries if entry.count}
    if actor.person_id is not None and settings.COUNTS_KEPT:
        if len(_KEPT) > MOST_KEPT:
            _KEPT.clear()
        _KEPT[actor.person_id] = now + settings.COUNTS_KEPT, actor, counts
    return counts


def links(request: HttpRequest) -> list[Link]:
    """The entries this request may see, the current one marked (the longest address that the path begins with)."""
    found = list(_present(request))
    counts = _counts(request, [entry for entry, _href in found if entry.count])
    places = [(start, href) for entry, href in found for start in (href, *entry.also) if request.path.startswith(start)]
    here = max(places, key=lambda place: len(place[0]), default=("", ""))[1]
    result: list[Link] = []
    group = 0
    for entry, href in found:
        count = counts.get(entry.key)
        new_group = bool(group) and entry.group != group
        group = entry.group
        result.append(Link(entry.key, entry.label, entry.icon, href, href == here, count, entry.tab, new_group))
    return result


def tabs(found: list[Link], most: int = 4) -> list[Link]:
    """At most `most` links for the foot of a phone; the fifth place is 更多."""
    return sorted((link for link in found if link.tab), key=lambda link: link.tab)[:most]
