"""`lianxi verify election FILE.bel`: is this election right? Exit status 0 only when everything holds."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lianxi.engines.ballots.chinese import counts
from lianxi.engines.ballots.cores import SMALLEST, processes
from lianxi.engines.ballots.strict import Malformed
from lianxi.engines.ballots.verifying import Report, verify
from lianxi.portal.starting.words import Trouble, from_os_error

PHASES = {
    "Setup": ("尚未投票", "no ballot yet"),
    "Ballot": ("投票中", "ballots are being cast"),
    "EndBallots": ("投票已结束，尚未计票", "ballots have ended, nothing is added up yet"),
    "EncryptedTally": ("已合计，尚未解密", "added up, not yet opened"),
    "Shuffle": ("混洗中", "being shuffled"),
    "EndShuffles": ("已混洗，尚未解密", "shuffled, not yet opened"),
    "PartialDecryption": ("解密中", "being opened"),
    "Result": ("已有结果", "there is a result"),
}


def checked(
    path: Path,
    *,
    count: int | None = None,
    fingerprint: str | None = None,
    hints: Path | None = None,
    workers: int | None = None,
) -> Report:
    """Verifies an archive with all processors.

    Args:
        path: the archive.
        count: how many credentials were signed for; None if nobody says.
        fingerprint: of their list, as signed; None if nobody says.
        hints: file of hints; None without.
        workers: processes; None for one a processor.

    Raises:
        Trouble: the file cannot be read.
    """

    def told(done: int) -> None:
        if done % 100 == 0 and sys.stderr.isatty():
            print(f"\r  {done} …", end="", file=sys.stderr)

    try:
        with ExitStack() as stack:
            file, ballots = stack.enter_context(path.open("rb")), path.stat().st_size // SMALLEST
            help_, pool = (
                stack.enter_context(hints.open("rb")) if hints else None,
                stack.enter_context(processes(ballots, workers)),
            )
            report = verify(file, executor=pool, hints=help_, progress=told)
    except OSError as error:
        raise from_os_error(error, Path(error.filename or path)) from error
    if count is not None and count != report.credentials:
        report.wrong.append(
            Malformed("has {count} entries instead of {wanted}", "credentials", count=report.credentials, wanted=count)
        )
    if fingerprint is not None and fingerprint.rstrip("=") != report.credentials_fingerprint:
        report.wrong.append(Malformed("is not what was signed", "credentials"))
    return report


def lines(report: Report) -> list[tuple[bool, str, str]]:
    """What was checked, one line each: whether it holds, in Chinese, in English."""
    if report.wrong:
        return [(False, problem.said("zh"), problem.said("en")) for problem in report.wrong]
    phase = PHASES[report.phase]
    found = [
        (True, f"档案完整，{report.events}个事件首尾相接；{phase[0]}", f"the archive is whole, {report.events} events in their order; {phase[1]}"),
        (True, f"{report.trustees}位监票人都证明掌握自己的密钥，选举公钥由此而来", f"{report.trustees} trustees have shown to hold their keys; the election's key is made of them"),
        (True, f"{report.ballots}张选票，每张的签名和证明都成立，没有重复", f"{report.ballots} ballots: every signature and proof holds, none stands twice"),
    ]  # fmt: skip
    if report.phase not in ("Setup", "Ballot", "EndBallots"):
        found.append((True, f"每人最后一张计入，共{report.counted}张；合计与选票相符", f"the last ballot of each voter counts, {report.counted} in all; the sum is that of the ballots"))  # fmt: skip
    if report.result is not None:
        found.append(
            (
                True,
                "解密的每一份都有证明，结果由此而来",
                "every share of the opening is proved, and the result is what they open",
            )
        )
    return found


def _paper(report: Report) -> tuple[str, str]:
    return (
        f"请与签字的名单核对：凭证{report.credentials}张，指纹 {report.credentials_fingerprint}",
        f"Compare with the signed list: {report.credentials} credentials, fingerprint {report.credentials_fingerprint}",
    )


def _result(report: Report) -> list[str]:
    shown: list[str] = []
    if report.form and report.result is not None:
        shown.append(f"  {'赞成':>6}{'反对':>6}{'弃权':>6}")
        for one in counts(report.form, report.result, report.counted):
            others = "" if one.written_in else f"{one.oppose:>8}{one.abstain:>8}"
            shown.append(f"  {one.favour:>8}{others or ' ' * 16}  {one.name}{'（另选）' if one.written_in else ''}")
        return shown
    for (question, answers), numbers in zip(report.questions, report.result or [], strict=False):
        shown.append(f"  {question}")
        if numbers and isinstance(numbers[0], list):
            shown += [f"    {' '.join(map(str, row))}" for row in numbers]
        else:
            names = [answer or "空白票 blank" for answer in answers]
            shown += [f"    {number:>8}  {name}" for name, number in zip(names, numbers, strict=True)]
    return shown


def arguments(parser: argparse.ArgumentParser) -> None:
    """What only elections are asked for."""
    parser.add_argument(
        "--credentials-count",
        type=int,
        metavar="N",
        help="选举：签收的凭证张数 · election: credentials that were signed for",
    )
    parser.add_argument(
        "--credentials-fingerprint",
        metavar="F",
        help="选举：签字的凭证名单指纹 · election: fingerprint of their list, as signed",
    )
    parser.add_argument(
        "--hints",
        metavar="FILE",
        help="选举：提示文件，只使核验更快 · election: hints, which only make it faster",
    )


def _hinted(report: Report) -> str:
    return (
        f"提示文件用于{report.ballots}张选票中的{report.hinted}张；其余逐张全算。结论与提示无关\n"
        f"  the hints helped with {report.hinted} of {report.ballots} ballots; no verdict depends on them"
    )


def run(asked: argparse.Namespace) -> int:
    """Prints the page, green or red."""
    path = Path(asked.source or asked.file)
    if not path.is_file():
        raise Trouble(f"没有这个文件：{path}", f"There is no such file: {path}")
    report = checked(
        path,
        count=asked.credentials_count,
        fingerprint=asked.credentials_fingerprint,
        hints=Path(asked.hints) if asked.hints else None,
    )
    said = lines(report)
    if asked.json:
        told: dict[str, Any] = asdict(report) | {
            "wrong": [one.said("en") for one in report.wrong],
            "passed": report.green,
        }
        told["lines"] = [{"passed": passed, "zh": zh, "en": en} for passed, zh, en in said]
        print(json.dumps({"file": path.name, "format": "belenios/1"} | told, ensure_ascii=False, indent=1))
        return 0 if report.green else 1
    print(f"{path.name} · {report.name} · {report.uuid}")
    for passed, zh, en in said:
        print(f"{'✓' if passed else '✗'} {zh}\n  {en}")
    if asked.hints:
        print(f"! {_hinted(report)}")
    if report.green:
        print("\n".join((*_result(report), *(f"! {one}" for one in _paper(report)))))
    print("✓ 全部核验通过\n  everything holds" if report.green else "✗ 核验不通过\n  this election does not hold")
    return 0 if report.green else 1
