"""What follows from a finished plan: which places other best plans use, what one more seat would give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .area import face
from .demand import Demand
from .network import Network, areas, overlapping
from .network import network as network_of
from .pricing import Residual, _turned, prices, residual, shortest


@dataclass(frozen=True, slots=True)
class Evidence:
    """columns[m]: the ranks (from 0) at which some best plan has member m. more[g]: the change of the profile that one
    more seat in g brings, fewer[g]: that one off its least size brings; only where something would change."""

    columns: Mapping[str, frozenset[int]]
    more: Mapping[str, tuple[int, ...]]
    fewer: Mapping[str, tuple[int, ...]]
    crossed: bool = False


def evidence(
    demand: Demand,
    area: str,
    placement: Mapping[str, str],
    closed: Iterable[str],
    weights: tuple[int, ...],
    *,
    lottery: bool,
) -> Evidence:
    """The evidence of one area, from the placement alone."""
    members = {n: m for n, m in demand.members.items() if m.area == area or m.fixed is not None}
    groups = {n: g for n, g in demand.groups.items() if g.area == area}
    members = {n: m for n, m in members.items() if m.fixed is None or m.fixed in groups}
    if lottery:
        return Evidence({}, {}, {})
    (part,) = areas(groups, members, set(closed))
    if overlapping(part):
        return Evidence({}, {}, {}, crossed=True)
    network = network_of(part, demand.rank_count())
    stand(network, placement)
    graph = residual(network, weights[1:])
    price = prices(network, graph)
    columns, _ = face(network, weights[1:], price)
    named = {m: frozenset(c) for m, c in zip(network.members, columns, strict=True)}
    return Evidence(named, *_changes(network, graph, len(weights)))


def stand(network: Network, placement: Mapping[str, str]) -> None:
    """Put the members of the network where a placement has them."""
    index = {g: i for i, g in enumerate(network.groups)}
    arc = {ends: a for a, ends in enumerate(zip(network.tail.tolist(), network.head.tolist(), strict=True))}
    onward = {tail: a for (tail, _), a in arc.items() if network.owner[tail] >= 0}
    network.flow[:] = 0
    for m, name in enumerate(network.members):
        node, row = network.entry[network.kind[m]][index[placement[name]]], network.options[m].tolist()
        if node in row:
            network.at[m] = row.index(node)
        else:
            network.at[m] = len(row) - 1
            network.flow[arc[row[-1], node]] += 1
        while node != network.sink:
            network.flow[onward[node]] += 1
            node = int(network.head[onward[node]])


def _changes(
    network: Network, graph: Residual, length: int
) -> tuple[dict[str, tuple[int, ...]], dict[str, tuple[int, ...]]]:
    more: dict[str, tuple[int, ...]] = {}
    fewer: dict[str, tuple[int, ...]] = {}
    turned = _turned(graph)
    for found, way in ((more, graph), (fewer, turned)):
        distance, before = shortest(way, [(network.sink, 0)])
        for i, group in enumerate(network.groups):
            d = distance[i]
            if d is not None and d < 0:
                found[group] = _along(way, before, i, length)
    return more, fewer


def _along(graph: Residual, before: list[int], node: int, length: int) -> tuple[int, ...]:
    """The change of the profile along a shortest walk."""
    change = [0] * length
    while (arc := before[node]) >= 0:
        if graph.leave[arc] >= 0:
            change[graph.leave[arc] + 1] -= 1
            change[graph.enter[arc] + 1] += 1
        node = int(graph.tail[arc])
    return tuple(change)
