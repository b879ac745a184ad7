"""What may I do here, and why: drawn from the declarations alone, never from what lies in the tables.

Whether a record is kept from somebody cannot be told from these answers: on everything in general they name only
conditions; on one record, a record kept away, one that is not there and one without any right all give NotFound.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.apps import apps
from django.db import models

from lianxi.commons.permissions import NOBODY, Actor, Permission, permissions, why
from lianxi.commons.refusals import NotFound, Text


@dataclass(frozen=True, slots=True)
class Answer:
    """One permission as an actor has it: the clauses that give it, or those to whom it is open."""

    permission: Permission
    because: tuple[Text, ...]
    open_to: tuple[Text, ...]

    @property
    def allowed(self) -> bool:
        return bool(self.because)

    @property
    def label(self) -> Text:
        return self.permission.label


def answers(actor: Actor) -> list[Answer]:
    """Every permission that people can hold; those of the system's jobs alone are left out."""
    found = []
    for one in permissions():
        shown = [part for part in one.clauses if part.open]
        if not shown:
            continue
        because = tuple(part.says for part in shown if part.q(actor) is not NOBODY)
        found.append(Answer(one, because, tuple(part.says for part in shown)))
    return found


def answers_on(actor: Actor, address: str) -> tuple[list[Answer], str]:
    """The answers on one record, by `voice:12`, and the word for its kind. Raises NotFound: not there, kept away, or no right at all."""
    kind, _colon, key = address.partition(":")
    wanted = [one for one in permissions() if one.model._meta.model_name == kind]
    if not wanted or not (key.isascii() and key.isdigit()) or len(key) > 19:
        raise NotFound
    model: type[models.Model] = wanted[0].model
    wanted = [one for one in wanted if one.model is model]
    found = why(actor, model(pk=int(key)), wanted)
    given = [Answer(one, found[one].because, found[one].open_to) for one in wanted]
    if not any(one.allowed for one in given):
        raise NotFound
    return [one for one in given if one.allowed or one.open_to], str(model._meta.verbose_name)


def groups(found: Iterable[Answer]) -> list[tuple[Text, Sequence[Answer]]]:
    """The answers by room, in the order of the house."""
    return [(_room(prefix), list(part)) for prefix, part in groupby(found, key=_prefix)]


def _prefix(one: Answer) -> str:
    return one.permission.name.partition(".")[0]


def _room(prefix: str) -> Text:
    for config in apps.get_app_configs():
        if config.label in (prefix, f"org_{prefix}"):
            return config.verbose_name
    return prefix
