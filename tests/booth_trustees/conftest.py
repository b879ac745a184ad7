from __future__ import annotations

from collections.abc import Iterator

import pytest

from .node import Node


@pytest.fixture(scope="session")
def node() -> Iterator[Node]:
    """The scripts of the booth, in Node."""
    opened = Node()
    yield opened
    opened.close()
