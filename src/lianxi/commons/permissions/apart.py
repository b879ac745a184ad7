"""What a person keeps may forbid a post 不相容职务: the room that knows it says so, and whoever appoints asks."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

Apart = Callable[[int, str, dt.datetime], Any]
"""Of a person (key), a role and a moment: a check of the rulebook, or None where there is nothing to check."""
A = TypeVar("A", bound=Apart)

_SAID: list[Apart] = []


def before_a_post(check: A) -> A:
    """Have the check made before somebody is appointed."""
    _SAID.append(check)
    return check


def checks_before(person: int, role: str, at: dt.datetime) -> Iterator[Any]:
    """What is to be checked before the person gets the role."""
    for check in _SAID:
        if (found := check(person, role, at)) is not None:
            yield found
