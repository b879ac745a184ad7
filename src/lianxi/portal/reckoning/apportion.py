"""`lianxi apportion FILE`: seats to units and trades; prints the table with its divisors, or the certificate."""

from __future__ import annotations

import argparse
import json
import unicodedata
from typing import TYPE_CHECKING, Any

from lianxi.portal.reckoning.reading import read_json
from lianxi.portal.starting.acts import Act
from lianxi.portal.starting.words import Trouble, say

if TYPE_CHECKING:
    from lianxi.engines.apportionment import Line, Plan, Table, Totals

UNREAD = (
    "election_key",
    "divisors",
    "checks",
    "source",
    "expected",
    "expected_alternatives",
    "lot_cells",
    "note",
    "title",
)
"""What published instances hold beside their demand."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="FILE",
        help="题目（JSON）：votes与row_seats、col_seats，或units、trades与seats · the demand: votes with row_seats and col_seats, or units, trades and seats",
    )  # fmt: skip
    parser.add_argument(
        "--seed", help="并列时抽签的种子，代替文件里的 · the seed of the lot that decides ties, instead of the file's"
    )
    parser.add_argument("--json", action="store_true", help="只输出证书（JSON） · print the certificate only (JSON)")


def _run(asked: argparse.Namespace) -> int:
    from lianxi.engines.apportionment import Infeasible, Order, Refused, answer
    from lianxi.engines.apportionment import say as told

    data, text = read_json(asked.file, unread=UNREAD)
    try:
        found = answer(data, order=Order.lot(asked.seed) if asked.seed is not None else None)
    except Refused as refused:
        zh, en = refused.sentence("zh"), refused.sentence("en")
        cures = refused.cures if isinstance(refused, Infeasible) else []
        cured = [(told(f"cure-{one['kind']}", one, "zh"), told(f"cure-{one['kind']}", one, "en")) for one in cures]
        if asked.json:
            print(json.dumps({"refused": refused.code, "zh": zh, "en": en, "facts": refused.facts}, ensure_ascii=False))
        raise Trouble(
            f"{text.name}：{zh}", f"{text.name}: {en}", detail="\n".join(f"{a}\n{b}" for a, b in cured)
        ) from None
    if asked.json:
        print(json.dumps(found.certificate(), ensure_ascii=False))
        return 0
    _tell(found)
    return 0


def _tell(found: Any) -> None:
    from lianxi.engines.apportionment import Plan, Table

    if isinstance(found, Plan):
        _tell_plan(found)
    elif isinstance(found, Table):
        _tell_table(found)
        _tell_ties(found)
    else:
        _tell_line(found)
        _tell_ties(found)


def _tell_plan(plan: Plan) -> None:
    say("甲、各单位席位", "A. Seats of the units")
    _tell_line(plan.a)
    _tell_ties(plan.a)
    say("乙、各行业席位", "B. Seats of the trades")
    for place, name in enumerate(plan.b.names):
        print(f"  {name}: {plan.b.sentence(place, 'zh')}")
    for skip in plan.b.skips:
        say(f"  {skip.sentence('zh')}", f"  {skip.sentence('en')}")
    _tell_ties(plan.b)
    say("丙、单位×行业", "C. Units × trades")
    _tell_table(plan.c)
    _tell_ties(plan.c)


def _tell_line(line: Line) -> None:
    for place, name in enumerate(line.names):
        print(f"  {name}: {line.sentence(place, 'zh')}")


def _tell_table(table: Table) -> None:
    from lianxi.engines.apportionment import written

    demand = table.demand
    head = ["", *(f"{name} ÷{written(one)}" for name, one in zip(demand.cols, table.col_divisors, strict=True)), "∑"]
    lines = [
        [f"{name} ÷{written(one)}", *map(str, seats), str(sum(seats))]
        for name, one, seats in zip(demand.rows, table.row_divisors, table.seats, strict=True)
    ]
    foot = ["∑", *map(str, table.col_totals), str(sum(table.col_totals))]
    grid = [[_short(one) for one in line] for line in (head, *lines, foot)]
    widths = [max(_width(line[at]) for line in grid) for at in range(len(head))]
    for line in grid:
        padded = [" " * (wide - _width(one)) + one for one, wide in zip(line[1:], widths[1:], strict=True)]
        print("  " + line[0] + " " * (widths[0] - _width(line[0])) + "  " + "  ".join(padded))


def _short(text: str) -> str:
    return text if len(text) <= 28 else text[:27] + "…"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def _tell_ties(found: Line | Table | Totals) -> None:
    if found.unique:
        say("  答案唯一。", "  The answer is unique.")
    for tie in found.ties:
        say(f"  {found.tie_sentence(tie, 'zh')}", f"  {found.tie_sentence(tie, 'en')}")
    if not found.unique and found.order is not None:
        say("  已按公布的顺序决定。", "  Decided by the published order.")


apportion = Act(_arguments, _run)
