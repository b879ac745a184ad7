"""What a trustee has handed in, what comes next, and what is there for it: all of it derived from the files."""

from dataclasses import dataclass

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import NotFound
from lianxi.engines.ballots import ceremony
from lianxi.engines.ballots.election import fingerprint
from lianxi.engines.ballots.strict import written

from .. import policies
from ..models import Poll, Trustee, TrusteeFile
from ..terms import KEY_STEPS, State, Step
from .election import certificates_of, files_of, polynomials_of

SIGNS = 8
"""Of a fingerprint that trustees read to each other."""


@dataclass(frozen=True, slots=True)
class Place:
    """A trustee's place: `want` is the step that is asked of it now (None: nothing), `waits_for` the numbers of those whose
    files are missing before it can go on."""

    trustee: Trustee
    done: tuple[Step, ...]
    want: Step | None
    waits_for: tuple[int, ...] = ()


def trustees(poll: Poll) -> list[Trustee]:
    return list(Trustee._base_manager.filter(poll=poll.pk).order_by("number"))


def trustee_of(poll: Poll, actor: Actor) -> Trustee:
    """The actor's own place among the trustees. Raises NotFound."""
    found: Trustee | None = Trustee._base_manager.filter(poll=poll.pk, person=actor.person_id).first()
    if found is None or not policies.TRUST.may(actor, poll):
        raise NotFound
    return found


def places(poll: Poll) -> list[Place]:
    """Every trustee's place, in their order: two queries."""
    people = trustees(poll)
    given: dict[int, set[str]] = {one.pk: set() for one in people}
    for pk, step in TrusteeFile._base_manager.filter(trustee__poll=poll.pk).values_list("trustee", "step"):
        given[pk].add(step)
    missing = {step: tuple(one.number for one in people if step not in given[one.pk]) for step in Step}
    return [_place(poll, one, given[one.pk], missing) for one in people]


def _place(poll: Poll, trustee: Trustee, given: set[str], missing: dict[Step, tuple[int, ...]]) -> Place:
    done = tuple(step for step in Step if step in given)
    if poll.state == State.CLOSED:
        enough = len(missing) and sum(trustee.number not in numbers for numbers in (missing[Step.SHARE],))
        return Place(trustee, done, None if enough else Step.SHARE)
    if poll.state != State.PREPARING:
        return Place(trustee, done, None)
    want = next((step for step in KEY_STEPS if step not in given), None)
    before = KEY_STEPS[KEY_STEPS.index(want) - 1] if want in KEY_STEPS[1:] else None
    return Place(trustee, done, want, missing[before] if before else ())


def certificates_text(poll: Poll) -> bytes:
    """All certificates in one list, in the order of the trustees: what each of them makes shares for."""
    return written([one.told() for one in certificates_of(poll)]).encode()


def code_of_list(text: bytes) -> str:
    """Eight signs by which trustees compare a list aloud."""
    return fingerprint(text)[:SIGNS]


def input_for(poll: Poll, trustee: Trustee) -> bytes | None:
    """What the others made for this trustee; None while somebody's is missing."""
    found = polynomials_of(poll)
    if not found or len(found) != Trustee._base_manager.filter(poll=poll.pk).count():
        return None
    return written(ceremony.routed(found)[trustee.number - 1].told()).encode()


def own_files(poll: Poll, trustee: Trustee) -> dict[str, str]:
    """What this trustee handed in, letter by letter."""
    return {
        step.value: files_of(poll, step)[trustee.number].decode()
        for step in Step
        if trustee.number in files_of(poll, step)
    }
