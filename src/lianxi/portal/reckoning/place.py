"""`lianxi place FILE`: members into groups by their wishes; prints the certificate, or what stands in the way."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from lianxi.portal.reckoning.reading import read_json
from lianxi.portal.starting.acts import Act
from lianxi.portal.starting.words import Trouble, say

if TYPE_CHECKING:
    from lianxi.engines.assignment import Placement


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="小组、成员和志愿（JSON） · groups, members and wishes (JSON)")
    parser.add_argument("--seed", help="抽签的种子，代替文件里的 · the seed of the draw, instead of the file's")
    parser.add_argument(
        "--closed", action="append", metavar="GROUP", help="这一轮不设的组（可重复） · a group left out of this round (may be repeated)"
    )  # fmt: skip
    parser.add_argument("--processes", type=int, default=1, help="同时计算几个片 · areas computed at a time")
    parser.add_argument("--json", action="store_true", help="只输出证书（JSON） · print the certificate only (JSON)")


def _run(asked: argparse.Namespace) -> int:
    from lianxi.engines.assignment import Infeasible, Refused, place, read

    data, text = read_json(asked.file)
    pool = None
    try:
        wanted = read(data)
        if asked.processes > 1:
            from concurrent.futures import ProcessPoolExecutor

            pool = ProcessPoolExecutor(asked.processes)
        plan = place(
            wanted.demand,
            rule=wanted.rule,
            seed=wanted.seed if asked.seed is None else asked.seed,
            closed=wanted.closed if asked.closed is None else asked.closed,
            executor=pool,
        )
    except Refused as refused:
        raise Trouble(f"{text.name}：{refused.zh}。", f"{text.name}: {refused.en}.") from None
    except Infeasible as impossible:
        raise Trouble(f"{text.name}：{impossible.zh}", f"{text.name}: {impossible.en}") from None
    finally:
        if pool is not None:
            pool.shutdown(cancel_futures=True)
    if asked.json:
        print(json.dumps(plan.certificate(), ensure_ascii=False))
        return 0
    _tell(plan)
    return 0


def _tell(plan: Placement) -> None:
    """The lists of the groups, and the profile."""
    lists: dict[str, list[str]] = {group: [] for group in plan.demand.groups}
    for member, group in plan.placement.items():
        lists[group].append(member)
    for group, members in lists.items():
        if group not in plan.closed:
            print(f"{group} ({len(members)}/{plan.demand.groups[group].hi}): {'、'.join(members)}")
            for said in plan.of(group)[1:]:
                say(f"  {said.zh}", f"  {said.en}")
    told = plan.summary()
    say(told.zh, told.en)


place = Act(_arguments, _run)
