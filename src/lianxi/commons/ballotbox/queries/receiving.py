"""What everybody may read of a poll: what is asked, how many have voted, whether a card is on the list, the archive."""

from typing import Any

from lianxi.commons.permissions import ANYBODY, Actor
from lianxi.commons.refusals import NotFound
from lianxi.engines.ballots.strict import parsed

from .. import policies
from ..models import Blob, Credential, Entry, Poll, Progress, RollEntry
from ..terms import ENDED, EntryKind, State
from .election import election_of


def public_poll(uuid: str) -> Poll:
    """The poll of a public address. Raises NotFound."""
    found: Poll | None = policies.READ.all(ANYBODY).select_related("unit", "giver").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


def ended_poll(pk: int, *, actor: Actor) -> Poll:
    """A poll to which no ballot comes any more, for those who lead it or keep a key; once it is published for everybody who
    sees it. Raises NotFound."""
    found: Poll = policies.VIEW.get(actor, pk=pk)
    early = found.state != State.PUBLISHED and not any(may.may(actor, found) for may in (policies.RUN, policies.TRUST))
    if found.state not in ENDED or early:
        raise NotFound
    return found


def election_text(poll: Poll) -> bytes:
    """The election letter by letter, as every ballot refers to it. Raises NotFound while the key is not made."""
    if poll.height < 0:
        election = election_of(poll)
        if election is None:
            raise NotFound
        return election.text
    payload = Entry._base_manager.values_list("payload", flat=True).get(poll=poll.pk, kind=EntryKind.SETUP)
    said = parsed(bytes(Blob._base_manager.values_list("text", flat=True).get(poll=poll.pk, hash=payload)))
    return bytes(Blob._base_manager.values_list("text", flat=True).get(poll=poll.pk, hash=said["election"]))


def told(poll: Poll) -> dict[str, Any]:
    """The poll in numbers: nothing of any ballot's content, no time."""
    return {
        "uuid": poll.uuid,
        "state": poll.state,
        "state_label": poll.get_state_display(),
        "kind": poll.kind,
        "title": poll.title,
        "most": poll.most,
        "revote": poll.revote,
        "roll": RollEntry._base_manager.filter(poll=poll.pk).count(),
        "cards_given": poll.cards_given,
        "attended": poll.attended,
        "ballots": poll.ballots,
        "published": poll.state == State.PUBLISHED,
    }


def on_list(poll: Poll, key_hash: str) -> bool:
    """Whether a card's public key (by its hash) may vote."""
    return Credential._base_manager.filter(poll=poll.pk, key_hash=key_hash, revoked=False).exists()


def progress(poll: Poll) -> dict[str, Progress]:
    """How far each job on the poll has come, by its name."""
    return {one.work: one for one in Progress._base_manager.filter(poll=poll.pk)}
