"""How far the trustees are, and whose turn it is."""

from dataclasses import dataclass

from lianxi.commons.permissions import Actor

from ..models import Poll, Trustee
from ..terms import KEY_STEPS, State, Step
from .ceremony import places


@dataclass(frozen=True, slots=True)
class Done:
    """A step of one trustee. `now`: it is this one's turn."""

    step: Step
    done: bool
    now: bool

    @property
    def label(self) -> str:
        return str(self.step.label)


@dataclass(frozen=True, slots=True)
class Standing:
    """A trustee with the steps of the present state."""

    trustee: Trustee
    mine: bool
    steps: tuple[Done, ...]

    @property
    def due(self) -> Step | None:
        return next((one.step for one in self.steps if one.now), None)

    @property
    def complete(self) -> bool:
        return all(one.done for one in self.steps)


def standings(poll: Poll, *, actor: Actor) -> list[Standing]:
    """Each trustee with the steps that the state of the poll is about. For a poll that came through the door."""
    found = places(poll)
    steps = KEY_STEPS if poll.state in (State.DRAFT, State.PREPARING, State.OPEN) else (Step.SHARE,)
    enough = sum(Step.SHARE in one.done for one in found) >= poll.threshold
    made = []
    for one in found:
        due = None if one.waits_for or (one.want == Step.SHARE and enough) else one.want
        marks = tuple(Done(step, step in one.done, step == due) for step in steps)
        made.append(Standing(one.trustee, one.trustee.person_id == actor.person_id, marks))
    return made
