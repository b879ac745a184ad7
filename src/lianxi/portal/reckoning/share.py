"""`lianxi share FILE.pb`: spend a budget by equal shares; the certificate on standard output."""

from __future__ import annotations

import argparse
import json
import sys

from lianxi.portal.reckoning.reading import read_text
from lianxi.portal.starting.acts import Act
from lianxi.portal.starting.words import Trouble


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE.pb", help="Pabulib文件 · a Pabulib file")
    parser.add_argument(
        "--completion", choices=("none", "add1", "add1u"), default="add1u",
        help="份额如何补足：不补、逐元增加、再按支持补足（默认） · completion; default: add1u",
    )  # fmt: skip
    parser.add_argument(
        "--utility", choices=("cost", "cardinality"), default="cost",
        help="项目的价值按费用或按个数，默认按费用 · what a project is worth; default: its cost",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="输出证书（JSON） · print the certificate (JSON)")


def _run(asked: argparse.Namespace) -> int:
    from lianxi.engines.budgeting import BadElection, certificate, equal_shares, read, sentences
    from lianxi.engines.budgeting.explaining import money

    text = read_text(asked.file)
    try:
        file = read(text.text)
        election = file.election()
        outcome = equal_shares(election, completion=asked.completion, utility=asked.utility, progress=_progress)
    except BadElection as bad:
        raise Trouble(f"{text.name}{'' if bad.line else '：'}{bad.zh}", f"{text.name}, {bad.en}") from None
    finally:
        _clear()
    made = certificate(election, outcome, source=text.sha256)
    if asked.json:
        print(json.dumps(made, ensure_ascii=False))
        return 0
    names = {project.key: project.name for project in file.projects}
    costs = {project.key: project.cost for project in file.projects}
    told = sentences(election, outcome)
    print(f"预算{money(election.budget)}，{election.voters}人投票，{len(costs)}个项目；每人份额{money(outcome.share)}（增加{outcome.units}次）")  # fmt: skip
    print(f"budget {money(election.budget)}, {election.voters} voters, {len(costs)} projects; each share {money(outcome.share)} (raised {outcome.units} times)")  # fmt: skip
    for key in [*outcome.winners, *(key for key in names if key not in outcome.winners)]:
        zh, en = told[key]
        print(f"{'✓' if key in outcome.winners else '·'} {key} {names[key]}（{money(costs[key])}）\n    {zh}\n    {en}")
    for line, key in file.doubled:
        print(
            f"！第{line}行的选票两次写了{key}，只算一次\n  the ballot of line {line} names {key} twice; it counts once"
        )
    print(f"共用{money(outcome.spent)} · {money(outcome.spent)} is spent")
    print(f"只按支持多少：{'、'.join(outcome.greedy)}\nby support alone: {', '.join(outcome.greedy)}")
    return 0


def _progress(units: int, spent: object) -> None:
    if units % 10 == 0 and sys.stderr.isatty():
        print(f"\r{units} · {spent}", end="", file=sys.stderr, flush=True)


def _clear() -> None:
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)


share = Act(_arguments, _run)
