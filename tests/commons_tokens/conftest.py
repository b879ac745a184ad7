from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache

from tests.officers import add_officers


@pytest.fixture(autouse=True)
def _own_cache(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.fixture
def office(street: SimpleNamespace) -> SimpleNamespace:
    """The street with those who look after posts and accounts."""
    return add_officers(street)
