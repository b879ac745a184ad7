"""What all tests share."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import translation

settings.COUNTS_KEPT = 0

pytest_plugins = ["tests.street", "tests.browser"]


@pytest.fixture(autouse=True)
def _begin_in_chinese() -> Iterator[None]:
    """A test that spoke English leaves no English to the next."""
    with translation.override(settings.LANGUAGE_CODE):
        yield
