"""What all tests share."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import settings as drawing

settings.COUNTS_KEPT = 0
drawing.register_profile("lianxi", deadline=None)  # no test asks how fast the machine is
drawing.load_profile("lianxi")

pytest_plugins = ["tests.street", "tests.browser"]


OUTSIDE = ("browser", "slow", "processes")
"""Marks of tests that talk to a real browser or kill real processes: the machine's pace has a say in them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Such a test may be tried a second time; the summary names each one that was, and it is looked into."""
    for item in items:
        if any(item.get_closest_marker(name) for name in OUTSIDE):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(autouse=True)
def _begin_in_chinese() -> Iterator[None]:
    """A test that spoke English leaves no English to the next."""
    with translation.override(settings.LANGUAGE_CODE):
        yield
