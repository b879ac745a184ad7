"""The roll of a poll. Names are masked everywhere but on the attendance sheet, which is printed by a service that says so."""

from dataclasses import dataclass

from ..models import Poll, RollEntry

SHOWN = 100


@dataclass(frozen=True, slots=True)
class RollPage:
    """A page of the roll, with the number of all names."""

    rows: list[RollEntry]
    count: int
    first: int
    next: int
    previous: int | None


def roll_page(poll: Poll, *, after: int = 0) -> RollPage:
    """For a poll that came through the door."""
    rows = RollEntry._base_manager.filter(poll=poll.pk).order_by("number")
    got = list(rows.filter(number__gt=after)[: SHOWN + 1])
    more = len(got) > SHOWN
    got = got[:SHOWN]
    previous = max(after - SHOWN, 0) if after else None
    return RollPage(got, rows.count(), got[0].number if got else 0, got[-1].number if more else 0, previous)


def voters(poll: Poll) -> int:
    """Names on the roll 应到."""
    return RollEntry._base_manager.filter(poll=poll.pk).count()
