"""The entries of the rail and of the tabs at the foot of a phone. An entry shows once its page exists.

To add one: a line in ENTRIES, in the order of the rail. `count` gives the number beside the word (or None).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


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
    Entry("decisions", _("决策"), "gavel", "decisions", 2, tab=4),
    Entry("cadres", _("干部"), "briefcase", "cadres", 2),
    Entry("disclosure", _("公开"), "eye", "public", 3, tab=5, needs_login=False),
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


def links(request: HttpRequest) -> list[Link]:
    """The entries this request may see, the current one marked (the longest address that the path begins with)."""
    found = list(_present(request))
    places = [(start, href) for entry, href in found for start in (href, *entry.also) if request.path.startswith(start)]
    here = max(places, key=lambda place: len(place[0]), default=("", ""))[1]
    result: list[Link] = []
    group = 0
    for entry, href in found:
        count = entry.count(request) if entry.count else None
        new_group = bool(group) and entry.group != group
        group = entry.group
        result.append(Link(entry.key, entry.label, entry.icon, href, href == here, count, entry.tab, new_group))
    return result


def tabs(found: list[Link], most: int = 4) -> list[Link]:
    """At most `most` links for the foot of a phone; the fifth place is 更多."""
    return sorted((link for link in found if link.tab), key=lambda link: link.tab)[:most]
