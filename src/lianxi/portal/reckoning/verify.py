"""`lianxi verify FILE`: is this certificate right? Exit status 0 only when every line is green. `lianxi verify election
FILE.bel` judges an election, `lianxi verify test-ballot FILE --election FILE.json` a test ballot.

A verifier is one short file of the standard library alone, so that it also runs where Lianxi is not installed. Its face:

    FORMAT = "lianxi-…/1"
    def check(certificate: dict, source: str | None = None) -> Iterable[tuple[bool, str, str]]

one line for each thing checked: whether it holds, and what, in Chinese and in English. `source` is the text of the file that was computed,
if the reader has it. A verifier may raise on a certificate that lacks what it needs: that is a red line too.
"""

from __future__ import annotations

import argparse
import importlib
import json
from collections.abc import Callable, Iterable
from typing import Any

from lianxi.portal.reckoning import election, test_ballot
from lianxi.portal.reckoning.reading import read_json, read_text
from lianxi.portal.starting.acts import Act
from lianxi.portal.starting.words import Trouble

VERIFIERS: dict[str, str] = {
    # format key of the certificate: module of its verifier
    "lianxi-apportionment/1": "lianxi.engines.apportionment.verifier",
    "lianxi-seat-plan/1": "lianxi.engines.apportionment.verifier",
    "lianxi-assignment/1": "lianxi.engines.assignment.verifier",
    "lianxi-equal-shares/1": "lianxi.engines.budgeting.verifier",
}

Line = tuple[bool, str, str]


def verified(certificate: dict[str, Any], source: str | None = None, *, name: str = "$") -> list[Line]:
    """Check a certificate with the verifier of its format.

    Args:
        certificate: as read from its file.
        source: text of the file that was computed, to be compared with what the certificate says of it.
        name: how the certificate is called in a refusal.

    Returns:
        Lines (holds, Chinese, English); the certificate is right if all hold.

    Raises:
        Trouble: no format key, or one that nobody here knows.
    """
    key = certificate.get("format")
    if not isinstance(key, str) or key not in VERIFIERS:
        known = "、".join(VERIFIERS)
        raise Trouble(
            f"{name}：format须是{known}之一，现是{key!r}。",
            f"{name}: format must be one of {', '.join(VERIFIERS)}; it is {key!r}.",
        )
    check: Callable[[dict[str, Any], str | None], Iterable[Line]] = importlib.import_module(VERIFIERS[key]).check
    lines: list[Line] = []
    try:
        for line in check(certificate, source):
            lines.append(line)
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError) as error:
        what = f"{type(error).__name__}: {error}"
        lines.append((False, f"证书不完整或写法不对（{what}）", f"the certificate is incomplete or malformed ({what})"))
    return lines or [(False, "没有可核验的内容", "there was nothing to check")]


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        metavar="FILE",
        help="证书（JSON）；或election，后面是选举档案；或test-ballot，后面是试投文件 · the certificate (JSON); or election, then its archive; or test-ballot, then the test ballot",
    )
    parser.add_argument(
        "source", metavar="SOURCE", nargs="?",
        help="计算所用的文件，一并核对 · the file that was computed, compared with it",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="以JSON输出 · print JSON")
    parser.add_argument(
        "--election", metavar="FILE.json", help="试投：选举文件 · test ballot: the election it was made for"
    )
    election.arguments(parser)


def _run(asked: argparse.Namespace) -> int:
    if asked.file == "test-ballot":
        return test_ballot.run(asked)
    if asked.file == "election" or asked.file.endswith(".bel"):
        return election.run(asked)
    certificate, text = read_json(asked.file)
    lines = verified(certificate, read_text(asked.source).text if asked.source else None, name=text.name)
    good = all(line[0] for line in lines)
    if asked.json:
        told = [{"passed": passed, "zh": zh, "en": en} for passed, zh, en in lines]
        print(json.dumps({"file": text.name, "format": certificate["format"], "passed": good, "lines": told}, ensure_ascii=False, indent=1))  # fmt: skip
        return 0 if good else 1
    print(f"{text.name} · {certificate['format']} · SHA-256 {text.sha256}")
    for passed, zh, en in lines:
        print(f"{'✓' if passed else '✗'} {zh}\n  {en}")
    print("✓ 全部核验通过\n  everything holds" if good else "✗ 核验不通过\n  this certificate does not hold")
    return 0 if good else 1


verify = Act(_arguments, _run)
