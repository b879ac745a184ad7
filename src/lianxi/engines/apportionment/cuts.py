"""Why no table fits: a few units and trades whose seats do not add up, and the smallest changes that would make them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .flow import Ints
from .refusals import Infeasible


@dataclass(slots=True)
class Bounds:
    """What a table must keep: seats of the rows, bounds of columns and cells (effective caps: a cell without weight is capped at its floor)."""

    rows: Ints
    low: Ints
    high: Ints
    floor: Ints
    cap: Ints
    row_names: Sequence[str]
    col_names: Sequence[str]


def refuse_at_once(bounds: Bounds) -> None:
    """Refuse what a glance at one row, one column or the totals shows.

    Raises:
        Infeasible: a unit with fewer seats than floors or more than its cells hold; totals that cannot meet.
    """
    for i, name in enumerate(bounds.row_names):
        seats, least, most = int(bounds.rows[i]), int(bounds.floor[i].sum()), int(bounds.cap[i].sum())
        if seats < least:
            raise Infeasible("row-floor", rows=[name], cols=[], need=least, have=seats, short=least - seats,
                             cures=[{"kind": "raise-row", "rows": [name], "by": least - seats}])  # fmt: skip
        if seats > most:
            cols = [bounds.col_names[j] for j in range(len(bounds.col_names)) if bounds.cap[i, j] > 0]
            raise Infeasible("row-cap", rows=[name], cols=cols, need=seats, have=most, short=seats - most,
                             cures=[{"kind": "lower-row", "rows": [name], "by": seats - most}])  # fmt: skip
    total, low, high = int(bounds.rows.sum()), int(bounds.low.sum()), int(bounds.high.sum())
    if total < low:
        raise Infeasible("total-low", rows=[], cols=[name for name, least in zip(bounds.col_names, bounds.low.tolist(), strict=True) if least], need=low, have=total, short=low - total,
                         cures=[{"kind": "lower-all", "by": low - total}])  # fmt: skip
    if total > high:
        raise Infeasible("total-high", rows=[], cols=list(bounds.col_names), need=total, have=high, short=total - high,
                         cures=[{"kind": "raise-all", "by": total - high}])  # fmt: skip


def witness(bounds: Bounds, reached: list[int]) -> dict[str, Any]:
    """The cut behind columns that seats cannot leave (as `flow.solve` reports them), in figures that anyone can add up.

    Returns:
        facts with `code`: "too-many" (units must place `need` seats in the columns, which allow `have`) or
        "too-few" (columns need `need` seats, the units can give `have`).
    """
    width = len(bounds.col_names)
    inside = np.zeros(width, dtype=bool)
    inside[[j for j in reached if j < width]] = True
    if width not in reached:
        forced = bounds.rows - bounds.cap[:, ~inside].sum(axis=1)
        floors = bounds.floor[:, inside].sum(axis=1)
        need, have, code = int(np.maximum(forced, floors).sum()), int(bounds.high[inside].sum()), "too-many"
        marked, chosen = np.flatnonzero(forced > floors), inside
        extra = int(floors[forced <= floors].sum())
    else:
        chosen = ~inside
        loose = bounds.rows - bounds.floor[:, inside].sum(axis=1)
        caps = bounds.cap[:, chosen].sum(axis=1)
        need, have, code = int(bounds.low[chosen].sum()), int(np.minimum(loose, caps).sum()), "too-few"
        marked, extra = np.flatnonzero(np.minimum(loose, caps) > 0), 0
    return {
        "code": code,
        "rows": [bounds.row_names[i] for i in marked.tolist()], "cols": [bounds.col_names[j] for j in np.flatnonzero(chosen).tolist()],
        "row_seats": int(bounds.rows[marked].sum()), "elsewhere": int(bounds.cap[np.ix_(marked, ~chosen)].sum()),
        "floors": extra, "need": need, "have": have, "short": need - have,
    }  # fmt: skip


def cures(bounds: Bounds, facts: dict[str, Any], seats: Ints) -> list[dict[str, Any]]:
    """Changes that make the demand possible, smallest first; `seats` is a table with exact rows that misses the columns by as little as possible."""
    totals = seats.sum(axis=0)
    over, under = np.maximum(totals - bounds.high, 0), np.maximum(bounds.low - totals, 0)
    found: list[dict[str, Any]] = [{
        "kind": "bounds", "by": int(over.sum() + under.sum()),
        "raise": [[bounds.col_names[j], int(over[j])] for j in np.flatnonzero(over).tolist()],
        "lower": [[bounds.col_names[j], int(under[j])] for j in np.flatnonzero(under).tolist()],
    }]  # fmt: skip
    return found
