"""What every page of the shell needs: the street, the face, the way about."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language

from lianxi.commons.permissions import Actor
from lianxi.commons.permissions.terms import ADMINS, Role
from lianxi.commons.units.models import Unit
from lianxi.portal import nav
from lianxi.portal.nav import Link

ELDER_COOKIE = "elder"

PERSON_PAGES: tuple[tuple[str, str], ...] = (
    ("may_page", "my_permissions"),
    ("looks_page", "my_looks"),
    ("tokens_page", "my_tokens"),
    ("people_page", "people"),
    ("security_page", "mfa_index"),
    ("password_page", "account_change_password"),
    ("notice_settings_page", "notice_settings"),
    ("notices_page", "notices"),
    ("search_page", "search"),
    ("front_page", "front_door"),
    ("access_page", "accessibility"),
    ("privacy_page", "privacy"),
    ("logout_page", "account_logout"),
    ("login_page", "account_login"),
)
"""Name in the template and name of the address; a page that does not exist yet is left out of the menus."""


UNREAD: list[Callable[[HttpRequest], int]] = []
"""Counters of what waits to be read; apps put theirs here (`portal/apps.py`)."""


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `street`, `elder`, `english`, `now`, and `shell` (nav, tabs, pages, unread, me, now) for the shells.

    What the shell shows lies under one name, so that no page hides it; it is made only if a template asks for it.
    """
    english = (get_language() or "").startswith("en")
    now = timezone.localtime(getattr(request, "at", None) or dt.datetime.now(dt.UTC))
    return {
        "street": _street(english=english),
        "elder": request.COOKIES.get(ELDER_COOKIE) == "1",
        "english": english,
        "now": now,
        "shell": Shell(request, now),
    }


class Shell:
    """What stands around a page, each part made when it is first asked for."""

    def __init__(self, request: HttpRequest, now: dt.datetime) -> None:
        self.request = request
        self.now = now

    @cached_property
    def nav(self) -> list[Link]:
        return nav.links(self.request)

    @cached_property
    def tabs(self) -> list[Link]:
        return nav.tabs(self.nav)

    @cached_property
    def pages(self) -> dict[str, str]:
        return _pages()

    @cached_property
    def unread(self) -> int:
        return sum(count(self.request) for count in UNREAD)

    @cached_property
    def me(self) -> dict[str, str]:
        return _me(self.request)


def _street(*, english: bool) -> dict[str, str]:
    given = settings.STREET
    if not english:
        return dict(given)
    return {key: given.get(f"{key}_en") or value for key, value in given.items()}


def _pages() -> dict[str, str]:
    pages = {}
    for key, name in PERSON_PAGES:
        try:
            pages[key] = reverse(name)
        except NoReverseMatch:
            continue
    return pages


def _me(request: HttpRequest) -> dict[str, str]:
    actor = getattr(request, "actor", None)
    user = getattr(request, "user", None)
    name = str(getattr(actor, "name", "") or getattr(user, "username", ""))
    keeps = actor is not None and actor.holds(Role.ORGANISER, *ADMINS)
    return {
        "name": name,
        "post": _post_of(actor) if actor and actor.posts else "",
        "keeps_people": "1" if keeps else "",
    }


def _post_of(actor: Actor) -> str:
    """The first post held, as people say it: 望槐社区党委书记."""
    post = actor.posts[0]
    unit = Unit.objects.filter(pk=post.unit_id).first()
    role = Role(post.role).label
    gap = " " if (get_language() or "").startswith("en") else ""
    return f"{unit}{gap}{role}" if unit else str(role)
