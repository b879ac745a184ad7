"""From a plan's frozen figures to its calculation: the one place that calls the engine. Pure on what it is given."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lianxi.engines import apportionment as engine

from .models import PlanAim, PlanTrade, PlanUnit, SeatPlan
from .saying import in_both, refusal, skips, ties
from .terms import Aim, Method, Outcome, TieWay

MEASURES = {"members": "members", "organizations": "organisations", "population": "population"}
"""Our names of the figures → the engine's."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A demand with the shares of overlapping groups and the public order, ready to be computed."""

    demand: engine.PlanDemand
    order: engine.Order | None
    aims: tuple[tuple[str, Fraction, tuple[int, ...]], ...]
    settings: dict[str, Any]
    units: tuple[PlanUnit, ...] = ()
    trades: tuple[PlanTrade, ...] = ()


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What came of it. `document`: {"certificate", "guides", "shares", "said"}; `digest`: SHA-256 of the certificate."""

    outcome: str
    document: dict[str, Any]
    digest: str
    asked: dict[str, Any]

    @property
    def said(self) -> str:
        """The first sentence, in Chinese, for the record's history."""
        return "".join(self.document.get("said", {}).get("zh", ())[:1])


def asked_of(plan: SeatPlan, units: Sequence[PlanUnit], trades: Sequence[PlanTrade], **change: Any) -> Asked:
    """The demand of a plan, with some settings changed for a trial (seats, floor, weight_…)."""

    def value(name: str) -> Any:
        found = change.get(name)
        return getattr(plan, name) if found is None else found

    weights = {theirs: Fraction(value(f"weight_{ours}")) for ours, theirs in MEASURES.items()}
    demand = engine.PlanDemand(
        units=tuple(_unit(one, trades) for one in units),
        trades=tuple(engine.Trade(one.name, _number(one.at_least), _number(one.at_most)) for one in trades),
        seats=int(value("seats")),
        weights=weights,
        unit_floor=int(value("floor")),
        unit_cap=plan.cap,
        rule={Method.WEBSTER: "webster", Method.HAMILTON: "hamilton", Method.DHONDT: "dhondt"}[Method(plan.method)],
        rules=("E-09", "E-39", "E-55"),
    )
    settings = {
        "seats": demand.seats, "floor": demand.unit_floor, "cap": demand.unit_cap, "method": plan.method,
        "weights": {ours: str(weights[theirs]) for ours, theirs in MEASURES.items()}, "tie": plan.tie_way,
    }  # fmt: skip
    aims: list[PlanAim] = list(plan.aims.all())
    return Asked(
        demand,
        None if change else _order(plan),
        tuple((one.aim, Fraction(one.share), tuple(getattr(unit, one.aim) for unit in units)) for one in aims),
        settings,
        tuple(units),
        tuple(trades),
    )


def _unit(one: PlanUnit, trades: Sequence[PlanTrade]) -> engine.Unit:
    return engine.Unit(
        one.name,
        members=one.members,
        organisations=one.organizations,
        population=one.population or 0,
        trades={trade.name: n for trade, n in zip(trades, one.people, strict=False) if n},
        floor=one.floor,
        cap=one.cap,
    )


def _number(value: Any) -> Fraction | None:
    return None if value is None else Fraction(value)


def _order(plan: SeatPlan) -> engine.Order | None:
    if plan.tie_way == TieWay.DRAWN:
        return engine.Order.lot(plan.tie_seed)
    # What names a unit and a trade together says more than a unit alone, wherever it stands in the list.
    voted = sorted(map(pair, plan.tie_order), key=lambda one: not one[1])
    return engine.Order.vote(voted) if plan.tie_way == TieWay.VOTED else None


def pair(name: str) -> tuple[str, str]:
    """A line of a voted order: a unit or a trade, or both as “望槐·教师”."""
    unit, _dot, trade = name.partition("·")
    return unit, trade


