"""What the booth's page itself needs to know; what is asked comes to the device as the election."""

from ..models import Item, Poll
from ..terms import Kind, Part


def has_roster(poll: Poll) -> bool:
    """Whether somebody may be written in."""
    return poll.kind == Kind.CANDIDATES and Item._base_manager.filter(poll=poll.pk, part=Part.ROSTER).exists()
