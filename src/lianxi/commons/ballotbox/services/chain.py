"""Adding to the chain of a poll. Callers hold the lock of its row; the database's own trigger checks every entry again."""

from hashlib import sha256

from lianxi.commons.permissions import Actor, Permission, why
from lianxi.commons.refusals import NotFound, NotPermitted
from lianxi.engines.ballots.archive import Event, EventType

from .. import policies
from ..models import Blob, Entry, Poll
from ..terms import EntryKind


def locked(pk: int) -> Poll:
    """The poll, its row locked to the end of the transaction. Raises NotFound."""
    found: Poll | None = Poll._base_manager.select_for_update(of=("self",)).select_related("unit").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def permitted(permission: Permission, poll: Poll, actor: Actor) -> None:
    """Before what was typed is compared with what is there: whoever may not is told nothing of it. Raises NotFound, NotPermitted."""
    answers = why(actor, poll, {policies.VIEW, permission})
    if not answers[policies.VIEW]:
        raise NotFound
    if not answers[permission]:
        raise NotPermitted(open_to=answers[permission].open_to)


def put(poll: Poll, text: bytes) -> str:
    """Keep something that an entry will refer to, once; gives its hash."""
    digest = sha256(text).hexdigest()
    Blob._base_manager.bulk_create([Blob(poll=poll, hash=digest, text=text)], ignore_conflicts=True)
    return digest


def append(poll: Poll, kind: EntryKind, payload: str = "", credential: str = "") -> Entry:
    """Add an entry after the head of a locked poll; the poll in memory follows its row, but for the number of ballots."""
    height = poll.height + 1
    event = Event(poll.head or None, height, EventType(kind.value), payload or None).text()
    digest = sha256(event).hexdigest()
    made: Entry = Entry._base_manager.create(
        poll=poll,
        height=height,
        kind=kind,
        payload=payload,
        hash=digest,
        text=event.decode(),
        credential=credential,
    )
    poll.head, poll.height = digest, height
    return made
