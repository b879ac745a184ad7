"""The steps of a poll for the stepper."""

from typing import Any

from django.utils.formats import date_format

from ..models import Poll
from ..terms import PATH, State


def path_of(poll: Poll) -> list[dict[str, Any]]:
    """From the first plan to the published result, with the day of the vote where it stands."""
    here = PATH.index(State(poll.state)) if poll.state in PATH else len(PATH)
    done = poll.state == State.PUBLISHED
    return [
        {
            "title": state.label,
            "state": "done" if place < here or done else "now" if place == here else "come",
            "date": date_format(poll.opens_on) if state == State.OPEN and poll.opens_on else "",
        }
        for place, state in enumerate(PATH)
    ]