def undecided(asked: Asked) -> list[str]:
    """What a voted order leaves open, by name: equal claims that only the place in the table would decide.

    The order is read twice, with equal claims in the order of the table and against it; where the seats differ, nobody
    has decided. Raises nothing for a plan that cannot be.
    """
    order = asked.order
    if order is None or order.kind != "vote":
        return []
    try:
        plan = engine.seat_plan(asked.demand, order=order)
        units, trades = plan.a.names, plan.b.names
        steps = (
            [("", units[j]) for tie in plan.a.ties for _i, j in tie.cells], [("", trades[j]) for tie in plan.b.ties for _i, j in tie.cells],
            [(units[i], trades[j]) for tie in plan.c.ties for i, j in tie.cells],
        )  # fmt: skip
        other = engine.seat_plan(asked.demand, order=engine.Order.vote(_from_end(steps, order)))
    except engine.Refused:
        return []
    if plan.a.seats != other.a.seats:
        return [name for name, one, two in zip(units, plan.a.seats, other.a.seats, strict=True) if one != two]
    if plan.b.seats != other.b.seats:
        return [name for name, one, two in zip(trades, plan.b.seats, other.b.seats, strict=True) if one != two]
    return [
        f"{unit}·{trade}"
        for i, unit in enumerate(units)
        for j, trade in enumerate(trades)
        if plan.c.seats[i][j] != other.c.seats[i][j]
    ]


def _from_end(steps: Sequence[list[tuple[str, str]]], order: engine.Order) -> list[tuple[str, str]]:
    """The whole order, written out, with equal claims from the end of the table."""
    # Cells first: a name of their own would otherwise rank them.
    return [cells[::-1][place] for cells in reversed(steps) for place in order.sort(cells[::-1])]


def reckon(asked: Asked) -> Reckoned:
    """The three steps, certified; or why not. Never raises for what people typed: that is an outcome too."""
    try:
        plan = engine.seat_plan(asked.demand, order=asked.order)
    except engine.Refused as refused:
        why = refused
        said = in_both(asked.units, asked.trades, lambda names: refusal(why, asked.demand, names))
        facts = json.loads(json.dumps(refused.facts, default=str))
        return _ended(Outcome.INFEASIBLE, {"said": said, "refused": {"code": refused.code, "facts": facts}}, asked)
    certificate = plan.certificate()
    step = plan.open_step
    document: dict[str, Any] = {
        "certificate": certificate,
        "shares": [f"{float(one):.3f}" for one in plan.b.shares],
        "said": in_both(asked.units, asked.trades, lambda names: ties(plan, step, names)),
        "skipped": in_both(asked.units, asked.trades, lambda names: skips(plan, names)),
    }
    if not step:
        document["guides"] = {aim: _guide(aim, share, have, asked, plan) for aim, share, have in asked.aims}
    return _ended(Outcome.TIED if step else Outcome.DONE, document, asked)


def _ended(outcome: str, document: dict[str, Any], asked: Asked) -> Reckoned:
    digest = hashlib.sha256(canonical(document.get("certificate") or document).encode()).hexdigest()
    return Reckoned(outcome, document, digest, asked.settings)


def canonical(found: Any) -> str:
    """JSON as it is hashed: sorted keys, no blanks."""
    return json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _guide(aim: str, share: Fraction, have: tuple[int, ...], asked: Asked, plan: engine.Plan) -> dict[str, Any]:
    """The target of a group shared among the units; where the units have too few of it, what is said instead."""
    names = [one.code for one in asked.demand.units]
    members = {one.code: int(one.members) for one in asked.demand.units}
    try:
        found = engine.guidance(
            str(Aim(aim).value),
            dict(zip(names, plan.a.seats, strict=True)),
            dict(zip(names, have, strict=True)),
            members,
            share=share,
        )
    except engine.Refused as refused:
        why = refused
        return {"refused": in_both(asked.units, asked.trades, lambda names: refusal(why, asked.demand, names)[:1])}
    return {
        "target": found.target,
        "seats": list(found.line.seats),
        "weights": [str(one) for one in found.line.weights],
        "ties": [{"units": [j for _i, j in tie.cells], "held": [j for _i, j in tie.held], "open": tie.open} for tie in found.line.ties],
    }  # fmt: skip


def lots(plan: SeatPlan, certificate: dict[str, Any]) -> list[dict[str, Any]]:
    """The tied units and trades in the order of their lots, as anybody can draw it again; `won`: has the open seat."""
    if plan.tie_way != TieWay.DRAWN:
        return []
    units = [one[0] for one in certificate["units"]]
    trades = [one[0] for one in certificate["trades"]]
    rows = []
    for step in ("a", "b", "c"):
        for tie in certificate[step]["ties"]:
            for i, j in tie["cells"]:
                unit, trade = (
                    ("", units[j]) if step == "a" else ("", trades[j]) if step == "b" else (units[i], trades[j])
                )
                rows.append(
                    {"step": step.upper(), "unit": unit, "trade": trade, "name": f"{unit}{'·' if unit else ''}{trade}", "hash": engine.draw(plan.tie_seed, unit, trade)}
                )  # fmt: skip
    return sorted(rows, key=lambda row: (row["step"], row["hash"]))
