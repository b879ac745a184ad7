"""People who keep the book, and a browser that is shown what the test's own transaction holds."""

import datetime as dt
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.staticfiles.finders import find
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
def show(chromium: Any, db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """`show(client, path, width)` shows a page as the client gets it within the test's transaction; assets from their files."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    opened = []

    def make(client: Client, path: str, width: int = 1440) -> Any:
        document = client.get(path)
        body = document.content
        page = chromium.new_page(viewport={"width": width, "height": 900})
        opened.append(page)

        def answer(route: Any) -> None:
            name = route.request.url.removeprefix(HOST)
            if name == path:
                route.fulfill(status=document.status_code, headers=dict(document.headers), body=body)
            elif name.startswith("/static/") and (file := find(name.removeprefix("/static/"))):
                route.fulfill(path=file)
            else:
                route.abort()

        page.route(f"{HOST}/**", answer)
        page.said = []
        page.on("console", lambda message: page.said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.goto(HOST + path)
        return page

    yield make
    for page in opened:
        page.close()
