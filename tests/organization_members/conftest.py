from types import SimpleNamespace

import pytest

from tests.organization import grow


@pytest.fixture
def town(street: SimpleNamespace) -> SimpleNamespace:
    """The street with branches, organisers and members."""
    return grow(street)
