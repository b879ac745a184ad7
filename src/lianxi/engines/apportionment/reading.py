"""A demand read from plain data (a parsed JSON file): a seat plan, a table, or one line. Wrong data are refused by key, row and column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from .flow import Progress
from .line import Line, divisor, hamilton
from .numbers import exact
from .orders import Order
from .plan import Plan, PlanDemand, Trade, Unit, seat_plan
from .refusals import Infeasible, Invalid, Refused
from .table import Table, biproportional

Answer = Plan | Table | Line
_PLACE = re.compile(r"^(weights|floor|cap)\[(\d+)\]\[(\d+)\]$")


def answer(found: Mapping[str, Any], *, order: Order | None = None, progress: Progress | None = None) -> Answer:
    """Read a demand and answer it.

    Args:
        found: a seat plan has `units`, `trades`, `seats` (keys as `PlanDemand`); a table has `votes` or `weights`, `row_seats`, and perhaps `col_seats`,
            `cell_floor` or `floor`, `cell_cap` or `cap`, `rows`, `cols` (or `codes`), `rounding`, `rule`, `rules`, `eligible`, `order`.
            Without `col_seats`, one row is apportioned in one dimension; of several rows the columns' seats are `upper`.
        order: decides ties, instead of the file's.

    Returns:
        A plan, a table or a line.

    Raises:
        Invalid, Infeasible, Cancelled.
    """
    order = order if order is not None else _order(found.get("order"))
    if "units" in found:
        return seat_plan(plan_demand(found), order=order, progress=progress)
    key = "votes" if "votes" in found else "weights"
    if key not in found:
        raise Invalid("missing", where="votes")
    if "row_seats" not in found:
        raise Invalid("missing", where="row_seats")
    names: Mapping[str, Any] = found.get("codes") or found
    if not isinstance(names, Mapping):
        raise Invalid("not-a-mapping", where="codes")
    try:
        return _table(found, found[key], names, order, progress)
    except Refused as refused:
        raise _placed(refused, found, key, names) from None


def upper(
    votes: Sequence[Sequence[Any]], row_seats: Sequence[int], *, eligible: Sequence[bool] | None = None, cols: Sequence[str] | None = None,
    order: Order | None = None,
) -> Line:  # fmt: skip
    """Seats of the columns from Σ votes / seats of the row, exact, by Sainte-Laguë (Neues Zürcher Zuteilungsverfahren). A list that is not eligible gets none."""
    width = len(votes[0])
    allowed = eligible if eligible is not None else [True] * width
    if len(allowed) != width:
        raise Invalid("shape", where="eligible", need=width, have=len(allowed))
    shares = [
        sum((Fraction(exact(line[j], f"weights[{i}][{j}]")) / (row_seats[i] or 1) for i, line in enumerate(votes)), Fraction(0)) if allowed[j] else Fraction(0)
        for j in range(width)
    ]  # fmt: skip
    named = list(cols) if cols is not None else [str(j + 1) for j in range(width)]
    return divisor(dict(zip(named, shares, strict=True)), sum(row_seats), order=order)


def plan_demand(found: Mapping[str, Any]) -> PlanDemand:
    """A seat plan's demand from plain data: keys as `PlanDemand`, units and trades as objects with the keys of `Unit` and `Trade`.
    `cell_floor` and `cell_cap` may be lists of [unit, trade, seats].

    Raises:
        Invalid: a key is missing or is not what it must be.
    """
    for key in ("units", "trades", "seats"):
        if key not in found:
            raise Invalid("missing", where=key)
    units = tuple(_object(one, f"units[{place}]", Unit) for place, one in enumerate(_many(found["units"], "units")))
    trades = tuple(
        _object(one, f"trades[{place}]", Trade) for place, one in enumerate(_many(found["trades"], "trades"))
    )
    rest = {key: found[key] for key in ("weights", "unit_floor", "unit_cap", "rule", "rounding") if key in found}
    if "weights" in rest and not isinstance(rest["weights"], Mapping):
        raise Invalid("not-a-mapping", where="weights")
    for key in ("cell_floor", "cell_cap"):
        if isinstance(found.get(key), list):
            rest[key] = _cells(found[key], key)
        elif key in found:
            rest[key] = found[key]
    rest["rounding"] = _rounding(rest.get("rounding", Fraction(1, 2)))
    rules = tuple(str(one) for one in _many(found.get("rules", []), "rules"))
    return PlanDemand(units, trades, found["seats"], rules=rules, **rest)


def _table(found: Mapping[str, Any], weights: Any, names: Mapping[str, Any], order: Order | None, progress: Progress | None) -> Table | Line:  # fmt: skip
    rows, cols = names.get("rows"), names.get("cols")
    columns, seats = found.get("col_seats"), found["row_seats"]
    rule = found.get("rule", "divisor")
    if rule not in ("divisor", "hamilton", "webster", "dhondt"):
        raise Invalid("unknown-rule", found=str(rule), known="divisor, webster, dhondt, hamilton")
    rounding = _rounding(found.get("rounding", Fraction(1) if rule == "dhondt" else Fraction(1, 2)))
    floor, cap = found.get("cell_floor", found.get("floor", 0)), found.get("cell_cap", found.get("cap"))
    rules = found.get("rules", ())
    rules = (rules,) if isinstance(rules, str) else tuple(str(one) for one in rules)
    flat = isinstance(weights, list) and len(weights) == 1 and isinstance(weights[0], list) and isinstance(seats, list)
    free = columns is None or (flat and len(seats) == 1 and columns == [[0, seats[0]]] * len(weights[0]))
    if flat and free and len(seats) == 1:
        line = dict(zip(_line_names(cols, len(weights[0])), weights[0], strict=True))
        bounds = {
            "floor": floor[0] if isinstance(floor, list) else floor,
            "cap": cap[0] if isinstance(cap, list) else cap,
        }
        if rule == "hamilton":
            return hamilton(line, seats[0], rules=rules, order=order, **bounds)
        return divisor(line, seats[0], rounding=rounding, rules=rules, order=order, **bounds)
    if rule == "hamilton":
        raise Invalid("one-row-only", where="rule")
    if columns is None:
        biproportional(weights, seats, None, rows=rows, cols=cols, floor=floor, cap=cap)  # reads it, with its refusals
        columns = list(upper(weights, seats, eligible=found.get("eligible"), cols=cols, order=order).seats)
    return biproportional(weights, seats, columns, rows=rows, cols=cols, rounding=rounding, floor=floor, cap=cap, rules=rules, order=order, progress=progress)  # fmt: skip


def _line_names(cols: Any, width: int) -> list[str]:
    names = [str(j + 1) for j in range(width)] if cols is None else _many(cols, "cols")
    if len(names) != width:
        raise Invalid("shape", where="cols", need=width, have=len(names))
    if len({str(one) for one in names}) < width:
        twice = next(one for place, one in enumerate(names) if one in names[:place])
        raise Invalid("name-twice", where=f"cols[{names.index(twice)}]", name=str(twice))
    return [str(one) for one in names]


def _placed(refused: Refused, found: Mapping[str, Any], key: str, names: Mapping[str, Any]) -> Refused:
    """The refusal with the file's own key, and the row and the column by name."""
    where = str(refused.facts.get("where", ""))
    hit = _PLACE.match(where)
    if isinstance(refused, Infeasible) or not where.startswith(("weights", "floor", "cap")):
        return refused
    file_key = {
        "weights": key,
        "floor": "cell_floor" if "cell_floor" in found else "floor",
        "cap": "cell_cap" if "cell_cap" in found else "cap",
    }
    base = re.split(r"\[", where)[0]
    told = where.replace(base, file_key.get(base, base), 1)
    if hit:
        i, j = int(hit[2]), int(hit[3])
        row, col = _name(names.get("rows"), i), _name(names.get("cols"), j)
        return Invalid(refused.code, **{**refused.facts, "where": f"{told} ({row} × {col})", "row": row, "col": col})
    return type(refused)(refused.code, **{**refused.facts, "where": told})


