"""What somebody was shown while logged in is not found again by the next person at the same machine."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

ROOMS = (
    "/", "/today/", "/members/", "/members/mine/", "/members/transfers/", "/units/", "/units/terms/", "/groups/", "/g/", "/rounds/",
    "/delegates/", "/papers/", "/notices/", "/search/?q=路灯", "/voices/", "/account/looks/", "/account/permissions/", "/people/",
    "/rules/", "/public/", "/projects/",
)  # fmt: skip


@pytest.mark.parametrize("room", ROOMS)
def test_no_cache_keeps_the_pages_of_somebody_logged_in(
    street: SimpleNamespace, as_: Callable[[Any], Client], room: str
) -> None:
    answer = as_(street.dispatcher).get(room)
    assert "no-store" in answer.headers.get("Cache-Control", ""), (room, answer.status_code)


def test_the_front_door_of_nobody_may_be_kept(street: SimpleNamespace) -> None:
    """Public pages of somebody not logged in say nothing about caches of their own."""
    assert "no-store" not in Client().get("/rules/").headers.get("Cache-Control", "")
