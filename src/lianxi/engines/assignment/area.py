"""One area, from its network to its plan: solve, price, draw. What a process of a pool gets and gives back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from .drawing import draw
from .levels import settle_exactly
from .network import Network
from .overlapping import Found
from .pricing import prices, residual


@dataclass(frozen=True, slots=True)
class Job:
    """An area to be solved: weights of the columns (last: unlisted), the seed, the seats taken by designation."""

    network: Network
    weights: tuple[int, ...]
    rule: str
    seed: str
    seated: Mapping[str, int]


def solve(job: Job) -> Found:
    """The plan of the area. Raises solving.Stuck when there is none."""
    network, lottery = job.network, job.rule == "lottery"
    settle_exactly(network, (0,) * len(job.weights) if lottery else job.weights, job.rule)
    if lottery:
        price = [0] * network.size
        allowed = [[c for c, node in enumerate(row) if node >= 0] for row in network.options.tolist()]
        moving = [True] * len(network.tail)
    else:
        price = prices(network, residual(network, job.weights))
        allowed, moving = face(network, job.weights, price)
    places = draw(network, allowed, moving, job.seed, job.seated)
    return Found(
        dict(zip(network.members, places, strict=True)),
        dict(zip(network.groups, price, strict=False)),
        _quality_prices(network, price),
    )


def _quality_prices(network: Network, price: list[int]) -> dict[str, dict[str, int | Fraction]]:
    """What each quality adds to the price of its group, where it adds anything."""
    found: dict[str, dict[str, int | Fraction]] = {}
    for a in range(len(network.qualities)):  # the arcs of the trees come first
        node = int(network.tail[a])
        i, quality = network.qualities[node - len(network.groups)]
        if more := price[node] - price[int(network.head[a])]:
            found.setdefault(network.groups[i], {})[quality] = more
    return found


def face(network: Network, weights: Sequence[int], price: Sequence[int]) -> tuple[list[list[int]], list[bool]]:
    """Of each member the columns that some cheapest plan uses, best first; and the arcs whose flow may differ.

    A place is used by some cheapest plan iff it is tight and its node and the member's lie on a common closed walk.
    """
    tight = tight_columns(network, weights, price)
    at_price: NDArray[Any] = np.array(price, dtype=_kind(price))
    moving = at_price[network.tail] == at_price[network.head]
    n, size = len(network.members), network.size
    standing = network.standing() if n else np.zeros(0, dtype=np.int64)
    who, to = np.nonzero(tight)
    forward, back = moving & (network.flow < network.hi), moving & (network.flow > network.lo)
    tail = np.concatenate([standing[who], network.tail[forward], network.head[back]])
    head = np.concatenate([network.options[who, to], network.head[forward], network.tail[back]])
    links = coo_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(size, size)).tocsr()
    _, part = connected_components(links, directed=True, connection="strong")
    used = tight & (part[np.where(network.options >= 0, network.options, 0)] == part[standing][:, None])
    if n:
        used[np.arange(n), network.at] = True
    columns: list[list[int]] = [[] for _ in range(n)]
    for m, c in zip(*(x.tolist() for x in np.nonzero(used)), strict=True):
        columns[m].append(c)
    return columns, moving.tolist()


def tight_columns(network: Network, weights: Sequence[int], price: Sequence[int]) -> NDArray[np.bool_]:
    """For each member and column: is cost + price the least?"""
    kind = _kind([*price, *weights])
    far = 4 * (max(abs(p) for p in price) + max(weights, default=0) + 1)
    total = np.where(
        network.options >= 0,
        np.array(weights, dtype=kind)[None, :] + np.array(price, dtype=kind)[network.options],
        np.array(far, dtype=kind),
    )
    if not total.size:
        return np.zeros(total.shape, dtype=bool)
    tight: NDArray[np.bool_] = (total == total.min(axis=1)[:, None]) & (network.options >= 0)
    return tight


def _kind(numbers: Sequence[int]) -> type:
    return np.int64 if max((abs(n) for n in numbers), default=0) < 1 << 58 else object
