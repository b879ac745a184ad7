"""The public order that decides a tie: a list that the body voted, or a lot that anyone can draw again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Order:
    """`Order.vote([...])` or `Order.lot(seed)`. Whoever comes first has the open seat, as far as the totals allow.

    `seed` is published after the demand is closed, e.g. drawn in the meeting. The lot of a cell is SHA-256 of
    "seed|unit|trade" in UTF-8, least first; in one dimension, or where only units or only trades are tied, the other name is empty.
    """

    kind: str
    seed: str = ""
    listed: tuple[tuple[str, str], ...] = ()

    @classmethod
    def lot(cls, seed: str) -> Order:
        """By lot from a seed that was drawn in public."""
        return cls("lot", seed=seed)

    @classmethod
    def vote(cls, listed: Iterable[tuple[str, str] | str]) -> Order:
        """By a voted list of (unit, trade); a single name stands for a unit or a trade of its own. What is not listed comes last, in the order of the table."""
        return cls("vote", listed=tuple((one, "") if isinstance(one, str) else (one[0], one[1]) for one in listed))

    def sort(self, cells: Sequence[tuple[str, str]]) -> list[int]:
        """Places of the cells in the order of their claim."""
        if self.kind == "lot":
            return sorted(range(len(cells)), key=lambda place: (draw(self.seed, *cells[place]), place))
        rank = {cell: place for place, cell in reversed(list(enumerate(self.listed)))}

        def claim(place: int) -> tuple[int, int]:
            unit, trade = cells[place]
            found = [rank[one] for one in ((unit, trade), (unit, ""), ("", trade), (trade, "")) if one in rank]
            return (min(found, default=len(rank)), place)

        return sorted(range(len(cells)), key=claim)

    def told(self) -> dict[str, Any]:
        """As it stands in a certificate."""
        if self.kind == "lot":
            return {"kind": "lot", "seed": self.seed}
        return {"kind": "vote", "listed": [list(one) for one in self.listed]}


def draw(seed: str, unit: str, trade: str) -> str:
    """The lot of a cell: SHA-256 of "seed|unit|trade", in hexadecimal digits."""
    return hashlib.sha256(f"{seed}|{unit}|{trade}".encode()).hexdigest()
