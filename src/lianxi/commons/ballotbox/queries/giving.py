"""What the card giver's page needs: how many cards, and how many there are. Never which."""

from dataclasses import dataclass

from lianxi.commons.permissions import Actor

from .. import policies
from ..models import Credential, Poll, RollEntry


@dataclass(frozen=True, slots=True)
class GivenOut:
    """Names on the roll, and cards that may vote."""

    poll: Poll
    voters: int
    cards: int


def given_out(pk: int, *, actor: Actor) -> GivenOut:
    """For the giver of a poll's cards. Raises NotFound for who sees no such poll, NotPermitted for others."""
    poll: Poll = policies.GIVE.get(actor, pk=pk)
    return GivenOut(
        poll,
        RollEntry._base_manager.filter(poll=poll.pk).count(),
        Credential._base_manager.filter(poll=poll.pk, revoked=False).count(),
    )
