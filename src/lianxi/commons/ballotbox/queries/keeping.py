"""What a trustee's page needs: the own place, what the others handed in, what is there for the own next step."""

from typing import Any

from lianxi.commons.permissions import Actor
from lianxi.engines.ballots import ceremony
from lianxi.engines.ballots.strict import written

from .. import policies
from ..models import Entry, Poll, Trustee, TrusteeFile
from ..terms import EntryKind, State, Step
from .ceremony import places, trustee_of
from .election import GROUP, read_certificate, trustee_count, trustees_of


def kept(pk: int, *, actor: Actor) -> tuple[Poll, Trustee]:
    """A poll whose key the actor helps to keep, and the own place. Raises NotFound."""
    poll: Poll = policies.TRUST.get(actor, pk=pk)
    return poll, trustee_of(poll, actor)


def how_many(poll: Poll) -> int:
    """Trustees of a poll."""
    return trustee_count(poll)


def files_for(poll: Poll, trustee: Trustee) -> dict[str, Any]:
    """Everything that is there for a trustee, letter by letter; the browser checks it again."""
    at = places(poll)
    given: dict[str, dict[int, str]] = {step.value: {} for step in Step}
    rows = TrusteeFile._base_manager.filter(trustee__poll=poll.pk).order_by("trustee__number")
    for number, step, text in rows.values_list("trustee__number", "step", "text"):
        given[step][number] = text
    mine = next(one for one in at if one.trustee.pk == trustee.pk)
    shares = len(given[Step.SHARE])
    enough = poll.state == State.CLOSED and shares >= poll.threshold
    key = trustees_of(poll) if poll.state in (State.PREPARING, State.OPEN) else None
    return {
        "state": poll.state,
        "number": trustee.number,
        "threshold": poll.threshold,
        "trustees": [
            {"number": one.trustee.number, "name": one.trustee.name, "mine": one is mine, "done": list(one.done)}
            for one in at
        ],
        "want": None if enough else mine.want,
        "waits": list(mine.waits_for),
        "list": _list(list(given[Step.CERTIFICATE].values()), len(at)),
        "input": _input(list(given[Step.POLYNOMIAL].values()), len(at), trustee.number),
        "trustees_text": key.text().decode() if key else None,
        "own": {step: texts[trustee.number] for step, texts in given.items() if trustee.number in texts},
        "added_up": Entry._base_manager.filter(poll=poll.pk, kind=EntryKind.TALLY).exists(),
        "attended": poll.attended is not None,
        "shares": shares,
    }


def _list(texts: list[str], count: int) -> str | None:
    """All certificates in the order of the trustees; None while one is missing."""
    if len(texts) != count:
        return None
    return written([read_certificate(one.encode()).told() for one in texts])


def _input(texts: list[str], count: int, number: int) -> str | None:
    if len(texts) != count:
        return None
    found = [ceremony.read_polynomial(GROUP, one.encode(), "polynomial") for one in texts]
    return written(ceremony.routed(found)[number - 1].told())
