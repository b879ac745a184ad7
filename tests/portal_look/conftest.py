"""The parts need no data: one server for all tests of this folder, and nothing to empty between them."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="session")
def house(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Where the house runs, without a transaction test around it."""
    from pytest_django.live_server_helper import LiveServer

    with django_db_blocker.unblock():
        server = LiveServer("localhost")
        yield server.url
        server.stop()
