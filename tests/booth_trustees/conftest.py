from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from lianxi.commons.accounts.models import Account
from tests.browser import too_wide, violations
from tests.commons_ballotbox.conftest import Vote, vote

from .node import Node


@pytest.fixture(scope="session")
def node() -> Iterator[Node]:
    """The scripts of the booth, in Node."""
    opened = Node()
    yield opened
    opened.close()


@pytest.fixture
def led(street: SimpleNamespace, lot: Any) -> Callable[..., Vote]:
    """`led("preparing")`: a vote led to that state."""
    return partial(vote, street, lot)


class People:
    """Browsers of the people of a vote, each at an own width and in an own language."""

    def __init__(self, visit: Any, name: str) -> None:
        self.visit, self.name, self.seen, self.wrong = visit, name, 0, list[str]()

    def page(self, person: Any, address: str, **options: Any) -> Any:
        account = Account.objects.filter(person=person).first() or Account.objects.create_user(
            f"u{person.pk}", person=person
        )
        client = Client()
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        page = self.visit(address, cookies={"sessionid": client.cookies["sessionid"].value}, **options)
        page.set_default_timeout(30_000)
        return page

    def look(self, page: Any) -> None:
        """What axe finds, what stands out of the page, what the browser complains of."""
        self.wrong += [f"{page.url}: {one}" for one in (*violations(page), *too_wide(page), *page.said)]
        if where := os.environ.get("LIANXI_SHOTS"):
            self.seen += 1
            width = page.viewport_size["width"]
            page.screenshot(path=f"{where}/{self.name}-{self.seen:02}-{width}.png", full_page=True)


@pytest.fixture
def people(visit: Any, request: pytest.FixtureRequest) -> People:
    return People(visit, request.node.name[:40].replace("/", "-"))