def _name(names: Any, place: int) -> str:
    return str(names[place]) if isinstance(names, list) and place < len(names) else str(place + 1)


def _order(found: Any) -> Order | None:
    if found is None:
        return None
    if isinstance(found, Mapping) and found.get("kind") == "lot" and isinstance(found.get("seed"), str):
        return Order.lot(found["seed"])
    if isinstance(found, Mapping) and found.get("kind") == "vote" and isinstance(found.get("listed"), list):
        return Order.vote([one if isinstance(one, str) else (str(one[0]), str(one[1])) for one in found["listed"]])
    raise Invalid("bad-order", where="order")


def _rounding(found: Any) -> Any:
    if isinstance(found, list):
        if len(found) != 2 or not all(type(one) is int and one > 0 for one in found):
            raise Invalid("rounding", where="rounding", found=str(found))
        return Fraction(*found)
    return found


def _many(found: Any, where: str) -> Sequence[Any]:
    if not isinstance(found, list | tuple):
        raise Invalid("not-a-list", where=where)
    return found


def _object(found: Any, where: str, kind: type) -> Any:
    if not isinstance(found, Mapping):
        raise Invalid("not-a-mapping", where=where)
    if "code" not in found:
        raise Invalid("missing", where=f"{where}.code")
    known = kind.__dataclass_fields__  # type: ignore[attr-defined]
    if isinstance(found.get("trades", {}), Mapping):
        return kind(**{key: one for key, one in found.items() if key in known})
    raise Invalid("not-a-mapping", where=f"{where}.trades")


def _cells(found: Sequence[Any], where: str) -> dict[tuple[str, str], int]:
    made: dict[tuple[str, str], int] = {}
    for place, one in enumerate(found):
        if not isinstance(one, list) or len(one) != 3:
            raise Invalid("shape", where=f"{where}[{place}]", need=3, have=len(one) if isinstance(one, list) else 0)
        made[str(one[0]), str(one[1])] = one[2]
    return made
