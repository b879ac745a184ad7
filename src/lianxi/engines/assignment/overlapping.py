"""Qualities that cross, or that are shares of a group's size: a whole-number programme (HiGHS), level by level of the rule.

The certificate is the prices of the linear programmes, written exactly, and the gap that they leave (often none).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_array, csr_array, hstack, vstack

from .demand import draw_key
from .levels import heights_of, levels_of
from .network import Area


class NoPlan(Exception):
    """The sizes and qualities of the area cannot be kept together."""

    def __init__(self, area: str, groups: list[str], qualities: list[str], missing: int) -> None:
        super().__init__(area)
        self.area, self.groups, self.qualities, self.missing = area, groups, qualities, missing

    def __reduce__(self) -> Any:
        return type(self), (self.area, self.groups, self.qualities, self.missing)


@dataclass(frozen=True, slots=True)
class Crossed:
    """An area to be solved as a programme."""

    area: Area
    weights: tuple[int, ...]
    rule: str
    seed: str


@dataclass(frozen=True, slots=True)
class Found:
    """The group of each member, the price of each group and of each quality in it."""

    places: dict[str, str]
    prices: dict[str, int | Fraction]
    quality_prices: dict[str, dict[str, int | Fraction]]


@dataclass(slots=True)
class _Model:
    """A variable for each member and group (`pairs`, with its column); rows: members, group sizes, qualities."""

    pairs: list[tuple[str, str, int]]
    rows: csr_array[Any, Any]
    lo: list[float]
    hi: list[float]
    names: list[tuple[str, str | None]]  # of the rows after the members'
    shares: Mapping[int, Fraction]


def solve_crossed(job: Crossed) -> Found:
    """The best placement found, with prices. Raises NoPlan."""
    model = _model(job)
    column = np.array([c for _, _, c in model.pairs], dtype=np.int64)
    lottery = job.rule == "lottery"
    if not model.pairs and all(lo <= 0 <= hi for lo, hi in zip(model.lo, model.hi, strict=True)):
        return Found({}, {}, {})
    levels = [[0] * len(job.weights)] if lottery else levels_of(job.rule, job.weights)
    extra: list[tuple[np.ndarray[Any, Any], int]] = []
    x = np.zeros(len(column))
    duals: list[tuple[list[Fraction], list[Fraction]]] = []
    for level in levels:
        cost = np.array(level, dtype=float)[column] if len(column) else np.zeros(0)
        rows, lo, hi = _with(model, extra)
        if not model.pairs:
            raise _no_plan(job, model)
        done = milp(cost, constraints=LinearConstraint(rows, lo, hi), bounds=Bounds(0, 1), integrality=np.ones(len(cost), dtype=np.int64), options={"mip_rel_gap": 0})  # fmt: skip
        if done.x is None:
            raise _no_plan(job, model)
        x = np.rint(done.x)
        if not lottery:
            duals.append(_duals(cost, rows, lo, hi, len(model.lo)))
        extra.append((cost, int(cost @ x)))
    places = {m: g for (m, g, _), one in zip(model.pairs, x.tolist(), strict=True) if one}
    if lottery:
        return Found(places, {}, {})
    return Found(places, *_prices(model, len(job.area.members), duals, heights_of(job.rule, job.weights)))


def _model(job: Crossed) -> _Model:
    area = job.area
    lots = {g: draw_key(job.seed, g) for g in area.groups}
    order = sorted(area.members, key=lambda m: draw_key(job.seed, m))
    last = len(job.weights) - 1
    pairs = [
        (m, g, area.members[m].wishes.index(g) if g in area.members[m].wishes else last)
        for m in order
        for g in sorted(area.groups, key=lots.__getitem__)
        if g not in area.members[m].barred
    ]
    lo, hi = [1.0] * len(order), [1.0] * len(order)
    row_of = {m: i for i, m in enumerate(order)}
    entries = [(row_of[m], j, 1.0) for j, (m, _, _) in enumerate(pairs)]
    names: list[tuple[str, str | None]] = []
    shares: dict[int, Fraction] = {}
    of: dict[str, list[int]] = {g: [] for g in area.groups}
    for j, (_, g, _) in enumerate(pairs):
        of[g].append(j)
    for g, group in area.groups.items():
        held = area.fixed.get(g, [])
        entries += [(len(lo), j, 1.0) for j in of[g]]
        lo.append(float(max(group.lo - len(held), 0)))
        hi.append(float(group.hi - len(held)))
        names.append((g, None))
        for q, bound in sorted(group.qualities.items()):
            have = sum(q in member.qualities for member in held)
            for value, above in ((bound.least, False), (bound.most, True)):
                if value is None or (value == 0 and not above):
                    continue
                share = Fraction(value) if isinstance(value, str) else Fraction(0)
                p, d = share.numerator, share.denominator  # d·holders - p·size against the bound
                for j in of[g]:
                    if factor := d * (q in area.members[pairs[j][0]].qualities) - p:
                        entries.append((len(lo), j, float(factor)))
                rest = d * (0 if share or isinstance(value, str) else int(value)) - (d * have - p * len(held))
                lo.append(-np.inf if above else float(rest))
                hi.append(float(rest) if above else np.inf)
                shares[len(names)] = share
                names.append((g, q))
    table = np.array(entries, dtype=float).reshape(-1, 3)
    rows = coo_array((table[:, 2], (table[:, 0].astype(int), table[:, 1].astype(int))), shape=(len(lo), len(pairs)))
    return _Model(pairs, rows.tocsr(), lo, hi, names, shares)


def _no_plan(job: Crossed, model: _Model) -> NoPlan:
    qualities = sorted({q for group in job.area.groups.values() for q in group.qualities})
    return NoPlan(job.area.name, list(job.area.groups), qualities, _missing(model, len(job.area.members)))


def _missing(model: _Model, members: int) -> int:
    """By how much the bounds of sizes and qualities must give at least."""
    count, own = len(model.pairs), len(model.lo) - members
    if not count:
        return max(members, 1)
    give = coo_array((np.ones(own), (np.arange(members, len(model.lo)), np.arange(own))), shape=(len(model.lo), own))
    rows = hstack([model.rows, give, -give])
    cost = np.concatenate([np.zeros(count), np.ones(2 * own)])
    limits = Bounds(0, np.concatenate([np.ones(count), np.full(2 * own, np.inf)]))
    done = milp(cost, constraints=LinearConstraint(rows, np.array(model.lo), np.array(model.hi)), bounds=limits, integrality=np.ones(len(cost), dtype=np.int64))  # fmt: skip
    return max(round(done.fun), 1) if done.fun is not None else 1


def _with(model: _Model, extra: list[tuple[Any, int]]) -> tuple[Any, Any, Any]:
    """The rows, with the levels that must not get worse."""
    rows = vstack([model.rows, *(csr_array(cost[None, :]) for cost, _ in extra)]).tocsr() if extra else model.rows
    return rows, np.array([*model.lo, *(-np.inf for _ in extra)]), np.array([*model.hi, *(float(v) for _, v in extra)])


def _duals(cost: Any, rows: Any, lo: Any, hi: Any, own: int) -> tuple[list[Fraction], list[Fraction]]:
    """What a row is paid for in the linear programme: prices of the model's rows, multipliers of the levels before."""
    below, above = np.isfinite(lo), np.isfinite(hi)
    done = linprog(
        cost, A_ub=vstack([rows[above], -rows[below]]), b_ub=np.concatenate([hi[above], -lo[below]]), bounds=(0, None), method="highs"
    )  # fmt: skip
    price = np.zeros(len(lo))
    if done.status == 0:
        marginals = -np.asarray(done.ineqlin.marginals)
        price[above] += marginals[: int(above.sum())]
        price[below] -= marginals[int(above.sum()) :]
    exact = [Fraction(float(p)).limit_denominator(360) for p in price]
    return exact[:own], exact[own:]


def _prices(
    model: _Model, members: int, duals: list[tuple[list[Fraction], list[Fraction]]], heights: list[int]
) -> tuple[dict[str, int | Fraction], dict[str, dict[str, int | Fraction]]]:
    """The prices of all levels together: a level that others lean on counts for that much less."""
    share: list[Fraction] = [Fraction(h) for h in heights]
    for i in range(len(duals) - 1, -1, -1):
        for j, lean in enumerate(duals[i][1]):
            share[j] -= share[i] * lean
    total = [sum((share[i] * duals[i][0][r] for i in range(len(duals))), Fraction(0)) for r in range(len(model.lo))]
    prices: dict[str, int | Fraction] = {}
    of: dict[str, dict[str, int | Fraction]] = {}
    for k, (g, q) in enumerate(model.names):
        price = total[members + k]
        if q is None:
            prices[g] = price
        elif price := price * model.shares[k].denominator:
            of.setdefault(g, {})[q] = of.get(g, {}).get(q, 0) + price
    return prices, of
