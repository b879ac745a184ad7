"""The table that a public order chooses among the optimal ones."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from .orders import Order
from .ties import Cell

if TYPE_CHECKING:
    from .table import Table


def decide(table: Table, order: Order) -> tuple[tuple[int, ...], ...]:
    """Seats after the order: each tied cell in turn has its open seat if the totals still allow it; what is decided stays."""
    demand = table.demand
    cells = sorted(table.open_cells)
    held = {cell for tie in table.ties for cell in tie.held}
    open_ = Open(set(cells) - held, set(held), table)
    for place in order.sort([(demand.rows[i], demand.cols[j]) for i, j in cells]):
        open_.settle(cells[place])
    seats = [list(line) for line in table.seats]
    for i, j in cells:
        seats[i][j] = table.certain(i, j) + ((i, j) in open_.kept)
    return tuple(tuple(line) for line in seats)


class Open:
    """Tied cells that may still change: who could take the seat, who could give it."""

    def __init__(self, gain: set[Cell], lose: set[Cell], table: Table) -> None:
        self.gain: dict[int, set[int]] = {}
        self.lose: dict[int, set[int]] = {}
        self.kept: set[Cell] = set()
        for i, j in gain:
            self.gain.setdefault(i, set()).add(j)
        for i, j in lose:
            self.lose.setdefault(j, set()).add(i)
        still = [j for j, one in enumerate(table.col_divisors) if one == 1]
        self.totals = list(table.col_totals)
        self.bounds = {j: table.demand.col_seats[j] for j in still}

    def settle(self, cell: Cell) -> None:
        """Give the seat to the cell if it can be, and let it never change again."""
        i, j = cell
        if i in self.lose.get(j, ()):
            self.lose[j].discard(i)
            self.kept.add(cell)
            return
        self.gain[i].discard(j)
        path = self._path(j, i)
        if path is None:
            return
        self.kept.add(cell)
        self._move(path)

    def _path(self, start: int, row: int) -> list[tuple[int | None, int]] | None:
        """Moves (row, from column, …) that free a seat of `row` for column `start`: [(row that gives column its seat back, next column), …]."""
        before: dict[int, tuple[int, int | None]] = {}
        seen, queue = {start}, deque([start])
        while queue:
            at = queue.popleft()
            givers = self.lose.get(at, set())
            if row in givers:
                path: list[tuple[int | None, int]] = [(row, at)]
                while at != start:
                    last, via = before[at]
                    path.append((via, last))
                    at = last
                return path[::-1]
            for via in sorted(givers):
                for k in sorted(self.gain.get(via, ())):
                    if k not in seen:
                        seen.add(k)
                        before[k] = (at, via)
                        queue.append(k)
            if at in self.bounds and self.totals[at] < self.bounds[at][1]:
                for k in sorted(self.bounds):
                    if k not in seen and self.totals[k] > self.bounds[k][0]:
                        seen.add(k)
                        before[k] = (at, None)
                        queue.append(k)
        return None

    def _move(self, path: list[tuple[int | None, int]]) -> None:
        columns = [column for _, column in path]
        for place, (via, column) in enumerate(path):
            last = place == len(path) - 1
            if via is None:
                self.totals[column] += 1
                self.totals[columns[place + 1]] -= 1
                continue
            self.lose[column].discard(via)
            self.gain.setdefault(via, set()).add(column)
            if not last:
                after = columns[place + 1]
                self.gain[via].discard(after)
                self.lose.setdefault(after, set()).add(via)
