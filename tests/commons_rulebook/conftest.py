"""People who keep the book, and a browser that asks the test's own transaction."""

import datetime as dt
import os
from collections.abc import Callable, Iterator
from contextvars import copy_context
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HOST = "http://localhost"
"""Nothing listens there: the browser is answered by the test."""


@pytest.fixture
def officer(street: SimpleNamespace) -> Any:
    """The street's organisation officer, as a person with an account."""
    from lianxi.commons.accounts.models import Account, Person
    from lianxi.commons.permissions.models import Posting
    from lianxi.commons.permissions.terms import Role

    person = Person.objects.create(name="方知远")
    Posting.objects.create(person=person, unit=street.top, role=Role.ORGANISER, since=dt.date(2025, 1, 1))
    Account.objects.create(username="fang", person=person)
    return person


@pytest.fixture
def keeper(street: SimpleNamespace, officer: Any) -> Any:
    return street.actor(officer)


@pytest.fixture
def signed_in() -> Callable[[Any], Client]:
    """A client logged in as a person."""

    def make(person: Any) -> Client:
        from lianxi.commons.accounts.models import Account

        account, _ = Account.objects.get_or_create(person=person, defaults={"username": f"p{person.pk}"})
        client = Client()
        client.force_login(account, backend=BACKEND)
        return client

    return make


@pytest.fixture
def browse(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """`browse(client, width)` opens a page whose every request is answered by the client, within the test's transaction."""
    from playwright.sync_api import sync_playwright

    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium")

        def make(client: Client, width: int = 1440, language: str = "zh-hans") -> Any:
            client.cookies["language"] = language
            mine = copy_context()  # the connection of the test, which the browser's callbacks would not see
            page = chromium.new_page(viewport={"width": width, "height": 900})

            def answer(route: Any) -> None:
                asked = route.request
                path = asked.url.removeprefix(HOST)
                if asked.method == "POST":
                    kind, data = asked.headers["content-type"], asked.post_data_buffer or b""
                    found = mine.run(lambda: client.generic("POST", path, data, content_type=kind))
                else:
                    found = mine.run(client.get, path)
                body = b"".join(found.streaming_content) if found.streaming else found.content
                route.fulfill(status=found.status_code, headers=dict(found.headers), body=body)

            page.route(f"{HOST}/**", answer)
            page.said = []
            page.on("console", lambda message: page.said.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: page.said.append(str(error)))
            return page

        yield make
        chromium.close()
