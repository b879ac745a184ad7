"""Reads on tokens."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from lianxi.commons.permissions import Actor
from lianxi.commons.permissions.terms import Role
from lianxi.commons.refusals import NotFound

from .models import Token


@dataclass(frozen=True, slots=True)
class Line:
    """A token on the page of its owner."""

    token: Token
    standing: str
    roles: list[str]


def mine(actor: Actor, *, at: dt.datetime) -> list[Line]:
    """One's own tokens, the usable ones first."""
    rows = [Line(one, _standing(one, at), [_word(role) for role in one.roles]) for one in _own(actor)[:200]]
    return sorted(rows, key=lambda line: line.standing != "usable")


def one_of_mine(pk: int, *, actor: Actor) -> Token:
    """One's own token that has not been withdrawn. Raises NotFound."""
    found = _own(actor).filter(pk=pk, withdrawn_at=None).first()
    if found is None:
        raise NotFound
    return found


def roles_held(actor: Actor) -> list[tuple[str, str]]:
    """The roles that may be named in a token, with their words."""
    return [(role, _word(role)) for role in Role.values if actor.holds(role)]


def _own(actor: Actor) -> QuerySet[Token, Token]:
    return Token.objects.filter(person=actor.person_id or 0)


def _word(role: str) -> str:
    return str(Role(role).label) if role in Role.values else role


def _standing(token: Token, at: dt.datetime) -> str:
    if token.withdrawn_at:
        return "withdrawn"
    return "usable" if token.until > at else "over"
