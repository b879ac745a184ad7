"""What the card giver's page needs: how many cards, and how many there are. Never which."""

from dataclasses import dataclass

from gmpy2 import mpz

from lianxi.commons.permissions import Actor
from lianxi.engines.ballots.credentials import told
from lianxi.engines.ballots.election import fingerprint

from .. import policies
from ..models import Credential, Poll, RollEntry


@dataclass(frozen=True, slots=True)
class GivenOut:
    """Names on the roll, and cards that may vote, with the fingerprint of their list as the giver's page reckons it."""

    poll: Poll
    voters: int
    cards: int
    fingerprint: str


def given_out(pk: int, *, actor: Actor) -> GivenOut:
    """For the giver of a poll's cards. Raises NotFound for who sees no such poll, NotPermitted for others."""
    poll: Poll = policies.GIVE.get(actor, pk=pk)
    keys = _keys(poll)
    return GivenOut(poll, RollEntry._base_manager.filter(poll=poll.pk).count(), len(keys), _print_of(keys))


def cards_print(poll: Poll) -> str:
    """The fingerprint of the list of a poll's cards that may vote; empty while there are none."""
    return _print_of(_keys(poll))


def _keys(poll: Poll) -> list[str]:
    return list(Credential._base_manager.filter(poll=poll.pk, revoked=False).values_list("key", flat=True))


def _print_of(keys: list[str]) -> str:
    return fingerprint(told([mpz(key) for key in keys])) if keys else ""
