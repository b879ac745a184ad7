"""Channels 渠道: one module each, with a `CHANNEL`. The next one is one file: it is found here by itself.

In-app is always there, since the notice itself lies in the list; every other channel carries letters.
"""

import importlib
import pkgutil
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import lru_cache

from lianxi.commons.accounts.models import Person
from lianxi.commons.refusals import Text


@dataclass(frozen=True, slots=True)
class Item:
    """One notice as a letter tells it. `url` is whole, with host."""

    title: str
    body: str
    url: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one recipient, worded in the recipient's language.

    `name`: who it goes to ("" for an address without an account). `ident`: the same each time this letter is tried, so
    that a second copy can be recognised as one. `settings_url`: where a person chooses; `stop_url`: ends such letters.
    """

    to: str
    name: str
    language: str
    items: tuple[Item, ...]
    ident: str
    settings_url: str
    stop_url: str
    digest: bool = False


class TryAgain(Exception):
    """Not now: the letter is tried again later. Its text goes into the record, so it names no address."""


class Undeliverable(Exception):
    """Never: the letter is given up. Its text goes into the record, so it names no address."""


class Channel(ABC):
    """How letters leave the house. `name` is what is kept; `carries`: False where the notice itself is all."""

    name: str
    label: Text
    carries = True

    def ready(self) -> bool:
        """Whether this installation has what it needs (a mail server, say)."""
        return True

    @abstractmethod
    def reaches(self, person: Person) -> bool:
        """Whether the person can be reached through it."""

    @abstractmethod
    def to(self, person: Person) -> str:
        """Where the person is reached. Raises Undeliverable."""

    @abstractmethod
    def send(self, letter: Letter) -> None:
        """Hand the letter over; returns once it was accepted. Raises TryAgain, Undeliverable. May be called again with
        the same letter if the process died meanwhile: `letter.ident` is then the same."""


@lru_cache(maxsize=1)
def channels() -> dict[str, Channel]:
    """Every channel by its name, in-app first."""
    modules = (importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    every: list[Channel] = [module.CHANNEL for module in modules if hasattr(module, "CHANNEL")]
    return {one.name: one for one in sorted(every, key=lambda one: (one.carries, one.name))}


def carriers() -> dict[str, Channel]:
    """The channels that carry letters and can be used in this installation."""
    return {name: one for name, one in channels().items() if one.carries and one.ready()}
